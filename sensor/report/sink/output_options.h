// SPDX-License-Identifier: Apache-2.0
// What `report.outputs` says of one output, and `report.events` in short.
#ifndef GANDER_REPORT_SINK_OUTPUT_OPTIONS_H_
#define GANDER_REPORT_SINK_OUTPUT_OPTIONS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "report/layout/layout.h"

namespace gander::report {

enum class OutputType : std::uint8_t { kFile, kUnix, kSyslog, kKafka };
const char* NameOf(OutputType type) noexcept;  // "file"

struct FileOptions {
  std::string path;                  // "-" = standard output
  bool append = false;               // keep what the file holds
  std::uint64_t rotate_size = 0;     // bytes after which it is set aside; 0 = never
  std::uint32_t rotate_every_s = 0;  // wall-clock seconds, from full multiples of it; 0 = never
  std::uint64_t total = 0;           // bytes of this file and those it set aside; the oldest are deleted; 0 = no limit
};

struct UnixOptions {
  std::string path;                  // of the reader's socket
  bool datagram = false;             // SOCK_DGRAM, an event each; else SOCK_STREAM, lines
};

struct TlsOptions {
  std::string ca_file;               // PEM; empty = the system's
  std::string name;                  // the server certificate must have; empty = its host
  std::string certificate, key;      // own, PEM; empty = none
};

struct SyslogOptions {
  std::string host;
  std::uint16_t port = 0;            // 0 = 601 (RFC 6587), with TLS 6514 (RFC 5425)
  bool use_tls = true;
  TlsOptions tls;
  std::uint32_t facility = 13;       // RFC 5424 table 1; 13 = log audit
  std::string app_name = "gander";
  bool structured = false;           // origin and meta (sequenceId) as structured data, RFC 5424 §7
};

struct SpoolOptions {
  std::string directory;             // empty = no spool: what the broker has not taken waits in memory only
  std::uint64_t size = 1ULL << 30;   // bytes on disk
  std::uint64_t segment = 16 << 20;  // bytes of one file
  std::uint32_t fsync_ms = 1000;     // written data reaches the disk at least so often; 0 = the kernel decides
};

struct KafkaOptions {
  std::string brokers;               // "host:9092,host2:9092"
  std::string topic;
  std::vector<std::pair<std::string, std::string>> properties;  // librdkafka's own names
  std::uint64_t in_flight = 32 << 20;  // bytes handed to librdkafka that no broker has acknowledged
  SpoolOptions spool;
};

struct OutputOptions {
  OutputType type = OutputType::kFile;
  std::string name;                  // label of its metrics; unique
  Layout layout = Layout::kEve;
  std::vector<std::string> types;    // event types; empty = all
  std::uint64_t queue = 64 << 20;    // bytes waiting in memory
  std::uint32_t retry_max_s = 30;    // longest pause between tries to connect
  std::string where;                 // "gander.yaml", for errors
  int line = 0;
  FileOptions file;
  UnixOptions socket;
  SyslogOptions syslog;
  KafkaOptions kafka;
};

}  // namespace gander::report

#endif  // GANDER_REPORT_SINK_OUTPUT_OPTIONS_H_

// SPDX-License-Identifier: Apache-2.0
// What parsers and workers notice of a flow beside people's data: requests, names asked for, logins, commands,
// versions. Detectors read it through their meters; nothing here is written anywhere. Views live for the call, names
// are static.
#ifndef GANDER_BASE_OBSERVATION_H_
#define GANDER_BASE_OBSERVATION_H_

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/net.h"
#include "base/time.h"

namespace gander {

// What somebody may ask to be told of; a mask of these says who wants what.
enum class Observation : std::uint8_t {
  kRequest,
  kDnsName,
  kIcmpMessage,
  kFunction,
  kCredential,
  kSoftware,
  kOpening,
  kTunnelled,
  kCount,
};
using ObservationMask = std::uint32_t;
constexpr ObservationMask MaskOf(Observation o) noexcept { return 1u << static_cast<unsigned>(o); }

// A request for one thing, told when it is read (status 0), and once more when its answer is (status set): then only
// `target` is repeated, so that nothing need be held in between.
struct RequestSeen {
  std::string_view method;         // "GET", "SELECT", "search"
  std::string_view target;         // path and query as sent, or the statement with its literals
  std::string_view host;           // as the client named it, may be empty
  std::uint16_t status = 0;        // of the answer; only HTTP tells it
  Bytes credential;                // Authorization or session cookie as sent: to be hashed, never kept
  std::string_view forwarded_for;  // X-Forwarded-For, first address
  std::string_view user_agent;
};

// A name in a DNS message, one call for the question and one for each record that answers it.
struct DnsNameSeen {
  std::string_view name;      // dotted, without the last dot, in lower case
  std::uint16_t type = 0;     // RR type
  bool answer = false;
  std::uint8_t rcode = 0;     // of answers
  Bytes data;                 // RDATA of TXT, NULL, CNAME, MX, SRV and unknown types; empty otherwise
};

struct IcmpMessageSeen {
  Direction direction = Direction::kToServer;
  std::uint8_t type = 0, code = 0;
  std::uint16_t id = 0, sequence = 0;  // of echo, else 0
  Bytes data;                          // behind the eight octets of the header
};

// A control protocol asks a process for something, or answers.
struct FunctionSeen {
  const char* name = "";      // "write_single_coil"
  const char* category = "";  // "read", "write", "control", "program" ...
};

// A login or another secret that the protocol itself marks as one.
struct CredentialSeen {
  const char* kind = "";   // "http.basic", "ftp.pass", "snmp.community"
  std::string_view user;   // may be empty
  Bytes secret;            // as it would be typed; may be empty where it is only known that one was sent in the clear
};

// A program names itself.
struct SoftwareSeen {
  const char* where = "";  // "http.user_agent", "http.server", "ssh.banner"
  Direction direction = Direction::kToServer;  // who sent it
  std::string_view text;   // "OpenSSH_9.2p1 Debian-2", as sent
};

// First payload of one direction of a flow that no parser reads, up to one packet.
struct OpeningSeen {
  Direction direction = Direction::kToServer;
  Bytes bytes;
};

// A packet inside a tunnel; told for each.
struct TunnelledSeen {
  const char* kind = "";  // "gre", "erspan", "vxlan" ...
  IpAddress outer_source, outer_destination;
  std::uint8_t outer_protocol = 0;                // IP protocol that carries the tunnel
  std::uint16_t outer_destination_port = 0;       // UDP, else 0
  FiveTuple inner;                                // as sent
  std::uint64_t bytes = 0;                        // of the frame
  Timestamp time;
};

}  // namespace gander

#endif  // GANDER_BASE_OBSERVATION_H_

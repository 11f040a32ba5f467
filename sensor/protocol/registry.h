// SPDX-License-Identifier: Apache-2.0
// All protocols Gander reads, as one explicit array. A new protocol is a folder and one line in registry.cc.
#ifndef GANDER_PROTOCOL_REGISTRY_H_
#define GANDER_PROTOCOL_REGISTRY_H_

#include <memory>
#include <span>

#include "protocol/parser.h"

namespace gander::protocol {

struct ProtocolInfo {
  const char* name;   // EVE app_proto: "http", "smtp", "ftp", "ftp-data", "dns", "tls"
  bool tcp, udp;
  Probe (*probe)(const ProbeInput& input) noexcept;  // by content; ports only break ties. Null: only expected flows.
  std::unique_ptr<Parser> (*create)();
};

// In the order in which probes are asked. The plain-text fallback is not in it.
std::span<const ProtocolInfo> Protocols() noexcept;
// The fallback for clear text of unknown protocols; scans what looks like text, counts the rest opaque.
const ProtocolInfo& PlainText() noexcept;
// Null when there is none of that name.
const ProtocolInfo* FindProtocol(std::string_view name) noexcept;

// Longest prefix a probe may ask for before it must answer.
inline constexpr std::size_t kProbeBytes = 128;

}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_REGISTRY_H_

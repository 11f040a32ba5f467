// SPDX-License-Identifier: Apache-2.0
// All protocols Gander reads, as one explicit array. A new protocol is a folder and one line in registry.cc.
#ifndef GANDER_PROTOCOL_REGISTRY_H_
#define GANDER_PROTOCOL_REGISTRY_H_

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "protocol/parser.h"

namespace gander::protocol {

// Octets that may open a flow of a protocol, from either side. Spares its probe for all other flows.
class FirstOctets {
 public:
  static constexpr FirstOctets Any() noexcept { return FirstOctets{}.Range(0, 255); }
  static constexpr FirstOctets AnyOf(std::string_view octets) noexcept {
    FirstOctets set;
    for (char c : octets) set.Add(static_cast<std::uint8_t>(c));
    return set;
  }
  // What lines of text begin with: printable ASCII and line ends.
  static constexpr FirstOctets Text() noexcept { return AnyOf("\r\n").Range(' ', '~'); }
  constexpr FirstOctets Range(int first, int last) const noexcept {
    FirstOctets set = *this;
    for (int octet = first; octet <= last; ++octet) set.Add(static_cast<std::uint8_t>(octet));
    return set;
  }
  constexpr bool Has(std::uint8_t octet) const noexcept { return (bits_[octet >> 6] >> (octet & 63) & 1) != 0; }

 private:
  constexpr void Add(std::uint8_t octet) noexcept { bits_[octet >> 6] |= std::uint64_t{1} << (octet & 63); }
  std::array<std::uint64_t, 4> bits_{};
};

struct ProtocolInfo {
  const char* name;   // EVE app_proto: "http", "smtp", "ftp", "ftp-data", "dns", "tls"
  bool tcp, udp;
  Probe (*probe)(const ProbeInput& input) noexcept;  // by content; ports only break ties. Null: only expected flows.
  std::unique_ptr<Parser> (*create)();
  FirstOctets opens = FirstOctets::Any();  // the probe answers kNo wherever another octet comes first
};

// In the order in which probes are asked. The plain-text fallback is not in it.
std::span<const ProtocolInfo> Protocols() noexcept;
// The fallback for clear text of unknown protocols; scans what looks like text, counts the rest opaque.
const ProtocolInfo& PlainText() noexcept;
// Null when there is none of that name.
const ProtocolInfo* FindProtocol(std::string_view name) noexcept;

// A bit for each of Protocols() whose probe is to be asked, lowest first: those of the transport (ip_proto::kTcp or
// kUdp) that may open with these bytes. One load a flow, however many protocols there are.
std::uint64_t ProbesToAsk(std::uint8_t transport, Bytes bytes) noexcept;
inline constexpr std::size_t kMaxProtocols = 64;

// Longest prefix a probe may ask for before it must answer.
inline constexpr std::size_t kProbeBytes = 128;

}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_REGISTRY_H_

// SPDX-License-Identifier: Apache-2.0
// What both versions tell: the event's record, filled on the way, and fields.
#ifndef GANDER_PROTOCOL_DHCP_TOLD_H_
#define GANDER_PROTOCOL_DHCP_TOLD_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/parser.h"

namespace gander::protocol::dhcp {

struct Told {
  Record& event;
  Direction direction;
  MessageSink& sink;

  // A key is told once: what repeats it is scanned only.
  void Text(const char* key, Bytes value, Privacy privacy);
  void Number(const char* key, std::uint32_t value) { event.Integer(key, value); }
  void Address(const char* key, Bytes octets, Privacy privacy);    // of four octets or sixteen
  void Addresses(const char* key, Bytes octets, std::size_t size);
  void Hex(const char* key, Bytes octets, Privacy privacy);        // "00:11:22"
  // Text to scan; zeros at its end are none. `name` is its context.
  void Field(std::string_view name, Bytes value);
};

std::string HexOf(Bytes octets);
// Domain names in labels (RFC 1035 §3.1), a blank between two; empty when they are malformed.
std::string DomainNames(Bytes labels);

// One message of either version. False when it is none.
bool ReadVersion4(Bytes message, Told& told) noexcept;
bool ReadVersion6(Bytes message, Told& told) noexcept;

Probe ProbeVersion4(const ProbeInput& input) noexcept;
Probe ProbeVersion6(const ProbeInput& input) noexcept;

}  // namespace gander::protocol::dhcp

#endif  // GANDER_PROTOCOL_DHCP_TOLD_H_

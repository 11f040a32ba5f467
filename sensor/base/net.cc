// SPDX-License-Identifier: Apache-2.0
#include "base/net.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/format.h"

namespace gander {
namespace {

constexpr std::size_t kV4Offset = 12;  // where the four octets lie in the mapped form

}  // namespace

IpAddress IpAddress::FromV4Octets(const std::uint8_t* four) noexcept {
  IpAddress a;
  a.v4 = true;
  a.octets[10] = a.octets[11] = 0xff;
  std::memcpy(a.octets.data() + kV4Offset, four, 4);
  return a;
}

IpAddress IpAddress::FromV4(std::uint32_t host_order) noexcept {
  const std::uint8_t four[4] = {
      static_cast<std::uint8_t>(host_order >> 24), static_cast<std::uint8_t>(host_order >> 16),
      static_cast<std::uint8_t>(host_order >> 8), static_cast<std::uint8_t>(host_order)};
  return FromV4Octets(four);
}

IpAddress IpAddress::FromV6Octets(const std::uint8_t* sixteen) noexcept {
  IpAddress a;
  std::memcpy(a.octets.data(), sixteen, 16);
  return a;
}

bool IpAddress::Parse(std::string_view text, IpAddress& out) noexcept {
  char buffer[INET6_ADDRSTRLEN];
  if (text.size() >= sizeof buffer) return false;
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  std::uint8_t octets[16];
  if (inet_pton(AF_INET, buffer, octets) == 1) {
    out = FromV4Octets(octets);
    return true;
  }
  if (inet_pton(AF_INET6, buffer, octets) == 1) {
    out = FromV6Octets(octets);
    return true;
  }
  return false;
}

std::uint32_t IpAddress::v4_host_order() const noexcept {
  return std::uint32_t{octets[12]} << 24 | std::uint32_t{octets[13]} << 16 | std::uint32_t{octets[14]} << 8 |
         octets[15];
}

std::string IpAddress::ToString() const {
  AddressText text;
  return std::string(WriteAddress(*this, text));
}

bool IpPrefix::Parse(std::string_view text, IpPrefix& out) noexcept {
  const std::size_t slash = text.find('/');
  if (!IpAddress::Parse(text.substr(0, slash), out.address)) return false;
  const unsigned bits = out.address.v4 ? 32 : 128;
  unsigned length = bits;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (error != std::errc{} || end != digits.data() + digits.size() || length > bits) return false;
  }
  out.length = static_cast<std::uint8_t>(length + (128 - bits));
  for (std::size_t i = 0; i < 16; ++i) {
    const int kept = std::clamp(static_cast<int>(out.length) - static_cast<int>(i) * 8, 0, 8);
    if (out.address.octets[i] & (0xff >> kept)) return false;
  }
  return true;
}

bool IpPrefix::Contains(const IpAddress& a) const noexcept {
  const std::size_t whole = length / 8, rest = length % 8;
  if (std::memcmp(a.octets.data(), address.octets.data(), whole) != 0) return false;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
  return ((a.octets[whole] ^ address.octets[whole]) & mask) == 0;
}

std::string IpPrefix::ToString() const {
  return address.ToString() + "/" + std::to_string(address.v4 ? length - 96 : length);
}

std::string ProtocolName(std::uint8_t protocol) {
  ProtocolText text;
  return std::string(WriteProtocol(protocol, text));
}

}  // namespace gander

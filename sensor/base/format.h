// SPDX-License-Identifier: Apache-2.0
// What every event is full of, as text in the caller's memory: no allocation, no locale, no time zone. FormatEveTime,
// IpAddress::ToString and their like give the same text as a string of its own.
#ifndef GANDER_BASE_FORMAT_H_
#define GANDER_BASE_FORMAT_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "base/net.h"
#include "base/time.h"

namespace gander {

using TimeText = std::array<char, 31>;     // "2026-11-24T09:30:00.000123+0000"
using AddressText = std::array<char, 46>;  // INET6_ADDRSTRLEN
using ProtocolText = std::array<char, 4>;  // the longest number

// The view lies in `out`.
std::string_view WriteEveTime(Timestamp t, TimeText& out) noexcept;
std::string_view WriteAddress(const IpAddress& address, AddressText& out) noexcept;
// The view is static, or lies in `out`.
std::string_view WriteProtocol(std::uint8_t protocol, ProtocolText& out) noexcept;
// Two lower-case digits for each byte; `out` has room for them.
std::string_view WriteHex(const std::uint8_t* bytes, std::size_t count, char* out) noexcept;

}  // namespace gander

#endif  // GANDER_BASE_FORMAT_H_

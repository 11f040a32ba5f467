// SPDX-License-Identifier: Apache-2.0
// What differs between versions of QUIC as far as Initial packets go.
#ifndef GANDER_PROTOCOL_QUIC_VERSION_H_
#define GANDER_PROTOCOL_QUIC_VERSION_H_

#include <array>
#include <cstdint>
#include <string_view>

namespace gander::protocol::quic {

using Salt = std::array<std::uint8_t, 20>;

enum class Family : std::uint8_t {
  kUnknown,       // only what RFC 8999 says of all versions
  kIetf,          // RFC 9000 and drafts from 22 on
  kV2,            // RFC 9369: other packet types and key labels
  kGoogleSealed,  // Q050, T050, T051: headers as the drafts', Initial packets encrypted
  kGoogleLong,    // Q044 to Q049: long header of early drafts, hello in clear
  kGoogleShort,   // up to Q043: Google's own header, hello in clear
};

struct Version {
  Family family = Family::kUnknown;
  const Salt* salt = nullptr;  // null where nothing is encrypted, or nothing is known
};

Version Classify(std::uint32_t version) noexcept;

// 0x?a?a?a?a: never in force, sent to provoke a version negotiation (RFC 9000 §15).
constexpr bool IsReserved(std::uint32_t version) noexcept { return (version & 0x0f0f0f0f) == 0x0a0a0a0a; }

// As EVE writes it: "Q046", else lower-case hex without leading zeros ("1", "ff00001d"). View of `scratch`.
std::string_view NameOf(std::uint32_t version, std::array<char, 8>& scratch) noexcept;

}  // namespace gander::protocol::quic

#endif  // GANDER_PROTOCOL_QUIC_VERSION_H_

// SPDX-License-Identifier: Apache-2.0
// Values whose extent is part of their grammar: mail addresses, international phone numbers, IBANs,
// coordinates. Each finder is told where the tell-tale stands and says where the value begins and ends.
#ifndef GANDER_IDENTIFY_SPAN_FINDERS_H_
#define GANDER_IDENTIFY_SPAN_FINDERS_H_

#include <cstddef>
#include <string_view>

namespace gander::identify {

struct Span {
  std::size_t begin = 0, end = 0;
  bool found() const noexcept { return end > begin; }
};

// email.cc. RFC 5321 dot-atoms or a quoted local part; `at` is the position of '@'.
Span FindEmail(std::string_view text, std::size_t at) noexcept;

// phone.cc. ITU-T E.164: `plus` is the position of '+'. `country` gets ISO 3166 alpha-2 where the code has
// one country.
Span FindPhone(std::string_view text, std::size_t plus, char (&country)[2]) noexcept;

// iban_finder.cc. `begin` is the position of the country code. Spaces or hyphens may stand between groups. `value` gets
// it without them, IbanLength characters, where one was found.
inline constexpr std::size_t kMaxIban = 48;
Span FindIban(std::string_view text, std::size_t begin, char (&value)[kMaxIban]) noexcept;

// coordinates.cc. `begin` is the first digit of what may be a latitude; the sign before it belongs to the
// value.
Span FindCoordinates(std::string_view text, std::size_t begin) noexcept;

// mac_finder.cc. IEEE 802: six pairs of hexadecimal digits, `begin` where the first stands.
Span FindMac(std::string_view text, std::size_t begin) noexcept;

// url_userinfo.cc. RFC 3986 §3.2.1: the address around the '@' at `at`, from its scheme to its host, where a user and a
// password stand before it.
Span FindUserinfo(std::string_view text, std::size_t at) noexcept;

// card_track.cc. ISO/IEC 7813: the second track around the card number [begin, end).
Span FindCardTrack(std::string_view text, std::size_t begin, std::size_t end) noexcept;

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_SPAN_FINDERS_H_

// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/header.h"

#include <algorithm>

#include "protocol/framing/little_reader.h"

namespace gander::protocol::smb {
namespace {

Header ReadHeader1(Bytes m) noexcept {
  Header h;
  h.version = Version::kSmb1;
  h.command = static_cast<std::uint16_t>(Field(m, 4, 1));
  h.status.code = static_cast<std::uint32_t>(Field(m, 5, 4));
  h.response = (Field(m, 9, 1) & 0x80) != 0;
  const std::uint64_t flags2 = Field(m, 10, 2);
  h.unicode = (flags2 & 0x8000) != 0;
  h.status.dos = (flags2 & 0x4000) == 0;
  h.tree = static_cast<std::uint32_t>(Field(m, 24, 2));
  h.session = Field(m, 28, 2);
  h.message_id = Field(m, 12, 2) << 32 | Field(m, 26, 2) << 16 | Field(m, 30, 2);
  return h;
}

Header ReadHeader2(Bytes m) noexcept {
  Header h;
  h.version = Version::kSmb2;
  h.unicode = true;
  h.status.code = static_cast<std::uint32_t>(Field(m, 8, 4));
  h.command = static_cast<std::uint16_t>(Field(m, 12, 2));
  const std::uint64_t flags = Field(m, 16, 4);
  h.response = (flags & 1) != 0;
  h.async = (flags & 2) != 0;
  h.related = (flags & 4) != 0;
  h.next = static_cast<std::uint32_t>(Field(m, 20, 4));
  h.message_id = Field(m, 24, 8);
  if (!h.async) h.tree = static_cast<std::uint32_t>(Field(m, 36, 4));
  h.session = Field(m, 40, 8);
  return h;
}

}  // namespace

Version VersionOf(Bytes front) noexcept {
  constexpr std::string_view kName = "SMB";
  const std::string_view text = AsText(front).substr(0, kMagic);
  if (text.empty()) return Version::kNone;
  const auto first = static_cast<std::uint8_t>(text[0]);
  const bool known = first >= 0xfc && text.substr(1) == kName.substr(0, text.size() - 1);
  return known ? static_cast<Version>(first) : Version::kNone;
}

Header ReadHeader(Bytes message) noexcept {
  return VersionOf(message) == Version::kSmb1 ? ReadHeader1(message) : ReadHeader2(message);
}

std::uint64_t Field(Bytes message, std::size_t at, std::size_t octets) noexcept {
  if (at > message.size()) return 0;
  return framing::LittleReader(message.subspan(at)).Integer(octets);
}

Bytes Range(Bytes message, std::uint64_t at, std::uint64_t length) noexcept {
  if (at >= message.size()) return {};
  const Bytes rest = message.subspan(static_cast<std::size_t>(at));
  return rest.first(static_cast<std::size_t>(std::min<std::uint64_t>(length, rest.size())));
}

FileId FileIdAt(Bytes message, std::size_t at) noexcept { return {Field(message, at, 8), Field(message, at + 8, 8)}; }

}  // namespace gander::protocol::smb

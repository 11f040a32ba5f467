// SPDX-License-Identifier: Apache-2.0
#include "protocol/auth_token/ntlmssp.h"

#include <algorithm>
#include <string_view>

#include "protocol/framing/little_reader.h"
#include "protocol/framing/utf16_text.h"

namespace gander::protocol::auth_token {
namespace {

constexpr std::string_view kSignature("NTLMSSP\0", 8);
constexpr std::uint64_t kAuthenticate = 3;
constexpr std::uint64_t kUnicode = 1, kHasVersion = 0x02000000;  // of the flags
constexpr std::size_t kDomainAt = 28, kUserAt = 36, kHostAt = 44, kFlagsAt = 60, kVersionAt = 64;

std::uint64_t At(Bytes message, std::size_t at, std::size_t octets) noexcept {
  return at > message.size() ? 0 : framing::LittleReader(message.subspan(at)).Integer(octets);
}

// A value that is pointed to by its length, room and offset.
std::string Value(Bytes message, std::size_t at, bool unicode, std::size_t max_value, bool& malformed) {
  const std::uint64_t length = At(message, at, 2), offset = At(message, at + 4, 4);
  if (length == 0) return {};
  if (offset > message.size() || length > message.size() - offset) {
    malformed = true;
    return {};
  }
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(length, max_value));
  const Bytes value = message.subspan(static_cast<std::size_t>(offset), size);
  return unicode ? framing::FromUtf16(value) : std::string(AsText(value));
}

}  // namespace

bool ReadNtlmIdentity(Bytes token, std::size_t max_value, NtlmIdentity& out) {
  const std::size_t begin = AsText(token).find(kSignature);
  if (begin == std::string_view::npos) return false;
  const Bytes message = token.subspan(begin);
  if (At(message, kSignature.size(), 4) != kAuthenticate || message.size() < kFlagsAt + 4) return false;
  const std::uint64_t flags = At(message, kFlagsAt, 4);
  const bool unicode = (flags & kUnicode) != 0;
  out.malformed = false;
  out.domain = Value(message, kDomainAt, unicode, max_value, out.malformed);
  out.user = Value(message, kUserAt, unicode, max_value, out.malformed);
  out.host = Value(message, kHostAt, unicode, max_value, out.malformed);
  out.version.clear();
  if ((flags & kHasVersion) == 0 || message.size() < kVersionAt + 8) return true;
  const auto part = [&](std::size_t at, std::size_t octets) {
    return std::to_string(At(message, kVersionAt + at, octets));
  };
  out.version = part(0, 1) + '.' + part(1, 1) + " build " + part(2, 2) + " rev " + part(7, 1);
  return true;
}

}  // namespace gander::protocol::auth_token

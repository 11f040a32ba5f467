// SPDX-License-Identifier: Apache-2.0
#include "protocol/quic/google_hello.h"

#include <algorithm>

namespace gander::protocol::quic {
namespace {

constexpr std::size_t kHead = 8, kEntry = 8;  // tag, count and padding; tag and end of its value

constexpr std::uint32_t Tag(std::string_view name) noexcept {
  std::uint32_t tag = 0;
  for (std::size_t i = 0; i < 4; ++i) tag = tag << 8 | (i < name.size() ? static_cast<std::uint8_t>(name[i]) : 0u);
  return tag;
}
constexpr std::uint32_t kChlo = Tag("CHLO"), kSni = Tag("SNI"), kUserAgent = Tag("UAID");

// Numbers are little-endian; tags are text.
std::uint32_t TagAt(Bytes b, std::size_t at) noexcept { return Tag(AsText(b.subspan(at, 4))); }
std::uint32_t U16At(Bytes b, std::size_t at) noexcept { return Octets(b)[at] | Octets(b)[at + 1] << 8; }
std::uint32_t U32At(Bytes b, std::size_t at) noexcept { return U16At(b, at) | U16At(b, at + 2) << 16; }

}  // namespace

bool IsGoogleHello(Bytes bytes) noexcept { return bytes.size() >= 4 && TagAt(bytes, 0) == kChlo; }

std::size_t GoogleHelloLength(Bytes bytes) noexcept {
  if (bytes.size() < kHead) return 0;
  const std::size_t values = kHead + U16At(bytes, 4) * kEntry;
  if (values == kHead) return kHead;
  return bytes.size() < values ? 0 : values + U32At(bytes, values - 4);
}

bool ParseGoogleHello(Bytes message, GoogleHello& out) noexcept {
  if (message.size() < kHead || TagAt(message, 0) != kChlo) return false;
  const std::size_t count = U16At(message, 4);
  const std::size_t values = kHead + count * kEntry;
  if (values > message.size()) return false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < std::min(count, kMaxTags); ++i) {
    const std::size_t entry = kHead + i * kEntry;
    const std::uint32_t tag = TagAt(message, entry);
    const std::size_t end = U32At(message, entry + 4);
    if (end < begin) return false;
    out.tags[out.tag_count++] = tag;
    if (end <= message.size() - values) {
      const std::string_view value = AsText(message.subspan(values + begin, end - begin));
      if (tag == kSni) out.server_name = value;
      if (tag == kUserAgent) out.user_agent = value;
    }
    begin = end;
  }
  return true;
}

std::string CyuText(std::uint32_t version, const GoogleHello& hello) {
  std::string out;
  for (const int shift : {16, 8, 0}) out += static_cast<char>(version >> shift & 0xff);
  out.erase(0, std::min(out.find_first_not_of('0'), out.size()));
  out += ',';
  for (std::size_t i = 0; i < hello.tag_count; ++i) {
    if (i > 0) out += '-';
    for (const int shift : {24, 16, 8, 0}) {
      const auto c = static_cast<char>(hello.tags[i] >> shift & 0xff);
      if (c != '\0') out += c;
    }
  }
  return out;
}

}  // namespace gander::protocol::quic

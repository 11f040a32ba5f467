// SPDX-License-Identifier: Apache-2.0
#include "content/archive/member_name.h"

#include "base/bytes.h"
#include "content/charset/utf8.h"
#include "protocol/framing/printable.h"

namespace gander::content {
namespace {

// Code points of the bytes 0x80 to 0xff of IBM code page 437, as Unicode's CP437.TXT maps them.
constexpr std::uint16_t kCodePage437[128] = {
    0x00c7, 0x00fc, 0x00e9, 0x00e2, 0x00e4, 0x00e0, 0x00e5, 0x00e7, 0x00ea, 0x00eb, 0x00e8, 0x00ef,
    0x00ee, 0x00ec, 0x00c4, 0x00c5, 0x00c9, 0x00e6, 0x00c6, 0x00f4, 0x00f6, 0x00f2, 0x00fb, 0x00f9,
    0x00ff, 0x00d6, 0x00dc, 0x00a2, 0x00a3, 0x00a5, 0x20a7, 0x0192, 0x00e1, 0x00ed, 0x00f3, 0x00fa,
    0x00f1, 0x00d1, 0x00aa, 0x00ba, 0x00bf, 0x2310, 0x00ac, 0x00bd, 0x00bc, 0x00a1, 0x00ab, 0x00bb,
    0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x2561, 0x2562, 0x2556, 0x2555, 0x2563, 0x2551, 0x2557,
    0x255d, 0x255c, 0x255b, 0x2510, 0x2514, 0x2534, 0x252c, 0x251c, 0x2500, 0x253c, 0x255e, 0x255f,
    0x255a, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256c, 0x2567, 0x2568, 0x2564, 0x2565, 0x2559,
    0x2558, 0x2552, 0x2553, 0x256b, 0x256a, 0x2518, 0x250c, 0x2588, 0x2584, 0x258c, 0x2590, 0x2580,
    0x03b1, 0x00df, 0x0393, 0x03c0, 0x03a3, 0x03c3, 0x00b5, 0x03c4, 0x03a6, 0x0398, 0x03a9, 0x03b4,
    0x221e, 0x03c6, 0x03b5, 0x2229, 0x2261, 0x00b1, 0x2265, 0x2264, 0x2320, 0x2321, 0x00f7, 0x2248,
    0x00b0, 0x2219, 0x00b7, 0x221a, 0x207f, 0x00b2, 0x25a0, 0x00a0};

constexpr bool IsSlash(char c) noexcept { return c == '/' || c == '\\'; }
constexpr bool IsLetter(char c) noexcept { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
constexpr bool Continues(char c) noexcept { return (c & 0xc0) == 0x80; }

// A name that was cut may end within a character.
std::string_view WholeCharacters(std::string_view s) noexcept {
  std::size_t n = s.size();
  while (n > 0 && Continues(s[n - 1])) --n;
  return n > 0 && static_cast<unsigned char>(s[n - 1]) >= 0xc0 ? s.substr(0, n - 1) : s;
}

}  // namespace

void AssignMemberName(std::string_view raw, std::string& out) {
  out.clear();
  const std::string_view whole = raw.size() < kMaxMemberName ? raw : WholeCharacters(raw.substr(0, kMaxMemberName));
  if (protocol::framing::IsUtf8(whole)) {
    out.assign(whole);
    return;
  }
  for (const char c : raw.substr(0, kMaxMemberName)) {
    const auto octet = static_cast<unsigned char>(c);
    std::byte utf8[kMaxUtf8Bytes];
    out.append(AsText({utf8, PutUtf8(octet < 0x80 ? octet : kCodePage437[octet - 0x80], utf8)}));
  }
}

bool LeavesFolder(std::string_view name) noexcept {
  if (name.empty()) return false;
  if (IsSlash(name[0]) || (name.size() >= 2 && IsLetter(name[0]) && name[1] == ':')) return true;
  std::size_t from = 0;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    if (i < name.size() && !IsSlash(name[i])) continue;
    if (name.substr(from, i - from) == "..") return true;
    from = i + 1;
  }
  return false;
}

}  // namespace gander::content

// SPDX-License-Identifier: Apache-2.0
#include "content/charset/unicode_form.h"

#include <algorithm>
#include <initializer_list>

#include "protocol/framing/printable.h"

namespace gander::content {
namespace {

constexpr std::size_t kLook = 128;
constexpr std::size_t kMinBytes = 8;          // of Latin letters
constexpr std::size_t kMinForeignUnits = 12;  // of other scripts: random units all fit once in 300 times

struct Forms {
  const Charset &utf16le, &utf16be, &utf32le, &utf32be;
};

const Forms& All() noexcept {
  static const Forms kForms{*FindCharset("utf-16le"), *FindCharset("utf-16be"), *FindCharset("utf-32le"),
                            *FindCharset("utf-32be")};
  return kForms;
}

// Rows of 256 code points that text is written in: Unicode's allocation chart, without the rows that only old or small
// scripts have. About six of ten.
constexpr bool RowInUse(std::uint32_t row) noexcept {
  return row <= 0x07 || (row >= 0x09 && row <= 0x13) || row == 0x17 || row == 0x18 || (row >= 0x1e && row <= 0x22) ||
         (row >= 0x24 && row <= 0x27) || (row >= 0x30 && row <= 0x33) || (row >= 0x4e && row <= 0x9f) ||
         (row >= 0xac && row <= 0xdf) || row == 0xfe || row == 0xff;
}

constexpr bool InUse(std::uint32_t c) noexcept {
  if (c < 0xa0) return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' || c == '\r';
  if (c >= 0xff00)
    return (c <= 0xff9f && c != 0xff00) || (c >= 0x1f300 && c < 0x20000) || (c >= 0x20000 && c < 0x30000);
  if (c >= 0xfe00) return c == 0xfeff || (c >= 0xfe30 && c < 0xfe50);
  return RowInUse(c >> 8);
}

// How a prefix reads in one form.
struct Reading {
  std::size_t units = 0;
  std::size_t strange = 0;  // units that text does not have
  std::size_t plain = 0;    // ASCII, ideographic spaces
  std::size_t pairs = 0;    // units that are two letters of ASCII text, or might be
  std::size_t ends = 0;     // units whose lower half is zero: where strings of bytes end

  bool Fits() const noexcept { return strange * 32 <= units; }
  bool Contradicts() const noexcept { return strange * 6 > units; }
  bool Latin() const noexcept { return plain * 4 >= units * 3; }
  // Of Chinese text, a fifth are such pairs; kana (row 0x30) look like a digit and a letter. One unit in 64 is U+4E00.
  bool Foreign() const noexcept { return units >= kMinForeignUnits && pairs * 3 < units && ends * 12 <= units; }
};

constexpr bool IsPrintable(std::uint32_t c) noexcept { return c >= 0x20 && c < 0x7f; }

void Add(std::uint32_t c, Reading& reading) noexcept {
  ++reading.units;
  reading.strange += !InUse(c);
  reading.plain += c < 0x80 || c == 0x3000;
  reading.pairs += IsPrintable(c >> 8) && IsPrintable(c & 0xff) && c >> 8 != 0x30;
  reading.ends += (c & 0xff) == 0;
}

Reading Read16(Bytes prefix, bool big_endian) noexcept {
  const std::uint8_t* const p = Octets(prefix);
  Reading reading;
  std::uint32_t before = 0;
  for (std::size_t i = 0; i + 2 <= prefix.size(); i += 2) {
    const std::uint32_t c = big_endian ? p[i] << 8 | p[i + 1] : p[i + 1] << 8 | p[i];
    Add(c, reading);
    const bool low = c >= 0xdc00 && c < 0xe000, after_high = before >= 0xd800 && before < 0xdc00;
    if (low != after_high && i > 0) ++reading.strange;
    before = c;
  }
  return reading;
}

Reading Read32(Bytes prefix, bool big_endian) noexcept {
  const std::uint8_t* const p = Octets(prefix);
  Reading reading;
  for (std::size_t i = 0; i + 4 <= prefix.size(); i += 4) {
    std::uint32_t c = 0;
    for (std::size_t k = 0; k < 4; ++k) c = c << 8 | p[i + (big_endian ? k : 3 - k)];
    Add(c, reading);
  }
  return reading;
}

// Bytes that no text in bytes has: UTF-16 has some whatever its script.
std::size_t Controls(Bytes prefix) noexcept {
  std::size_t n = 0;
  for (const std::byte b : prefix) {
    const auto c = static_cast<std::uint8_t>(b);
    n += c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != 0x1b;
  }
  return n;
}

bool StartsWith(Bytes prefix, std::initializer_list<std::uint8_t> mark) noexcept {
  if (prefix.size() < mark.size()) return false;
  const std::uint8_t* p = Octets(prefix);
  for (const std::uint8_t octet : mark) {
    if (*p++ != octet) return false;
  }
  return true;
}

// A mark is two bytes that other things begin with as well: what follows must be no contradiction.
const Charset* ByMark(Bytes prefix) noexcept {
  const auto marked = [&](const Reading& reading, const Charset& charset) {
    return reading.Contradicts() ? nullptr : &charset;
  };
  if (StartsWith(prefix, {0xff, 0xfe, 0, 0})) {
    if (const Charset* const found = marked(Read32(prefix, false), All().utf32le)) return found;
  }
  if (StartsWith(prefix, {0, 0, 0xfe, 0xff})) return marked(Read32(prefix, true), All().utf32be);
  if (StartsWith(prefix, {0xff, 0xfe})) return marked(Read16(prefix, false), All().utf16le);
  if (StartsWith(prefix, {0xfe, 0xff})) return marked(Read16(prefix, true), All().utf16be);
  return nullptr;
}

// Lead bytes and second bytes of well-formed sequences (RFC 3629, §4), surrogates let through. Length 0: none.
std::size_t SequenceLength(std::uint8_t lead) noexcept {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

bool SecondFits(std::uint8_t lead, std::uint8_t second) noexcept {
  const std::uint8_t least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  return second >= least && second <= (lead == 0xf4 ? 0x8f : 0xbf);
}

}  // namespace

Utf8Look LookForUtf8(Bytes text) noexcept {
  // A sequence of two bytes may be a character of GBK in one of five cases, a longer one more seldom.
  constexpr std::size_t kEnough = 4;
  std::size_t score = 0;
  const std::uint8_t* const p = Octets(text);
  for (std::size_t i = 0; i < text.size();) {
    if (p[i] < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = SequenceLength(p[i]);
    if (length == 0) return Utf8Look::kNo;
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k) {
      const bool fits = k == 1 ? SecondFits(p[i], p[i + 1]) : p[i + k] >= 0x80 && p[i + k] <= 0xbf;
      if (!fits) return Utf8Look::kNo;
    }
    if (i + length > text.size()) break;  // cut
    score += length - 1;
    if (score >= kEnough) return Utf8Look::kYes;
    i += length;
  }
  return score > 0 ? Utf8Look::kSoFar : Utf8Look::kNo;
}

const Charset* GuessUnicode(Bytes prefix) noexcept {
  prefix = prefix.first(std::min(prefix.size(), kLook));
  if (const Charset* const marked = ByMark(prefix)) return marked;
  const std::size_t controls = Controls(prefix);
  if (prefix.size() < kMinBytes || controls * 64 < prefix.size()) return nullptr;
  const Reading wide[] = {Read32(prefix, false), Read32(prefix, true)};
  for (const Reading& reading : wide) {
    if (reading.units >= 2 && reading.strange == 0) return &(&reading == wide ? All().utf32le : All().utf32be);
  }
  const Reading little = Read16(prefix, false), big = Read16(prefix, true);
  const bool is_big = big.strange < little.strange || (big.strange == little.strange && big.plain > little.plain);
  const Reading& best = is_big ? big : little;
  if (!best.Fits() || !(best.Latin() || best.Foreign())) return nullptr;
  return &(is_big ? All().utf16be : All().utf16le);
}

const Charset* CheckUnicode(Bytes prefix, const Charset& declared) noexcept {
  if (const Charset* const guessed = GuessUnicode(prefix)) return guessed;
  if (protocol::framing::IsUtf8(AsText(prefix))) return nullptr;
  const Bytes look = prefix.first(std::min(prefix.size(), kLook));
  for (const bool big : {false, true}) {
    if (&declared == (big ? &All().utf16be : &All().utf16le) && !Read16(look, big).Contradicts()) return &declared;
    if (&declared == (big ? &All().utf32be : &All().utf32le) && !Read32(look, big).Contradicts()) return &declared;
  }
  return nullptr;
}

}  // namespace gander::content

// SPDX-License-Identifier: Apache-2.0
// Mail addresses around an '@'.
#include <bit>
#include <cstdint>
#include <iterator>

#include "identify/byte_block.h"
#include "identify/char_class.h"
#include "identify/span_finders.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace gander::identify {
namespace {

constexpr std::size_t kMaxLocal = 64;  // RFC 5321 §4.5.3.1.1
constexpr std::size_t kMaxDomain = 253;
constexpr std::size_t kMaxLabel = 63;

// RFC 5322 atext without the characters that in practice delimit an address: / = ? ` { | } ' #
bool IsLocal(char c) noexcept {
  return IsAlnum(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%' || c == '&';
}

// Last labels that are file names' endings, not top-level domains ("icon@2x.png", "main@3.js").
constexpr std::string_view kFileEndings[] = {
    "png", "jpg", "jpeg", "gif",     "svg",    "webp",   "js",    "css", "html", "json", "ts",  "tsx",
    "jsx", "map", "txt",  "service", "target", "socket", "timer", "gz",  "zip",  "exe",  "dll", "so"};
constexpr std::size_t kMaxEnding = 7;

// A label of up to seven letters as a number, in small letters.
constexpr std::uint64_t PackLabel(std::string_view label) noexcept {
  std::uint64_t packed = 0;
  for (std::size_t i = 0; i < label.size(); ++i) {
    packed |= std::uint64_t{static_cast<unsigned char>(label[i] | 0x20)} << (8 * i);
  }
  return packed;
}

struct Endings {
  std::uint64_t packed[std::size(kFileEndings)] = {};
  constexpr Endings() {
    for (std::size_t i = 0; i < std::size(kFileEndings); ++i) packed[i] = PackLabel(kFileEndings[i]);
  }
};
constexpr Endings kEndings;
constexpr std::uint64_t kCom = PackLabel("com"), kOrg = PackLabel("org"), kNet = PackLabel("net");

bool IsFileEnding(std::string_view label) noexcept {
  if (label.size() > kMaxEnding) return false;
  const std::uint64_t packed = PackLabel(label);
  if (packed == kCom || packed == kOrg || packed == kNet) return false;
  bool found = false;
  for (std::uint64_t ending : kEndings.packed) found = found || packed == ending;
  return found;
}

constexpr std::size_t kNear = 2 * ByteBlock::kBytes;  // most local parts and domains are shorter

struct NearMasks {
  std::uint64_t alnum = 0, dot = 0, dash = 0, other = 0;  // `other`: _ + % & of a local part
};
#if defined(__AVX2__)
NearMasks MasksOf(const char* p) noexcept {
  const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  const auto within = [](__m256i v, char low, char high) {
    return _mm256_and_si256(_mm256_cmpgt_epi8(v, _mm256_set1_epi8(static_cast<char>(low - 1))),
                            _mm256_cmpgt_epi8(_mm256_set1_epi8(static_cast<char>(high + 1)), v));
  };
  const auto is = [&](char c) { return _mm256_cmpeq_epi8(x, _mm256_set1_epi8(c)); };
  const auto mask = [](__m256i v) { return std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(v))}; };
  const __m256i letter = within(_mm256_or_si256(x, _mm256_set1_epi8(0x20)), 'a', 'z');
  const __m256i other = _mm256_or_si256(_mm256_or_si256(is('_'), is('+')), _mm256_or_si256(is('%'), is('&')));
  return {mask(_mm256_or_si256(letter, within(x, '0', '9'))), mask(is('.')), mask(is('-')), mask(other)};
}
#else
NearMasks MasksOf(const char* p) noexcept {
  NearMasks m;
  for (std::size_t at = 0; at < kNear; at += ByteBlock::kBytes) {
    const ByteBlock block(p + at);
    m.alnum |= std::uint64_t{block.Letters() | block.Within('0', '9')} << at;
    m.dot |= std::uint64_t{block.Equal('.')} << at;
    m.dash |= std::uint64_t{block.Equal('-')} << at;
    m.other |= std::uint64_t{block.Equal('_') | block.Equal('+') | block.Within('%', '&')} << at;
  }
  return m;
}
#endif

// A short local part behind ASCII that begins and ends with a letter or digit. False: it takes a closer look.
bool ReadPlainLocal(std::string_view text, std::size_t at, std::size_t& begin) noexcept {
  if (at < kNear) return false;
  const NearMasks m = MasksOf(text.data() + at - kNear);
  const auto length = static_cast<std::size_t>(std::countl_one((m.alnum | m.dot | m.dash | m.other) << 32));
  if (length == 0 || length >= kNear - 1) return false;
  const std::uint64_t first = std::uint64_t{1} << (kNear - length), last = std::uint64_t{1} << (kNear - 1);
  const std::uint64_t inside = ~(first - 1);
  const std::uint64_t doubled = m.dot & m.dot << 1 & inside;
  begin = at - length;
  return (m.alnum & first) != 0 && (m.alnum & last) != 0 && doubled == 0 && IsAscii(text[begin - 1]);
}

// A short domain of plain labels: no hyphen, no digit in the last one. As above.
bool ReadPlainDomain(std::string_view text, std::size_t begin, std::size_t& end) noexcept {
  if (begin + kNear > text.size()) return false;
  const NearMasks m = MasksOf(text.data() + begin);
  const auto length = static_cast<std::size_t>(std::countr_one(m.alnum | m.dot | m.dash));
  if (length < 4 || length >= kNear) return false;
  const std::uint64_t all = (std::uint64_t{1} << length) - 1;
  const std::uint64_t dots = m.dot & all;
  if ((m.dash & all) != 0 || dots == 0 || (dots & (dots << 1 | 1)) != 0 || (dots >> (length - 1)) != 0) return false;
  const std::size_t last = 64 - static_cast<std::size_t>(std::countl_zero(dots));  // begin of the last label
  end = begin + length;
  const std::string_view label = text.substr(begin + last, length - last);
  if (label.size() < 2 || text[end] == '_' || text[end] == '@') return false;
  for (char c : label) {
    if (!IsLetter(c)) return false;
  }
  return !IsFileEnding(label);
}

std::size_t LocalBegin(std::string_view text, std::size_t at) noexcept {
  if (std::size_t plain = 0; ReadPlainLocal(text, at, plain)) return plain;
  if (at > 0 && text[at - 1] == '"') {  // a quoted local part
    for (std::size_t i = at - 1; i-- > 0 && at - i <= kMaxLocal;) {
      if (text[i] == '"') return at - i > 2 ? i : at;
      if (IsSpace(text[i]) || text[i] == ',') break;
    }
    return at;
  }
  std::size_t begin = at;
  while (begin > 0 && IsLocal(text[begin - 1])) {
    if (at - --begin > kMaxLocal) return at;
  }
  // A letter of another script goes on with the local part; it is not ours to cut. (CJK text borders
  // addresses.)
  if (begin > 0 && (static_cast<unsigned char>(text[begin - 1]) & 0xC0) == 0x80) {
    std::size_t lead = begin - 1;
    while (lead > 0 && IsContinuation(text[lead])) --lead;
    if (static_cast<unsigned char>(text[lead]) < 0xE0) return at;
  }
  while (begin < at && (text[begin] == '.' || text[begin] == '-' || text[begin] == '+' ||
                        text[begin] == '&' || text[begin] == '%')) {
    ++begin;
  }
  for (std::size_t i = begin + 1; i < at; ++i) {
    if (text[i] == '.' && text[i - 1] == '.') return at;
  }
  return at > 0 && text[at - 1] == '.' ? at : begin;
}

std::size_t DomainEnd(std::string_view text, std::size_t begin) noexcept {
  if (std::size_t plain = 0; ReadPlainDomain(text, begin, plain)) return plain;
  std::size_t end = begin, label = begin, good_end = begin;
  const std::size_t stop = text.size() - begin > kMaxDomain ? begin + kMaxDomain : text.size();
  for (; end <= stop; ++end) {
    const char c = end < stop ? text[end] : '\0';
    if (IsAlnum(c) || (c == '-' && end > label)) continue;
    const std::string_view name = text.substr(label, end - label);
    if (name.empty() || name.size() > kMaxLabel || name.back() == '-') break;
    const bool letters =
        name.substr(0, 4) == "xn--" || name.find_first_of("0123456789-") == std::string_view::npos;
    if (label > begin && name.size() >= 2 && letters && !IsFileEnding(name)) {
      good_end = end;
    } else if (c != '.') {
      return begin;
    }
    if (c != '.') break;
    label = end + 1;
  }
  if (good_end < text.size() && (text[good_end] == '_' || text[good_end] == '@')) return begin;
  return good_end;
}

bool IsMachine(std::string_view local) noexcept {
  return local == "git" || local == "noreply" || local == "no-reply";
}

}  // namespace

Span FindEmail(std::string_view text, std::size_t at) noexcept {
  const std::size_t begin = LocalBegin(text, at);
  if (begin == at || IsMachine(text.substr(begin, at - begin))) return {};
  const std::size_t end = DomainEnd(text, at + 1);
  if (end == at + 1) return {};
  return {begin, end};
}

}  // namespace gander::identify

// SPDX-License-Identifier: Apache-2.0
#include "content/mail/line_mark.h"

#include <algorithm>
#include <bit>
#include <iterator>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include "protocol/mime/header_value.h"

namespace gander::content {
namespace {

constexpr std::string_view kUu = "begin ", kBase64 = "begin-base64 ", kCodedName = "begin-base64-encoded ",
                           kPem = "-----BEGIN ", kPemEnd = "-----";
constexpr std::string_view kMarks[] = {kUu, "begin-base64", kYencBegin, kPem};

bool StartsLikeMark(std::string_view from) noexcept {
  return std::any_of(std::begin(kMarks), std::end(kMarks), [&](std::string_view mark) {
    const std::size_t n = std::min(mark.size(), from.size());
    return from.substr(0, n) == mark.substr(0, n);
  });
}

// "644 people.txt": a mode of three or four octal digits, and more before them where the kind of file is told.
std::optional<std::string_view> NameBehindMode(std::string_view rest) noexcept {
  constexpr std::size_t kMinMode = 3, kMaxMode = 6;
  const std::size_t blank = rest.find(' ');
  if (blank == std::string_view::npos || blank < kMinMode || blank > kMaxMode) return std::nullopt;
  const std::string_view mode = rest.substr(0, blank);
  if (!std::all_of(mode.begin(), mode.end(), [](char c) { return c >= '0' && c <= '7'; })) return std::nullopt;
  const std::string_view name = protocol::mime::Trim(rest.substr(blank));
  if (name.empty()) return std::nullopt;
  return name;
}

bool IsUnreadablePem(std::string_view label) noexcept {
  constexpr std::string_view kLabels[] = {"KEY",  "CERTIFICATE", "PGP",        "PKCS7", "CMS",
                                          "X509", "CRL",         "PARAMETERS", "SSH"};
  return std::any_of(std::begin(kLabels), std::end(kLabels),
                     [&](std::string_view word) { return label.find(word) != std::string_view::npos; });
}

constexpr std::size_t kBlock = 32;

// Bits of those of the 32 bytes at `p` that end a line before one of "b=-"; the byte behind them is read too. Without a
// branch for each line: where the next one begins cannot be foreseen.
#if defined(__AVX2__)
std::uint32_t LineEnds(const std::byte* p) noexcept {
  const __m256i here = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  const __m256i next = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + 1));
  // '=' and '-' differ in one bit.
  const __m256i dash = _mm256_cmpeq_epi8(_mm256_or_si256(next, _mm256_set1_epi8('=' ^ '-')), _mm256_set1_epi8('='));
  const __m256i mark = _mm256_or_si256(dash, _mm256_cmpeq_epi8(next, _mm256_set1_epi8('b')));
  const __m256i ends = _mm256_and_si256(_mm256_cmpeq_epi8(here, _mm256_set1_epi8('\n')), mark);
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(ends));
}
#else
std::uint32_t LineEnds(const std::byte* p) noexcept {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const bool mark = p[i + 1] == std::byte{'b'} || p[i + 1] == std::byte{'='} || p[i + 1] == std::byte{'-'};
    bits |= std::uint32_t{p[i] == std::byte{'\n'} && mark} << i;
  }
  return bits;
}
#endif

// By the first two bytes, which is nearly always enough.
bool BeginsMark(Bytes line) noexcept {
  const char first = static_cast<char>(line[0]);
  if (first != 'b' && first != '=' && first != '-') return false;
  if (line.size() > 1 && static_cast<char>(line[1]) != (first == 'b' ? 'e' : first == '=' ? 'y' : '-')) return false;
  return StartsLikeMark(AsText(line));
}

}  // namespace

bool MayAnnounceFile(std::string_view begin) noexcept { return StartsLikeMark(begin); }

std::size_t FindAnnouncement(Bytes in, bool at_start) noexcept {
  const auto marks = [&](std::size_t at) { return at < in.size() && BeginsMark(in.subspan(at)); };
  if (at_start && marks(0)) return 0;
  std::size_t i = 0;
  for (; i + kBlock < in.size(); i += kBlock) {
    for (std::uint32_t ends = LineEnds(in.data() + i); ends != 0; ends &= ends - 1) {
      const std::size_t line = i + static_cast<std::size_t>(std::countr_zero(ends)) + 1;
      if (marks(line)) return line;
    }
  }
  for (; i < in.size(); ++i) {
    if (in[i] == std::byte{'\n'} && marks(i + 1)) return i + 1;
  }
  return in.size();
}

std::optional<Announcement> ReadAnnouncement(std::string_view line) noexcept {
  Announcement found;
  if (const auto head = ReadYencHead(line)) {
    found = {FileCoding::kYenc, head->name, false, *head};
    return found;
  }
  if (line.starts_with(kPem)) {
    const std::string_view label = protocol::mime::Trim(line.substr(kPem.size()));
    if (label.size() <= kPemEnd.size() || !label.ends_with(kPemEnd) || IsUnreadablePem(label)) return std::nullopt;
    found.coding = FileCoding::kPem;
    return found;
  }
  found.coded_name = line.starts_with(kCodedName);
  const bool base64 = found.coded_name || line.starts_with(kBase64);
  if (!base64 && !line.starts_with(kUu)) return std::nullopt;
  const auto name = NameBehindMode(line.substr(found.coded_name ? kCodedName.size()
                                               : base64         ? kBase64.size()
                                                                : kUu.size()));
  if (!name.has_value()) return std::nullopt;
  found.coding = base64 ? FileCoding::kBase64 : FileCoding::kUuencode;
  found.name = *name;
  return found;
}

}  // namespace gander::content

// SPDX-License-Identifier: Apache-2.0
#include "identify/fold_text.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "identify/fold_suspects.h"
#include "identify/fold_table.h"

namespace gander::identify {
namespace {

constexpr std::size_t kMaxHost = 63;  // characters before a dot: of a label (RFC 1035, section 2.3.4)
constexpr std::size_t kSlack = 32;  // bytes written at once, of which fewer may count

constexpr bool IsLetter(char c) noexcept { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
constexpr bool IsLetterOrDigit(char c) noexcept { return IsLetter(c) || (c >= '0' && c <= '9'); }
// No continuation byte, no ASCII.
constexpr bool IsLead(char c) noexcept { return static_cast<unsigned char>(c) >= 0xc2; }

constexpr bool IsOfHost(char c) noexcept { return IsLetterOrDigit(c) || c == '.' || c == '-'; }

// Whether `text` ends within the name of a host, behind '@'.
bool EndsInHost(std::string_view text) noexcept {
  std::size_t i = text.size();
  while (i > 0 && text.size() - i < kMaxHost && IsOfHost(text[i - 1])) --i;
  return i < text.size() && i > 0 && text[i - 1] == '@';
}

bool IsLetterAt(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size()) return false;
  return IsLetter(text[at]) || (IsLead(text[at]) && IsLetter(FoldingAt(text.data() + at, text.size() - at).ascii));
}

// Whether there is a dot within a name, all other characters of which are ASCII.
bool HasNameDot(std::string_view text) noexcept {
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t i = at + 1;
    while (i < text.size() && i - at <= kMaxHost && IsOfHost(text[i])) ++i;
    if (i == at + 1 || i >= text.size() || !IsLead(text[i])) continue;
    const Folding f = FoldingAt(text.data() + i, text.size() - i);
    if (f.ascii == kNameDot && IsLetterAt(text, i + f.bytes)) return true;
  }
  return false;
}

bool Folds(std::string_view text, std::size_t at) noexcept {
  const Folding f = FoldingAt(text.data() + at, text.size() - at);
  return f.bytes > 0 && f.ascii != kNameDot;
}

}  // namespace

bool NeedsFold(std::string_view text) noexcept {
  std::size_t i = 0;
#if defined(__AVX2__)
  const FoldSuspects suspects;
  for (; i + FoldSuspects::kRead <= text.size(); i += FoldSuspects::kBytes) {
    for (std::uint32_t bits = suspects.In<false>(text.data() + i); bits != 0; bits &= bits - 1) {
      if (Folds(text, i + static_cast<std::size_t>(std::countr_zero(bits)))) return true;
    }
  }
#endif
  for (; i < text.size(); ++i) {
    if (IsLead(text[i]) && Folds(text, i)) return true;
  }
  return HasNameDot(text);
}

void FoldedText::Fold(std::string_view raw) {
  raw_ = raw;
  size_ = 0;
  if (folded_.size() < raw.size() + kSlack) {
    folded_.resize(raw.size() + kSlack);
    origin_.resize(raw.size() + kSlack);
  }
  for (std::size_t i = CopyPlain(0); i < raw.size(); i = CopyPlain(i)) {
    do {
      const Folding f = FoldingAt(raw.data() + i, raw.size() - i);
      const bool name_dot = f.ascii == kNameDot && IsLetterAt(raw, i + f.bytes) && EndsInHost(text());
      const bool stays = f.bytes == 0 || (f.ascii == kNameDot && !name_dot);
      if (stays || f.ascii != kNothing) Put(stays ? raw[i] : name_dot ? '.' : f.ascii, i);
      i += stays ? 1 : f.bytes;
    } while (i < raw.size() && IsLead(raw[i]));
  }
  origin_[size_] = static_cast<std::uint32_t>(raw.size());
}

// Copies what stays, from raw byte `i` up to what might not, which it returns.
std::size_t FoldedText::CopyPlain(std::size_t i) noexcept {
#if defined(__AVX2__)
  const FoldSuspects suspects;
  for (; i + FoldSuspects::kRead <= raw_.size(); i += FoldSuspects::kBytes) {
    const std::uint32_t bits = suspects.In<true>(raw_.data() + i);
    const std::size_t n = bits == 0 ? FoldSuspects::kBytes : static_cast<std::size_t>(std::countr_zero(bits));
    std::memcpy(folded_.data() + size_, raw_.data() + i, FoldSuspects::kBytes);
    for (std::size_t k = 0; k < n; k += 8) {
      for (std::size_t j = k; j < k + 8; ++j) origin_[size_ + j] = static_cast<std::uint32_t>(i + j);
    }
    size_ += n;
    if (bits != 0) return i + n;
  }
#endif
  for (; i < raw_.size() && !IsLead(raw_[i]); ++i) Put(raw_[i], i);
  return i;
}

std::size_t FoldedText::End(std::size_t i) const noexcept {
  if (i == 0) return 0;
  const std::size_t last = origin_[i - 1];
  if (folded_[i - 1] == raw_[last]) return last + 1;
  return last + FoldingAt(raw_.data() + last, raw_.size() - last).bytes;
}

bool FoldedText::HasWideIn(std::size_t begin, std::size_t end) const noexcept {
  for (std::size_t i = begin; i < end; ++i) {
    if (IsLetterOrDigit(folded_[i]) && raw_[origin_[i]] != folded_[i]) return true;
  }
  return false;
}

std::size_t FoldedText::Folded(std::size_t at) const noexcept {
  const auto begin = origin_.begin(), end = begin + static_cast<std::ptrdiff_t>(size_) + 1;
  return static_cast<std::size_t>(std::lower_bound(begin, end, at) - begin);
}

}  // namespace gander::identify

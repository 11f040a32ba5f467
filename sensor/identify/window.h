// SPDX-License-Identifier: Apache-2.0
// The stretch of a text under judgement. What begins in [from, limit) is judged now, with kLookBehind bytes
// before it and kLookAhead behind it in view wherever the text was cut; so cuts change no finding.
#ifndef GANDER_IDENTIFY_WINDOW_H_
#define GANDER_IDENTIFY_WINDOW_H_

#include <cstdint>
#include <string_view>

#include "base/net.h"
#include "identify/context.h"
#include "identify/fold_text.h"

namespace gander::identify {

inline constexpr std::size_t kLookBehind = 256;
inline constexpr std::size_t kLookAhead = 320;

struct Window {
  std::string_view text;   // folded where it had to be
  std::string_view raw;    // as it came
  std::uint64_t base = 0;  // offset of text[0] within its text
  std::size_t from = 0, limit = 0;
  bool whole = false;  // the text begins and ends in this window
  bool last = false;   // the text ends in this window
  const FoldedText* fold = nullptr;
  const ContextWords* name_words = nullptr;  // what the text's own name says (header, parameter), or nullptr
  Direction direction = Direction::kToServer;

  std::uint64_t Offset(std::size_t i) const noexcept {
    return base + (fold != nullptr ? fold->Original(i) : i);
  }
  // Where what ends before text[i] ends within its text.
  std::uint64_t EndOffset(std::size_t i) const noexcept { return base + (fold != nullptr ? fold->End(i) : i); }
  // Position in `text` of the byte at `offset` of the text.
  std::size_t Position(std::uint64_t offset) const noexcept {
    const auto at = static_cast<std::size_t>(offset - base);
    return fold != nullptr ? fold->Folded(at) : at;
  }
  char At(std::size_t i) const noexcept { return i < text.size() ? text[i] : '\0'; }
  char Before(std::size_t i) const noexcept { return i > 0 ? text[i - 1] : '\0'; }
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_WINDOW_H_

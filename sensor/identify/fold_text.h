// SPDX-License-Identifier: Apache-2.0
// Digits of any script, full-width letters and signs, typographic dashes and spaces brought to ASCII, what has no width
// left out (fold_table.h), with the way back to the bytes they came from.
#ifndef GANDER_IDENTIFY_FOLD_TEXT_H_
#define GANDER_IDENTIFY_FOLD_TEXT_H_

#include <cstdint>
#include <string_view>
#include <vector>

namespace gander::identify {

// Whether `text` holds anything Fold would change. One vector pass; false for nearly all traffic.
bool NeedsFold(std::string_view text) noexcept;

class FoldedText {
 public:
  // Keeps its memory from call to call. `raw` must outlive the use of it.
  void Fold(std::string_view raw);
  std::string_view text() const noexcept { return {folded_.data(), size_}; }
  // Offset in the original of folded byte `i`; i may be the length.
  std::size_t Original(std::size_t i) const noexcept { return origin_[i]; }
  // Where in the original the character before folded byte `i` ends: what was left out behind it does not count.
  std::size_t End(std::size_t i) const noexcept;
  // First folded byte that stems from original offset `at` or later.
  std::size_t Folded(std::size_t at) const noexcept;
  // Whether a letter or digit of [begin, end) was none of ASCII.
  bool HasWideIn(std::size_t begin, std::size_t end) const noexcept;

 private:
  std::size_t CopyPlain(std::size_t i) noexcept;
  void Put(char c, std::size_t from) noexcept {
    folded_[size_] = c;
    origin_[size_++] = static_cast<std::uint32_t>(from);
  }

  std::string_view raw_;
  std::size_t size_ = 0;
  std::vector<char> folded_;            // of them size_ count
  std::vector<std::uint32_t> origin_;  // of them size_ + 1
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_FOLD_TEXT_H_

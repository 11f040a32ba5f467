// SPDX-License-Identifier: Apache-2.0
// Full-width and Arabic-Indic digits, full-width letters and signs, and typographic dashes brought to ASCII,
// with the way back to the bytes they came from.
#ifndef GANDER_IDENTIFY_FOLD_TEXT_H_
#define GANDER_IDENTIFY_FOLD_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gander::identify {

// Whether `text` holds anything Fold would change. One vector pass; false for nearly all traffic.
bool NeedsFold(std::string_view text) noexcept;

class FoldedText {
 public:
  // Keeps its memory from call to call.
  void Fold(std::string_view text);
  std::string_view text() const noexcept { return folded_; }
  // Offset in the original of folded byte `i`; i may be the length.
  std::size_t Original(std::size_t i) const noexcept { return origin_[i]; }
  // First folded byte that stems from original offset `at` or later.
  std::size_t Folded(std::size_t at) const noexcept;

 private:
  std::string folded_;
  std::vector<std::uint32_t> origin_;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_FOLD_TEXT_H_

// SPDX-License-Identifier: Apache-2.0
// Words near a value that say what it is ("ssn", "身份证号"), in any script, found in one pass over a short text.
#ifndef GANDER_IDENTIFY_CONTEXT_H_
#define GANDER_IDENTIFY_CONTEXT_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "identify/finding.h"

namespace gander::identify {

// Up to six context words, by their number in the ContextMatcher.
struct ContextWords {
  static constexpr std::size_t kMax = 6;
  std::array<std::uint16_t, kMax> ids{};
  std::uint8_t count = 0;

  void Add(std::uint16_t id) noexcept {
    for (std::uint8_t i = 0; i < count; ++i) {
      if (ids[i] == id) return;
    }
    if (count < kMax) ids[count++] = id;
  }
};

// Folds `raw` for comparison: lower case without accents for Latin, Greek and Cyrillic letters; '_', '-' and other
// ASCII punctuation as one space; camelCase split. Writes at most `capacity` bytes, returns how many.
std::size_t FoldContext(std::string_view raw, char* out, std::size_t capacity) noexcept;

// Aho and Corasick's automaton ("Efficient string matching", 1975) over the folded words of all rules.
class ContextMatcher {
 public:
  // `word` gives context to `rule`. The same word may serve many rules.
  void Add(std::string_view word, IdType rule);
  void Freeze();

  // Words in `folded`, longest first at each place. Letters on either side of a word must not go on in its script;
  // Chinese, Japanese and Korean words need no border.
  void Match(std::string_view folded, ContextWords& out) const noexcept;
  bool Names(const ContextWords& words, IdType rule) const noexcept;
  // Whether `folded` as a whole is a word of `rule`.
  bool IsWhole(std::string_view folded, IdType rule) const noexcept;

 private:
  struct Word {
    std::string folded;
    std::vector<IdType> rules;  // sorted
  };
  struct Node {
    std::int32_t word = -1;       // ends here
    std::int32_t next_word = -1;  // nearest node on the failure path at which a word ends
    std::int32_t fail = 0;
  };
  bool Bordered(std::string_view folded, std::size_t end, const Word& word) const noexcept;

  std::vector<Word> words_;
  std::vector<Node> nodes_;
  std::array<std::uint8_t, 256> column_{};  // byte to column of the table; 0 = in no word
  std::size_t columns_ = 1;
  std::vector<std::uint16_t> table_;  // node * columns_ + column -> node
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_CONTEXT_H_

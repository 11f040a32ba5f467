// SPDX-License-Identifier: Apache-2.0
// Words near a value that say what it is ("ssn", "身份证号"), in any script, found in one pass over a short
// text.
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

// Folds `raw` for comparison: lower case without accents for Latin, Greek and Cyrillic letters; '_', '-' and
// other ASCII punctuation as one space; camelCase split. Writes at most `capacity` bytes, returns how many.
std::size_t FoldContext(std::string_view raw, char* out, std::size_t capacity) noexcept;

// A trie over the folded words of all rules, entered only where a word can begin.
class ContextMatcher {
 public:
  // `word` gives context to `rule`. The same word may serve many rules.
  void Add(std::string_view word, IdType rule);
  void Freeze();

  // Words in `raw`. Letters on either side of a word must not go on in its script, but for camelCase;
  // Chinese, Japanese and Korean words need no border.
  void Match(std::string_view raw, ContextWords& out) const noexcept;
  bool Names(const ContextWords& words, IdType rule) const noexcept;
  // Whether `folded` as a whole is a word of `rule`.
  bool IsWhole(std::string_view folded, IdType rule) const noexcept;

 private:
  static constexpr std::size_t kMaxWord = 64;  // folded
  struct Word {
    std::string folded;
    std::vector<IdType> rules;  // sorted
  };
  struct Node {
    std::uint32_t first_child = 0, child_count = 0;  // children lie side by side, sorted by byte
    std::int32_t word = -1;                          // ends here
    unsigned char byte = 0;
  };
  void MatchAny(std::string_view raw, std::size_t from, ContextWords& out) const noexcept;
  // Takes the longest word that begins at raw[at].
  void Enter(std::string_view raw, std::size_t at, ContextWords& out) const noexcept;
  std::size_t Follow(std::string_view text, std::int32_t& longest) const noexcept;
  const Node* Child(const Node& node, char c) const noexcept;
  // Five bits of each of three bytes; what is no letter counts as a space.
  static std::size_t Trigram(char a, char b, char c) noexcept;
  static char Third(char second, char third) noexcept;
  bool MayBegin(char a, char b, char c) const noexcept {
    const std::size_t bit = Trigram(a, b, c);
    return (begins_[bit >> 6] >> (bit & 63) & 1) != 0;
  }

  std::vector<Word> words_;
  std::vector<Node> nodes_;
  std::array<std::uint64_t, 512> begins_{};  // one bit for each trigram a folded word begins with
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_CONTEXT_H_

// SPDX-License-Identifier: Apache-2.0
// Words near a value that say what it is ("ssn", "身份证号"), in any script, found in one pass over a short
// text.
#ifndef GANDER_IDENTIFY_CONTEXT_H_
#define GANDER_IDENTIFY_CONTEXT_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "identify/finding.h"

namespace gander::identify {

// The context words nearest to a value, by their number in the ContextMatcher; the nearest is the last.
struct ContextWords {
  static constexpr std::size_t kMax = 8;
  std::array<std::uint16_t, kMax> ids{};
  std::uint8_t count = 0;

  // Of a word that lies `within` the one before it, the longer counts as the nearer.
  void Add(std::uint16_t id, bool within = false) noexcept;
  // Those of `other` behind these.
  void Append(const ContextWords& other) noexcept {
    for (std::uint8_t i = 0; i < other.count; ++i) Add(other.ids[i]);
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
  // `word`, which was added for `rule`, is in no language of the rule's country.
  void AddForeign(std::string_view word, IdType rule);
  void Freeze();

  // Words in `raw`. Letters on either side of a word must not go on in its script, but for camelCase;
  // Chinese, Japanese and Korean words need no border.
  void Match(std::string_view raw, ContextWords& out) const noexcept;
  // How near the nearest word stands that names `rule`, the farther the smaller; one more when that is a word of its
  // own, not just its front. 0 when none does.
  int Rank(const ContextWords& words, IdType rule) const noexcept {
    const std::size_t at = rule / 64u;
    const std::uint64_t bit = std::uint64_t{1} << (rule % 64);
    for (int i = words.count; i > 0; --i) {
      const std::uint64_t* const named = named_.data() + words.ids[static_cast<std::size_t>(i - 1)] * 2 * stride_;
      if ((named[at] & bit) != 0) return 2 * i + ((named[stride_ + at] & bit) != 0 ? 1 : 0);
    }
    return 0;
  }
  // Whether the nearest word that names `rule` is foreign to it.
  bool IsForeign(const ContextWords& words, IdType rule) const noexcept {
    const std::size_t at = rule / 64u;
    const std::uint64_t bit = std::uint64_t{1} << (rule % 64);
    for (int i = words.count; i > 0; --i) {
      const std::size_t word = words.ids[static_cast<std::size_t>(i - 1)];
      if ((named_[word * 2 * stride_ + at] & bit) != 0) return (foreign_[word * stride_ + at] & bit) != 0;
    }
    return false;
  }
  // Whether `folded` as a whole is a word of `rule`.
  bool IsWhole(std::string_view folded, IdType rule) const noexcept;

 private:
  static constexpr std::size_t kMaxWord = 64;  // folded
  struct Word {
    std::string folded;
    std::vector<IdType> rules;  // sorted
  };
  void MakeNamed();
  struct Node {
    std::uint32_t first_child = 0, child_count = 0;  // children lie side by side, sorted by byte
    std::int32_t word = -1;                          // ends here
    std::int32_t only = -1;                          // the one word that goes on from here: it has no nodes of its own
  };
  void MatchAny(std::string_view raw, std::size_t from, std::size_t& reached, ContextWords& out) const noexcept;
  // Takes the longest word that begins at raw[at]; `reached` is where the last one taken ends.
  void Enter(std::string_view raw, std::size_t at, std::size_t& reached, ContextWords& out) const noexcept;
  std::size_t Follow(std::string_view text, std::int32_t& longest) const noexcept;
  std::size_t FollowOnly(std::string_view text, std::size_t from, std::int32_t word, std::int32_t& longest) const noexcept;
  bool EndsAt(std::string_view text, std::size_t last) const noexcept;
  const Node* Child(const Node& node, char c) const noexcept;
  // Five bits of each of three bytes; what is no letter counts as a space.
  static std::size_t Trigram(char a, char b, char c) noexcept;
  static char Third(char second, char third) noexcept;
  bool MayBegin(char a, char b, char c) const noexcept {
    const std::size_t bit = Trigram(a, b, c);
    return (begins_[bit >> 6] >> (bit & 63) & 1) != 0;
  }

  // Whether a word may begin with three letters, none a capital behind a small one, and an ASCII character.
  static std::size_t FourOf(char a, char b, char c, char d) noexcept {
    const auto code = static_cast<std::uint32_t>(Trigram(a, b, c) << 5 | Trigram(0, 0, Third(c, d)));
    return code * 0x9E3779B1U >> 17;
  }
  bool MayGoOn(char a, char b, char c, char d) const noexcept {
    const std::size_t bit = FourOf(a, b, c, d);
    return (fours_[bit >> 6] >> (bit & 63) & 1) != 0;
  }

  using Added = std::map<std::string, std::vector<IdType>, std::less<>>;
  static void AddTo(Added& words, std::string_view word, IdType rule);
  Added added_, added_foreign_;  // until Freeze; sorted
  std::vector<Word> words_;  // sorted
  std::vector<std::uint64_t> named_;  // for each word a bit for each rule it names, then for each that has it itself
  std::vector<std::uint64_t> foreign_;  // a bit for each rule to which the word that names it is foreign
  std::size_t stride_ = 0;            // of 64 bits, for either
  std::vector<Node> nodes_;
  std::vector<unsigned char> bytes_;  // by which each node is reached
  std::array<std::uint64_t, 512> begins_{};  // one bit for each trigram a folded word begins with
  std::array<std::uint64_t, 512>
      fours_{};  // one bit for four letters, hashed: with many rules most trigrams begin some word
  std::array<std::uint32_t, 256> roots_{};   // by its first byte the node of a word; 0 = none
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_CONTEXT_H_

// SPDX-License-Identifier: Apache-2.0
// Names of fields found by where a name ends: before a colon, an equals sign or the end of a tag, few of which stand in
// a text. There the last characters are looked up, so what it costs does not depend on how many names there are.
#ifndef GANDER_IDENTIFY_KEY_INDEX_H_
#define GANDER_IDENTIFY_KEY_INDEX_H_

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "identify/literal_filter.h"

namespace gander::identify {

class KeyIndex {
 public:
  // `key` names field `id` in either case of its ASCII letters.
  void Add(std::string_view key, std::uint32_t id);
  void Freeze();  // after the last Add
  bool empty() const noexcept { return entries_.empty(); }

  // Appends a hit for each key that ends in (from, limit] and has a value behind it, ascending; its end is the key's.
  void Find(std::string_view text, std::size_t from, std::size_t limit, std::vector<LiteralHit>& hits) const noexcept;
  // The same of a key that is `text` as a whole.
  void FindWhole(std::string_view text, std::vector<LiteralHit>& hits) const noexcept;

 private:
  // Small, since the first cache holds the text and its masks, too: a table's miss costs more than a look in vain.
  static constexpr int kLog2Words = 8, kTableBits = 11;
  static constexpr std::size_t kTail = 8, kLead = 4;

  struct Entry {
    std::uint64_t hash = 0;
    std::uint32_t id = 0;
    std::string key;  // letters in lower case
  };
  // The last eight characters at most of the word that ends before `end`, first in the lowest byte, zeros before them;
  // letters in one case. 0 where no word ends.
  static std::uint64_t TailOf(std::string_view text, std::size_t end) noexcept;
  // What stands for a tail and the kLead characters before it, in one case. Keys of several words end in the same few
  // ("number", "name", "id"): by these alone a look would lead to hundreds.
  static std::uint64_t CodeOf(std::string_view text, std::size_t end, std::uint64_t tail) noexcept;
  // Whether so many characters stand before the tail of what ends before `end`.
  static bool HasLead(std::size_t end, std::uint64_t tail) noexcept { return end >= LengthOf(tail) + kLead; }
  static std::size_t LengthOf(std::uint64_t tail) noexcept {
    return static_cast<std::size_t>(std::bit_width(tail) + 7) / 8;
  }
  static std::uint64_t HashOf(std::uint64_t code) noexcept { return code * 0x9E3779B97F4A7C15ULL; }
  static std::size_t SlotOf(std::uint64_t hash) noexcept { return hash >> (64 - kTableBits); }
  static std::uint32_t MarkOf(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash >> (32 - kTableBits));
  }
  void Look(std::string_view text, std::size_t end, bool whole, std::vector<LiteralHit>& hits) const noexcept;
  // A Bloom filter (Bloom 1970) of words of 64 bits with two bits a key, so that one load answers.
  static std::uint64_t BitsOf(std::uint64_t hash) noexcept {
    return std::uint64_t{1} << (hash >> 50 & 63) | std::uint64_t{1} << (hash >> 44 & 63);
  }
  bool MayHold(std::uint64_t hash) const noexcept {
    const std::uint64_t bits = BitsOf(hash);
    return (bloom_[hash >> (64 - kLog2Words)] & bits) == bits;
  }
  // Whether a key ends before `end`: now and then true where none does. The first asks the last four characters alone,
  // or the last two of a shorter word, and is right of three marks in four.
  bool MayEndSo(std::string_view text, std::size_t end) const noexcept;
  bool MayEnd(std::string_view text, std::size_t end) const noexcept;
  void LookFor(std::uint64_t code, std::string_view text, std::size_t end, bool whole,
               std::vector<LiteralHit>& hits) const noexcept;

  std::vector<Entry> entries_;        // by hash
  std::vector<std::uint32_t> first_;  // by slot: the first of its entries; one more at the end
  std::vector<std::uint32_t> marks_;  // of each entry; most that are looked at differ in it
  std::array<std::uint64_t, 1 << kLog2Words> bloom_{};  // of what keys are looked up by
  static constexpr std::size_t kEnding = 4, kShortEnding = 2;
  static constexpr int kEndingBits = 12, kShortEndingBits = 9;
  std::array<std::uint64_t, (1 << kEndingBits) / 64> endings_{};
  std::array<std::uint64_t, (1 << kShortEndingBits) / 64> short_endings_{};  // of keys shorter than kEnding
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_KEY_INDEX_H_

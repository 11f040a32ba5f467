// SPDX-License-Identifier: Apache-2.0
// Names of fields found by where a name ends: before a colon, an equals sign or the end of a tag, few of which stand in a
// text. There the last characters are looked up, so what it costs does not depend on how many names there are.
#ifndef GANDER_IDENTIFY_KEY_INDEX_H_
#define GANDER_IDENTIFY_KEY_INDEX_H_

#include <array>
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
  static constexpr int kBloomBits = 16, kTableBits = 11;

  struct Entry {
    std::uint64_t tail = 0;
    std::uint32_t id = 0;
    std::string key;  // letters in lower case
  };
  // The last eight characters at most of the word that ends before `end`, first in the lowest byte, zeros before them;
  // letters in one case. 0 where no word ends.
  static std::uint64_t TailOf(std::string_view text, std::size_t end) noexcept;
  static std::uint32_t HashOf(std::uint64_t tail) noexcept {
    return static_cast<std::uint32_t>(tail * 0x9E3779B97F4A7C15ULL >> 32);
  }
  void Look(std::string_view text, std::size_t end, bool whole, std::vector<LiteralHit>& hits) const noexcept;
  void AtMark(std::string_view text, std::size_t mark, std::vector<LiteralHit>& hits) const noexcept;

  std::vector<Entry> entries_;        // by hash
  std::vector<std::uint32_t> first_;  // by the hash's upper bits: the first of its entries; one more at the end
  std::array<std::uint64_t, (1 << kBloomBits) / 64> bloom_{};
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_KEY_INDEX_H_

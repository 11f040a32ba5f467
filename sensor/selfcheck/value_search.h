// SPDX-License-Identifier: Apache-2.0
// Searches outputs for values, as they are and in the writings an output may give them.
#ifndef GANDER_SELFCHECK_VALUE_SEARCH_H_
#define GANDER_SELFCHECK_VALUE_SEARCH_H_

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gander::selfcheck {

// "as it is", "without separators", "percent-coded", "hexadecimal", "JSON-escaped", "HTML-escaped", "base64".
inline constexpr std::array<const char*, 7> kWritings = {"as it is",     "without separators", "percent-coded", "hexadecimal",
                                                         "JSON-escaped", "HTML-escaped",       "base64"};

class ValueSearch {
 public:
  struct Hit {
    std::size_t value = 0;  // number of the value, in the order of Add
    const char* writing = "";
    auto operator<=>(const Hit&) const = default;
  };

  // Writings of fewer than kStem bytes, or of so few digits that numbers alike occur by chance, are left out; false when
  // all are.
  bool Add(std::string_view value);
  // Every value that occurs, each writing once.
  std::set<Hit> Find(std::string_view output) const;

  std::size_t values() const noexcept { return values_; }
  std::size_t writings() const noexcept { return writings_; }

  // One way to write `value`; "" where this way writes it as it is, or where it has no such.
  static std::vector<std::string> WritingsOf(std::string_view value, const char* writing);

 private:
  static constexpr std::size_t kStem = 8;        // bytes by which a writing is looked up
  static constexpr std::size_t kDigitsOnly = 10;  // least of a writing of digits alone

  struct Entry {
    std::string text;
    Hit hit;
  };
  static constexpr int kSeenBits = 18;
  // By stem. Nearly no place of an output is one, which `seen` tells for a fifth of what the table takes.
  struct Index {
    std::unordered_map<std::uint64_t, std::vector<Entry>> entries;
    std::vector<bool> seen = std::vector<bool>(std::size_t{1} << kSeenBits);
  };
  static std::size_t SlotOf(std::uint64_t stem) noexcept { return stem * 0x9e3779b97f4a7c15ULL >> (64 - kSeenBits); }
  static void FindIn(std::string_view text, const Index& index, std::set<Hit>& out);

  Index folded_, exact_;  // of writings in either case, and of base64
  std::size_t values_ = 0, writings_ = 0;
};

}  // namespace gander::selfcheck

#endif  // GANDER_SELFCHECK_VALUE_SEARCH_H_

// SPDX-License-Identifier: Apache-2.0
// Short texts that held nothing. Names asked for come back in the answer, and each connection of a browser says the
// same of itself: to look for identifiers in such a text anew costs nine times what its hash does (2,400 instructions
// a name of DNS beside 280).
#ifndef GANDER_IDENTIFY_BARREN_TEXTS_H_
#define GANDER_IDENTIFY_BARREN_TEXTS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "identify/scanner.h"

namespace gander::identify {

// A table of fixed size in which the newer of two that share a place stays. It holds keyed hashes and what a scan
// counted, so that counters are those of a scan. A text is taken for another with a probability of 2^-64 for each that
// is remembered, and nobody without the key can choose one that is.
class BarrenTexts {
 public:
  static constexpr std::size_t kLongest = 192;  // bytes; a longer text seldom comes back, and its hash costs more

  explicit BarrenTexts(const HashKey& key) : key_(key), slots_(std::size_t{1} << kLog2Slots) {}

  static bool Takes(std::string_view text) noexcept { return !text.empty() && text.size() <= kLongest; }
  // Of a text and the name it goes by, which may be empty.
  std::uint64_t TagOf(std::string_view text, std::string_view name) const noexcept {
    std::uint64_t tag = SipHash13(key_, AsBytes(text));
    if (!name.empty()) tag += SipHash13(key_, AsBytes(name)) * 0x9E3779B97F4A7C15ULL;
    return tag | 1;
  }
  // True when it is known; what its scan counted is added to `counters`, but for texts and bytes.
  bool Knows(std::uint64_t tag, Counters& counters) const noexcept;
  // It was scanned, and `before` became `after`: remembered when nothing was found.
  void Note(std::uint64_t tag, const Counters& before, const Counters& after) noexcept;

 private:
  static constexpr int kLog2Slots = 9;
  struct Slot {
    std::uint64_t tag = 0;  // 0 = free
    std::uint8_t candidates = 0, rejected_boundary = 0, rejected_validator = 0;
  };
  static std::size_t SlotOf(std::uint64_t tag) noexcept { return tag >> (64 - kLog2Slots); }

  HashKey key_;
  std::vector<Slot> slots_;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_BARREN_TEXTS_H_

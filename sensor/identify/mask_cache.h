// SPDX-License-Identifier: Apache-2.0
// What strings of metadata were masked to: the transactions of a connection repeat most of theirs (a browser's name, a
// host, a path told by two events), and to look for identifiers in them anew costs ten times what a hash does.
#ifndef GANDER_IDENTIFY_MASK_CACHE_H_
#define GANDER_IDENTIFY_MASK_CACHE_H_

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/hash.h"

namespace gander::identify {

// A table of fixed size in which the newer of two that share a place stays. It holds masked strings and keyed hashes,
// nothing of what was masked. Two strings with one hash of 64 bits would be shown as one; without the key nobody can
// make such two.
class MaskCache {
 public:
  static constexpr std::size_t kSlots = 512;     // 64 KiB with their texts
  static constexpr std::size_t kLongest = 119;   // bytes; longer strings are masked anew each time

  explicit MaskCache(const HashKey& key) : key_(key), slots_(kSlots) {}

  std::uint64_t TagOf(std::string_view value) const noexcept { return SipHash13(key_, AsBytes(value)) | 1; }
  // What Keep() was given with this tag; data() is nullptr when it is not here.
  std::string_view Find(std::uint64_t tag) const noexcept {
    const Slot& slot = slots_[SlotOf(tag)];
    return slot.tag == tag ? std::string_view(slot.text.data(), slot.length) : std::string_view();
  }
  void Keep(std::uint64_t tag, std::string_view masked) noexcept;

 private:
  struct Slot {
    std::uint64_t tag = 0;  // 0 = free
    std::uint8_t length = 0;
    std::array<char, kLongest> text;
  };
  static_assert(sizeof(Slot) == 128);
  static std::size_t SlotOf(std::uint64_t tag) noexcept { return tag >> 55; }
  static_assert(kSlots == 512);

  HashKey key_;
  std::vector<Slot> slots_;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_MASK_CACHE_H_

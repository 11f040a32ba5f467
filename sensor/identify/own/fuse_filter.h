// SPDX-License-Identifier: Apache-2.0
// A set of 64-bit hashes in little memory: a binary fuse filter (Graf and Lemire, "Binary Fuse Filters: Fast and
// Smaller Than Xor Filters", ACM JEA 2022). Each hash has three places in a table, and the exclusive or of what stands
// there is its fingerprint; what was never entered passes with probability 2^-bits. Takes 1.13 fingerprints a hash,
// where a Bloom filter of the same error takes 1.44.
//
// Large sets are parted by hash into parts of about a million, each a filter by itself: building one takes some 30 MB
// whatever the size of the whole.
#ifndef GANDER_IDENTIFY_OWN_FUSE_FILTER_H_
#define GANDER_IDENTIFY_OWN_FUSE_FILTER_H_

#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/huge_array.h"

namespace gander::identify {

class FuseFilter {
 public:
  // Bytes of a fingerprint: 1, 2, 4 or 8.
  static bool IsWidth(std::uint32_t bytes) noexcept { return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8; }
  static constexpr std::size_t kPartValues = 1 << 20;  // on average, of a large set
  static constexpr std::size_t kMaxParts = 4096;

  // Of the distinct hashes in `hashes`, which are sorted and freed of doubles in place. They must be evenly spread, as
  // those of a keyed hash are.
  static FuseFilter Build(std::vector<std::uint64_t>& hashes, std::uint32_t width);
  // Of Describe() and the bytes of table(). False with the reason in `why` when they do not belong together.
  static bool Load(std::span<const std::uint8_t> description, std::span<const std::uint8_t> table, std::uint32_t width,
                   FuseFilter& out, std::string& why);

  bool Contains(std::uint64_t hash) const noexcept {
    const Part& part = parts_[Scale(hash, parts_.size())];
    const std::uint64_t mixed = Mixed(hash, part.seed);
    const Places p = PlacesOf(mixed, part);
    const std::uint64_t found = At(part.begin + p[0]) ^ At(part.begin + p[1]) ^ At(part.begin + p[2]);
    return found == FingerprintOf(mixed);
  }

  // Begins to fetch what Contains(hash) will read.
  void Prefetch(std::uint64_t hash) const noexcept {
    const Part& part = parts_[Scale(hash, parts_.size())];
    const Places p = PlacesOf(Mixed(hash, part.seed), part);
    for (const std::uint64_t place : p.at) __builtin_prefetch(&(*table_)[(part.begin + place) * width_]);
  }

  // What tells the parts apart, 16 bytes each: seed, segment length, length of all first segments.
  std::vector<std::uint8_t> Describe() const;
  std::span<const std::uint8_t> table() const noexcept { return {&(*table_)[0], table_bytes_}; }

 private:
  struct Part {
    std::uint64_t seed = 0, begin = 0;       // `begin` counts fingerprints
    std::uint32_t segment = 0, firsts = 0;   // places of a segment, a power of two; of all in which a hash may begin
    std::uint64_t size() const noexcept { return std::uint64_t{firsts} + 2 * std::uint64_t{segment}; }
  };
  struct Places {
    std::uint64_t at[3];
    std::uint64_t operator[](int i) const noexcept { return at[i]; }
  };
  static constexpr std::size_t kDescription = 16;  // bytes of a part in Describe()
  static constexpr std::size_t kSpare = 8;         // bytes behind the table that a load may touch

  static std::uint64_t Scale(std::uint64_t hash, std::uint64_t range) noexcept {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(hash) * range) >> 64);
  }
  static std::uint64_t Mixed(std::uint64_t hash, std::uint64_t seed) noexcept { return Mix64(hash + seed); }
  // One in each of three neighbouring segments.
  static Places PlacesOf(std::uint64_t mixed, const Part& part) noexcept {
    const std::uint64_t first = Scale(mixed, part.firsts), mask = part.segment - 1;
    const std::uint64_t second = first + part.segment, third = second + part.segment;
    return {{first, second ^ ((mixed >> 18) & mask), third ^ (mixed & mask)}};
  }
  std::uint64_t FingerprintOf(std::uint64_t mixed) const noexcept { return (mixed ^ mixed >> 32) & mask_; }
  std::uint64_t At(std::uint64_t place) const noexcept {
    std::uint64_t word;
    std::memcpy(&word, &(*table_)[place * width_], sizeof word);
    return word & mask_;
  }
  static Part ShapeOf(std::size_t values) noexcept;
  void Reserve(std::uint32_t width);
  bool Fill(std::span<const std::uint64_t> hashes, const Part& part);
  void Put(std::uint64_t place, std::uint64_t fingerprint) noexcept {
    std::memcpy(&(*table_)[place * width_], &fingerprint, width_);
  }

  std::vector<Part> parts_;
  std::shared_ptr<HugeArray<std::uint8_t>> table_;
  std::size_t table_bytes_ = 0;
  std::uint32_t width_ = 0;
  std::uint64_t mask_ = 0;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_OWN_FUSE_FILTER_H_

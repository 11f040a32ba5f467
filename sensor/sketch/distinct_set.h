// SPDX-License-Identifier: Apache-2.0
// Counts distinct 64-bit tags: exactly while they are few, within a stated error and fixed memory when they
// are many. The state depends only on the set of tags inserted, never on their order or on how they were
// spread over several sets before Merge, so the number of workers cannot show.
#ifndef GANDER_SKETCH_DISTINCT_SET_H_
#define GANDER_SKETCH_DISTINCT_SET_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "sketch/hyperloglog.h"

namespace gander::sketch {

// A count and where the truth lies; exact when low == high. Beyond `kExactTags` the bounds are three relative
// standard errors away, which holds in 99.7 % of cases.
struct Estimate {
  std::uint64_t estimate = 0, low = 0, high = 0;
};

// Forms, each replacing the one before when it is full: up to 4 tags inline, up to 32 in a sorted array
// (256 B), up to 256 in an open table (4,096 B), then HyperLogLog registers (2,048 B).
// Tags must be uniform already (a keyed hash). Tag 0 is counted as tag 1.
class DistinctSet {
 public:
  static constexpr std::size_t kInlineTags = 4;
  static constexpr std::size_t kSortedTags = 32;
  static constexpr std::size_t kExactTags = 256;
  static constexpr std::size_t kMaxBytes = 4096;  // beside the object itself

  DistinctSet() = default;
  DistinctSet(const DistinctSet& other) { *this = other; }
  DistinctSet& operator=(const DistinctSet& other);
  DistinctSet(DistinctSet&& other) noexcept { *this = std::move(other); }  // leaves `other` empty
  DistinctSet& operator=(DistinctSet&& other) noexcept;

  // True when the state changed; up to 256 tags that means the tag is new.
  bool Insert(std::uint64_t tag);
  void Merge(const DistinctSet& other);
  // Registers filled elsewhere. The caller vouches that at least `at_least` tags went into them.
  void Merge(const HyperLogLog& registers, std::size_t at_least = kExactTags + 1);
  // For an empty set that so many tags will be inserted into: takes at once the form in which it will end, instead of
  // growing there.
  void Expect(std::size_t tags);
  void Clear() noexcept;

  // Registers are read once and the answer kept until they change; so not from two threads at a time.
  Estimate Count() const noexcept;
  bool empty() const noexcept { return size_ == 0; }
  bool exact() const noexcept { return form_ != Form::kRegisters; }
  // Heap bytes held.
  std::size_t bytes() const noexcept;

  bool operator==(const DistinctSet& other) const noexcept;

 private:
  enum class Form : std::uint8_t { kInline, kSorted, kTable, kRegisters };
  static constexpr std::size_t kTableSlots = 2 * kExactTags;

  template <class F>
  void ForEachTag(F&& f) const;  // exact forms only
  bool InsertInline(std::uint64_t tag);
  bool InsertSorted(std::uint64_t tag);
  bool InsertTable(std::uint64_t tag);
  void GrowToSorted();
  void GrowToTable();
  void GrowToRegisters();

  std::array<std::uint64_t, kInlineTags> inline_{};
  std::unique_ptr<std::uint64_t[]> tags_;      // kSorted, kTable
  std::unique_ptr<HyperLogLog> registers_;     // kRegisters
  std::uint32_t size_ = 0;                     // tags in an exact form; at least so many in kRegisters
  Form form_ = Form::kInline;
  static constexpr double kUnread = -1.0;
  mutable double read_ = kUnread;              // what the registers say, once somebody asked
};

}  // namespace gander::sketch

#endif  // GANDER_SKETCH_DISTINCT_SET_H_

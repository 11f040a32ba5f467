// SPDX-License-Identifier: Apache-2.0
// Counts distinct 64-bit tags: exactly while they are few, within a stated error and fixed memory when they
// are many. The state depends only on the set of tags inserted, never on their order or on how they were
// spread over several sets before Merge, so the number of workers cannot show.
#ifndef GANDER_SKETCH_DISTINCT_SET_H_
#define GANDER_SKETCH_DISTINCT_SET_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/snapshot_io.h"
#include "sketch/hyperloglog.h"
#include "sketch/packed_hyperloglog.h"
#include "sketch/rekey.h"

namespace gander::sketch {

// A count and where the truth lies; exact when low == high. Beyond `kExactTags` the bounds are three relative
// standard errors away, which holds in 99.7 % of cases.
struct Estimate {
  std::uint64_t estimate = 0, low = 0, high = 0;
};

// Forms, each replacing the one before when it is full: up to 4 tags inline, up to 32 in a sorted array (64, 128, then
// 256 B), up to 256 in an open table at most three quarters full (512 B to 4 KiB), then packed HyperLogLog registers
// (1,104 B; 2,048 B more should chosen tags make them unpackable). 40 bytes beside those.
// Tags must be uniform already (a keyed hash). Tag 0 is counted as tag 1.
class DistinctSet {
 public:
  static constexpr std::size_t kInlineTags = 4;
  static constexpr std::size_t kSortedTags = 32;
  static constexpr std::size_t kExactTags = 256;
  static constexpr std::size_t kMaxBytes = 4096;  // beside the object itself

  DistinctSet() noexcept : inline_{} {}
  ~DistinctSet() { Free(); }
  DistinctSet(const DistinctSet& other) : DistinctSet() { *this = other; }
  DistinctSet& operator=(const DistinctSet& other);
  DistinctSet(DistinctSet&& other) noexcept : DistinctSet() { *this = std::move(other); }  // leaves `other` empty
  DistinctSet& operator=(DistinctSet&& other) noexcept;

  // True when the state changed; up to 256 tags that means the tag is new.
  bool Insert(std::uint64_t tag);
  void Merge(const DistinctSet& other);
  // Registers filled elsewhere. The caller vouches that at least `at_least` tags went into them.
  void Merge(const HyperLogLog& registers, std::size_t at_least = kExactTags + 1);
  // As if each tag of `other` had been put under `key` and inserted.
  void MergeRekeyed(const DistinctSet& other, const TagKey& key);
  // Adds what it holds to registers, whatever form it has.
  void AddTo(HyperLogLog& registers) const noexcept;
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
  // Calls f(tag) for each tag of a set that is still exact, in no order.
  template <class F>
  void ForEachTag(F&& f) const;

  // What Save wrote makes an equal set. Load is safe on any bytes; a set that cannot be fails the reader.
  void Save(SnapshotWriter& out) const;
  void Load(SnapshotReader& in);

  bool operator==(const DistinctSet& other) const noexcept;

 private:
  enum class Form : std::uint8_t { kInline, kSorted, kTable, kRegisters };
  static constexpr std::size_t kFirstSorted = 8, kFirstTable = 64;
  struct Registers;

  std::size_t slots() const noexcept { return std::size_t{1} << log2_slots_; }  // kSorted, kTable
  void Free() noexcept;
  void TakeTags(Form form, std::size_t slots);
  std::uint32_t TableRoom() const noexcept;
  bool InsertInline(std::uint64_t tag);
  bool InsertSorted(std::uint64_t tag);
  bool InsertTable(std::uint64_t tag);
  void Grow(Form form, std::size_t slots);
  void GrowToRegisters();
  bool InsertRegisters(std::uint64_t tag);
  void Replace(const HyperLogLog& registers);

  union {
    std::uint64_t inline_[kInlineTags];  // kInline, sorted
    std::uint64_t* tags_;                // kSorted: sorted; kTable: 0 = free
    Registers* registers_;               // kRegisters
  };
  std::uint32_t size_ = 0;  // tags in an exact form; at least so many in kRegisters
  Form form_ = Form::kInline;
  std::uint8_t log2_slots_ = 0;
};
static_assert(sizeof(DistinctSet) == 40);

template <class F>
void DistinctSet::ForEachTag(F&& f) const {
  switch (form_) {
    case Form::kInline:
      for (std::size_t i = 0; i < size_; ++i) f(inline_[i]);
      break;
    case Form::kSorted:
      for (std::size_t i = 0; i < size_; ++i) f(tags_[i]);
      break;
    case Form::kTable:
      for (std::size_t i = 0; i < slots(); ++i) {
        if (tags_[i] != 0) f(tags_[i]);
      }
      break;
    case Form::kRegisters: break;
  }
}

}  // namespace gander::sketch

#endif  // GANDER_SKETCH_DISTINCT_SET_H_

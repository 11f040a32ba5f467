// SPDX-License-Identifier: Apache-2.0
// The forms of a DistinctSet and the steps between them.
#include "sketch/distinct_set.h"

#include <algorithm>
#include <cmath>

namespace gander::sketch {
namespace {

// Fibonacci hashing (Knuth 6.4): the tags are keyed hashes, so the upper bits of a product spread well enough.
template <std::size_t kSlots>
std::size_t SlotOf(std::uint64_t tag) noexcept {
  return static_cast<std::size_t>((tag * 0x9e3779b97f4a7c15ULL) >> 40) & (kSlots - 1);
}

}  // namespace

DistinctSet& DistinctSet::operator=(DistinctSet&& other) noexcept {
  inline_ = other.inline_;
  size_ = other.size_;
  form_ = other.form_;
  read_ = other.read_;
  tags_ = std::move(other.tags_);
  registers_ = std::move(other.registers_);
  if (this != &other) other.Clear();
  return *this;
}

DistinctSet& DistinctSet::operator=(const DistinctSet& other) {
  if (this == &other) return *this;
  inline_ = other.inline_;
  size_ = other.size_;
  form_ = other.form_;
  read_ = other.read_;
  tags_.reset();
  registers_.reset();
  if (other.tags_) {
    const std::size_t n = form_ == Form::kSorted ? kSortedTags : kTableSlots;
    tags_ = std::make_unique<std::uint64_t[]>(n);
    std::copy_n(other.tags_.get(), n, tags_.get());
  }
  if (other.registers_) registers_ = std::make_unique<HyperLogLog>(*other.registers_);
  return *this;
}

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
      for (std::size_t i = 0; i < kTableSlots; ++i) {
        if (tags_[i] != 0) f(tags_[i]);
      }
      break;
    case Form::kRegisters: break;
  }
}

bool DistinctSet::Insert(std::uint64_t tag) {
  if (tag == 0) tag = 1;
  switch (form_) {
    case Form::kInline: return InsertInline(tag);
    case Form::kSorted: return InsertSorted(tag);
    case Form::kTable: return InsertTable(tag);
    case Form::kRegisters: break;
  }
  const bool changed = registers_->Insert(tag);
  if (changed) read_ = kUnread;
  return changed;
}

bool DistinctSet::InsertInline(std::uint64_t tag) {
  const auto end = inline_.begin() + size_;
  const auto at = std::lower_bound(inline_.begin(), end, tag);
  if (at != end && *at == tag) return false;
  if (size_ == kInlineTags) {
    GrowToSorted();
    return InsertSorted(tag);
  }
  std::move_backward(at, end, end + 1);
  *at = tag;
  ++size_;
  return true;
}

bool DistinctSet::InsertSorted(std::uint64_t tag) {
  std::uint64_t* const end = tags_.get() + size_;
  std::uint64_t* const at = std::lower_bound(tags_.get(), end, tag);
  if (at != end && *at == tag) return false;
  if (size_ == kSortedTags) {
    GrowToTable();
    return InsertTable(tag);
  }
  std::move_backward(at, end, end + 1);
  *at = tag;
  ++size_;
  return true;
}

bool DistinctSet::InsertTable(std::uint64_t tag) {
  std::size_t slot = SlotOf<kTableSlots>(tag);
  while (tags_[slot] != 0) {
    if (tags_[slot] == tag) return false;
    slot = (slot + 1) & (kTableSlots - 1);
  }
  if (size_ == kExactTags) {
    GrowToRegisters();
    registers_->Insert(tag);
    return true;
  }
  tags_[slot] = tag;
  ++size_;
  return true;
}

void DistinctSet::GrowToSorted() {
  auto grown = std::make_unique<std::uint64_t[]>(kSortedTags);
  std::copy_n(inline_.begin(), size_, grown.get());
  inline_.fill(0);
  tags_ = std::move(grown);
  form_ = Form::kSorted;
}

void DistinctSet::GrowToTable() {
  const std::unique_ptr<std::uint64_t[]> sorted = std::move(tags_);
  const std::size_t n = size_;
  tags_ = std::make_unique<std::uint64_t[]>(kTableSlots);
  form_ = Form::kTable;
  size_ = 0;
  for (std::size_t i = 0; i < n; ++i) InsertTable(sorted[i]);
}

void DistinctSet::GrowToRegisters() {
  auto grown = std::make_unique<HyperLogLog>();
  ForEachTag([&](std::uint64_t tag) { grown->Insert(tag); });
  Clear();
  registers_ = std::move(grown);
  form_ = Form::kRegisters;
  size_ = kExactTags + 1;
}

void DistinctSet::Expect(std::size_t tags) {
  if (!empty() || form_ != Form::kInline || tags <= kInlineTags) return;
  if (tags > kExactTags) {
    GrowToRegisters();
    return;
  }
  form_ = tags > kSortedTags ? Form::kTable : Form::kSorted;
  tags_ = std::make_unique<std::uint64_t[]>(form_ == Form::kTable ? kTableSlots : kSortedTags);
}

void DistinctSet::Merge(const DistinctSet& other) {
  if (this == &other || other.empty()) return;
  if (empty()) {
    *this = other;
  } else if (other.form_ == Form::kRegisters) {
    Merge(*other.registers_, other.size_);
  } else {
    other.ForEachTag([this](std::uint64_t tag) { Insert(tag); });
    size_ = std::max(size_, other.size_);
  }
}

void DistinctSet::Merge(const HyperLogLog& registers, std::size_t at_least) {
  if (form_ != Form::kRegisters) {
    const std::uint32_t held = size_;
    GrowToRegisters();
    size_ = held;
  }
  size_ = std::max(size_, static_cast<std::uint32_t>(at_least));
  registers_->Merge(registers);
  read_ = kUnread;
}

void DistinctSet::Clear() noexcept {
  tags_.reset();
  registers_.reset();
  inline_.fill(0);
  size_ = 0;
  form_ = Form::kInline;
  read_ = kUnread;
}

Estimate DistinctSet::Count() const noexcept {
  if (exact()) return {size_, size_, size_};
  if (read_ == kUnread) read_ = registers_->Estimate();
  const double n = read_;
  constexpr double kMargin = 3.0 * HyperLogLog::kRelativeError;
  // So many tags were seen, whatever the registers say.
  const auto at_least = [&](double x) {
    return std::max(std::uint64_t{size_}, static_cast<std::uint64_t>(std::llround(x)));
  };
  return {at_least(n), at_least(std::floor(n * (1.0 - kMargin))), at_least(std::ceil(n * (1.0 + kMargin)))};
}

std::size_t DistinctSet::bytes() const noexcept {
  switch (form_) {
    case Form::kInline: return 0;
    case Form::kSorted: return kSortedTags * sizeof(std::uint64_t);
    case Form::kTable: return kTableSlots * sizeof(std::uint64_t);
    case Form::kRegisters: break;
  }
  return sizeof(HyperLogLog);
}

bool DistinctSet::operator==(const DistinctSet& other) const noexcept {
  if (form_ != other.form_ || size_ != other.size_) return false;
  if (form_ == Form::kRegisters) return *registers_ == *other.registers_;
  std::array<std::uint64_t, kExactTags> mine, theirs;
  std::size_t m = 0, t = 0;
  ForEachTag([&](std::uint64_t tag) { mine[m++] = tag; });
  other.ForEachTag([&](std::uint64_t tag) { theirs[t++] = tag; });
  std::sort(mine.begin(), mine.begin() + m);
  std::sort(theirs.begin(), theirs.begin() + t);
  return std::equal(mine.begin(), mine.begin() + m, theirs.begin());
}

}  // namespace gander::sketch

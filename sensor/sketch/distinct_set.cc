// SPDX-License-Identifier: Apache-2.0
// The forms of a DistinctSet and the steps between them.
#include "sketch/distinct_set.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>

namespace gander::sketch {
namespace {

constexpr double kUnread = -1.0;

// Fibonacci hashing (Knuth 6.4): the tags are keyed hashes, so the upper bits of a product spread well enough.
std::size_t SlotOf(std::uint64_t tag, std::size_t slots) noexcept {
  return static_cast<std::size_t>((tag * 0x9e3779b97f4a7c15ULL) >> 40) & (slots - 1);
}

}  // namespace

// Packed, or in the rare case that they do not fit, one byte each.
struct DistinctSet::Registers {
  double read = kUnread;  // what they say, once somebody asked
  std::unique_ptr<HyperLogLog> wide;
  PackedHyperLogLog packed;

  void Unpack(HyperLogLog& out) const noexcept {
    if (wide != nullptr) {
      out = *wide;
    } else {
      packed.Unpack(out);
    }
  }
};

void DistinctSet::Free() noexcept {
  if (form_ == Form::kRegisters) {
    delete registers_;
  } else if (form_ != Form::kInline) {
    delete[] tags_;
  }
}

void DistinctSet::Clear() noexcept {
  Free();
  std::fill_n(inline_, kInlineTags, 0);
  size_ = 0;
  form_ = Form::kInline;
  log2_slots_ = 0;
}

DistinctSet& DistinctSet::operator=(DistinctSet&& other) noexcept {
  if (this == &other) return *this;
  Free();
  if (other.form_ == Form::kInline) {
    std::copy_n(other.inline_, kInlineTags, inline_);
  } else if (other.form_ == Form::kRegisters) {
    registers_ = other.registers_;
  } else {
    tags_ = other.tags_;
  }
  size_ = other.size_;
  form_ = other.form_;
  log2_slots_ = other.log2_slots_;
  other.form_ = Form::kInline;  // what it held is ours
  other.Clear();
  return *this;
}

DistinctSet& DistinctSet::operator=(const DistinctSet& other) {
  if (this == &other) return *this;
  Clear();
  if (other.form_ == Form::kInline) {
    std::copy_n(other.inline_, kInlineTags, inline_);
  } else if (other.form_ == Form::kRegisters) {
    auto copy = std::make_unique<Registers>();
    copy->read = other.registers_->read;
    copy->packed = other.registers_->packed;
    if (other.registers_->wide != nullptr) copy->wide = std::make_unique<HyperLogLog>(*other.registers_->wide);
    registers_ = copy.release();
    form_ = Form::kRegisters;
  } else {
    TakeTags(other.form_, other.slots());
    std::copy_n(other.tags_, slots(), tags_);
  }
  size_ = other.size_;
  return *this;
}

// Memory of an exact form, in place of the inline tags.
void DistinctSet::TakeTags(Form form, std::size_t slots) {
  tags_ = new std::uint64_t[slots]();
  form_ = form;
  log2_slots_ = static_cast<std::uint8_t>(std::countr_zero(slots));
}

std::uint32_t DistinctSet::TableRoom() const noexcept {
  return static_cast<std::uint32_t>(std::min(slots() - slots() / 4, kExactTags));
}

bool DistinctSet::Insert(std::uint64_t tag) {
  if (tag == 0) tag = 1;
  switch (form_) {
    case Form::kInline: return InsertInline(tag);
    case Form::kSorted: return InsertSorted(tag);
    case Form::kTable: return InsertTable(tag);
    case Form::kRegisters: break;
  }
  return InsertRegisters(tag);
}

bool DistinctSet::InsertInline(std::uint64_t tag) {
  std::uint64_t* const end = inline_ + size_;
  std::uint64_t* const at = std::lower_bound(inline_, end, tag);
  if (at != end && *at == tag) return false;
  if (size_ == kInlineTags) {
    Grow(Form::kSorted, kFirstSorted);
    return InsertSorted(tag);
  }
  std::move_backward(at, end, end + 1);
  *at = tag;
  ++size_;
  return true;
}

bool DistinctSet::InsertSorted(std::uint64_t tag) {
  std::uint64_t* const end = tags_ + size_;
  std::uint64_t* const at = std::lower_bound(tags_, end, tag);
  if (at != end && *at == tag) return false;
  if (size_ == kSortedTags) {
    Grow(Form::kTable, kFirstTable);
    return InsertTable(tag);
  }
  if (size_ == slots()) {
    Grow(Form::kSorted, 2 * slots());
    return InsertSorted(tag);
  }
  std::move_backward(at, end, end + 1);
  *at = tag;
  ++size_;
  return true;
}

bool DistinctSet::InsertTable(std::uint64_t tag) {
  std::size_t slot = SlotOf(tag, slots());
  while (tags_[slot] != 0) {
    if (tags_[slot] == tag) return false;
    slot = (slot + 1) & (slots() - 1);
  }
  if (size_ == TableRoom()) {
    if (size_ == kExactTags) {
      GrowToRegisters();
      return InsertRegisters(tag);
    }
    Grow(Form::kTable, 2 * slots());
    return InsertTable(tag);
  }
  tags_[slot] = tag;
  ++size_;
  return true;
}

void DistinctSet::Grow(Form form, std::size_t slots) {
  DistinctSet grown;
  grown.TakeTags(form, slots);
  ForEachTag([&](std::uint64_t tag) { grown.Insert(tag); });
  *this = std::move(grown);
}

void DistinctSet::GrowToRegisters() {
  auto grown = std::make_unique<Registers>();
  HyperLogLog plain;
  ForEachTag([&](std::uint64_t tag) { plain.Insert(tag); });
  if (!grown->packed.Pack(plain)) grown->wide = std::make_unique<HyperLogLog>(plain);
  Clear();
  registers_ = grown.release();
  form_ = Form::kRegisters;
  size_ = kExactTags + 1;
}

bool DistinctSet::InsertRegisters(std::uint64_t tag) {
  Registers& r = *registers_;
  bool changed = false;
  if (r.wide == nullptr) {
    const PackedHyperLogLog::Outcome outcome = r.packed.Insert(tag);
    changed = outcome == PackedHyperLogLog::Outcome::kChanged;
    if (outcome == PackedHyperLogLog::Outcome::kDoesNotFit) {
      r.wide = std::make_unique<HyperLogLog>();
      r.packed.Unpack(*r.wide);
      r.packed = {};
    }
  }
  if (r.wide != nullptr) changed = r.wide->Insert(tag);
  if (changed) r.read = kUnread;
  return changed;
}

void DistinctSet::Replace(const HyperLogLog& registers) {
  Registers& r = *registers_;
  r.read = kUnread;
  if (r.packed.Pack(registers)) {
    r.wide.reset();
  } else {
    r.wide = std::make_unique<HyperLogLog>(registers);
  }
}

void DistinctSet::Expect(std::size_t tags) {
  if (!empty() || form_ != Form::kInline || tags <= kInlineTags) return;
  if (tags > kExactTags) {
    GrowToRegisters();
  } else if (tags <= kSortedTags) {
    TakeTags(Form::kSorted, std::bit_ceil(std::max(tags, kFirstSorted)));
  } else {
    std::size_t slots = kFirstTable;
    while (slots - slots / 4 < tags) slots *= 2;
    TakeTags(Form::kTable, slots);
  }
}

void DistinctSet::Merge(const DistinctSet& other) {
  if (this == &other || other.empty()) return;
  if (empty()) {
    *this = other;
  } else if (other.form_ == Form::kRegisters) {
    HyperLogLog theirs;
    other.registers_->Unpack(theirs);
    Merge(theirs, other.size_);
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
  HyperLogLog sum;
  registers_->Unpack(sum);
  sum.Merge(registers);
  Replace(sum);
}

void DistinctSet::MergeRekeyed(const DistinctSet& other, const TagKey& key) {
  if (other.exact()) {
    other.ForEachTag([&](std::uint64_t tag) { Insert(Rekey(key, tag)); });
    size_ = std::max(size_, other.size_);
    return;
  }
  HyperLogLog theirs, turned;
  other.registers_->Unpack(theirs);
  turned.MergeTurned(theirs, key.turn());
  Merge(turned, other.size_);
}

void DistinctSet::AddTo(HyperLogLog& registers) const noexcept {
  if (exact()) {
    ForEachTag([&](std::uint64_t tag) { registers.Insert(tag); });
    return;
  }
  HyperLogLog mine;
  registers_->Unpack(mine);
  registers.Merge(mine);
}

Estimate DistinctSet::Count() const noexcept {
  if (exact()) return {size_, size_, size_};
  if (registers_->read == kUnread) {
    HyperLogLog plain;
    registers_->Unpack(plain);
    registers_->read = plain.Estimate();
  }
  const double n = registers_->read;
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
    case Form::kSorted:
    case Form::kTable: return slots() * sizeof(std::uint64_t);
    case Form::kRegisters: break;
  }
  return sizeof(Registers) + (registers_->wide != nullptr ? sizeof(HyperLogLog) : 0);
}

void DistinctSet::Save(SnapshotWriter& out) const {
  out.U8(exact() ? 0 : 1);
  out.U32(size_);
  if (exact()) {
    ForEachTag([&](std::uint64_t tag) { out.U64(tag); });
    return;
  }
  HyperLogLog plain;
  registers_->Unpack(plain);
  for (std::size_t i = 0; i < HyperLogLog::kRegisters; ++i) out.U8(plain.at(i));
}

void DistinctSet::Load(SnapshotReader& in) {
  Clear();
  const bool registers = in.Bool();
  const std::uint32_t size = in.U32();
  if (!registers) {
    if (size > kExactTags) in.Fail();
    if (in.failed()) return;
    Expect(size);
    for (std::uint32_t i = 0; i < size; ++i) Insert(in.U64());
    if (size_ != size) in.Fail();  // one of them twice
    return;
  }
  HyperLogLog plain;
  for (std::size_t i = 0; i < HyperLogLog::kRegisters; ++i) {
    const std::uint8_t rank = in.U8();
    if (rank > HyperLogLog::kMaxRank) return in.Fail();
    plain.Set(i, rank);
  }
  if (in.failed() || size == 0) return in.Fail();
  GrowToRegisters();
  size_ = size;
  Replace(plain);
}

bool DistinctSet::operator==(const DistinctSet& other) const noexcept {
  if (exact() != other.exact() || size_ != other.size_) return false;
  if (!exact()) {
    HyperLogLog mine, theirs;
    registers_->Unpack(mine);
    other.registers_->Unpack(theirs);
    return mine == theirs;
  }
  std::uint64_t mine[kExactTags], theirs[kExactTags];
  std::size_t m = 0, t = 0;
  ForEachTag([&](std::uint64_t tag) { mine[m++] = tag; });
  other.ForEachTag([&](std::uint64_t tag) { theirs[t++] = tag; });
  std::sort(mine, mine + m);
  std::sort(theirs, theirs + t);
  return std::equal(mine, mine + m, theirs, theirs + t);
}

}  // namespace gander::sketch

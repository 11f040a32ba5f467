// SPDX-License-Identifier: Apache-2.0
#include "identify/people_tally.h"

#include <algorithm>
#include <bit>

#include "identify/byte_block.h"

namespace gander::identify {
namespace {

// Whether one of `closes` stands before one of `opens`, in this block or an earlier one.
bool Turned(std::uint32_t closes, std::uint32_t opens, bool& closed) noexcept {
  const bool turned = opens != 0 && (closed || (closes != 0 && opens > (closes & -closes)));
  closed = closed || closes != 0;
  return turned;
}

}  // namespace

RecordGap ReadGap(std::string_view between) noexcept {
  if (between.size() > kMaxGap) between.remove_prefix(between.size() - kMaxGap);
  const auto at = [&](std::size_t i) { return i < between.size() ? between[i] : '\0'; };
  int lines = 0;
  bool brace = false, bracket = false, record = false;
  EachBlock(between, [&](const ByteBlock& block, std::size_t begin) {
    record = Turned(block.Equal('}'), block.Equal('{'), brace) || record;
    record = Turned(block.Equal(')'), block.Equal('('), bracket) || record;
    for (std::uint32_t m = block.Equal('\n'); m != 0; m &= m - 1) {
      const std::size_t next = begin + static_cast<std::size_t>(std::countr_zero(m)) + 1;
      ++lines;
      record = record || at(next) == '\n' || (at(next) == '\r' && at(next + 1) == '\n');
    }
    // Two tags close one behind the other.
    for (std::uint32_t m = block.Equal('<'); m != 0; m &= m - 1) {
      const std::size_t i = begin + static_cast<std::size_t>(std::countr_zero(m));
      record = record || (i > 0 && at(i - 1) == '>' && at(i + 1) == '/');
    }
  });
  constexpr int kLinesOfNothing = 3;
  if (record || lines >= kLinesOfNothing) return RecordGap::kRecord;
  return lines > 0 ? RecordGap::kLine : RecordGap::kNone;
}

PeopleTally::Kind* PeopleTally::Part::Look(IdType type) noexcept {
  for (int i = 0; i < count; ++i) {
    if (kinds[static_cast<std::size_t>(i)].type == type) return &kinds[static_cast<std::size_t>(i)];
  }
  return nullptr;
}

void PeopleTally::Part::Add(const Finding& value, int value_rank, Kind* known) noexcept {
  if (known != nullptr) {
    if (known->last != value.tag) ++known->values;
    known->last = value.tag;
  } else if (count < kMaxKinds) {
    kinds[static_cast<std::size_t>(count++)] = {value.type, 1, value.tag};
    types |= std::uint64_t{1} << (value.type % 64);
  }
  if (value_rank > rank) {
    rank = value_rank;
    best = value;
  }
}

void PeopleTally::Part::Join(const Part& other) noexcept {
  for (int i = 0; i < other.count; ++i) {
    const Kind& theirs = other.kinds[static_cast<std::size_t>(i)];
    if (Kind* ours = Find(theirs.type)) {
      ours->last = theirs.last;
    } else if (count < kMaxKinds) {
      kinds[static_cast<std::size_t>(count++)] = theirs;
      types |= std::uint64_t{1} << (theirs.type % 64);
    }
  }
  if (other.rank > rank) {
    rank = other.rank;
    best = other.best;
  }
}

bool PeopleTally::Close(Finding& person) noexcept {
  const bool told = head_.rank > 0;
  if (told) person = head_.best;
  head_.Clear();
  head_.Join(tail_);
  tail_.Clear();
  parted_ = many_lines_ = false;
  return told;
}

bool PeopleTally::Add(const Finding& value, int rank, RecordGap gap, Finding& person) noexcept {
  end_ = std::max(end_, value.offset + value.length);  // a value may stand inside another
  const bool parts = gap == RecordGap::kRecord || (gap == RecordGap::kLine && !many_lines_);
  if (parts && head_.count > 0) {
    if (parted_ && tail_.count > 0) {
      head_.Join(tail_);
      tail_.Clear();
      many_lines_ = many_lines_ || gap == RecordGap::kLine;
    }
    parted_ = gap == RecordGap::kRecord || !many_lines_;
  }
  Kind* const known = head_.Find(value.type);
  const bool again = known != nullptr && known->last != value.tag;
  if (again && parted_) {
    const bool told = Close(person);
    head_.Add(value, rank, head_.Find(value.type));
    return told;
  }
  Part& part = parted_ ? tail_ : head_;
  Kind* const here = parted_ ? tail_.Find(value.type) : known;
  // More than a person has of a kind, or a list of one kind alone.
  if (here != nullptr && here->last != value.tag && (here->values >= kMaxOfKind || head_.count + tail_.count == 1)) {
    head_.Join(tail_);
    tail_.Clear();
    const bool told = Close(person);
    head_.Add(value, rank, nullptr);
    return told;
  }
  part.Add(value, rank, here);
  return false;
}

bool PeopleTally::Finish(Finding& person) noexcept {
  if (end_ == 0) return false;
  head_.Join(tail_);
  tail_.Clear();
  return Close(person);
}

}  // namespace gander::identify

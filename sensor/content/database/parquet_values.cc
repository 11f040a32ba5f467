// SPDX-License-Identifier: Apache-2.0
#include "content/database/parquet_values.h"

#include <algorithm>
#include <cstring>

#include "content/notation/protobuf_guess.h"
#include "content/open.h"
#include "content/sniff.h"
#include "protocol/plain_text/plain_text.h"

namespace gander::content {
namespace {

bool HasControls(Bytes bytes) noexcept {
  return std::any_of(bytes.begin(), bytes.end(), [](std::byte b) {
    const auto c = static_cast<std::uint8_t>(b);
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
  });
}

constexpr std::size_t kWideNumber = 8;
std::size_t NumberBytes(ParquetType type) noexcept { return type == ParquetType::kInt32 ? 4 : kWideNumber; }

}  // namespace

void ParquetValues::Open(Body& body, RowWriter& rows, std::string_view name) noexcept {
  body_ = &body;
  rows_ = &rows;
  name_ = name;
}

void ParquetValues::Begin(ParquetType type, std::uint64_t bytes, std::uint64_t values) noexcept {
  type_ = type;
  page_left_ = bytes;
  values_ = values;
  held_ = 0;
  const bool number = type == ParquetType::kInt32 || type == ParquetType::kInt64;
  if (number) {
    state_ = bytes == NumberBytes(type) * values ? State::kNumber : State::kLevels;
  } else {
    const bool either = type == ParquetType::kUnknown && bytes == kWideNumber * values;
    state_ = either ? State::kFront : State::kLength;
  }
}

Uninspected ParquetValues::Feed(Bytes in) noexcept {
  uninspected_ = {};
  while (!in.empty()) {
    switch (state_) {
      case State::kFront:
        if (Gather(in, kWideNumber)) JudgeFront();
        break;
      case State::kLevels:
        if (Gather(in, kLengthBytes)) OnLevels();
        break;
      case State::kNumber:
        if (Gather(in, NumberBytes(type_))) OnNumber();
        break;
      case State::kLength:
        if (Gather(in, kLengthBytes)) OnLength();
        break;
      case State::kRest:
        Leaf(in);
        in = {};
        break;
      default:
        TakeString(in);
        break;
    }
  }
  return uninspected_;
}

void ParquetValues::End(protocol::BodyEnd end) noexcept {
  if (state_ == State::kString && held_ > 0) JudgeString();
  if (member_ != nullptr) member_->End(end);
  member_.reset();
  if (leaf_ != nullptr) leaf_->End(end);
  leaf_.reset();
  rows_->EndRow();
}

// True when `wanted` bytes are held.
bool ParquetValues::Gather(Bytes& in, std::size_t wanted) noexcept {
  const Bytes some = TakeFront(in, wanted - held_);
  std::memcpy(hold_.data() + held_, some.data(), some.size());
  held_ += some.size();
  page_left_ -= std::min<std::uint64_t>(page_left_, some.size());
  return held_ == wanted;
}

std::uint64_t ParquetValues::Held() const noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = held_; i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(hold_[i]);
  return value;
}

// Of eight bytes for each value: numbers, or strings of which this is a length and the begin.
void ParquetValues::JudgeFront() noexcept {
  const std::uint64_t value = Held(), length = value & 0xffffffff;
  const std::size_t size = std::min<std::size_t>(length, kLengthBytes);
  const Bytes begin = Bytes(hold_).subspan(kLengthBytes, size);
  if (length == 0 || length > page_left_ + kLengthBytes || HasControls(begin)) {
    type_ = ParquetType::kInt64;
    state_ = State::kNumber;
    return OnNumber();
  }
  left_ = length;
  state_ = State::kString;
  rows_->BeginColumn();
  held_ = 0;
  page_left_ += begin.size();
  std::array<std::byte, kLengthBytes> copy;
  std::copy(begin.begin(), begin.end(), copy.begin());
  Bytes string(copy.data(), begin.size());
  TakeString(string);
  if (begin.size() == kLengthBytes) return;
  // What of the eight bytes is behind the string belongs to the next.
  held_ = kLengthBytes - begin.size();
  std::memmove(hold_.data(), hold_.data() + kLengthBytes + begin.size(), held_);
}

void ParquetValues::OnLevels() noexcept {
  left_ = Held();
  held_ = 0;
  state_ = left_ > page_left_ ? State::kRest : State::kSkip;
  if (left_ == 0) EndLevels();
}

// What is left must be numbers; else there are more of them.
void ParquetValues::EndLevels() noexcept {
  state_ = page_left_ % NumberBytes(type_) == 0 ? State::kNumber : State::kLevels;
}

void ParquetValues::OnNumber() noexcept {
  const std::uint64_t value = Held();
  held_ = 0;
  if (!MayIdentify(value)) return;
  rows_->Unsigned(value);
  rows_->EndRow();
}

void ParquetValues::OnLength() noexcept {
  left_ = Held();
  if (left_ > page_left_) {
    state_ = State::kRest;
    Leaf(Bytes(hold_.data(), std::exchange(held_, 0)));
    return;
  }
  held_ = 0;
  state_ = State::kString;
  rows_->BeginColumn();
  if (left_ == 0) EndString();
}

void ParquetValues::Leaf(Bytes bytes) noexcept {
  if (leaf_ == nullptr) {
    rows_->Close();
    leaf_ = OpenLeaf(*body_, name_);
  }
  uninspected_ += leaf_->Feed(bytes);
}

void ParquetValues::TakeString(Bytes& in) noexcept {
  const std::uint64_t room = state_ == State::kString ? kLookBytes - held_ : in.size();
  const Bytes some = TakeFront(in, static_cast<std::size_t>(std::min({left_, room, std::uint64_t{in.size()}})));
  left_ -= some.size();
  page_left_ -= some.size();
  switch (state_) {
    case State::kSkip:
      if (left_ == 0) EndLevels();
      return;
    case State::kString:
      std::memcpy(hold_.data() + held_, some.data(), some.size());
      held_ += some.size();
      if (held_ == kLookBytes || left_ == 0) JudgeString();
      break;
    case State::kText:
      rows_->Piece(some);
      break;
    case State::kMember:
      uninspected_ += member_->Feed(some);
      break;
    default:
      uninspected_.opaque += some.size();
      break;
  }
  if (left_ == 0) EndString();
}

// Text, a file, or neither: the type of a byte array does not say it. A short text may begin like a file.
void ParquetValues::JudgeString() noexcept {
  const Bytes head(hold_.data(), std::exchange(held_, 0));
  const bool text = !HasControls(head) || protocol::ReadsAsText(head);
  if (!MagicOf(head).empty() && (left_ > 0 || !text) && body_->MayBeginPart()) {
    state_ = State::kMember;
    rows_->Close();
    EntityMeta meta;
    meta.name = name_;
    meta.is_file = true;
    member_ = OpenEntity(*body_, meta);
    uninspected_ += member_->Feed(head);
  } else if (text) {
    state_ = State::kText;
    rows_->Piece(head);
  } else {
    state_ = State::kOpaque;
    uninspected_.opaque += head.size();
  }
}

// Levels look like a string; numbers may follow the first.
void ParquetValues::EndString() noexcept {
  if (member_ != nullptr) member_->End(protocol::BodyEnd::kComplete);
  member_.reset();
  rows_->EndRow();
  if (type_ == ParquetType::kUnknown) {
    type_ = page_left_ == kWideNumber * values_ ? ParquetType::kInt64 : ParquetType::kByteArray;
  }
  state_ = type_ == ParquetType::kInt64 ? State::kNumber : State::kLength;
}

}  // namespace gander::content

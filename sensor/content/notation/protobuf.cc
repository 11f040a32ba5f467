// SPDX-License-Identifier: Apache-2.0
#include "content/notation/protobuf.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "content/sniff.h"

namespace gander::content {

void Protobuf::GiveBack() noexcept { body().pool->Give(this); }

void Protobuf::Begin() noexcept {
  state_ = State::kTag;
  any_field_ = false;
  head_size_ = count_ = messages_ = looked_ = 0;
  value_ = left_ = position_ = 0;
  rows_.Begin(body(), meta().name);
  owed_.Clear();
  ++body().counters->protobuf;
}

Uninspected Protobuf::Read(Bytes in) noexcept {
  const std::size_t fed = in.size();
  Walk(in);
  return owed_.Tell(fed);
}

void Protobuf::Walk(Bytes in) noexcept {
  while (!in.empty()) {
    switch (state_) {
      case State::kTag:
      case State::kVarint:
      case State::kFixed32:
      case State::kFixed64:
      case State::kLength:
        TakeHead(in);
        break;
      case State::kLook:
        Look(in);
        break;
      case State::kText:
      case State::kRead:
      case State::kSkip:
      case State::kInside:
        TakeContent(in);
        break;
      case State::kNone:
        owed_ += inside_->Feed(in);
        return;
    }
  }
}

std::uint64_t Protobuf::LeftInMessage() const noexcept {
  return messages_ == 0 ? std::numeric_limits<std::uint64_t>::max() : ends_[messages_ - 1] - position_;
}

// One byte of a tag or of a number.
void Protobuf::TakeHead(Bytes& in) noexcept {
  if (LeftInMessage() == 0) return Fail();
  const std::uint8_t c = Octets(TakeFront(in, 1))[0];
  ++position_;
  head_[head_size_++] = std::byte{c};
  if (state_ == State::kFixed32 || state_ == State::kFixed64) {
    value_ |= std::uint64_t{c} << 8 * count_++;
    if (count_ == (state_ == State::kFixed32 ? 4 : 8)) OnHead();
    return;
  }
  value_ |= std::uint64_t{c & 0x7fu} << 7 * count_++;
  if (c < 0x80) return OnHead();
  if (count_ == kMaxVarint) Fail();
}

void Protobuf::OnHead() noexcept {
  const std::uint64_t value = value_;
  value_ = 0;
  count_ = 0;
  switch (state_) {
    case State::kTag:
      if (!IsTag(value)) return Fail();
      state_ = (value & 7) == 0 ? State::kVarint
               : (value & 7) == 1 ? State::kFixed64
               : (value & 7) == 2 ? State::kLength
                                  : State::kFixed32;
      return;
    case State::kLength:
      if (value > LeftInMessage()) return Fail();
      left_ = value;
      looked_ = 0;
      state_ = State::kLook;
      if (left_ == 0) EndField();
      return;
    case State::kVarint:
    case State::kFixed64:
      if (MayIdentify(value)) rows_.Unsigned(value);
      return EndField();
    default:
      return EndField();
  }
}

void Protobuf::Look(Bytes& in) noexcept {
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left_, kProtobufLook));
  if (looked_ == 0 && in.size() >= wanted) return Enter(in.first(wanted));
  const Bytes more = TakeFront(in, wanted - looked_);
  std::memcpy(look_.data() + looked_, more.data(), more.size());
  looked_ = static_cast<std::uint8_t>(looked_ + more.size());
  if (looked_ == wanted) WalkLooked();
}

// What was gathered to be looked at is walked like what comes in one piece; it is a copy, for more may be gathered.
void Protobuf::WalkLooked() noexcept {
  std::array<std::byte, kProtobufLook> copy;
  const std::size_t size = looked_;
  std::memcpy(copy.data(), look_.data(), size);
  looked_ = 0;
  const Bytes prefix(copy.data(), size);
  Enter(prefix);
  Walk(prefix);
}

// At the first byte of a length-delimited field.
void Protobuf::Enter(Bytes prefix) noexcept {
  ProtobufGuess guess = GuessProtobuf(prefix, left_);
  if (guess == ProtobufGuess::kMessage && messages_ == kMaxMessages) guess = ProtobufGuess::kBytes;
  switch (guess) {
    case ProtobufGuess::kText:
      rows_.BeginColumn();
      state_ = State::kText;
      return;
    case ProtobufGuess::kNumbers:
      for (std::uint64_t value = 0; TakeVarint(prefix, value);) rows_.Unsigned(value);
      state_ = State::kRead;
      return;
    case ProtobufGuess::kMessage:
      rows_.EndRow();
      ends_[messages_++] = position_ + left_;
      state_ = State::kTag;
      head_size_ = 0;
      return;
    case ProtobufGuess::kBytes:
      break;
  }
  const bool file = !MagicOf(prefix).empty();
  state_ = State::kSkip;
  capped_ = false;
  if (!file && left_ <= kSkippedBytes) return;
  capped_ = !body().MayBeginPart();
  if (!capped_) OpenInside(file);
}

void Protobuf::OpenInside(bool file) noexcept {
  rows_.Close();
  EntityMeta meta;
  meta.is_file = file;
  inside_ = OpenEntity(body(), meta);
  state_ = State::kInside;
}

void Protobuf::CloseInside(protocol::BodyEnd end) noexcept {
  if (inside_ == nullptr) return;
  inside_->End(end);
  inside_.reset();
}

void Protobuf::TakeContent(Bytes& in) noexcept {
  const Bytes part = TakeFront(in, static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size())));
  position_ += part.size();
  left_ -= part.size();
  if (state_ == State::kText) rows_.Piece(part);
  if (state_ == State::kInside) owed_ += inside_->Feed(part);
  if (state_ == State::kSkip && capped_) owed_ += {.lost = part.size()};
  if (state_ == State::kSkip && !capped_) owed_ += {.opaque = part.size()};
  if (left_ > 0) return;
  CloseInside(protocol::BodyEnd::kComplete);
  EndField();
}

void Protobuf::EndField() noexcept {
  any_field_ = true;
  state_ = State::kTag;
  head_size_ = count_ = 0;
  value_ = 0;
  while (messages_ > 0 && position_ >= ends_[messages_ - 1]) {
    --messages_;
    rows_.EndRow();
  }
}

// The bytes are no field. Of a message that was only guessed to be one, the rest is bytes.
void Protobuf::Fail() noexcept {
  if (messages_ > 0) {
    left_ = LeftInMessage();
    OpenInside(false);
  } else if (any_field_) {
    rows_.Close();
    inside_ = OpenLeaf(body(), meta().name);
    state_ = State::kNone;
  } else {
    OpenInside(false);
    state_ = State::kNone;
  }
  owed_ += inside_->Feed(Bytes(head_.data(), head_size_));
  head_size_ = 0;
  if (state_ == State::kInside && left_ == 0) {
    CloseInside(protocol::BodyEnd::kComplete);
    EndField();
  }
}

void Protobuf::Finish(protocol::BodyEnd end) noexcept {
  if (state_ == State::kLook && looked_ > 0) WalkLooked();
  if (!any_field_ && messages_ == 0 && head_size_ > 0 && state_ <= State::kLength) Fail();
  CloseInside(end);
  rows_.Close();
}

}  // namespace gander::content

// SPDX-License-Identifier: Apache-2.0
#include "content/database/avro_block.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "content/open.h"
#include "content/sniff.h"
#include "protocol/plain_text/plain_text.h"

namespace gander::content {
namespace {

// Steps that are taken before it is asked whether so much work is allowed (Body::MayOutput).
constexpr std::uint64_t kStepsAtOnce = 64 * 1024;

std::uint64_t LittleEndian(Bytes bytes) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
  return value;
}

}  // namespace

void AvroBlock::Open(Body& body, const AvroSchema& schema, RowWriter& rows, std::string_view name) noexcept {
  body_ = &body;
  schema_ = &schema;
  rows_ = &rows;
  name_ = name;
}

void AvroBlock::Begin() noexcept {
  node_ = schema_->root();
  state_ = node_ == AvroSchema::kNone ? State::kFailed : State::kValue;
  depth_ = 0;
  idle_ = 0;
  key_ = false;
}

Uninspected AvroBlock::Feed(Bytes in) noexcept {
  uninspected_ = {};
  std::uint64_t steps = 0;
  while (state_ != State::kFailed && Step(in)) {
    if (++steps % kStepsAtOnce != 0) continue;
    body_->Spend(kStepsAtOnce);
    if (!body_->MayOutput(0)) return {.lost = in.size()};
  }
  body_->Spend(steps % kStepsAtOnce);
  if (state_ == State::kFailed && !in.empty()) {
    if (leaf_ == nullptr) {
      rows_->Close();
      leaf_ = OpenLeaf(*body_, name_);
    }
    uninspected_ += leaf_->Feed(in);
  }
  return uninspected_;
}

void AvroBlock::End(protocol::BodyEnd end) noexcept {
  if (state_ == State::kBytes && kind_ == Kind::kLook) JudgeBytes();
  if (member_ != nullptr) member_->End(end);
  member_.reset();
  if (leaf_ != nullptr) leaf_->End(end);
  leaf_.reset();
  rows_->EndRow();
}

// False: more bytes are wanted.
bool AvroBlock::Step(Bytes& in) noexcept {
  if (state_ == State::kValue) {
    if (in.empty() && depth_ == 0) return false;  // between two objects
    if (++idle_ > kMaxIdle)
      Fail();
    else
      BeginValue();
    return true;
  }
  if (in.empty()) return false;
  idle_ = 0;
  switch (state_) {
    case State::kNumber:
      if (long_.Take(Octets(TakeFront(in, 1))[0])) TakeNumber();
      return true;
    case State::kFloat:
      TakeFloat(in);
      return true;
    default:
      TakeBytes(in);
      return true;
  }
}

void AvroBlock::BeginNumber(Number number) noexcept {
  state_ = State::kNumber;
  number_ = number;
  long_.Begin();
}

void AvroBlock::BeginValue() noexcept {
  const AvroSchema::Node& node = schema_->node(node_);
  switch (node.type) {
    case Type::kNull:
      return Done();
    case Type::kBoolean:
    case Type::kFloat:
    case Type::kDouble:
      state_ = State::kFloat;
      held_ = 0;
      return;
    case Type::kFixed:
      return BeginBytes(node.size, Kind::kLook);
    case Type::kRecord:
      Push(node_);
      return state_ == State::kFailed ? void() : NextItem();
    case Type::kArray:
    case Type::kMap:
      Push(node_);
      return state_ == State::kFailed ? void() : BeginNumber(Number::kItems);
    default:
      return BeginNumber(Number::kValue);
  }
}

void AvroBlock::Push(std::uint32_t node) noexcept {
  if (depth_ == kMaxDepth) return Fail();
  frames_[depth_++] = {node, schema_->node(node).first, 0};
}

void AvroBlock::TakeNumber() noexcept {
  const std::int64_t value = long_.value();
  switch (number_) {
    case Number::kValue:
      return ValueNumber(value);
    case Number::kItems:
      return BeginItems(value);
    case Number::kSizeOfItems:
      return NextItem();
    case Number::kKeyLength:
      key_ = true;
      return BeginBytes(value, Kind::kText);
  }
}

void AvroBlock::ValueNumber(std::int64_t value) noexcept {
  const AvroSchema::Node& node = schema_->node(node_);
  switch (node.type) {
    case Type::kString:
      return BeginBytes(value, Kind::kText);
    case Type::kBytes:
      return BeginBytes(value, Kind::kLook);
    case Type::kEnum:
    case Type::kUnion: {
      std::uint32_t at = node.first;
      for (std::int64_t i = 0; i < value && at != AvroSchema::kNone; ++i) at = schema_->child(at).next;
      if (value < 0 || at == AvroSchema::kNone) return Fail();
      if (node.type == Type::kUnion) {
        node_ = schema_->child(at).node;
        state_ = State::kValue;
        return;
      }
      rows_->Text(AsBytes(schema_->SymbolText(schema_->child(at))));
      return Done();
    }
    default:
      rows_->Integer(value);
      return Done();
  }
}

// Arrays and maps come in blocks; a negative count has the size of the block behind it, zero is the end.
void AvroBlock::BeginItems(std::int64_t count) noexcept {
  if (count == INT64_MIN) return Fail();
  frames_[depth_ - 1].items_left = count < 0 ? -count : count;
  if (count < 0) return BeginNumber(Number::kSizeOfItems);
  if (count > 0) return NextItem();
  --depth_;
  Done();
}

// The next field of a record, item of an array, key of a map.
void AvroBlock::NextItem() noexcept {
  Frame& frame = frames_[depth_ - 1];
  const AvroSchema::Node& node = schema_->node(frame.node);
  if (node.type == Type::kRecord) {
    if (frame.child == AvroSchema::kNone) {
      --depth_;
      return Done();
    }
    node_ = schema_->child(frame.child).node;
    frame.child = schema_->child(frame.child).next;
    state_ = State::kValue;
    return;
  }
  if (frame.items_left-- == 0) return BeginNumber(Number::kItems);
  node_ = schema_->child(node.first).node;
  state_ = State::kValue;
  if (node.type == Type::kMap) BeginNumber(Number::kKeyLength);
}

// A value is complete; the object is when no frame is left.
void AvroBlock::Done() noexcept {
  if (depth_ > 0) {
    // Records within records end with their last field: as many frames as that takes.
    return NextItem();
  }
  rows_->EndRow();
  node_ = schema_->root();
  state_ = State::kValue;
}

void AvroBlock::TakeFloat(Bytes& in) noexcept {
  const Type type = schema_->node(node_).type;
  const std::size_t wanted = type == Type::kBoolean ? 1 : type == Type::kFloat ? 4 : 8;
  const Bytes some = TakeFront(in, wanted - held_);
  std::memcpy(hold_.data() + held_, some.data(), some.size());
  held_ += some.size();
  if (held_ < wanted) return;
  const std::uint64_t bits = LittleEndian({hold_.data(), wanted});
  if (type == Type::kFloat) rows_->Real(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  if (type == Type::kDouble) rows_->Real(std::bit_cast<double>(bits));
  Done();
}

void AvroBlock::BeginBytes(std::int64_t length, Kind kind) noexcept {
  if (length < 0) return Fail();
  left_ = static_cast<std::uint64_t>(length);
  kind_ = kind;
  held_ = 0;
  state_ = State::kBytes;
  rows_->BeginColumn();
  if (left_ == 0) EndBytes();
}

void AvroBlock::TakeBytes(Bytes& in) noexcept {
  const std::uint64_t room = kind_ == Kind::kLook ? kLookBytes - held_ : in.size();
  const Bytes some =
      TakeFront(in, static_cast<std::size_t>(std::min({left_, room, std::uint64_t{in.size()}})));
  left_ -= some.size();
  switch (kind_) {
    case Kind::kText:
      rows_->Piece(some);
      break;
    case Kind::kLook:
      std::memcpy(hold_.data() + held_, some.data(), some.size());
      held_ += some.size();
      if (held_ == kLookBytes || left_ == 0) JudgeBytes();
      break;
    case Kind::kMember:
      uninspected_ += member_->Feed(some);
      break;
    case Kind::kOpaque:
      uninspected_.opaque += some.size();
      break;
  }
  if (left_ == 0) EndBytes();
}

// Bytes without a type: a file, text, or neither.
void AvroBlock::JudgeBytes() noexcept {
  const Bytes head(hold_.data(), held_);
  if (!MagicOf(head).empty()) {
    kind_ = Kind::kMember;
    rows_->Close();
    EntityMeta meta;
    meta.name = name_;
    meta.is_file = true;
    member_ = OpenEntity(*body_, meta);
    uninspected_ += member_->Feed(head);
  } else if (protocol::ReadsAsText(head)) {
    kind_ = Kind::kText;
    rows_->Piece(head);
  } else {
    kind_ = Kind::kOpaque;
    uninspected_.opaque += head.size();
  }
}

void AvroBlock::EndBytes() noexcept {
  if (member_ != nullptr) member_->End(protocol::BodyEnd::kComplete);
  member_.reset();
  if (key_) {
    key_ = false;
    state_ = State::kValue;
    return;
  }
  Done();
}

}  // namespace gander::content

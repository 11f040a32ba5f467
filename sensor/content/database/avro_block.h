// SPDX-License-Identifier: Apache-2.0
// The objects of one block of an Avro file, walked by its schema as their bytes come (Apache Avro 1.11,
// "Binary Encoding"): each becomes a row. Where the bytes do not fit the schema, the rest of the block is a
// leaf.
#ifndef GANDER_CONTENT_AVRO_BLOCK_H_
#define GANDER_CONTENT_AVRO_BLOCK_H_

#include <array>

#include "content/database/avro_schema.h"
#include "content/database/row_writer.h"

namespace gander::content {

// Section "Primitive Types": seven bits a byte, the lowest first, signs folded in.
class AvroLong {
 public:
  void Begin() noexcept { bits_ = shift_ = 0; }
  // True when the number is complete. More than ten bytes are none.
  bool Take(std::uint8_t byte) noexcept {
    if (shift_ < 64) bits_ |= std::uint64_t{byte & 0x7fu} << shift_;
    shift_ += 7;
    return byte < 0x80 || shift_ >= 70;
  }
  std::int64_t value() const noexcept {
    return static_cast<std::int64_t>(bits_ >> 1) ^ -static_cast<std::int64_t>(bits_ & 1);
  }

 private:
  std::uint64_t bits_ = 0;
  std::uint32_t shift_ = 0;
};

class AvroBlock final : public Layer {
 public:
  static constexpr std::size_t kMaxDepth = 64;
  // So much may be read of a schema without a byte being read of the data: rows of nothing.
  static constexpr std::uint32_t kMaxIdle = 4096;

  // For a whole file. `schema` may be one that could not be read: then all is a leaf.
  void Open(Body& body, const AvroSchema& schema, RowWriter& rows, std::string_view name) noexcept;
  void Begin() noexcept;
  Uninspected Feed(Bytes in) noexcept override;
  void End(protocol::BodyEnd end) noexcept override;
  void GiveBack() noexcept override {}  // a part of its AvroLayer

 private:
  using Type = AvroSchema::Type;
  enum class State : std::uint8_t {
    kValue,   // `node_` begins
    kNumber,  // of what `node_` is, or of a frame's items
    kFloat,
    kBytes,
    kFailed,
  };
  // What a number is.
  enum class Number : std::uint8_t { kValue, kItems, kSizeOfItems, kKeyLength };
  // What the string or the bytes at hand are read as; kLook: not decided.
  enum class Kind : std::uint8_t { kText, kLook, kMember, kOpaque };

  struct Frame {
    std::uint32_t node;
    std::uint32_t child;      // of a record: the field at hand
    std::int64_t items_left;  // of arrays and maps
  };

  static constexpr std::size_t kLookBytes = 64;

  bool Step(Bytes& in) noexcept;
  void BeginValue() noexcept;
  void BeginNumber(Number number) noexcept;
  void TakeNumber() noexcept;
  void ValueNumber(std::int64_t value) noexcept;
  void BeginItems(std::int64_t count) noexcept;
  void NextItem() noexcept;
  void BeginBytes(std::int64_t length, Kind kind) noexcept;
  void TakeBytes(Bytes& in) noexcept;
  void JudgeBytes() noexcept;
  void EndBytes() noexcept;
  void TakeFloat(Bytes& in) noexcept;
  void Push(std::uint32_t node) noexcept;
  void Done() noexcept;
  void Fail() noexcept { state_ = State::kFailed; }

  Body* body_ = nullptr;
  const AvroSchema* schema_ = nullptr;
  RowWriter* rows_ = nullptr;
  std::string_view name_;

  State state_ = State::kFailed;
  std::uint32_t node_ = AvroSchema::kNone;
  std::array<Frame, kMaxDepth> frames_;
  std::size_t depth_ = 0;
  std::uint32_t idle_ = 0;

  Number number_ = Number::kValue;
  AvroLong long_;
  bool key_ = false;  // the string at hand is a map's key

  std::uint64_t left_ = 0;  // of a string
  Kind kind_ = Kind::kText;
  std::size_t held_ = 0;
  std::array<std::byte, kLookBytes> hold_;
  LayerPtr member_, leaf_;
  Uninspected uninspected_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_AVRO_BLOCK_H_

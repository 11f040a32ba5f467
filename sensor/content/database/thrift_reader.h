// SPDX-License-Identifier: Apache-2.0
// Reads structures of Thrift's compact protocol (thrift/doc/specs/thrift-compact-protocol.md), as Parquet has them. A
// field that is not wanted is skipped. No state beside the place in the bytes; every length is checked.
#ifndef GANDER_CONTENT_THRIFT_READER_H_
#define GANDER_CONTENT_THRIFT_READER_H_

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace gander::content {

class ThriftReader {
 public:
  enum class Type : std::uint8_t {
    kStop = 0,
    kTrue = 1,
    kFalse = 2,
    kByte = 3,
    kInt16 = 4,
    kInt32 = 5,
    kInt64 = 6,
    kDouble = 7,
    kBinary = 8,
    kList = 9,
    kSet = 10,
    kMap = 11,
    kStruct = 12,
  };
  enum class State : std::uint8_t {
    kGood,
    kShort,  // the bytes end within the structure
    kBad,    // they are none
  };

  explicit ThriftReader(Bytes in) noexcept : in_(in) {}

  // The next field of a structure: `field` is the number of the one before, 0 at the begin. False behind the last one,
  // and when something went wrong. The value must be read or skipped.
  bool NextField(int& field, Type& type) noexcept;
  std::int64_t Integer() noexcept;
  // Good while the bytes are.
  std::string_view Binary() noexcept;
  // How many items follow.
  std::uint64_t BeginList(Type& items) noexcept;
  void Skip(Type type) noexcept { SkipAt(type, 0); }

  State state() const noexcept { return state_; }
  bool good() const noexcept { return state_ == State::kGood; }
  Bytes rest() const noexcept { return in_; }

 private:
  static constexpr int kMaxDepth = 16;

  std::uint8_t Byte() noexcept;
  std::uint64_t Varint() noexcept;
  void SkipBytes(std::uint64_t bytes) noexcept;
  void SkipItems(std::uint64_t count, Type type, int depth) noexcept;
  void SkipAt(Type type, int depth) noexcept;
  void Fail(State state) noexcept;

  Bytes in_;
  State state_ = State::kGood;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_THRIFT_READER_H_

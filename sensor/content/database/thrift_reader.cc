// SPDX-License-Identifier: Apache-2.0
#include "content/database/thrift_reader.h"

namespace gander::content {
namespace {

constexpr std::int64_t Unfolded(std::uint64_t v) noexcept {
  return static_cast<std::int64_t>(v >> 1) ^ -static_cast<std::int64_t>(v & 1);
}

}  // namespace

void ThriftReader::Fail(State state) noexcept {
  if (state_ == State::kGood) state_ = state;
  in_ = {};
}

std::uint8_t ThriftReader::Byte() noexcept {
  if (in_.empty()) {
    Fail(State::kShort);
    return 0;
  }
  return Octets(TakeFront(in_, 1))[0];
}

std::uint64_t ThriftReader::Varint() noexcept {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 70; shift += 7) {
    const std::uint8_t byte = Byte();
    if (shift < 64) value |= std::uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return value;
  }
  Fail(State::kBad);
  return 0;
}

bool ThriftReader::NextField(int& field, Type& type) noexcept {
  const std::uint8_t head = Byte();
  type = static_cast<Type>(head & 0x0f);
  if (!good() || type == Type::kStop) return false;
  if (type > Type::kStruct) Fail(State::kBad);
  // The distance to the field before, or its number in full.
  const std::int64_t number = head >> 4 != 0 ? field + (head >> 4) : Unfolded(Varint());
  if (number <= 0 || number > INT16_MAX) Fail(State::kBad);
  field = static_cast<int>(number);
  return good();
}

std::int64_t ThriftReader::Integer() noexcept { return Unfolded(Varint()); }

std::string_view ThriftReader::Binary() noexcept {
  const std::uint64_t size = Varint();
  if (size > in_.size()) {
    Fail(State::kShort);
    return {};
  }
  return AsText(TakeFront(in_, static_cast<std::size_t>(size)));
}

std::uint64_t ThriftReader::BeginList(Type& items) noexcept {
  constexpr std::uint8_t kLong = 15;
  const std::uint8_t head = Byte();
  items = static_cast<Type>(head & 0x0f);
  return head >> 4 < kLong ? head >> 4 : Varint();
}

void ThriftReader::SkipBytes(std::uint64_t bytes) noexcept {
  if (bytes > in_.size()) return Fail(State::kShort);
  in_ = in_.subspan(static_cast<std::size_t>(bytes));
}

// Each item takes a byte at least.
void ThriftReader::SkipItems(std::uint64_t count, Type type, int depth) noexcept {
  const bool flags = type == Type::kTrue || type == Type::kFalse;
  for (; count > 0 && good(); --count) {
    if (flags) {
      Byte();
    } else {
      SkipAt(type, depth);
    }
  }
}

void ThriftReader::SkipAt(Type type, int depth) noexcept {
  if (depth > kMaxDepth) return Fail(State::kBad);
  switch (type) {
    case Type::kTrue:
    case Type::kFalse:
      return;
    case Type::kByte:
      return SkipBytes(1);
    case Type::kInt16:
    case Type::kInt32:
    case Type::kInt64:
      Varint();
      return;
    case Type::kDouble:
      return SkipBytes(8);
    case Type::kBinary:
      Binary();
      return;
    case Type::kList:
    case Type::kSet: {
      Type items = Type::kStop;
      const std::uint64_t count = BeginList(items);
      return SkipItems(count, items, depth + 1);
    }
    case Type::kMap: {
      const std::uint64_t count = Varint();
      const std::uint8_t types = count > 0 ? Byte() : std::uint8_t{0};
      for (std::uint64_t i = 0; i < count && good(); ++i) {
        SkipItems(1, static_cast<Type>(types >> 4), depth + 1);
        SkipItems(1, static_cast<Type>(types & 0x0f), depth + 1);
      }
      return;
    }
    case Type::kStruct: {
      int field = 0;
      for (Type inner; NextField(field, inner);) SkipAt(inner, depth + 1);
      return;
    }
    default:
      return Fail(State::kBad);
  }
}

}  // namespace gander::content

// SPDX-License-Identifier: Apache-2.0
// Fields of Kafka's messages. A read past the end yields nothing and sets failed().
#ifndef GANDER_PROTOCOL_KAFKA_WIRE_READER_H_
#define GANDER_PROTOCOL_KAFKA_WIRE_READER_H_

#include <cstdint>
#include <string_view>

#include "base/byte_reader.h"

namespace gander::protocol::kafka {

class WireReader {
 public:
  // `flexible`: lengths and counts are variable and one too high, and structures end in tagged fields.
  explicit WireReader(Bytes data, bool flexible = false) noexcept : in_(data), flexible_(flexible) {}

  bool failed() const noexcept { return in_.failed(); }
  std::size_t position() const noexcept { return in_.position(); }
  std::size_t remaining() const noexcept { return in_.remaining(); }
  Bytes rest() const noexcept { return in_.rest(); }
  void set_flexible(bool flexible) noexcept { flexible_ = flexible; }

  std::uint8_t U8() noexcept { return in_.U8(); }
  std::int16_t I16() noexcept { return static_cast<std::int16_t>(in_.U16()); }
  std::int32_t I32() noexcept { return static_cast<std::int32_t>(in_.U32()); }
  std::int64_t I64() noexcept { return static_cast<std::int64_t>(in_.U64()); }
  void Skip(std::uint64_t octets) noexcept { in_.Skip(static_cast<std::size_t>(octets)); }
  Bytes Take(std::uint64_t octets) noexcept { return in_.Take(static_cast<std::size_t>(octets)); }

  std::uint64_t Varint() noexcept {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t octet = in_.U8();
      value |= static_cast<std::uint64_t>(octet & 0x7f) << shift;
      if ((octet & 0x80) == 0) return value;
    }
    Fail();
    return 0;
  }
  // Signed numbers, small ones of either sign short.
  std::int64_t ZigZag() noexcept {
    const std::uint64_t v = Varint();
    return static_cast<std::int64_t>(v >> 1) ^ -static_cast<std::int64_t>(v & 1);
  }

  // -1: null.
  std::int64_t Length32() noexcept { return flexible_ ? static_cast<std::int64_t>(Varint()) - 1 : I32(); }
  std::string_view String() noexcept {
    const std::int64_t length = flexible_ ? static_cast<std::int64_t>(Varint()) - 1 : I16();
    return length > 0 ? AsText(Take(static_cast<std::uint64_t>(length))) : std::string_view();
  }
  Bytes Octets32() noexcept {
    const std::int64_t length = Length32();
    return length > 0 ? Take(static_cast<std::uint64_t>(length)) : Bytes();
  }
  // Elements of an array; none for null.
  std::uint32_t Count() noexcept {
    const std::int64_t count = Length32();
    if (count > static_cast<std::int64_t>(remaining())) Fail();  // each has an octet at least
    return failed() || count < 0 ? 0 : static_cast<std::uint32_t>(count);
  }
  void SkipTags() noexcept {
    if (!flexible_) return;
    for (std::uint64_t i = Varint(); i > 0 && !failed(); --i) {
      Varint();
      Skip(Varint());
    }
  }
  void Fail() noexcept { in_.Skip(SIZE_MAX); }

 private:
  ByteReader in_;
  bool flexible_;
};

}  // namespace gander::protocol::kafka

#endif  // GANDER_PROTOCOL_KAFKA_WIRE_READER_H_

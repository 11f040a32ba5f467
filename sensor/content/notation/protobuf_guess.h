// SPDX-License-Identifier: Apache-2.0
// What a length-delimited field of a protobuf message holds. The wire format (protobuf.dev/programming-guides/encoding)
// does not say: a string, a message, packed numbers and bytes look alike but for their contents.
#ifndef GANDER_CONTENT_PROTOBUF_GUESS_H_
#define GANDER_CONTENT_PROTOBUF_GUESS_H_

#include <cstdint>

#include "base/bytes.h"

namespace gander::content {

enum class ProtobufGuess : std::uint8_t { kText, kMessage, kNumbers, kBytes };

// So many bytes of a field are looked at; fewer when it is shorter.
inline constexpr std::size_t kProtobufLook = 128;

// Of a field of `length` bytes that begins with `prefix`: min(length, kProtobufLook) bytes.
ProtobufGuess GuessProtobuf(Bytes prefix, std::uint64_t length) noexcept;

// A base-128 varint at the front of `in`, removed from it. False when it is cut or longer than ten bytes.
bool TakeVarint(Bytes& in, std::uint64_t& value) noexcept;

// Numbers of people and of what they own have six digits or more; dates in nanoseconds, floating point and hashes are
// larger.
constexpr bool MayIdentify(std::uint64_t number) noexcept {
  return number >= 100'000 && number < 1'000'000'000'000'000'000;
}

enum class WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5 };
// Whether `tag` is one that a message of today can have: groups are gone, and fields have numbers that people give.
constexpr bool IsTag(std::uint64_t tag) noexcept {
  constexpr std::uint64_t kMaxField = 1u << 20;
  const std::uint64_t type = tag & 7, field = tag >> 3;
  return field > 0 && field <= kMaxField && (type <= 2 || type == 5);
}

}  // namespace gander::content

#endif  // GANDER_CONTENT_PROTOBUF_GUESS_H_

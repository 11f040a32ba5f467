// SPDX-License-Identifier: Apache-2.0
// XDR (RFC 4506): fields of four octets, big endian; what is shorter is filled up with zeros.
#ifndef GANDER_PROTOCOL_RPC_MESSAGE_XDR_READER_H_
#define GANDER_PROTOCOL_RPC_MESSAGE_XDR_READER_H_

#include <cstdint>
#include <string_view>

#include "base/byte_reader.h"

namespace gander::protocol::rpc_message {

constexpr std::uint32_t PaddingOf(std::uint64_t length) noexcept { return static_cast<std::uint32_t>(-length & 3); }

// A read past the end yields zero and sets failed(), as ByteReader's.
class XdrReader {
 public:
  explicit XdrReader(Bytes data) noexcept : in_(data) {}

  bool failed() const noexcept { return in_.failed(); }
  std::size_t position() const noexcept { return in_.position(); }
  std::size_t remaining() const noexcept { return in_.remaining(); }
  Bytes rest() const noexcept { return in_.rest(); }

  std::uint32_t U32() noexcept { return in_.U32(); }
  std::uint64_t U64() noexcept { return in_.U64(); }
  bool Bool() noexcept { return in_.U32() != 0; }
  void Skip(std::size_t octets) noexcept { in_.Skip(octets); }
  // Of a length that both sides know.
  Bytes Fixed(std::size_t length) noexcept { return Padded(length); }
  // Length first.
  Bytes Opaque() noexcept { return Padded(in_.U32()); }
  std::string_view String() noexcept { return AsText(Opaque()); }
  // An array of words: bitmaps, lists of groups.
  void SkipWords() noexcept { in_.Skip(std::size_t{in_.U32()} * 4); }

 private:
  Bytes Padded(std::size_t length) noexcept {
    const Bytes value = in_.Take(length);
    in_.Skip(PaddingOf(length));
    return value;
  }
  ByteReader in_;
};

}  // namespace gander::protocol::rpc_message

#endif  // GANDER_PROTOCOL_RPC_MESSAGE_XDR_READER_H_

// SPDX-License-Identifier: Apache-2.0
// Streaming decoders of the two MIME transfer encodings (RFC 2045 §6.7, §6.8).
#ifndef GANDER_PROTOCOL_MIME_BASE64_H_
#define GANDER_PROTOCOL_MIME_BASE64_H_

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace gander::protocol::mime {

inline constexpr std::uint8_t kNotBase64 = 0xff;

// Six-bit value of each byte, kNotBase64 for others. The URL-safe alphabet (RFC 4648 §5) is read too.
inline constexpr std::array<std::uint8_t, 256> kBase64Values = [] {
  std::array<std::uint8_t, 256> t{};
  t.fill(kNotBase64);
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < alphabet.size(); ++i) t[static_cast<std::uint8_t>(alphabet[i])] = i;
  t['-'] = 62;
  t['_'] = 63;
  return t;
}();

// Bytes outside the alphabet are skipped, as RFC 2045 asks; '=' ends a group, more may follow (joined
// pieces).
class Base64Decoder {
 public:
  void Reset() noexcept { group_ = count_ = 0; }
  // Decodes from the front of `in`, removing what was read, until `out` has no room for a whole group or `in`
  // is used up. Returns the bytes written. `out` must hold at least 3 bytes.
  std::size_t Decode(Bytes& in, std::span<std::byte> out) noexcept;
  // The bytes of an unfinished group at the end; at most 2.
  std::size_t Finish(std::span<std::byte> out) noexcept;

 private:
  std::uint32_t group_ = 0;
  std::uint32_t count_ = 0;  // six-bit values in group_, 0..3
};

}  // namespace gander::protocol::mime

#endif  // GANDER_PROTOCOL_MIME_BASE64_H_

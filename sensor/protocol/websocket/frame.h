// SPDX-License-Identifier: Apache-2.0
// Frame headers (RFC 6455 §5.2), read octet by octet across segments.
#ifndef GANDER_PROTOCOL_WEBSOCKET_FRAME_H_
#define GANDER_PROTOCOL_WEBSOCKET_FRAME_H_

#include <array>
#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace gander::protocol::websocket {

enum class Opcode : std::uint8_t { kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10 };

struct Frame {
  bool fin = false, compressed = false, masked = false;
  std::uint8_t reserved = 0;  // bits that no extension known here uses
  std::uint8_t opcode = 0;
  std::array<std::uint8_t, 4> key{};
  std::uint64_t length = 0;

  bool control() const noexcept { return (opcode & 8) != 0; }
  // What the protocol allows: a known opcode, control frames short and whole.
  bool valid() const noexcept;
};

// "text", "ping", else "unknown-11".
std::string NameOf(std::uint8_t opcode);

class FrameReader {
 public:
  // Takes octets of a header off `bytes`. True when it is complete, and the next one may begin.
  bool Feed(Bytes& bytes, Frame& out) noexcept;
  void Clear() noexcept { have_ = 0; }

 private:
  std::size_t Need() const noexcept;

  std::array<std::uint8_t, 14> octets_{};
  std::uint8_t have_ = 0;
};

}  // namespace gander::protocol::websocket

#endif  // GANDER_PROTOCOL_WEBSOCKET_FRAME_H_

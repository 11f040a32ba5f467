// SPDX-License-Identifier: Apache-2.0
#include "protocol/websocket/frame.h"

namespace gander::protocol::websocket {
namespace {

constexpr std::uint64_t kMaxControl = 125;  // RFC 6455 §5.5
constexpr unsigned kLength16 = 126, kLength64 = 127;

}  // namespace

bool Frame::valid() const noexcept {
  if (reserved != 0) return false;
  if (control())
    return opcode <= static_cast<std::uint8_t>(Opcode::kPong) && fin && !compressed && length <= kMaxControl;
  const bool first = opcode != static_cast<std::uint8_t>(Opcode::kContinuation);
  return opcode <= static_cast<std::uint8_t>(Opcode::kBinary) && (first || !compressed) && length >> 63 == 0;
}

std::string NameOf(std::uint8_t opcode) {
  switch (static_cast<Opcode>(opcode)) {
    case Opcode::kContinuation:
      return "continuation";
    case Opcode::kText:
      return "text";
    case Opcode::kBinary:
      return "binary";
    case Opcode::kClose:
      return "connection_close";
    case Opcode::kPing:
      return "ping";
    case Opcode::kPong:
      return "pong";
  }
  return "unknown-" + std::to_string(opcode);
}

std::size_t FrameReader::Need() const noexcept {
  if (have_ < 2) return 2;
  const unsigned code = octets_[1] & 0x7fu;
  const std::size_t length = code == kLength16 ? 2 : code == kLength64 ? 8 : 0;
  return 2 + length + ((octets_[1] & 0x80) != 0 ? 4 : 0);
}

bool FrameReader::Feed(Bytes& bytes, Frame& out) noexcept {
  while (have_ < Need()) {
    if (bytes.empty()) return false;
    octets_[have_++] = Octets(bytes)[0];
    bytes = bytes.subspan(1);
  }
  out.fin = (octets_[0] & 0x80) != 0;
  out.compressed = (octets_[0] & 0x40) != 0;
  out.reserved = octets_[0] >> 4 & 3;
  out.opcode = octets_[0] & 0xf;
  out.masked = (octets_[1] & 0x80) != 0;
  const unsigned code = octets_[1] & 0x7fu;
  const std::size_t length = code == kLength16 ? 2 : code == kLength64 ? 8 : 0;
  out.length = length == 0 ? code : 0;
  std::size_t at = 2;
  for (std::size_t i = 0; i < length; ++i) out.length = out.length << 8 | octets_[at++];
  for (std::size_t i = 0; out.masked && i < out.key.size(); ++i) out.key[i] = octets_[at++];
  have_ = 0;
  return true;
}

}  // namespace gander::protocol::websocket

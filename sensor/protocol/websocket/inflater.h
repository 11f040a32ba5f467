// SPDX-License-Identifier: Apache-2.0
// Messages of one direction compressed by permessage-deflate (RFC 7692 §7.2.2): bare deflate, whose window goes on from
// one message to the next.
#ifndef GANDER_PROTOCOL_WEBSOCKET_INFLATER_H_
#define GANDER_PROTOCOL_WEBSOCKET_INFLATER_H_

#include <zlib.h>

#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace gander::protocol::websocket {

class Inflater {
 public:
  Inflater() = default;
  ~Inflater() { Reset(); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Hands what `in` inflates to, to `out(bytes)`, piece by piece. False when it is corrupt or the message's
  // kMaxInflated is reached: nothing behind it can be decoded then.
  template <class Out>
  bool Feed(Bytes in, Out&& out) {
    while (ok_ && !in.empty()) {
      std::byte piece[kPiece];
      const std::size_t n = Step(in, piece);
      if (n > 0) out(Bytes(piece, n));
    }
    return ok_;
  }
  // The message is complete: the end that senders leave out is put back.
  template <class Out>
  bool Finish(bool keep_window, Out&& out) {
    static constexpr std::uint8_t kTail[] = {0x00, 0x00, 0xff, 0xff};
    const bool ok = Feed(std::as_bytes(std::span(kTail)), out);
    EndMessage(keep_window);
    return ok;
  }
  bool ok() const noexcept { return ok_; }
  // Something is missing.
  void GiveUp() noexcept;
  // For another connection; the window is given back.
  void Reset() noexcept;

 private:
  static constexpr std::size_t kPiece = 4096;

  std::size_t Step(Bytes& in, std::span<std::byte> out) noexcept;
  void EndMessage(bool keep_window) noexcept;

  z_stream stream_{};
  bool made_ = false;
  bool ok_ = true;
  std::uint64_t produced_ = 0;  // of this message
};

}  // namespace gander::protocol::websocket

#endif  // GANDER_PROTOCOL_WEBSOCKET_INFLATER_H_

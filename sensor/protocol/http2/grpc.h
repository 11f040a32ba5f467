// SPDX-License-Identifier: Apache-2.0
// Messages of gRPC within a body ("gRPC over HTTP2", Length-Prefixed-Message): a flag, a length, the message.
#ifndef GANDER_PROTOCOL_HTTP2_GRPC_H_
#define GANDER_PROTOCOL_HTTP2_GRPC_H_

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace gander::protocol::http2 {

class GrpcFramer {
 public:
  // Cuts `bytes`: `begin(compressed)` before a message, `part(bytes)` for what there is of it, `end()` behind it.
  template <class Begin, class Part, class End>
  void Feed(Bytes bytes, Begin&& begin, Part&& part, End&& end) {
    while (!bytes.empty()) {
      if (!open_) {
        while (!bytes.empty() && have_ < head_.size()) {
          head_[have_++] = Octets(bytes)[0];
          bytes = bytes.subspan(1);
        }
        if (have_ < head_.size()) return;
        have_ = 0;
        left_ = std::uint32_t{head_[1]} << 24 | head_[2] << 16 | head_[3] << 8 | head_[4];
        open_ = true;
        begin(head_[0] == 1);
      }
      const Bytes front = TakeFront(bytes, left_);
      left_ -= static_cast<std::uint32_t>(front.size());
      if (!front.empty()) part(front);
      if (left_ > 0) continue;
      open_ = false;
      end();
    }
  }
  bool open() const noexcept { return open_; }
  void Clear() noexcept { *this = GrpcFramer{}; }

 private:
  std::array<std::uint8_t, 5> head_{};
  std::uint8_t have_ = 0;
  bool open_ = false;
  std::uint32_t left_ = 0;
};

}  // namespace gander::protocol::http2

#endif  // GANDER_PROTOCOL_HTTP2_GRPC_H_

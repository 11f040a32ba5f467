// SPDX-License-Identifier: Apache-2.0
// Cuts the content of handshake records into messages. A message that lies in one piece is not copied.
#ifndef GANDER_PROTOCOL_TLS_MESSAGE_BUFFER_H_
#define GANDER_PROTOCOL_TLS_MESSAGE_BUFFER_H_

#include <algorithm>
#include <string>

#include "base/bytes.h"
#include "protocol/tls/handshake.h"
#include "protocol/tls/tls.h"

namespace gander::protocol::tls {

class MessageBuffer {
 public:
  // Calls `on_message(type, body)` for every wanted message that is complete. Returns the bytes given up over
  // kMaxHandshake.
  template <class F>
  std::uint64_t Feed(Bytes bytes, F&& on_message) {
    std::uint64_t lost = 0;
    while (!bytes.empty()) {
      if (skip_ > 0) {
        const std::size_t n = TakeFront(bytes, skip_).size();
        skip_ -= static_cast<std::uint32_t>(n);
        if (skip_is_loss_) lost += n;
        continue;
      }
      if (buffer_.size() < kHeader && bytes.size() < kHeader - buffer_.size()) {
        buffer_ += AsText(TakeFront(bytes, bytes.size()));
        continue;
      }
      if (!buffer_.empty() && buffer_.size() < kHeader) {
        buffer_ += AsText(TakeFront(bytes, kHeader - buffer_.size()));
      }
      const bool buffered = !buffer_.empty();
      const std::uint8_t* head = buffered ? Octets(AsBytes(buffer_)) : Octets(bytes);
      const std::uint8_t type = head[0];
      const std::uint32_t length = static_cast<std::uint32_t>(head[1]) << 16 | head[2] << 8 | head[3];
      if (!Handshake::Wants(type) || length > kMaxHandshake) {
        if (!buffered) (void)TakeFront(bytes, kHeader);
        skip_ = length;
        skip_is_loss_ = Handshake::Wants(type);
        Clear();
        continue;
      }
      if (!buffered && bytes.size() >= kHeader + length) {
        on_message(type, TakeFront(bytes, kHeader + length).subspan(kHeader));
        continue;
      }
      buffer_ += AsText(TakeFront(bytes, kHeader + length - buffer_.size()));
      if (buffer_.size() < kHeader + length) continue;
      on_message(type, AsBytes(buffer_).subspan(kHeader));
      Clear();
    }
    return lost;
  }

  void Reset() noexcept {
    Clear();
    skip_ = 0;
  }

 private:
  static constexpr std::size_t kHeader = 4;

  // Hellos are short and once a connection: the memory is not kept.
  void Clear() noexcept { std::string().swap(buffer_); }

  std::string buffer_;
  std::uint32_t skip_ = 0;
  bool skip_is_loss_ = false;
};

}  // namespace gander::protocol::tls

#endif  // GANDER_PROTOCOL_TLS_MESSAGE_BUFFER_H_

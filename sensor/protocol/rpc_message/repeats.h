// SPDX-License-Identifier: Apache-2.0
// Tells datagrams that come again: a client that lost patience sends its call once more under the same number, a server
// answers that from its cache (RFC 5531 §8), a mirror copies both. A call that was answered would otherwise seem to be
// another one that never was.
#ifndef GANDER_PROTOCOL_RPC_MESSAGE_REPEATS_H_
#define GANDER_PROTOCOL_RPC_MESSAGE_REPEATS_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "base/net.h"

namespace gander::protocol::rpc_message {

// Of one flow. Every byte counts: who changes one, and be it under a number that was used, is read.
class Repeats {
 public:
  static constexpr std::size_t kRemembered = 64;  // datagrams; clients have 16 to 64 calls under way

  // Whether the datagram is one of the latest, word for word; it is one of them from now on.
  bool HasSeen(Direction direction, Bytes datagram) noexcept {
    const std::uint64_t print = SipHash13(kKey, datagram) + Index(direction);
    if (std::find(prints_.begin(), prints_.end(), print) != prints_.end()) return true;
    if (prints_.size() < kRemembered) {
      prints_.push_back(print);
    } else {
      prints_[next_] = print;
      next_ = (next_ + 1) % kRemembered;
    }
    return false;
  }
  bool empty() const noexcept { return prints_.empty(); }
  // Gives its memory back.
  void Clear() noexcept {
    std::vector<std::uint64_t>().swap(prints_);
    next_ = 0;
  }

 private:
  static constexpr HashKey kKey{0x67616e6465722d72ULL, 0x70632d7265706561ULL};
  std::vector<std::uint64_t> prints_;  // a ring once it is full
  std::size_t next_ = 0;
};

}  // namespace gander::protocol::rpc_message

#endif  // GANDER_PROTOCOL_RPC_MESSAGE_REPEATS_H_

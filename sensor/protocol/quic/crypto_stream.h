// SPDX-License-Identifier: Apache-2.0
// The handshake bytes of one direction, put in order: CRYPTO frames come shuffled on purpose, so that boxes on the path
// do not come to rely on them.
#ifndef GANDER_PROTOCOL_QUIC_CRYPTO_STREAM_H_
#define GANDER_PROTOCOL_QUIC_CRYPTO_STREAM_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace gander::protocol::quic {

class CryptoStream {
 public:
  // Puts `bytes` at `offset`; what is there already stays. False when kMaxHello or kMaxStretches does not allow it.
  bool Put(std::uint64_t offset, Bytes bytes);
  // From the beginning up to the first hole. Valid until the next call.
  Bytes Front() const noexcept;
  // Hellos are read once a connection: the memory is not kept.
  void Clear() noexcept;

 private:
  struct Stretch {
    std::uint32_t begin, end;
  };

  std::string buffer_;
  std::vector<Stretch> stretches_;  // in order, with holes between them
};

}  // namespace gander::protocol::quic

#endif  // GANDER_PROTOCOL_QUIC_CRYPTO_STREAM_H_

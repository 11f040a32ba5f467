// SPDX-License-Identifier: Apache-2.0
// Keys of Initial packets (RFC 9001 §5). They protect against nobody who sees the client's first packet: only against
// boxes that would come to rely on its content.
#ifndef GANDER_PROTOCOL_QUIC_INITIAL_KEYS_H_
#define GANDER_PROTOCOL_QUIC_INITIAL_KEYS_H_

#include <openssl/types.h>

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "protocol/quic/packet.h"
#include "protocol/quic/quic.h"

namespace gander::protocol::quic {

enum class Sender : std::uint8_t { kClient, kServer };

// The OpenSSL contexts are made once: looking algorithms up takes OpenSSL's locks.
class InitialKeys {
 public:
  InitialKeys();
  ~InitialKeys();
  InitialKeys(const InitialKeys&) = delete;
  InitialKeys& operator=(const InitialKeys&) = delete;

  // From the destination connection id of the client's first packet. `version` has a salt.
  void Derive(const Version& version, Bytes connection_id) noexcept;
  // Decrypts the payload of an Initial packet into `plain`, of at least kMaxPacket bytes. Empty when it is not
  // authentic under these keys, or longer than kMaxPacket.
  Bytes Open(Sender sender, const Packet& packet, std::byte* plain) noexcept;

 private:
  struct Keys {
    std::array<std::uint8_t, 16> key, header;
    std::array<std::uint8_t, 12> iv;
  };
  using Digest = std::array<std::uint8_t, 32>;

  Digest Hmac(Bytes key, Bytes message) noexcept;
  template <std::size_t kLength>
  std::array<std::uint8_t, kLength> Expand(const Digest& secret, std::string_view label) noexcept;
  bool HeaderMask(const Keys& keys, Bytes sample, std::uint8_t* mask) noexcept;

  EVP_MD_CTX* digest_;
  EVP_CIPHER_CTX* header_;
  EVP_CIPHER_CTX* payload_;
  std::array<Keys, 2> keys_;
};

}  // namespace gander::protocol::quic

#endif  // GANDER_PROTOCOL_QUIC_INITIAL_KEYS_H_

// SPDX-License-Identifier: Apache-2.0
// The handshake of one connection, from whichever record layer: gathers what becomes its one tls event.
#ifndef GANDER_PROTOCOL_TLS_HANDSHAKE_H_
#define GANDER_PROTOCOL_TLS_HANDSHAKE_H_

#include <cstdint>
#include <vector>

#include "base/byte_reader.h"
#include "base/record.h"
#include "protocol/parser.h"

namespace gander::protocol::tls {

enum class MessageType : std::uint8_t { kClientHello = 1, kServerHello = 2, kCertificate = 11 };

class Handshake {
 public:
  // Whether OnMessage() wants a message of this type as a whole; others are passed over.
  static bool Wants(std::uint8_t type) noexcept {
    return type == static_cast<std::uint8_t>(MessageType::kClientHello) ||
           type == static_cast<std::uint8_t>(MessageType::kServerHello) ||
           type == static_cast<std::uint8_t>(MessageType::kCertificate);
  }
  // A whole message, without its header.
  void OnMessage(std::uint8_t type, Bytes body, Direction direction, bool datagram, MessageSink& sink);
  // An SSL 2 ClientHello opened the connection; it tells no more than this.
  void OnOldClientHello(Direction direction) noexcept;
  // Nothing more of interest will come in clear: writes the event, once, if there is anything to write.
  void Finish(MessageSink& sink);
  // ChangeCipherSpec or application data of a side. Behind a HelloRetryRequest a ChangeCipherSpec means
  // nothing (RFC 8446 appendix D.4); true when what follows on that side is ciphertext.
  bool OnCipherChange(Direction direction, MessageSink& sink);
  void SetPrevious(const char* protocol) noexcept { previous_ = protocol; }
  void Reset() noexcept;

 private:
  void OnClientHello(Bytes body, Direction direction, bool datagram, MessageSink& sink);
  void OnServerHello(Bytes body, Direction direction, MessageSink& sink);
  void OnCertificate(Bytes body, Direction direction, MessageSink& sink);
  void WriteChain(ByteReader& rest, MessageSink& sink);
  void Open() noexcept;

  static constexpr std::size_t kMaxChain = 8;  // certificates behind the leaf that are told

  Record record_;  // {"tls": {...  open until Finish()
  std::vector<std::byte> offered_session_;
  const char* previous_ = nullptr;  // protocol that changed to TLS
  std::uint16_t offered_version_ = 0;
  Direction client_ = Direction::kToServer;
  bool client_hello_ = false, server_hello_ = false, certificate_ = false, named_ = false;
  bool retry_ = false;  // a HelloRetryRequest came, the real ServerHello has not
  bool resumed_ = false;
  bool finished_ = false;
};

}  // namespace gander::protocol::tls

#endif  // GANDER_PROTOCOL_TLS_HANDSHAKE_H_

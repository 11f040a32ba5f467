// SPDX-License-Identifier: Apache-2.0
// ClientHello and ServerHello, read in place.
#ifndef GANDER_PROTOCOL_TLS_HELLO_HELLO_H_
#define GANDER_PROTOCOL_TLS_HELLO_HELLO_H_

#include <cstdint>
#include <string_view>

#include "base/byte_reader.h"
#include "base/bytes.h"

namespace gander::protocol::tls {

namespace extension {
inline constexpr std::uint16_t kServerName = 0, kGroups = 10, kPointFormats = 11, kSignatures = 13,
                               kAlpn = 16, kPreSharedKey = 41, kVersions = 43;
}  // namespace extension

// GREASE values (RFC 8701) stand for nothing and differ from one connection to the next.
constexpr bool IsGrease(std::uint16_t v) noexcept { return (v & 0x0f0f) == 0x0a0a && v >> 8 == (v & 0xff); }

// A list of two-byte values as it stands in the message.
class WordList {
 public:
  WordList() = default;
  explicit WordList(Bytes bytes) noexcept : bytes_(bytes) {}
  std::size_t size() const noexcept { return bytes_.size() / 2; }
  std::uint16_t operator[](std::size_t i) const noexcept {
    return static_cast<std::uint16_t>(Octets(bytes_)[2 * i] << 8 | Octets(bytes_)[2 * i + 1]);
  }

 private:
  Bytes bytes_;
};

// Calls `each(type, data)` for every extension in `block`; stops at a damaged one.
template <class F>
void ForEachExtension(Bytes block, F&& each) {
  ByteReader r(block);
  while (r.remaining() >= 4) {
    const std::uint16_t type = r.U16();
    const Bytes data = r.Take(r.U16());
    if (r.failed()) return;
    each(type, data);
  }
}

struct ClientHello {
  std::uint16_t version = 0;  // of the message, not what the client can do at most
  Bytes session_id;
  WordList ciphers, groups, signatures, versions;
  Bytes point_formats;
  Bytes extensions;  // the whole block
  std::string_view server_name;
  Bytes protocols;  // ALPN list: length-prefixed names
};
// `body` is the handshake message without its four-byte header. False when it is damaged before the
// extensions.
bool ParseClientHello(Bytes body, bool datagram, ClientHello& out) noexcept;

struct ServerHello {
  std::uint16_t version = 0;  // the one in force, from supported_versions if that is there
  std::uint16_t message_version = 0;
  Bytes session_id;
  std::uint16_t cipher = 0;
  Bytes extensions;
  std::string_view protocol;  // ALPN
  bool pre_shared_key = false;
  bool retry = false;  // HelloRetryRequest (RFC 8446 §4.1.4): the hellos start over
};
bool ParseServerHello(Bytes body, ServerHello& out) noexcept;

// First name of an ALPN list, removed from it; empty at the end.
std::string_view TakeProtocol(Bytes& list) noexcept;

// "TLS 1.2" as EVE writes it; empty for an unknown one.
std::string_view VersionName(std::uint16_t version) noexcept;

}  // namespace gander::protocol::tls

#endif  // GANDER_PROTOCOL_TLS_HELLO_HELLO_H_

// SPDX-License-Identifier: Apache-2.0
// QUIC (RFC 9000, 9001), version 2 (RFC 9369), the drafts and the Google versions still met, up to the point where
// it falls silent: what Initial packets say in the two hellos. Their keys follow from what the packets show (RFC 9001
// §5.2), so that anybody on the path can read them.
#ifndef GANDER_PROTOCOL_QUIC_QUIC_H_
#define GANDER_PROTOCOL_QUIC_QUIC_H_

#include "protocol/registry.h"

namespace gander::protocol {

extern const ProtocolInfo kQuic;

namespace quic {

// Bytes of one direction's handshake that are kept until the hello is complete. Hellos with post-quantum key shares
// need 2 KiB.
inline constexpr std::size_t kMaxHello = 16 << 10;
// Stretches of it with holes between them.
inline constexpr std::size_t kMaxStretches = 32;
// Largest Initial packet that is decrypted: a jumbo frame. Clients send 1200 to 1500 bytes (RFC 9000 §14.1).
inline constexpr std::size_t kMaxPacket = 9216;
// Datagrams of a flow that are looked at for its hellos; all behind them is ciphertext.
inline constexpr int kMaxDatagrams = 48;
// Initial packets that no key opens, before a flow is given up as one that began earlier.
inline constexpr int kMaxUnopened = 8;
// Length of a connection id (RFC 9000 §17.2).
inline constexpr std::size_t kMaxConnectionId = 20;
// Tags of a Google hello that are read; clients send some 25.
inline constexpr std::size_t kMaxTags = 64;

}  // namespace quic
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_QUIC_QUIC_H_

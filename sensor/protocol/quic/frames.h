// SPDX-License-Identifier: Apache-2.0
// Frames of Initial packets (RFC 9000 §12.4, §19): only what carries the handshake is of interest.
#ifndef GANDER_PROTOCOL_QUIC_FRAMES_H_
#define GANDER_PROTOCOL_QUIC_FRAMES_H_

#include "base/byte_reader.h"
#include "protocol/quic/packet.h"

namespace gander::protocol::quic {

// The next CRYPTO frame of `frames`, which moves behind it. False at the end and for a frame that is unknown or cut;
// `frames` is empty then, or stands at that frame.
bool TakeCrypto(Bytes& frames, Family family, std::uint64_t& offset, Bytes& data) noexcept;

// Data at the beginning of stream 1, where Google's clear versions have their hello. Empty when there is none.
Bytes FindGoogleHello(Bytes frames, std::uint32_t version) noexcept;

}  // namespace gander::protocol::quic

#endif  // GANDER_PROTOCOL_QUIC_FRAMES_H_

// SPDX-License-Identifier: Apache-2.0
// RTP and RTCP (RFC 3550) over UDP: which streams of which codec, what was lost, and who says to be there. Media is
// opaque; what people type on a telephone's keys (RFC 4733) and the source descriptions of RTCP are scanned.
#ifndef GANDER_PROTOCOL_RTP_RTP_H_
#define GANDER_PROTOCOL_RTP_RTP_H_

#include "protocol/registry.h"

namespace gander::protocol {

extern const ProtocolInfo kRtp;

namespace rtp {

// Streams (SSRCs) of a flow and direction; further ones are counted together. A flow holds about 700 bytes.
inline constexpr std::size_t kMaxStreams = 4;
// Digits of a stream that are held until they are scanned.
inline constexpr std::size_t kMaxDigits = 64;
// Packets in order of one stream after which nobody doubts that it is one, unless it was announced.
inline constexpr std::uint64_t kProof = 3;

}  // namespace rtp
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_RTP_RTP_H_

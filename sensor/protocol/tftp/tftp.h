// SPDX-License-Identifier: Apache-2.0
// TFTP (RFC 1350) with option negotiation (RFC 2347). The request goes to port 69; the transfer runs between two fresh
// ports and is recognised by its first block.
#ifndef GANDER_PROTOCOL_TFTP_TFTP_H_
#define GANDER_PROTOCOL_TFTP_TFTP_H_

#include "protocol/registry.h"

namespace gander::protocol {

extern const ProtocolInfo kTftp;

namespace tftp {

// Of a file's name and of a transfer mode; longer ones are cut.
inline constexpr std::size_t kMaxName = 512, kMaxMode = 16;
// The block size when none is negotiated; the smallest and the largest there is (RFC 2348).
inline constexpr std::size_t kBlock = 512, kMinBlock = 8, kMaxBlock = 65464;

}  // namespace tftp
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_TFTP_TFTP_H_

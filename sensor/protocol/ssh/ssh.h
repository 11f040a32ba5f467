// SPDX-License-Identifier: Apache-2.0
// SSH up to the first encrypted packet: banners (RFC 4253 §4.2) and what both sides offer (§7.1), with the HASSH
// fingerprints of the offers.
#ifndef GANDER_PROTOCOL_SSH_SSH_H_
#define GANDER_PROTOCOL_SSH_SSH_H_

#include "protocol/registry.h"

namespace gander::protocol {

extern const ProtocolInfo kSsh;

namespace ssh {

// RFC 4253 §4.2: a banner has at most 255 characters, line end included. A server may write other lines before it.
inline constexpr std::size_t kMaxLine = 255, kMaxLinesBefore = 32;
// Of a packet with an offer (KEXINIT); a longer one is left unread.
inline constexpr std::size_t kMaxOffer = 16 * 1024;

}  // namespace ssh
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_SSH_SSH_H_

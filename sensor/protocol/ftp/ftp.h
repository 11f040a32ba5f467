// SPDX-License-Identifier: Apache-2.0
// FTP (RFC 959, 2228, 2428, 3659): the control connection, and data connections it announced.
#ifndef GANDER_PROTOCOL_FTP_FTP_H_
#define GANDER_PROTOCOL_FTP_FTP_H_

#include "protocol/registry.h"

namespace gander::protocol {

extern const ProtocolInfo kFtp;
extern const ProtocolInfo kFtpData;

namespace ftp {

// Bytes of one line that are kept.
inline constexpr std::size_t kMaxLine = 4 << 10;
// Commands waiting for their reply; beyond, the oldest is given up as unanswered.
inline constexpr std::size_t kMaxPending = 16;
// Bytes of reply text kept for one command (directory listings by STAT can be long).
inline constexpr std::size_t kMaxReply = 8 << 10;

}  // namespace ftp
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_FTP_FTP_H_

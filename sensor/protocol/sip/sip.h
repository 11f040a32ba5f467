// SPDX-License-Identifier: Apache-2.0
// SIP (RFC 3261) over UDP and TCP: who calls whom, and the bodies (SDP, messages, presence).
#ifndef GANDER_PROTOCOL_SIP_SIP_H_
#define GANDER_PROTOCOL_SIP_SIP_H_

#include "protocol/registry.h"

namespace gander::protocol {

extern const ProtocolInfo kSip;

namespace sip {

// A head that spans chunks is put together up to so many bytes; the rest of a longer one is lost to the cap.
inline constexpr std::size_t kMaxHead = 16 * 1024;
// Header fields of one message that are scanned.
inline constexpr std::size_t kMaxFields = 128;

}  // namespace sip
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_SIP_SIP_H_

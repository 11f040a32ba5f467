// SPDX-License-Identifier: Apache-2.0
// How much of a message is to be put together before it is read: all, or, where it carries a file's octets, what stands
// before them.
#ifndef GANDER_PROTOCOL_SMB_EXTENT_H_
#define GANDER_PROTOCOL_SMB_EXTENT_H_

#include <cstdint>

#include "protocol/smb/connection.h"

namespace gander::protocol::smb {

// Of the message that begins with `front`, within `room` octets; FrameReader's kUnknown and kBad besides.
std::uint64_t ExtentOf(Bytes front, std::uint64_t room, Connection& connection);

// Of the whole message; its header is there.
std::uint64_t LengthOf(const Header& header, std::uint64_t room) noexcept;

}  // namespace gander::protocol::smb

#endif  // GANDER_PROTOCOL_SMB_EXTENT_H_

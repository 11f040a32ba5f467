// SPDX-License-Identifier: Apache-2.0
// Names in what a directory's listing, or a report of changes, answers.
#ifndef GANDER_PROTOCOL_SMB_LISTING_H_
#define GANDER_PROTOCOL_SMB_LISTING_H_

#include <cstdint>

#include "protocol/smb/connection.h"

namespace gander::protocol::smb {

// Layouts of entries ([MS-FSCC] §2.4, §2.7.1).
enum class Layout : std::uint16_t {
  kNone = 0, kDirectory = 1, kFull = 2, kBoth = 3, kNames = 12, kIdBoth = 37, kIdFull = 38, kNotify = 0x100,
};

// Each name is a field, "." and ".." aside.
void ReadListing(Bytes entries, Layout layout, bool unicode, Direction direction, MessageSink& sink);

}  // namespace gander::protocol::smb

#endif  // GANDER_PROTOCOL_SMB_LISTING_H_

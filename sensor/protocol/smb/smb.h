// SPDX-License-Identifier: Apache-2.0
// SMB 1 ([MS-CIFS], [MS-SMB]) and SMB 2 and 3 ([MS-SMB2]) over TCP, behind the session service of NetBIOS (RFC 1002
// §4.3) or its four octets alone (port 445), and NetBIOS' datagrams with SMB in them (§4.4). What SMB 3 encrypts or
// compresses is counted as such.
#ifndef GANDER_PROTOCOL_SMB_SMB_H_
#define GANDER_PROTOCOL_SMB_SMB_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Event "smb", as Suricata's: one a request with its answer; all reads of an opened file are one, all writes another,
// told when it is closed. What is read and written is a body (where = "smb.file"), see file_bodies.h. Names of files,
// shares, users and hosts are fields, of directories' listings too; text in named pipes is one (where = "smb.pipe").
extern const ProtocolInfo kSmb;

namespace smb {

// A message is put together up to so many octets, what is read or written aside; the rest of a longer one is lost to
// the cap.
inline constexpr std::size_t kMaxMessage = 64 * 1024;
// Requests whose answers are awaited, reads among them apart; beyond, the oldest is told without, or forgotten.
inline constexpr std::size_t kMaxPending = 64, kMaxReads = 128;
// Opened files and connected shares that are known by name; beyond, the one least recently used is forgotten.
inline constexpr std::size_t kMaxFiles = 128, kMaxTrees = 32;
// A name of a file, share or user; what is longer is cut.
inline constexpr std::size_t kMaxName = 1024;
// Dialects and interfaces of one request that are shown, interfaces that are remembered.
inline constexpr std::size_t kMaxDialects = 32, kMaxInterfaces = 32;
// Parts of files that wait for the file that is being read or written in the same direction, or for the part before
// them.
inline constexpr std::size_t kMaxHeld = 1024 * 1024, kMaxHeldParts = 256;

// So a flow holds, at the very most, two messages, kMaxHeld octets a direction and 300 kB of names and requests;
// between messages, with nothing opened, less than 2 kB.

}  // namespace smb
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_SMB_SMB_H_

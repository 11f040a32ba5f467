// SPDX-License-Identifier: Apache-2.0
// NFS version 2 (RFC 1094), 3 (RFC 1813), 4.0 (RFC 7530), 4.1 (RFC 8881) and 4.2 (RFC 7862, RFC 8276) over TCP and UDP.
#ifndef GANDER_PROTOCOL_NFS_NFS_H_
#define GANDER_PROTOCOL_NFS_NFS_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Event "nfs": {"rpc": {"xid", "status", "auth_type", "creds"}, "nfs": {"version", "procedure", "filename", "hhash",
// "id", "file_tx", "type", "status", "read" | "write" | "rename"}}, one a call with its reply and one a file read or
// written. Names, links and the client's name are fields; a file's octets are a body (where = "nfs.file"): what is read
// or written of one handle in order. Of files whose parts alternate each part is a body, unless it waits within
// kMaxWaiting.
extern const ProtocolInfo kNfs;

namespace nfs {

// A flow holds no more than this: calls without a reply, names of handles, and parts of files that come before their
// turn.
inline constexpr std::size_t kMaxCalls = 64;
inline constexpr std::size_t kMaxNames = 128;
inline constexpr std::size_t kMaxName = 255;  // octets kept of a name; RFC 1813 §2.5 leaves the limit to servers
inline constexpr std::size_t kMaxWaiting = 256 * 1024, kMaxWaitingParts = 16;
// RFC 1813 §2.4, RFC 7530 §3.1.
inline constexpr std::size_t kHandle2 = 32, kMaxHandle3 = 64, kMaxHandle4 = 128;
// Operations of a compound; servers take some tens.
inline constexpr std::uint32_t kMaxOperations = 1024;

}  // namespace nfs
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_NFS_NFS_H_

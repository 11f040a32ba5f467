// SPDX-License-Identifier: Apache-2.0
// What procedures, operations and results are called.
#ifndef GANDER_PROTOCOL_NFS_NAMES_H_
#define GANDER_PROTOCOL_NFS_NAMES_H_

#include <cstdint>

namespace gander::protocol::nfs {

// Procedures of versions 2 and 3, whatever their number there.
enum class Procedure : std::uint8_t {
  kNull, kGetattr, kSetattr, kRoot, kLookup, kAccess, kReadlink, kRead, kWritecache, kWrite, kCreate, kMkdir, kSymlink,
  kMknod, kRemove, kRmdir, kRename, kLink, kReaddir, kReaddirplus, kStatfs, kFsstat, kFsinfo, kPathconf, kCommit, kUnknown
};
Procedure ProcedureOf(std::uint32_t version, std::uint32_t number) noexcept;
const char* NameOf(Procedure procedure) noexcept;

// Operations of a compound of version 4.
enum Operation : std::uint32_t {
  kOpClose = 4, kOpCommit = 5, kOpCreate = 6, kOpGetfh = 10, kOpLink = 11, kOpLock = 12, kOpLookup = 15, kOpOpen = 18,
  kOpPutfh = 22, kOpRead = 25, kOpReaddir = 26, kOpReadlink = 27, kOpRemove = 28, kOpRename = 29, kOpSecinfo = 33,
  kOpSetattr = 34, kOpSetclientid = 35, kOpWrite = 38, kOpExchangeId = 42, kOpCreateSession = 43,
  kOpLayoutget = 50, kOpLayoutreturn = 51, kOpSecinfoNoName = 52, kOpCopy = 60, kOpReadPlus = 68, kOpClone = 71,
  kOpGetxattr = 72, kOpSetxattr = 73, kOpListxattrs = 74, kOpRemovexattr = 75, kOperations = 76
};
const char* OperationName(std::uint32_t operation) noexcept;  // null for one that there is not

// "OK", "ERR_NOENT"; null for one that is not known.
const char* ResultName(std::uint32_t status) noexcept;

}  // namespace gander::protocol::nfs

#endif  // GANDER_PROTOCOL_NFS_NAMES_H_

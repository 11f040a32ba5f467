// SPDX-License-Identifier: Apache-2.0
#include "protocol/nfs/names.h"

#include <iterator>

namespace gander::protocol::nfs {
namespace {

using enum Procedure;

constexpr Procedure kVersion2[] = {kNull, kGetattr, kSetattr, kRoot, kLookup, kReadlink, kRead, kWritecache, kWrite,
                                   kCreate, kRemove, kRename, kLink, kSymlink, kMkdir, kRmdir, kReaddir, kStatfs};
constexpr Procedure kVersion3[] = {kNull, kGetattr, kSetattr, kLookup, kAccess, kReadlink, kRead, kWrite,
                                   kCreate, kMkdir, kSymlink, kMknod, kRemove, kRmdir, kRename, kLink,
                                   kReaddir, kReaddirplus, kFsstat, kFsinfo, kPathconf, kCommit};

constexpr const char* kProcedureNames[] = {
    "NULL", "GETATTR", "SETATTR", "ROOT", "LOOKUP", "ACCESS", "READLINK", "READ", "WRITECACHE", "WRITE",
    "CREATE", "MKDIR", "SYMLINK", "MKNOD", "REMOVE", "RMDIR", "RENAME", "LINK", "READDIR", "READDIRPLUS",
    "STATFS", "FSSTAT", "FSINFO", "PATHCONF", "COMMIT", "UNKNOWN"};

constexpr const char* kOperationNames[kOperations] = {
    nullptr, nullptr, nullptr, "ACCESS", "CLOSE", "COMMIT", "CREATE", "DELEGPURGE", "DELEGRETURN", "GETATTR",
    "GETFH", "LINK", "LOCK", "LOCKT", "LOCKU", "LOOKUP", "LOOKUPP", "NVERIFY", "OPEN", "OPENATTR",
    "OPEN_CONFIRM", "OPEN_DOWNGRADE", "PUTFH", "PUTPUBFH", "PUTROOTFH", "READ", "READDIR", "READLINK", "REMOVE", "RENAME",
    "RENEW", "RESTOREFH", "SAVEFH", "SECINFO", "SETATTR", "SETCLIENTID", "SETCLIENTID_CONFIRM", "VERIFY", "WRITE",
    "RELEASE_LOCKOWNER", "BACKCHANNEL_CTL", "BIND_CONN_TO_SESSION", "EXCHANGE_ID", "CREATE_SESSION", "DESTROY_SESSION",
    "FREE_STATEID", "GET_DIR_DELEGATION", "GETDEVICEINFO", "GETDEVICELIST", "LAYOUTCOMMIT", "LAYOUTGET", "LAYOUTRETURN",
    "SECINFO_NO_NAME", "SEQUENCE", "SET_SSV", "TEST_STATEID", "WANT_DELEGATION", "DESTROY_CLIENTID", "RECLAIM_COMPLETE",
    "ALLOCATE", "COPY", "COPY_NOTIFY", "DEALLOCATE", "IO_ADVISE", "LAYOUTERROR", "LAYOUTSTATS", "OFFLOAD_CANCEL",
    "OFFLOAD_STATUS", "READ_PLUS", "SEEK", "WRITE_SAME", "CLONE", "GETXATTR", "SETXATTR", "LISTXATTRS", "REMOVEXATTR"};

struct Result {
  std::uint32_t status;
  const char* name;
};
constexpr Result kResults[] = {
    {0, "OK"}, {1, "ERR_PERM"}, {2, "ERR_NOENT"}, {5, "ERR_IO"}, {6, "ERR_NXIO"}, {13, "ERR_ACCES"}, {17, "ERR_EXIST"},
    {18, "ERR_XDEV"}, {19, "ERR_NODEV"}, {20, "ERR_NOTDIR"}, {21, "ERR_ISDIR"}, {22, "ERR_INVAL"}, {27, "ERR_FBIG"},
    {28, "ERR_NOSPC"}, {30, "ERR_ROFS"}, {31, "ERR_MLINK"}, {63, "ERR_NAMETOOLONG"}, {66, "ERR_NOTEMPTY"},
    {69, "ERR_DQUOT"}, {70, "ERR_STALE"}, {71, "ERR_REMOTE"}, {95, "ERR_NOXATTR"}, {96, "ERR_XATTR2BIG"}};
// From 10001 on, without a hole.
constexpr const char* kLaterResults[] = {
    "ERR_BADHANDLE", "ERR_NOT_SYNC", "ERR_BAD_COOKIE", "ERR_NOTSUPP", "ERR_TOOSMALL", "ERR_SERVERFAULT", "ERR_BADTYPE",
    "ERR_JUKEBOX", "ERR_SAME", "ERR_DENIED", "ERR_EXPIRED", "ERR_LOCKED", "ERR_GRACE", "ERR_FHEXPIRED", "ERR_SHARE_DENIED",
    "ERR_WRONGSEC", "ERR_CLID_INUSE", "ERR_RESOURCE", "ERR_MOVED", "ERR_NOFILEHANDLE", "ERR_MINOR_VERS_MISMATCH",
    "ERR_STALE_CLIENTID", "ERR_STALE_STATEID", "ERR_OLD_STATEID", "ERR_BAD_STATEID", "ERR_BAD_SEQID", "ERR_NOT_SAME",
    "ERR_LOCK_RANGE", "ERR_SYMLINK", "ERR_RESTOREFH", "ERR_LEASE_MOVED", "ERR_ATTRNOTSUPP", "ERR_NO_GRACE",
    "ERR_RECLAIM_BAD", "ERR_RECLAIM_CONFLICT", "ERR_BADXDR", "ERR_LOCKS_HELD", "ERR_OPENMODE", "ERR_BADOWNER",
    "ERR_BADCHAR", "ERR_BADNAME", "ERR_BAD_RANGE", "ERR_LOCK_NOTSUPP", "ERR_OP_ILLEGAL", "ERR_DEADLOCK", "ERR_FILE_OPEN",
    "ERR_ADMIN_REVOKED", "ERR_CB_PATH_DOWN", "ERR_BADIOMODE", "ERR_BADLAYOUT", "ERR_BAD_SESSION_DIGEST", "ERR_BADSESSION",
    "ERR_BADSLOT", "ERR_COMPLETE_ALREADY", "ERR_CONN_NOT_BOUND_TO_SESSION", "ERR_DELEG_ALREADY_WANTED",
    "ERR_BACK_CHAN_BUSY", "ERR_LAYOUTTRYLATER", "ERR_LAYOUTUNAVAILABLE", "ERR_NOMATCHING_LAYOUT", "ERR_RECALLCONFLICT",
    "ERR_UNKNOWN_LAYOUTTYPE", "ERR_SEQ_MISORDERED", "ERR_SEQUENCE_POS", "ERR_REQ_TOO_BIG", "ERR_REP_TOO_BIG",
    "ERR_REP_TOO_BIG_TO_CACHE", "ERR_RETRY_UNCACHED_REP", "ERR_UNSAFE_COMPOUND", "ERR_TOO_MANY_OPS",
    "ERR_OP_NOT_IN_SESSION", "ERR_HASH_ALG_UNSUPP"};

}  // namespace

Procedure ProcedureOf(std::uint32_t version, std::uint32_t number) noexcept {
  if (version == 2) return number < std::size(kVersion2) ? kVersion2[number] : kUnknown;
  return version == 3 && number < std::size(kVersion3) ? kVersion3[number] : kUnknown;
}

const char* NameOf(Procedure procedure) noexcept { return kProcedureNames[static_cast<std::size_t>(procedure)]; }

const char* OperationName(std::uint32_t operation) noexcept {
  return operation < kOperations ? kOperationNames[operation] : nullptr;
}

const char* ResultName(std::uint32_t status) noexcept {
  constexpr std::uint32_t kFirstLater = 10001;
  if (status >= kFirstLater && status - kFirstLater < std::size(kLaterResults)) return kLaterResults[status - kFirstLater];
  for (const Result& result : kResults) {
    if (result.status == status) return result.name;
  }
  return nullptr;
}

}  // namespace gander::protocol::nfs

// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/names.h"

#include <charconv>
#include <iterator>

#include "protocol/smb/name_table.h"

namespace gander::protocol::smb {
namespace {

std::string_view Number(std::uint32_t code, NameText& scratch) noexcept {
  const auto end = std::to_chars(scratch.text, scratch.text + sizeof scratch.text, code).ptr;
  return {scratch.text, static_cast<std::size_t>(end - scratch.text)};
}

template <std::size_t N>
std::string_view NameOr(const Name (&names)[N], std::uint32_t code, NameText& scratch) noexcept {
  const char* name = FindName(names, code);
  return name != nullptr ? name : Number(code, scratch);
}

constexpr Name kCommands1[] = {
    {0x00, "SMB1_COMMAND_CREATE_DIRECTORY"},
    {0x01, "SMB1_COMMAND_DELETE_DIRECTORY"},
    {0x02, "SMB1_COMMAND_OPEN"},
    {0x03, "SMB1_COMMAND_CREATE"},
    {0x04, "SMB1_COMMAND_CLOSE"},
    {0x05, "SMB1_COMMAND_FLUSH"},
    {0x06, "SMB1_COMMAND_DELETE"},
    {0x07, "SMB1_COMMAND_RENAME"},
    {0x08, "SMB1_COMMAND_QUERY_INFORMATION"},
    {0x09, "SMB1_COMMAND_SET_INFORMATION"},
    {0x0a, "SMB1_COMMAND_READ"},
    {0x0b, "SMB1_COMMAND_WRITE"},
    {0x0c, "SMB1_COMMAND_LOCK_BYTE_RANGE"},
    {0x0d, "SMB1_COMMAND_UNLOCK_BYTE_RANGE"},
    {0x0e, "SMB1_COMMAND_CREATE_TEMPORARY"},
    {0x0f, "SMB1_COMMAND_CREATE_NEW"},
    {0x10, "SMB1_COMMAND_CHECK_DIRECTORY"},
    {0x11, "SMB1_COMMAND_PROCESS_EXIT"},
    {0x12, "SMB1_COMMAND_SEEK"},
    {0x13, "SMB1_COMMAND_LOCK_AND_READ"},
    {0x14, "SMB1_COMMAND_WRITE_AND_UNLOCK"},
    {0x24, "SMB1_COMMAND_LOCKING_ANDX"},
    {0x25, "SMB1_COMMAND_TRANS"},
    {0x2b, "SMB1_COMMAND_ECHO"},
    {0x2c, "SMB1_COMMAND_WRITE_AND_CLOSE"},
    {0x2d, "SMB1_COMMAND_OPEN_ANDX"},
    {0x2e, "SMB1_COMMAND_READ_ANDX"},
    {0x2f, "SMB1_COMMAND_WRITE_ANDX"},
    {0x32, "SMB1_COMMAND_TRANS2"},
    {0x33, "SMB1_COMMAND_TRANS2_SECONDARY"},
    {0x34, "SMB1_COMMAND_FIND_CLOSE2"},
    {0x71, "SMB1_COMMAND_TREE_DISCONNECT"},
    {0x72, "SMB1_COMMAND_NEGOTIATE_PROTOCOL"},
    {0x73, "SMB1_COMMAND_SESSION_SETUP_ANDX"},
    {0x74, "SMB1_COMMAND_LOGOFF_ANDX"},
    {0x75, "SMB1_COMMAND_TREE_CONNECT_ANDX"},
    {0x80, "SMB1_COMMAND_QUERY_INFO_DISK"},
    {0xa0, "SMB1_COMMAND_NT_TRANS"},
    {0xa1, "SMB1_COMMAND_NT_TRANS_SECONDARY"},
    {0xa2, "SMB1_COMMAND_NT_CREATE_ANDX"},
    {0xa4, "SMB1_COMMAND_NT_CANCEL"},
};

constexpr Name kCommands2[] = {
    {0, "SMB2_COMMAND_NEGOTIATE_PROTOCOL"},
    {1, "SMB2_COMMAND_SESSION_SETUP"},
    {2, "SMB2_COMMAND_SESSION_LOGOFF"},
    {3, "SMB2_COMMAND_TREE_CONNECT"},
    {4, "SMB2_COMMAND_TREE_DISCONNECT"},
    {5, "SMB2_COMMAND_CREATE"},
    {6, "SMB2_COMMAND_CLOSE"},
    {7, "SMB2_COMMAND_FLUSH"},
    {8, "SMB2_COMMAND_READ"},
    {9, "SMB2_COMMAND_WRITE"},
    {10, "SMB2_COMMAND_LOCK"},
    {11, "SMB2_COMMAND_IOCTL"},
    {12, "SMB2_COMMAND_CANCEL"},
    {13, "SMB2_COMMAND_KEEPALIVE"},
    {14, "SMB2_COMMAND_FIND"},
    {15, "SMB2_COMMAND_CHANGE_NOTIFY"},
    {16, "SMB2_COMMAND_GET_INFO"},
    {17, "SMB2_COMMAND_SET_INFO"},
    {18, "SMB2_COMMAND_OPLOCK_BREAK"},
};

constexpr Name kDialects[] = {
    {0x0202, "2.02"}, {0x0210, "2.10"}, {0x0222, "2.22"}, {0x0224, "2.24"}, {0x02ff, "2.??"},
    {0x0300, "3.00"}, {0x0302, "3.02"}, {0x0310, "3.10"}, {0x0311, "3.11"},
};

// [MS-FSCC] §2.3, [MS-SMB2] §2.2.31.
constexpr Name kControls[] = {
    {0x00060194, "FSCTL_DFS_GET_REFERRALS"},
    {0x000601b0, "FSCTL_DFS_GET_REFERRALS_EX"},
    {0x0009003c, "FSCTL_GET_COMPRESSION"},
    {0x00090060, "FSCTL_FILESYSTEM_GET_STATISTICS"},
    {0x00090064, "FSCTL_GET_NTFS_VOLUME_DATA"},
    {0x00090073, "FSCTL_GET_RETRIEVAL_POINTERS"},
    {0x0009009c, "FSCTL_GET_OBJECT_ID"},
    {0x000900a4, "FSCTL_SET_REPARSE_POINT"},
    {0x000900a8, "FSCTL_GET_REPARSE_POINT"},
    {0x000900c0, "FSCTL_CREATE_OR_GET_OBJECT_ID"},
    {0x000900c4, "FSCTL_SET_SPARSE"},
    {0x0009027c, "FSCTL_GET_INTEGRITY_INFORMATION"},
    {0x00090284, "FSCTL_QUERY_FILE_REGIONS"},
    {0x000940bb, "FSCTL_READ_USN_JOURNAL"},
    {0x000940cf, "FSCTL_QUERY_ALLOCATED_RANGES"},
    {0x000940eb, "FSCTL_READ_FILE_USN_DATA"},
    {0x00094264, "FSCTL_OFFLOAD_READ"},
    {0x00098098, "FSCTL_SET_OBJECT_ID"},
    {0x000980c8, "FSCTL_SET_ZERO_DATA"},
    {0x00098208, "FSCTL_FILE_LEVEL_TRIM"},
    {0x00098268, "FSCTL_OFFLOAD_WRITE"},
    {0x0009c040, "FSCTL_SET_COMPRESSION"},
    {0x0009c280, "FSCTL_SET_INTEGRITY_INFORMATION"},
    {0x00110018, "FSCTL_PIPE_WAIT"},
    {0x0011400c, "FSCTL_PIPE_PEEK"},
    {0x0011c017, "FSCTL_PIPE_TRANSCEIVE"},
    {0x00140078, "FSCTL_SRV_REQUEST_RESUME_KEY"},
    {0x001401d4, "FSCTL_LMR_REQUEST_RESILIENCY"},
    {0x001401fc, "FSCTL_QUERY_NETWORK_INTERFACE_INFO"},
    {0x00140200, "FSCTL_VALIDATE_NEGOTIATE_INFO_224"},
    {0x00140204, "FSCTL_VALIDATE_NEGOTIATE_INFO"},
    {0x00144064, "FSCTL_SRV_ENUMERATE_SNAPSHOTS"},
    {0x001440f2, "FSCTL_SRV_COPYCHUNK"},
    {0x001441bb, "FSCTL_SRV_READ_HASH"},
    {0x001480f2, "FSCTL_SRV_COPYCHUNK_WRITE"},
};

constexpr const char* kDispositions[] = {"FILE_SUPERSEDE", "FILE_OPEN",      "FILE_CREATE",
                                         "FILE_OPEN_IF",   "FILE_OVERWRITE", "FILE_OVERWRITE_IF"};

// C706 §12.6.4.1.
constexpr const char* kRpcTypes[] = {
    "REQUEST",   "PING",       "RESPONSE", "FAULT",    "WORKING",       "NOCALL",             "REJECT",
    "ACK",       "CL_CANCEL",  "FACK",     "CANCEL_ACK", "BIND",        "BINDACK",            "BINDNAK",
    "ALTER_CONTEXT", "ALTER_CONTEXT_RESP", "AUTH3",    "SHUTDOWN",      "CO_CANCEL",          "ORPHANED",
    "RTS"};

}  // namespace

std::string_view CommandName(Version version, std::uint16_t command, NameText& scratch) noexcept {
  return version == Version::kSmb1 ? NameOr(kCommands1, command, scratch) : NameOr(kCommands2, command, scratch);
}

std::string_view DialectName(std::uint16_t dialect, NameText& scratch) noexcept {
  return NameOr(kDialects, dialect, scratch);
}

std::string_view ControlName(std::uint32_t code, NameText& scratch) noexcept {
  return NameOr(kControls, code, scratch);
}

const char* DispositionName(std::uint32_t disposition) noexcept {
  return disposition < std::size(kDispositions) ? kDispositions[disposition] : "UNKNOWN";
}

const char* RpcTypeName(std::uint8_t type) noexcept {
  return type < std::size(kRpcTypes) ? kRpcTypes[type] : "UNKNOWN";
}

}  // namespace gander::protocol::smb

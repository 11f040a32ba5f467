// SPDX-License-Identifier: Apache-2.0
// The head that every message begins with.
#ifndef GANDER_PROTOCOL_SMB_HEADER_H_
#define GANDER_PROTOCOL_SMB_HEADER_H_

#include <cstdint>

#include "base/bytes.h"

namespace gander::protocol::smb {

// The octet before "SMB".
enum class Version : std::uint8_t { kNone = 0, kSmb1 = 0xff, kSmb2 = 0xfe, kEncrypted = 0xfd, kCompressed = 0xfc };

// Commands of SMB 1 ([MS-CIFS] §2.2.2.1).
enum class Command1 : std::uint8_t {
  kCreateDirectory = 0x00,
  kDeleteDirectory = 0x01,
  kOpen = 0x02,
  kCreate = 0x03,
  kClose = 0x04,
  kDelete = 0x06,
  kRename = 0x07,
  kQueryInformation = 0x08,
  kSetInformation = 0x09,
  kRead = 0x0a,
  kWrite = 0x0b,
  kCreateTemporary = 0x0e,
  kCreateNew = 0x0f,
  kCheckDirectory = 0x10,
  kLockAndRead = 0x13,
  kWriteAndUnlock = 0x14,
  kLockingAndX = 0x24,
  kTransaction = 0x25,
  kWriteAndClose = 0x2c,
  kOpenAndX = 0x2d,
  kReadAndX = 0x2e,
  kWriteAndX = 0x2f,
  kTransaction2 = 0x32,
  kTransaction2Secondary = 0x33,
  kTreeConnect = 0x70,
  kTreeDisconnect = 0x71,
  kNegotiate = 0x72,
  kSessionSetupAndX = 0x73,
  kLogoffAndX = 0x74,
  kTreeConnectAndX = 0x75,
  kNtCreateAndX = 0xa2,
  kNtCancel = 0xa4,
  kNone = 0xff,
};

// Commands of SMB 2 ([MS-SMB2] §2.2.1.2), from 0.
enum class Command2 : std::uint16_t {
  kNegotiate,
  kSessionSetup,
  kLogoff,
  kTreeConnect,
  kTreeDisconnect,
  kCreate,
  kClose,
  kFlush,
  kRead,
  kWrite,
  kLock,
  kIoctl,
  kCancel,
  kEcho,
  kQueryDirectory,
  kChangeNotify,
  kQueryInfo,
  kSetInfo,
  kOplockBreak,
};

struct Status {
  std::uint32_t code = 0;
  bool dos = false;  // class in the low octet, code in the high half
  bool ok() const noexcept { return code == 0; }
  // Data came, more of it did not fit.
  bool has_data() const noexcept { return code == 0 || code == 0x80000005; }
  bool pending() const noexcept { return code == 0x103; }
  bool end_of_file() const noexcept { return code == 0xc0000011; }
};

struct Header {
  Version version = Version::kNone;
  bool response = false;
  bool async = false;    // SMB 2: no tree is named
  bool related = false;  // SMB 2: to the message before it
  bool unicode = false;
  std::uint16_t command = 0;
  Status status;
  std::uint32_t next = 0;        // SMB 2: where the next message begins, 0 = nowhere
  std::uint64_t message_id = 0;  // SMB 1: process and multiplex id
  std::uint64_t session = 0;     // SMB 1: user id
  std::uint32_t tree = 0;
  Command1 command1() const noexcept { return static_cast<Command1>(command); }
  Command2 command2() const noexcept { return static_cast<Command2>(command); }
};

inline constexpr std::size_t kSmb1Header = 32, kSmb2Header = 64, kSealedHeader = 52;
inline constexpr std::size_t kMagic = 4;

// By its first octets, of which fewer than four may be there; kNone when no message begins so.
Version VersionOf(Bytes front) noexcept;
// Of SMB 1 and 2; the message has its header.
Header ReadHeader(Bytes message) noexcept;

// A handle: that of SMB 2; of SMB 1 the file id and the user's.
struct FileId {
  std::uint64_t persistent = 0, transient = 0;
  bool operator==(const FileId&) const noexcept = default;
};
// "The file of the message before" in a chain ([MS-SMB2] §3.2.4.1.4).
inline constexpr FileId kRelatedFile{~std::uint64_t{0}, ~std::uint64_t{0}};

// Little-endian; 0 and nothing where the message ends before.
std::uint64_t Field(Bytes message, std::size_t at, std::size_t octets) noexcept;
Bytes Range(Bytes message, std::uint64_t at, std::uint64_t length) noexcept;  // as much of it as there is
FileId FileIdAt(Bytes message, std::size_t at) noexcept;

}  // namespace gander::protocol::smb

#endif  // GANDER_PROTOCOL_SMB_HEADER_H_

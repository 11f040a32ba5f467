// SPDX-License-Identifier: Apache-2.0
// The records of a ZIP archive (PKWARE APPNOTE.TXT 6.3.10, section 4.3) as far as a reader needs them that sees them
// stream by. All numbers are little-endian.
#ifndef GANDER_CONTENT_ZIP_ENTRY_H_
#define GANDER_CONTENT_ZIP_ENTRY_H_

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace gander::content {

enum class ZipRecord : std::uint8_t {
  kNone,
  kLocal,       // 4.3.7: a member begins
  kDescriptor,  // 4.3.9: sizes, behind a member whose header could not tell them
  kCentral,     // 4.3.12: what the directory says of a member
  kEnd,         // 4.3.16
  kEnd64,       // 4.3.14
  kLocator64,   // 4.3.15
};

inline constexpr std::size_t kZipSignatureBytes = 4;
// Of the part whose size is fixed, signature excluded.
inline constexpr std::size_t kZipLocalBytes = 26, kZipCentralBytes = 42, kZipEndBytes = 18, kZipEnd64Bytes = 52,
                             kZipLocatorBytes = 16;

// What the four bytes in front of `b` announce.
ZipRecord ZipRecordOf(Bytes b) noexcept;
// Bytes of its fixed part.
std::size_t ZipFixedBytes(ZipRecord record) noexcept;

// A member by its local header, or by its record in the directory.
struct ZipEntry {
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint64_t packed = 0;  // bytes as stored
  std::uint64_t size = 0;    // bytes of the file
  std::uint16_t name_length = 0, extra_length = 0, comment_length = 0;
  bool wide = false;  // its sizes have eight bytes

  // 4.4.4, bits 0 and 6; method 99 is AES as WinZip does it.
  bool encrypted() const noexcept { return (flags & 0x41) != 0 || method == 99; }
  bool size_follows() const noexcept { return (flags & 0x08) != 0; }
  // Of members packed with LZMA (5.8.9).
  bool has_end_marker() const noexcept { return (flags & 0x02) != 0; }
  bool utf8() const noexcept { return (flags & 0x0800) != 0; }
  // The header hides its values (bit 13): sizes and names of the directory are others.
  bool masked() const noexcept { return (flags & 0x2000) != 0; }
};

ZipEntry ReadZipLocal(Bytes fixed) noexcept;
ZipEntry ReadZipCentral(Bytes fixed) noexcept;
// The comment's length of the record that ends an archive.
std::uint16_t ZipCommentLength(Bytes end_fixed) noexcept;

// Sizes of eight bytes (4.5.3) go to `entry`. Returns the name in UTF-8 (4.6.9), a view into `extra`, if there is one
// that belongs to `name`.
std::string_view ReadZipExtra(Bytes extra, Bytes name, ZipEntry& entry) noexcept;

// One number for a member, to compare what members were seen with what the directory says: the numbers of all are
// added up, so no list is kept. Whoever wants to can make two archives agree; nothing but a remark depends on it.
std::uint64_t ZipFingerprint(std::string_view name, std::uint64_t packed, std::uint64_t size) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_ZIP_ENTRY_H_

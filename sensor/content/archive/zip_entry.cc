// SPDX-License-Identifier: Apache-2.0
#include "content/archive/zip_entry.h"

#include <zlib.h>

#include "base/hash.h"
#include "protocol/framing/little_reader.h"

namespace gander::content {
namespace {

using protocol::framing::LittleReader;

constexpr std::uint32_t kInExtra = 0xffffffff;  // the size stands in the extra field
constexpr std::uint64_t kSizesId = 0x0001, kUnicodePathId = 0x7075;

std::uint16_t U16(LittleReader& in) noexcept { return static_cast<std::uint16_t>(in.Integer(2)); }

// The fields both headers have in the same order, from the flags on.
ZipEntry ReadCommon(LittleReader& in) noexcept {
  ZipEntry e;
  e.flags = U16(in);
  e.method = U16(in);
  in.Take(4 + 4);  // time, checksum
  e.packed = in.Integer(4);
  e.size = in.Integer(4);
  e.name_length = U16(in);
  e.extra_length = U16(in);
  return e;
}

void ReadSizes(LittleReader field, ZipEntry& entry) noexcept {
  entry.wide = true;
  if (entry.size == kInExtra && field.remaining() >= 8) entry.size = field.Integer(8);
  if (entry.packed == kInExtra && field.remaining() >= 8) entry.packed = field.Integer(8);
}

std::string_view ReadUnicodePath(LittleReader field, Bytes name) noexcept {
  const std::uint64_t version = field.Integer(1);
  const std::uint64_t checksum = field.Integer(4);
  if (field.failed() || version != 1) return {};
  const bool belongs = checksum == crc32(0, Octets(name), static_cast<uInt>(name.size()));
  return belongs ? AsText(field.rest()) : std::string_view();
}

}  // namespace

ZipRecord ZipRecordOf(Bytes b) noexcept {
  if (b.size() < kZipSignatureBytes || AsText(b.first(2)) != "PK") return ZipRecord::kNone;
  switch (Octets(b)[2] << 8 | Octets(b)[3]) {
    case 0x0304:
      return ZipRecord::kLocal;
    case 0x0708:
      return ZipRecord::kDescriptor;
    case 0x0102:
      return ZipRecord::kCentral;
    case 0x0506:
      return ZipRecord::kEnd;
    case 0x0606:
      return ZipRecord::kEnd64;
    case 0x0607:
      return ZipRecord::kLocator64;
    default:
      return ZipRecord::kNone;
  }
}

std::size_t ZipFixedBytes(ZipRecord record) noexcept {
  switch (record) {
    case ZipRecord::kNone:
    case ZipRecord::kDescriptor:
      return 0;
    case ZipRecord::kLocal:
      return kZipLocalBytes;
    case ZipRecord::kCentral:
      return kZipCentralBytes;
    case ZipRecord::kEnd:
      return kZipEndBytes;
    case ZipRecord::kEnd64:
      return kZipEnd64Bytes;
    case ZipRecord::kLocator64:
      return kZipLocatorBytes;
  }
  return 0;
}

ZipEntry ReadZipLocal(Bytes fixed) noexcept {
  LittleReader in(fixed);
  in.Take(2);  // version needed
  return ReadCommon(in);
}

ZipEntry ReadZipCentral(Bytes fixed) noexcept {
  LittleReader in(fixed);
  in.Take(2 + 2);  // versions made by and needed
  ZipEntry e = ReadCommon(in);
  e.comment_length = U16(in);
  return e;
}

std::uint16_t ZipCommentLength(Bytes end_fixed) noexcept {
  LittleReader in(end_fixed);
  in.Take(kZipEndBytes - 2);
  return U16(in);
}

std::string_view ReadZipExtra(Bytes extra, Bytes name, ZipEntry& entry) noexcept {
  std::string_view unicode;
  LittleReader in(extra);
  while (in.remaining() >= 4) {
    const std::uint64_t id = in.Integer(2);
    const std::uint64_t length = in.Integer(2);
    const LittleReader field(in.Take(length));
    if (in.failed()) break;
    if (id == kSizesId) ReadSizes(field, entry);
    if (id == kUnicodePathId) unicode = ReadUnicodePath(field, name);
  }
  return unicode;
}

std::uint64_t ZipFingerprint(std::string_view name, std::uint64_t packed, std::uint64_t size) noexcept {
  constexpr HashKey kKey = {0x7a69702d6d656d62, 0x6572732d73656e73};  // the same in every run
  return Mix64(Mix64(SipHash13(kKey, AsBytes(name)) ^ packed) ^ size);
}

}  // namespace gander::content

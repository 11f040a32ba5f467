// SPDX-License-Identifier: Apache-2.0
#include "content/archive/tar_header.h"

#include <algorithm>
#include <optional>

namespace gander::content {
namespace {

// Offsets and lengths of fields.
constexpr std::size_t kName = 0, kNameBytes = 100;
constexpr std::size_t kSize = 124, kSizeBytes = 12;
constexpr std::size_t kChecksum = 148, kChecksumBytes = 8;
constexpr std::size_t kType = 156;
constexpr std::size_t kMagic = 257;
constexpr std::size_t kPrefix = 345, kPrefixBytes = 155;
// GNU's sparse files: whether the map goes on, in the header and in a block of map.
constexpr std::size_t kHeaderMapGoesOn = 482, kBlockMapGoesOn = 504;
// "ustar" and a zero is POSIX; with blanks it is GNU, where other things stand in place of the prefix.
constexpr std::string_view kPosixMagic{"ustar\0", 6};

// Octal digits between blanks and zeros, or, with the first bit set, a number of 95 bits (GNU tar, "base-256").
std::optional<std::uint64_t> Number(std::string_view field) noexcept {
  const auto first = static_cast<unsigned char>(field[0]);
  std::uint64_t value = 0;
  if ((first & 0x80) != 0) {
    if (first != 0x80 || field.substr(1, field.size() - 9).find_first_not_of('\0') != std::string_view::npos)
      return std::nullopt;  // negative, or more than there is
    for (const char c : field.substr(field.size() - 8)) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  const std::size_t begin = std::min(field.find_first_not_of(' '), field.size());
  const std::size_t end = std::min(field.find_first_not_of("01234567", begin), field.size());
  if (field.substr(end).find_first_not_of(std::string_view(" \0", 2)) != std::string_view::npos) return std::nullopt;
  for (const char c : field.substr(begin, end - begin)) value = value << 3 | static_cast<std::uint64_t>(c - '0');
  return value;
}

// The sum of all bytes, those of the checksum taken for blanks. Some old programs summed up signed bytes.
bool ChecksumAgrees(Bytes block) noexcept {
  const auto told = Number(AsText(block).substr(kChecksum, kChecksumBytes));
  if (!told.has_value() || *told == 0) return false;
  std::int64_t sum = 0, high = 0;
  for (std::size_t i = 0; i < kTarBlock; ++i) {
    const bool own = i >= kChecksum && i < kChecksum + kChecksumBytes;
    const std::uint8_t octet = own ? ' ' : Octets(block)[i];
    sum += octet;
    high += octet >> 7;
  }
  const auto expected = static_cast<std::int64_t>(*told);
  return expected == sum || expected == sum - 256 * high;
}

std::string_view ZeroEnded(std::string_view field) noexcept { return field.substr(0, field.find('\0')); }

}  // namespace

bool TarHeader::has_data() const noexcept {
  // Links, devices, folders and labels have none, whatever their size says.
  constexpr std::string_view kWithout = "123456V";
  return size > 0 && kWithout.find(type) == std::string_view::npos;
}

bool ReadTarHeader(Bytes block, TarHeader& header) noexcept {
  if (block.size() < kTarBlock || !ChecksumAgrees(block)) return false;
  const std::string_view text = AsText(block);
  const auto size = Number(text.substr(kSize, kSizeBytes));
  if (!size.has_value()) return false;
  header.size = *size;
  header.type = text[kType];
  header.map_follows = header.type == 'S' && text[kHeaderMapGoesOn] != '\0';
  return true;
}

void AssignTarName(Bytes block, std::string& name) {
  const std::string_view text = AsText(block);
  name.clear();
  if (text.substr(kMagic, kPosixMagic.size()) == kPosixMagic) {
    name.assign(ZeroEnded(text.substr(kPrefix, kPrefixBytes)));
    if (!name.empty()) name += '/';
  }
  name.append(ZeroEnded(text.substr(kName, kNameBytes)));
}

bool IsZeroBlock(Bytes block) noexcept {
  return std::all_of(block.begin(), block.end(), [](std::byte b) { return b == std::byte{0}; });
}

bool TarMapGoesOn(Bytes block) noexcept { return block[kBlockMapGoesOn] != std::byte{0}; }

}  // namespace gander::content

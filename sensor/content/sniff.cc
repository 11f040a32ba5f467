// SPDX-License-Identifier: Apache-2.0
#include "content/sniff.h"

#include <algorithm>

#include "content/archive/tar_header.h"
#include "content/charset/unicode_form.h"
#include "content/coding/compress.h"
#include "content/mail/mail_file.h"
#include "protocol/mime/header_value.h"
#include "protocol/plain_text/plain_text.h"

namespace gander::content {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view bytes;
  std::size_t offset;
  std::string_view name;
};

// From the formats' own specifications.
constexpr Magic kMagics[] = {
    {"\x1f\x8b\x08"sv, 0, "gzip"},
    {"PK\x03\x04"sv, 0, "zip"},
    {"PK\x05\x06"sv, 0, "zip"},
    {"PK\x07\x08PK\x03\x04"sv, 0, "zip"},  // one of several volumes, or meant to be
    {"PK00PK\x03\x04"sv, 0, "zip"},
    {"%PDF-"sv, 0, "pdf"},
    {"\x89PNG\r\n\x1a\n"sv, 0, "png"},
    {"\xff\xd8\xff"sv, 0, "jpeg"},
    {"GIF87a"sv, 0, "gif"},
    {"GIF89a"sv, 0, "gif"},
    {"WEBP"sv, 8, "webp"},
    {"\x7f"
     "ELF"sv,
     0, "elf"},
    {"ftyp"sv, 4, "mp4"},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, 0, "ole"},
    {"\xfd"
     "7zXZ\0"sv,
     0, "xz"},
    {"\x28\xb5\x2f\xfd"sv, 0, "zstd"},
    {"\x04\x22\x4d\x18"sv, 0, "lz4"},
    {"LZIP\x01"sv, 0, "lzip"},
    {"7z\xbc\xaf\x27\x1c"sv, 0, "7z"},
    {"Rar!\x1a\x07"sv, 0, "rar"},
    {"MSCF\0\0\0\0"sv, 0, "cab"},
    {"070701"sv, 0, "cpio"},
    {"070702"sv, 0, "cpio"},
    {"070707"sv, 0, "cpio"},
    {"!<arch>\n"sv, 0, "ar"},
    {"xar!\0"sv, 0, "xar"},
    {"WARC/1."sv, 0, "warc"},
    {"\x78\x9f\x3e\x22"sv, 0, "tnef"},
    {"wOFF"sv, 0, "woff"},
    {"wOF2"sv, 0, "woff2"},
    {"OggS"sv, 0, "ogg"},
    {"ID3"sv, 0, "mp3"},
    {"fLaC"sv, 0, "flac"},
    {"\x1a\x45\xdf\xa3"sv, 0, "matroska"},
    {"SQLite format 3\0"sv, 0, "sqlite"},
    {"\x37\x7f\x06\x82"sv, 0, "sqlite-wal"},
    {"\x37\x7f\x06\x83"sv, 0, "sqlite-wal"},
    {"PAR1"sv, 0, "parquet"},
    {"Obj\1"sv, 0, "avro"},
    {"\xca\xfe\xba\xbe"sv, 0, "java"},
    {"\0asm"sv, 0, "wasm"},
};

// A member's method ("-lh5-", "-lzs-") behind the size and the sum of its header.
bool IsLha(std::string_view s) noexcept {
  constexpr std::size_t kMethod = 2, kMethodBytes = 5;
  if (s.size() < kMethod + kMethodBytes) return false;
  return s[2] == '-' && s[3] == 'l' && (s[4] == 'h' || s[4] == 'z') && s[6] == '-';
}

// cpio(5), the old binary format: 16-bit words in either order, 13 of them before the first member's name, which ends
// in a zero byte.
bool IsOldCpio(Bytes prefix) noexcept {
  constexpr std::size_t kModeAt = 6, kNameBytesAt = 20, kNameAt = 26;
  if (prefix.size() < kNameAt) return false;
  const std::uint8_t* const p = Octets(prefix);
  const bool little = p[0] == 0xc7 && p[1] == 0x71;
  if (!little && (p[0] != 0x71 || p[1] != 0xc7)) return false;
  const auto word = [&](std::size_t at) { return little ? p[at] | p[at + 1] << 8 : p[at] << 8 | p[at + 1]; };
  const int type = word(kModeAt) >> 12;  // 1 fifo, 2 character device, 4 folder, 6 block device, 8 file, 10 link
  const auto name_bytes = static_cast<std::size_t>(word(kNameBytesAt));
  if ((type != 8 && (type > 10 || type % 2 != 0) && type != 1) || name_bytes < 2) return false;
  return kNameAt + name_bytes > prefix.size() || p[kNameAt + name_bytes - 1] == 0;
}

// MS-DOS: behind the two letters the bytes on the last page, of 512, and the pages. A word that begins so is none.
bool IsProgram(Bytes prefix) noexcept {
  constexpr std::size_t kHeaderBytes = 28, kPage = 512;
  if (prefix.size() < kHeaderBytes || !AsText(prefix).starts_with("MZ")) return false;
  const std::uint8_t* const p = Octets(prefix);
  return (p[2] | p[3] << 8) < static_cast<int>(kPage) && (p[4] | p[5]) != 0;
}

// AutoCAD: "AC10", the version in two digits, five bytes of zero.
bool IsDrawing(std::string_view s) noexcept {
  constexpr std::size_t kVersion = 4, kZeros = 6, kHeaderBytes = 11;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return s.size() >= kHeaderBytes && s.starts_with("AC10") && is_digit(s[kVersion]) && is_digit(s[kVersion + 1]) &&
         s.substr(kZeros, kHeaderBytes - kZeros) == "\0\0\0\0\0"sv;
}

constexpr std::string_view kTextWords[] = {"json",  "xml",      "javascript", "ecmascript", "csv",
                                           "sql",   "yaml",     "html",       "graphql",    "ldif",
                                           "vcard", "calendar", "urlencoded"};

// Three letters are a text's as well: the first block, or the end of a stream without one, has a magic number too.
bool IsBzip2(std::string_view s) noexcept {
  constexpr std::size_t kLevel = 3, kBlock = 4;
  return s.size() > kBlock && s.starts_with("BZh") && s[kLevel] >= '1' && s[kLevel] <= '9' &&
         (s.substr(kBlock).starts_with("1AY&SY") || s.substr(kBlock).starts_with("\x17rE8P\x90"));
}

// RFC 8878 §3.1.2; LZ4 has them too.
bool IsSkippableFrame(std::string_view s) noexcept {
  return s.size() >= 4 && (s[0] & 0xf0) == 0x50 && s.substr(1).starts_with("\x2a\x4d\x18");
}

}  // namespace

std::string_view MagicOf(Bytes prefix) noexcept {
  // First, as the name of its first member may look like anything.
  TarHeader header;
  if (prefix.size() >= kTarBlock && ReadTarHeader(prefix.first(kTarBlock), header)) return "tar";
  const std::string_view s = AsText(prefix);
  for (const Magic& m : kMagics) {
    if (s.size() >= m.offset + m.bytes.size() && s.substr(m.offset, m.bytes.size()) == m.bytes) return m.name;
  }
  if (IsBzip2(s)) return "bzip2";
  if (IsSkippableFrame(s)) return "zstd";
  if (CompressLayer::HasMagic(prefix)) return "compress";
  if (IsLha(s)) return "lha";
  if (IsOldCpio(prefix)) return "cpio";
  if (IsProgram(prefix)) return "exe";
  if (IsDrawing(s)) return "dwg";
  return {};
}

// POSIX pax(1), ustar: the mode of the first member stands in bytes 100 to 107, octal, behind its name.
bool WantsLongerLook(Bytes prefix) noexcept {
  if (MayBeMailFile(prefix)) return true;
  constexpr std::size_t kMode = 100, kModeBytes = 8;
  if (prefix.size() < kMode + kModeBytes) return false;
  const std::string_view mode = AsText(prefix).substr(kMode, kModeBytes);
  return std::all_of(mode.begin(), mode.end() - 1,
                     [](char c) { return c == ' ' || (c >= '0' && c <= '7'); }) &&
         (mode.back() == '\0' || mode.back() == ' ');
}

bool IsTextType(std::string_view type) noexcept {
  using protocol::mime::StartsWithIgnoreCase;
  if (StartsWithIgnoreCase(type, "text/") || StartsWithIgnoreCase(type, "message/")) return true;
  // "vnd.openxmlformats-officedocument" is a ZIP archive.
  if (!StartsWithIgnoreCase(type, "application/") || type.find("openxml") != std::string_view::npos)
    return false;
  return std::any_of(std::begin(kTextWords), std::end(kTextWords), [&](std::string_view word) {
    const auto at = std::search(type.begin(), type.end(), word.begin(), word.end(),
                                [](char a, char b) { return (a | 0x20) == b; });
    return at != type.end();
  });
}

bool IsPagePart(std::string_view type) noexcept {
  constexpr std::string_view kBegins[] = {
      "text/html", "text/css", "text/javascript", "text/plain", "text/xml", "image/", "audio/", "video/", "font/",
      "application/json", "application/xml", "application/xhtml", "application/javascript", "application/x-javascript",
      "application/x-www-form-urlencoded", "application/graphql"};
  constexpr std::string_view kEnds[] = {"+json", "+xml"};
  return std::any_of(std::begin(kBegins), std::end(kBegins),
                     [type](std::string_view name) { return protocol::mime::StartsWithIgnoreCase(type, name); }) ||
         std::any_of(std::begin(kEnds), std::end(kEnds), [type](std::string_view end) { return type.ends_with(end); });
}

bool LooksLikeText(Bytes prefix) noexcept {
  constexpr std::size_t kShort = 64;
  if (protocol::ReadsAsText(prefix) || GuessUnicode(prefix) != nullptr) return true;
  const std::string_view s = AsText(prefix);
  return !s.empty() && s.size() < kShort && std::none_of(s.begin(), s.end(), [](char c) {
    return (c >= 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
  });
}

}  // namespace gander::content

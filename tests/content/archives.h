// SPDX-License-Identifier: Apache-2.0
// Makes archives for tests: RAR, CAB and LHA, which nothing here can write, by their specifications; the rest with
// libarchive, as it is installed.
#ifndef GANDER_TESTS_CONTENT_ARCHIVES_H_
#define GANDER_TESTS_CONTENT_ARCHIVES_H_

#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <string>
#include <vector>

#include "content/archive_writer.h"
#include "content/coded.h"

namespace gander::content {

struct Member {
  std::string name, bytes;
};

inline std::uint32_t Crc32(const std::string& bytes) {
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

// RAR 5.0 archive format, https://www.rarlab.com/technote.htm: numbers of 7 bits a byte, the last without the high bit.
inline std::string RarNumber(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  return out + static_cast<char>(value);
}
inline std::string Rar5Block(const std::string& fields) {
  const std::string sized = RarNumber(fields.size()) + fields;
  return Little(Crc32(sized), 4) + sized;
}
inline constexpr char kRar5Mark[] = "Rar!\x1a\x07\x01";  // and the zero behind it
inline std::string Rar5Start() {
  return std::string(kRar5Mark, 8) + Rar5Block(RarNumber(1) + RarNumber(0) + RarNumber(0));
}
inline std::string Rar5End() { return Rar5Block(RarNumber(5) + RarNumber(0) + RarNumber(0)); }
// A file, stored. `extra`: its extra area; `dictionary`: as the power of two above 128 KiB.
inline std::string Rar5File(const Member& file, const std::string& extra = {}, unsigned dictionary = 0) {
  std::string fields = RarNumber(2) + RarNumber(extra.empty() ? 2 : 3);
  if (!extra.empty()) fields += RarNumber(extra.size());
  fields += RarNumber(file.bytes.size()) + RarNumber(4) + RarNumber(file.bytes.size()) + RarNumber(0644 | 0100000) +
            Little(Crc32(file.bytes), 4) + RarNumber(dictionary << 10) + RarNumber(1) + RarNumber(file.name.size()) +
            file.name + extra;
  return Rar5Block(fields) + file.bytes;
}
inline std::string Rar5(const std::vector<Member>& files) {
  std::string out = Rar5Start();
  for (const Member& file : files) out += Rar5File(file);
  return out + Rar5End();
}

// An extra area that says the file is encrypted: AES-256, no check value.
inline std::string Rar5Encrypted() {
  const std::string record = RarNumber(1) + RarNumber(0) + RarNumber(0) + '\x0f' + std::string(32, 's');
  return RarNumber(record.size()) + record;
}
// What stands in front of encrypted headers.
inline std::string Rar5HeadersEncrypted() {
  return Rar5Block(RarNumber(4) + RarNumber(0) + RarNumber(0) + RarNumber(0) + '\x0f' + std::string(16, 's'));
}

// RAR 4: the header's sum is the low half of a CRC-32.
inline std::string Rar4Block(char type, unsigned flags, const std::string& fields) {
  const std::string rest = type + Little(flags, 2) + Little(7 + fields.size(), 2) + fields;
  return Little(Crc32(rest), 2) + rest;
}
inline std::string Rar4File(const Member& file, unsigned flags = 0) {
  const std::string fields = Little(file.bytes.size(), 4) + Little(file.bytes.size(), 4) + '\3' +
                             Little(Crc32(file.bytes), 4) + Little(0x5a21a000, 4) + '\x14' + '\x30' +
                             Little(file.name.size(), 2) + Little(0100644, 4) + file.name;
  return Rar4Block('\x74', 0x8000 | flags, fields) + file.bytes;
}
inline std::string Rar4(const std::vector<Member>& files) {
  std::string out = std::string("Rar!\x1a\x07\0", 7) + Rar4Block('\x73', 0, std::string(6, '\0'));
  for (const Member& file : files) out += Rar4File(file);
  return out + Rar4Block('\x7b', 0x4000, {});
}

// Cabinet format ([MS-CAB]), one folder of MSZIP blocks of at most 32 KiB.
inline std::string Cab(const std::vector<Member>& files) {
  std::string all, entries, blocks;
  for (const Member& file : files) {
    entries += Little(file.bytes.size(), 4) + Little(all.size(), 4) + Little(0, 2) + Little(0x5a21, 2) + Little(0, 2) +
               Little(0x20, 2) + file.name + '\0';
    all += file.bytes;
  }
  std::size_t count = 0;
  for (std::size_t at = 0; at < all.size(); at += 32768, ++count) {
    const std::string plain = all.substr(at, 32768);
    const std::string packed = "CK" + Deflated(plain, -15);
    blocks += Little(0, 4) + Little(packed.size(), 2) + Little(plain.size(), 2) + packed;
  }
  const std::size_t header = 36, folder = 8, first = header + folder + entries.size();
  return std::string("MSCF") + Little(0, 4) + Little(first + blocks.size(), 4) + Little(0, 4) +
         Little(header + folder, 4) + Little(0, 4) + '\3' + '\1' + Little(1, 2) + Little(files.size(), 2) +
         Little(0, 2) + Little(0, 2) + Little(0, 2) + Little(first, 4) + Little(count, 2) + Little(1, 2) + entries +
         blocks;
}

// LHA, header level 0, members stored (-lh0-).
inline std::string Lha(const std::vector<Member>& files) {
  std::string out;
  for (const Member& file : files) {
    std::uint16_t crc = 0;  // CRC-16/ARC
    for (const char c : file.bytes) {
      crc ^= static_cast<unsigned char>(c);
      for (int bit = 0; bit < 8; ++bit) crc = static_cast<std::uint16_t>(crc >> 1 ^ (crc & 1 ? 0xa001 : 0));
    }
    const std::string header = "-lh0-" + Little(file.bytes.size(), 4) + Little(file.bytes.size(), 4) +
                               Little(0x5a21a000, 4) + '\x20' + '\0' + static_cast<char>(file.name.size()) + file.name +
                               Little(crc, 2);
    unsigned sum = 0;
    for (const char c : header) sum += static_cast<unsigned char>(c);
    out += static_cast<char>(header.size());
    out += static_cast<char>(sum);
    out += header + file.bytes;
  }
  return out + '\0';
}

// Through the library's own writer: `format` as archive_write_set_format_by_name(3) has it, `options` as
// archive_write_set_options(3). Loaded at run time, so that its names do not meet those of the copy that is tested.
class LibarchiveWriter {
 public:
  static std::string Write(const char* format, const std::vector<Member>& files, const char* options = nullptr) {
    static const LibarchiveWriter w;
    std::string out(16u << 20, '\0');
    std::size_t used = 0;
    archive* const a = w.Get<decltype(&archive_write_new)>("archive_write_new")();
    w.Get<decltype(&archive_write_set_format_by_name)>("archive_write_set_format_by_name")(a, format);
    if (options != nullptr) {
      EXPECT_EQ(w.Get<decltype(&archive_write_set_options)>("archive_write_set_options")(a, options), ARCHIVE_OK);
    }
    w.Get<decltype(&archive_write_set_bytes_in_last_block)>("archive_write_set_bytes_in_last_block")(a, 1);
    w.Get<decltype(&archive_write_open_memory)>("archive_write_open_memory")(a, out.data(), out.size(), &used);
    for (const Member& file : files) w.Add(a, file);
    EXPECT_EQ(w.Get<decltype(&archive_write_close)>("archive_write_close")(a), ARCHIVE_OK);
    w.Get<decltype(&archive_write_free)>("archive_write_free")(a);
    out.resize(used);
    return out;
  }

 private:
  LibarchiveWriter() : library_(dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL)) {}

  template <class F>
  F Get(const char* name) const {
    return reinterpret_cast<F>(dlsym(library_, name));
  }
  void Add(archive* a, const Member& file) const {
    archive_entry* const entry = Get<decltype(&archive_entry_new)>("archive_entry_new")();
    Get<decltype(&archive_entry_set_pathname)>("archive_entry_set_pathname")(entry, file.name.c_str());
    Get<decltype(&archive_entry_set_size)>("archive_entry_set_size")(entry, static_cast<la_int64_t>(file.bytes.size()));
    Get<decltype(&archive_entry_set_mode)>("archive_entry_set_mode")(entry, AE_IFREG | 0644);
    EXPECT_EQ(Get<decltype(&archive_write_header)>("archive_write_header")(a, entry), ARCHIVE_OK);
    EXPECT_EQ(Get<decltype(&archive_write_data)>("archive_write_data")(a, file.bytes.data(), file.bytes.size()),
              static_cast<la_ssize_t>(file.bytes.size()));
    Get<decltype(&archive_entry_free)>("archive_entry_free")(entry);
  }

  void* library_;
};

}  // namespace gander::content

#endif  // GANDER_TESTS_CONTENT_ARCHIVES_H_

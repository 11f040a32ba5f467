// SPDX-License-Identifier: Apache-2.0
// Writes ZIP and tar archives for tests, right ones and wrong ones.
#ifndef GANDER_TESTS_CONTENT_ARCHIVE_WRITER_H_
#define GANDER_TESTS_CONTENT_ARCHIVE_WRITER_H_

#include <zlib.h>

#include <cstdint>
#include <optional>
#include <string>

#include "content/coded.h"

namespace gander::content {

inline std::string Little(std::uint64_t value, std::size_t octets) {
  std::string out;
  for (std::size_t i = 0; i < octets; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

struct ZipItem {
  std::string name, data;
  std::uint16_t method = 8;
  std::uint16_t flags = 0;
  bool follows = false;     // sizes stand in a descriptor
  bool signature = true;    // of the descriptor
  bool described = true;    // there is a descriptor where one is announced
  bool wide = false;        // ZIP64
  std::string extra;        // of the local header
  std::string listed_name;  // in the directory, when another
  std::string comment;
  std::optional<std::string> packed;                        // instead of what the method makes of the data
  std::optional<std::uint64_t> told_packed, told_size;      // instead of what is true
};

class ZipWriter {
 public:
  ZipWriter& Add(const ZipItem& item) {
    const std::string packed =
        item.packed.has_value() ? *item.packed : item.method == 8 ? Deflated(item.data, -15) : item.data;
    const std::uint64_t told = item.told_packed.value_or(packed.size());
    const std::uint64_t size = item.told_size.value_or(item.data.size());
    const std::uint16_t flags = static_cast<std::uint16_t>(item.flags | (item.follows ? 8 : 0));
    const auto crc = static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(item.data.data()), static_cast<uInt>(item.data.size())));
    const std::string offset = Little(out_.size(), 4);
    const bool tells = !item.follows;
    std::string extra = item.extra;
    if (item.wide) extra += Little(1, 2) + Little(16, 2) + Little(tells ? size : 0, 8) + Little(tells ? told : 0, 8);
    out_ += "PK\3\4" + Little(20, 2) + Little(flags, 2) + Little(item.method, 2) + Little(0, 4) +
            Little(tells ? crc : 0, 4) + Sizes(item.wide, tells ? told : 0, tells ? size : 0) +
            Little(item.name.size(), 2) + Little(extra.size(), 2) + item.name + extra + packed;
    const std::size_t octets = item.wide ? 8 : 4;
    if (item.follows && item.described) {
      out_ += (item.signature ? "PK\7\10" : "") + Little(crc, 4) + Little(told, octets) + Little(size, octets);
    }
    const std::string& name = item.listed_name.empty() ? item.name : item.listed_name;
    std::string listed = item.wide ? Little(1, 2) + Little(16, 2) + Little(size, 8) + Little(told, 8) : std::string();
    directory_ += "PK\1\2" + Little(20, 2) + Little(20, 2) + Little(flags, 2) + Little(item.method, 2) + Little(0, 4) +
                  Little(crc, 4) + Sizes(item.wide, told, size) + Little(name.size(), 2) + Little(listed.size(), 2) +
                  Little(item.comment.size(), 2) + Little(0, 2 + 2 + 4) + offset + name + listed + item.comment;
    ++count_;
    return *this;
  }
  ZipWriter& Raw(const std::string& bytes) {
    out_ += bytes;
    return *this;
  }
  // Of the members so far.
  std::string Body() const { return out_; }
  std::string Finish(const std::string& comment = {}) const {
    return out_ + directory_ + "PK\5\6" + Little(0, 4) + Little(count_, 2) + Little(count_, 2) +
           Little(directory_.size(), 4) + Little(out_.size(), 4) + Little(comment.size(), 2) + comment;
  }

 private:
  static std::string Sizes(bool wide, std::uint64_t packed, std::uint64_t size) {
    return wide ? std::string(8, '\xff') : Little(packed, 4) + Little(size, 4);
  }
  std::string out_, directory_;
  std::size_t count_ = 0;
};

inline ZipItem Stored(const std::string& name, const std::string& data) {
  ZipItem item;
  item.name = name;
  item.data = data;
  item.method = 0;
  return item;
}
inline ZipItem Packed(const std::string& name, const std::string& data) {
  ZipItem item = Stored(name, data);
  item.method = 8;
  return item;
}

struct TarItem {
  std::string name, data;
  char type = '0';
  std::string magic = std::string("ustar\0" "00", 8);  // "ustar  " and a zero for GNU, empty for what was before
  std::string prefix;
  std::optional<std::string> size_field;  // of 12 bytes
  bool signed_sum = false;
  char fill = '\0';       // up to the whole block
  bool more_map = false;  // of a sparse file
};

inline std::string Octal(std::uint64_t value, std::size_t digits) {
  std::string out(digits, '0');
  for (std::size_t i = digits; i-- > 0; value >>= 3) out[i] = static_cast<char>('0' + value % 8);
  return out + '\0';
}

inline std::string TarHead(const TarItem& item) {
  std::string head(512, '\0');
  const auto put = [&](std::size_t at, const std::string& field) { head.replace(at, field.size(), field); };
  put(0, item.name.substr(0, 100));
  put(100, Octal(0644, 7));
  put(108, Octal(1000, 7));
  put(116, Octal(1000, 7));
  put(124, item.size_field.value_or(Octal(item.data.size(), 11)));
  put(136, Octal(1700000000, 11));
  put(148, std::string(8, ' '));
  head[156] = item.type;
  put(257, item.magic);
  put(345, item.prefix);
  if (item.more_map) head[482] = '\1';
  long sum = 0;
  for (const char c : head) sum += item.signed_sum ? static_cast<signed char>(c) : static_cast<unsigned char>(c);
  put(148, Octal(static_cast<std::uint64_t>(sum), 6) + ' ');
  return head;
}

inline std::string TarMember(const TarItem& item) {
  return TarHead(item) + item.data + std::string((512 - item.data.size() % 512) % 512, item.fill);
}
inline std::string TarMember(const std::string& name, const std::string& data, char type = '0') {
  TarItem item;
  item.name = name;
  item.data = data;
  item.type = type;
  return TarMember(item);
}
inline std::string TarEnd() { return std::string(1024, '\0'); }

// One record of pax.
inline std::string PaxRecord(const std::string& key, const std::string& value) {
  const std::size_t rest = 1 + key.size() + 1 + value.size() + 1;
  std::size_t length = rest + 1;
  while (std::to_string(length).size() + rest != length) ++length;
  return std::to_string(length) + ' ' + key + '=' + value + '\n';
}

}  // namespace gander::content

#endif  // GANDER_TESTS_CONTENT_ARCHIVE_WRITER_H_

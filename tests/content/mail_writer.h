// SPDX-License-Identifier: Apache-2.0
// Writes files as mail carries them: uuencode, yEnc, TNEF, compressed RTF.
#ifndef GANDER_TESTS_CONTENT_MAIL_WRITER_H_
#define GANDER_TESTS_CONTENT_MAIL_WRITER_H_

#include <zlib.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace gander::content {

inline std::string UuLines(const std::string& data, const std::string& line_end = "\n", char zero = '`') {
  const auto character = [&](unsigned v) { return (v & 63) == 0 ? zero : static_cast<char>(' ' + (v & 63)); };
  std::string out;
  for (std::size_t at = 0; at < data.size(); at += 45) {
    const std::string line = data.substr(at, 45);
    out += character(static_cast<unsigned>(line.size()));
    for (std::size_t i = 0; i < line.size(); i += 3) {
      unsigned group = 0;
      for (std::size_t k = 0; k < 3; ++k) {
        group = group << 8 | (i + k < line.size() ? static_cast<unsigned char>(line[i + k]) : 0u);
      }
      for (const int shift : {18, 12, 6, 0}) out += character(group >> shift);
    }
    out += line_end;
  }
  return out;
}

inline std::string Uuencode(const std::string& data, const std::string& name, const std::string& line_end = "\n") {
  return "begin 644 " + name + line_end + UuLines(data, line_end) + "`" + line_end + "end" + line_end;
}

inline std::string YencLines(const std::string& data, std::size_t width = 128) {
  std::string out;
  std::size_t column = 0;
  for (const char plain : data) {
    const auto c = static_cast<std::uint8_t>(static_cast<std::uint8_t>(plain) + 42);
    const bool escaped = c == 0 || c == '\n' || c == '\r' || c == '=' || (c == '.' && column == 0);
    if (escaped) out += '=';
    out += static_cast<char>(escaped ? static_cast<std::uint8_t>(c + 64) : c);
    if ((column += escaped ? 2 : 1) >= width) {
      out += "\r\n";
      column = 0;
    }
  }
  return column > 0 ? out + "\r\n" : out;
}

inline std::string Crc(const std::string& data) {
  char text[9];
  std::snprintf(text, sizeof text, "%08lx",
                crc32(0, reinterpret_cast<const Bytef*>(data.data()), static_cast<uInt>(data.size())));
  return text;
}

inline std::string Yenc(const std::string& data, const std::string& name) {
  const std::string size = std::to_string(data.size());
  return "=ybegin line=128 size=" + size + " name=" + name + "\r\n" + YencLines(data) + "=yend size=" + size +
         " crc32=" + Crc(data) + "\r\n";
}

inline std::string Little(std::uint64_t value, std::size_t bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
  return out;
}

inline std::string Wide(const std::string& ascii) {
  std::string out;
  for (const char c : ascii) out += std::string(1, c) + '\0';
  return out;
}

// A value of a MAPI property that has a length.
inline std::string MapiValue(std::uint16_t id, std::uint16_t type, const std::string& value) {
  const std::string padding((4 - value.size() % 4) % 4, '\0');
  return Little(type, 2) + Little(id, 2) + Little(1, 4) + Little(value.size(), 4) + value + padding;
}
inline std::string MapiNumber(std::uint16_t id, std::uint32_t value) {
  return Little(3, 2) + Little(id, 2) + Little(value, 4);
}
inline std::string MapiList(const std::vector<std::string>& properties) {
  std::string out = Little(properties.size(), 4);
  for (const std::string& p : properties) out += p;
  return out;
}

class TnefWriter {
 public:
  TnefWriter& Add(int level, std::uint32_t id, const std::string& data) {
    std::uint16_t sum = 0;
    for (const char c : data) sum = static_cast<std::uint16_t>(sum + static_cast<std::uint8_t>(c));
    out_ +=
        Little(static_cast<std::uint64_t>(level), 1) + Little(id, 4) + Little(data.size(), 4) + data + Little(sum, 2);
    return *this;
  }
  // As Outlook writes one: the short name in front of the bytes, the long one behind.
  TnefWriter& Attach(const std::string& title, const std::string& data, const std::string& long_name) {
    Add(2, 0x00069002, std::string(14, '\1')).Add(2, 0x00018010, title + '\0').Add(2, 0x0006800f, data);
    if (long_name.empty()) return *this;
    return Add(2, 0x00069005, MapiList({MapiNumber(0x0e21, 7), MapiValue(0x3001, 0x1f, Wide(title + '\0')),
                                        MapiValue(0x3707, 0x1f, Wide(long_name + '\0'))}));
  }
  const std::string& bytes() const { return out_; }

 private:
  std::string out_ = Little(0x223e9f78, 4) + Little(1, 2);
};

// Compressed RTF of literals only, and one reference to the window's first words.
inline std::string CompressedRtf(const std::string& tail) {
  std::string body(1, '\1');  // the first token is a reference
  body += '\0';
  body += '\3';  // five bytes from the window's begin: "{\rtf"
  std::size_t in_group = 1, flags_at = 0;
  for (const char c : tail) {
    if (in_group == 8) {
      flags_at = body.size();
      body += '\0';
      in_group = 0;
    }
    body += c;
    ++in_group;
  }
  if (in_group == 8) {
    flags_at = body.size();
    body += '\0';
    in_group = 0;
  }
  const std::size_t end = (207 + 5 + tail.size()) % 4096;
  body[flags_at] = static_cast<char>(body[flags_at] | 1 << in_group);
  body += static_cast<char>(end >> 4);
  body += static_cast<char>((end & 15) << 4);
  return Little(body.size() + 12, 4) + Little(tail.size() + 5, 4) + "LZFu" + Little(0, 4) + body;
}

}  // namespace gander::content

#endif  // GANDER_TESTS_CONTENT_MAIL_WRITER_H_

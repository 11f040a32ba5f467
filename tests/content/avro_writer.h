// SPDX-License-Identifier: Apache-2.0
// Writes Avro files and blocks of Snappy and LZ4 for tests.
#ifndef GANDER_TESTS_CONTENT_AVRO_WRITER_H_
#define GANDER_TESTS_CONTENT_AVRO_WRITER_H_

#include <cstdint>
#include <string>

namespace gander::content {

inline std::string AvroNumber(std::int64_t value) {
  auto bits = static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
  std::string out;
  for (; bits >= 0x80; bits >>= 7) out += static_cast<char>(0x80 | (bits & 0x7f));
  return out + static_cast<char>(bits);
}
inline std::string AvroString(const std::string& s) {
  return AvroNumber(static_cast<std::int64_t>(s.size())) + s;
}

class AvroWriter {
 public:
  AvroWriter(const std::string& schema, const std::string& codec)
      : bytes_("Obj\1" + AvroNumber(2) + AvroString("avro.codec") + AvroString(codec) +
               AvroString("avro.schema") + AvroString(schema) + AvroNumber(0) + kSync) {}
  // `data`: objects, compressed.
  AvroWriter& Block(const std::string& data, std::int64_t objects = 1) {
    bytes_ += AvroNumber(objects) + AvroString(data) + kSync;
    return *this;
  }
  const std::string& Done() const { return bytes_; }

 private:
  static constexpr const char* kSync = "0123456789abcdef";
  std::string bytes_;
};

// Where `at` was seen before, as far as 60 bytes repeat.
struct Repeat {
  std::size_t back = 0, length = 0;
};
inline Repeat RepeatAt(const std::string& s, std::size_t at) {
  Repeat best;
  for (std::size_t back = 1; back <= at && back < 2000; ++back) {
    std::size_t n = 0;
    while (n < 60 && at + n < s.size() && s[at + n] == s[at + n - back]) ++n;
    if (n > best.length) best = {back, n};
  }
  return best;
}

// Literals and copies of both usual lengths; not the library's choices, but its format.
inline std::string SnappyBlock(const std::string& s) {
  std::string out, literal;
  for (std::size_t n = s.size();; n >>= 7) {
    out += static_cast<char>(n >= 0x80 ? 0x80 | (n & 0x7f) : n);
    if (n < 0x80) break;
  }
  const auto flush = [&] {
    if (literal.empty()) return;
    const std::size_t n = literal.size() - 1;
    out += n < 60 ? std::string(1, static_cast<char>(n << 2))
                  : "\xf4" + std::string{static_cast<char>(n & 0xff), static_cast<char>(n >> 8)};
    out += literal;
    literal.clear();
  };
  for (std::size_t at = 0; at < s.size();) {
    const Repeat repeat = RepeatAt(s, at);
    if (repeat.length < 4) {
      literal += s[at++];
      continue;
    }
    flush();
    at += repeat.length;
    if (repeat.length < 12) {
      out += static_cast<char>(1 | (repeat.length - 4) << 2 | repeat.back >> 8 << 5);
      out += static_cast<char>(repeat.back);
    } else {
      out += static_cast<char>(2 | (repeat.length - 1) << 2);
      out += std::string{static_cast<char>(repeat.back), static_cast<char>(repeat.back >> 8)};
    }
  }
  flush();
  return out;
}

}  // namespace gander::content

#endif  // GANDER_TESTS_CONTENT_AVRO_WRITER_H_

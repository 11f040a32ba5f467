// SPDX-License-Identifier: Apache-2.0
// Makes coded bodies for tests.
#ifndef GANDER_TESTS_CONTENT_CODED_H_
#define GANDER_TESTS_CONTENT_CODED_H_

#include <zlib.h>

#include <string>

namespace gander::content {

// window_bits as in deflateInit2: 31 gzip, 15 zlib, -15 bare deflate.
inline std::string Deflated(const std::string& plain, int window_bits, int level = 9, int flush = Z_FINISH) {
  z_stream s{};
  deflateInit2(&s, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&s, plain.size()) + 64, '\0');
  s.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  s.avail_in = static_cast<uInt>(plain.size());
  s.next_out = reinterpret_cast<Bytef*>(out.data());
  s.avail_out = static_cast<uInt>(out.size());
  deflate(&s, flush);
  out.resize(s.total_out);
  deflateEnd(&s);
  return out;
}
inline std::string Gzip(const std::string& plain) { return Deflated(plain, 31); }

inline std::string Base64(const std::string& plain, std::size_t line = 76) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::size_t in_line = 0;
  for (std::size_t i = 0; i < plain.size(); i += 3) {
    std::uint32_t v = 0;
    for (std::size_t k = 0; k < 3; ++k)
      v = v << 8 | (i + k < plain.size() ? static_cast<unsigned char>(plain[i + k]) : 0);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k <= plain.size() ? kAlphabet[v >> (18 - 6 * k) & 63] : '=';
    if ((in_line += 4) >= line) {
      out += "\r\n";
      in_line = 0;
    }
  }
  return out;
}

// Bytes that look like nothing, the same ones each time.
inline std::string Noise(std::size_t n, std::uint32_t seed = 1) {
  std::string out(n, '\0');
  for (char& c : out) {
    seed = seed * 1664525 + 1013904223;
    c = static_cast<char>(seed >> 24);
  }
  return out;
}

inline std::string Lines(std::size_t n) {
  std::string out = "name,ssn,mail\r\n";
  for (std::size_t i = 0; i < n; ++i) {
    out += "Person " + std::to_string(i) + ",078-05-" + std::to_string(1000 + i % 9000) + ",p" +
           std::to_string(i) + "@example.org\r\n";
  }
  return out;
}

}  // namespace gander::content

#endif  // GANDER_TESTS_CONTENT_CODED_H_

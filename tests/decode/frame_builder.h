// SPDX-License-Identifier: Apache-2.0
// Builds frames from the inside out: Ethernet(0x0800, Ip4(17, Udp(1, 2, "x"))). Header fields that a decoder
// does not look at are zero.
#ifndef GANDER_TESTS_DECODE_FRAME_BUILDER_H_
#define GANDER_TESTS_DECODE_FRAME_BUILDER_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace gander::decode {

inline std::string Be16(std::size_t v) { return {static_cast<char>(v >> 8), static_cast<char>(v)}; }
inline std::string Be32(std::size_t v) { return Be16(v >> 16) + Be16(v & 0xffff); }
inline std::string Zeros(std::size_t n) { return std::string(n, '\0'); }

// "08 00 ff": two hexadecimal digits a byte, blanks ignored.
inline std::string Hex(std::string_view text) {
  std::string out;
  int high = -1;
  for (const char c : text) {
    if (c == ' ') continue;
    const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
    if (high < 0) {
      high = digit;
    } else {
      out += static_cast<char>(high << 4 | digit);
      high = -1;
    }
  }
  return out;
}

inline std::string Ethernet(std::uint16_t type, const std::string& payload) {
  return Hex("020000000002 020000000001") + Be16(type) + payload;
}

struct Ip4Fields {
  std::string options = {};
  std::uint16_t id = 1;
  std::uint16_t fragment = 0;  // flags and offset as on the wire
  std::string source = Hex("0a000001"), destination = Hex("0a000002");
};

inline std::string Ip4(std::uint8_t protocol, const std::string& payload, const Ip4Fields& f = {}) {
  const std::size_t header = 20 + f.options.size();
  std::string out;
  out += static_cast<char>(0x40 | header / 4);
  out += Zeros(1) + Be16(header + payload.size()) + Be16(f.id) + Be16(f.fragment);
  out += '\x40';
  out += static_cast<char>(protocol);
  return out + Zeros(2) + f.source + f.destination + f.options + payload;
}

inline std::string Ip6(std::uint8_t next, const std::string& payload) {
  std::string out = Hex("60000000") + Be16(payload.size());
  out += static_cast<char>(next);
  out += '\x40';
  return out + Hex("20010db8000000000000000000000001") + Hex("20010db8000000000000000000000002") + payload;
}

// An IPv6 extension header of 8 * (1 + extra) bytes.
inline std::string Extension(std::uint8_t next, std::uint8_t extra, const std::string& payload) {
  std::string out;
  out += static_cast<char>(next);
  out += static_cast<char>(extra);
  return out + Zeros(6 + 8u * extra) + payload;
}

inline std::string Fragment6(std::uint8_t next, std::uint16_t offset_and_flag, std::uint32_t id,
                             const std::string& payload) {
  std::string out;
  out += static_cast<char>(next);
  return out + Zeros(1) + Be16(offset_and_flag) + Be32(id) + payload;
}

inline std::string Udp(std::uint16_t source, std::uint16_t destination, const std::string& payload) {
  return Be16(source) + Be16(destination) + Be16(8 + payload.size()) + Zeros(2) + payload;
}

inline std::string Tcp(std::uint16_t source, std::uint16_t destination, std::uint8_t flags,
                       const std::string& payload, const std::string& options = {}) {
  std::string out = Be16(source) + Be16(destination) + Be32(1000) + Be32(2000);
  out += static_cast<char>((20 + options.size()) / 4 << 4);
  out += static_cast<char>(flags);
  return out + Be16(8192) + Zeros(4) + options + payload;
}

}  // namespace gander::decode

#endif  // GANDER_TESTS_DECODE_FRAME_BUILDER_H_

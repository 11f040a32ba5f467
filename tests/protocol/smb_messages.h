// SPDX-License-Identifier: Apache-2.0
// Messages of SMB 1 and 2, made by hand.
#ifndef GANDER_TESTS_PROTOCOL_SMB_MESSAGES_H_
#define GANDER_TESTS_PROTOCOL_SMB_MESSAGES_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace gander::protocol::smb_messages {

inline std::string Le(std::uint64_t v, int octets) {
  std::string out;
  for (int i = 0; i < octets; ++i, v >>= 8) out += static_cast<char>(v);
  return out;
}
inline std::string Wide(std::string_view s) {
  std::string out;
  for (const char c : s) out += std::string{c, '\0'};
  return out;
}
inline std::string Packet(const std::string& payload, char type = 0) {
  const std::size_t n = payload.size();
  return std::string{type, static_cast<char>(n >> 16), static_cast<char>(n >> 8), static_cast<char>(n)} + payload;
}

// What differs from message to message.
struct Head2 {
  int command = 0;
  std::uint64_t id = 0;
  std::uint32_t status = 0;
  std::uint32_t tree = 1;
  std::uint64_t session = 0x11;
  bool answer = false, related = false;
  std::uint32_t next = 0;
};
inline std::string Message2(const Head2& h, const std::string& body) {
  const unsigned flags = (h.answer ? 1u : 0u) | (h.related ? 4u : 0u);
  return "\xfeSMB" + Le(64, 2) + Le(1, 2) + Le(h.status, 4) + Le(static_cast<unsigned>(h.command), 2) + Le(1,
      2) + Le(flags, 4) +
         Le(h.next, 4) + Le(h.id, 8) + Le(0, 4) + Le(h.tree, 4) + Le(h.session, 8) + std::string(16, '\0') + body;
}
inline std::string Ask(int command, std::uint64_t id, const std::string& body) {
  return Packet(Message2({.command = command, .id = id}, body));
}
inline std::string Reply(int command, std::uint64_t id, const std::string& body, std::uint32_t status = 0) {
  return Packet(Message2({.command = command, .id = id, .status = status, .answer = true}, body));
}

inline std::string Handle(int n) { return Le(static_cast<unsigned>(n), 8) + Le(0xffffffff00000005, 8); }
inline const std::string kAllOnes(16, '\xff');

inline std::string CreateBody(std::string_view name, unsigned options = 0, unsigned disposition = 1) {
  const std::string wide = Wide(name);
  return Le(57, 2) + Le(0, 2) + Le(2, 4) + Le(0, 16) + Le(0x12019f, 4) + Le(0, 4) + Le(7, 4) + Le(disposition,
      4) + Le(options, 4) +
         Le(120, 2) + Le(wide.size(), 2) + Le(0, 8) + wide;
}
inline std::string CreatedBody(const std::string& handle, std::uint64_t size) {
  constexpr std::uint64_t kTime = (1512585399ull + 11644473600ull) * 10000000;  // 2017-12-06
  return Le(89, 2) + Le(0, 2) + Le(1, 4) + Le(kTime, 8) + Le(kTime, 8) + Le(kTime, 8) + Le(kTime, 8) + Le(0, 8) +
      Le(size, 8) +
         Le(0x20, 4) + Le(0, 4) + handle + Le(0, 8);
}
inline std::string ReadBody(const std::string& handle, std::uint64_t offset, std::size_t length) {
  return Le(49, 2) + Le(0x50, 2) + Le(length, 4) + Le(offset, 8) + handle + Le(0, 17);
}
inline std::string DataBody(std::string_view data) {
  return Le(17, 2) + Le(80, 2) + Le(data.size(), 4) + Le(0, 8) + std::string(data);
}
inline std::string WriteBody(const std::string& handle, std::uint64_t offset, std::string_view data) {
  return Le(49, 2) + Le(112, 2) + Le(data.size(), 4) + Le(offset, 8) + handle + Le(0, 16) + std::string(data);
}
inline std::string CloseBody(const std::string& handle) { return Le(24, 2) + Le(0, 6) + handle; }
inline std::string SetInfoBody(const std::string& handle, int level, const std::string& data) {
  return Le(33, 2) + Le(1, 1) + Le(static_cast<unsigned>(level), 1) + Le(data.size(), 4) + Le(96, 2) + Le(0, 6) +
      handle + data;
}
inline std::string TreeBody(std::string_view path) {
  const std::string wide = Wide(path);
  return Le(9, 2) + Le(0, 2) + Le(72, 2) + Le(wide.size(), 2) + wide;
}

// SMB 1.
struct Head1 {
  int command = 0;
  unsigned id = 1;
  bool answer = false;
  std::uint32_t status = 0;
  unsigned flags2 = 0xc001;  // UTF-16, NT's status codes
  unsigned tree = 5, user = 9;
};
inline std::string Message1(const Head1& h, const std::string& blocks) {
  return Packet("\xffSMB" + Le(static_cast<unsigned>(h.command), 1) + Le(h.status, 4) + Le(h.answer ? 0x80 : 0,
      1) + Le(h.flags2, 2) + Le(0, 12) +
                Le(h.tree, 2) + Le(7, 2) + Le(h.user, 2) + Le(h.id, 2) + blocks);
}
inline std::string Block1(const std::string& words, const std::string& octets) {
  return Le(words.size() / 2, 1) + words + Le(octets.size(), 2) + octets;
}
inline const std::string kNoAndX = Le(0xff, 4);

// A packet of DCE/RPC.
inline std::string RpcPacket(int type, unsigned call, const std::string& body, int flags = 3) {
  return "\x05" + Le(0, 1) + Le(static_cast<unsigned>(type), 1) + Le(static_cast<unsigned>(flags), 1) + Le(0x10,
      4) + Le(16 + body.size(), 2) + Le(0, 2) +
         Le(call, 4) + body;
}
// Of srvsvc, 4b324fc8-1670-01d3-1278-5a47bf6ee188 3.0.
inline const std::string kSrvsvc = Le(0x4b324fc8, 4) + Le(0x1670, 2) + Le(0x01d3, 2) +
    "\x12\x78\x5a\x47\xbf\x6e\xe1\x88" + Le(3, 4);
inline std::string Bind(unsigned call) {
  return RpcPacket(11, call, Le(4280, 2) + Le(4280, 2) + Le(0, 4) + Le(1, 4) + Le(0, 2) + Le(1, 2) + kSrvsvc +
      std::string(20, '\x02'));
}
inline std::string BindAnswer(unsigned call) {
  return RpcPacket(12, call, Le(4280, 2) + Le(4280, 2) + Le(1, 4) + Le(13, 2) + std::string("\\PIPE\\srvsvc\0",
      13) + "x" + Le(1, 4) + Le(0, 4) + std::string(20, '\x02'));
}

}  // namespace gander::protocol::smb_messages

#endif  // GANDER_TESTS_PROTOCOL_SMB_MESSAGES_H_

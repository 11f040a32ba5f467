// SPDX-License-Identifier: Apache-2.0
#include "corpus/frame.h"

namespace gander::bench {
namespace {

constexpr std::size_t kMinimumFrame = 60, kMtu = 1500, kIpHeader = 20;
// Locally administered addresses: client side, server side.
constexpr std::string_view kEthernet("\x02\x00\x00\x00\x00\x01\x02\x00\x00\x00\x00\x02\x08\x00", 14);
constexpr std::uint8_t kTcp = 6, kUdp = 17;
constexpr std::uint16_t kVxlanPort = 4789, kDontFragment = 0x4000, kMoreFragments = 0x2000;
constexpr std::size_t kVxlanFrame = 1600;

void Put16(std::string& s, std::size_t at, std::uint32_t v) {
  s[at] = static_cast<char>(v >> 8);
  s[at + 1] = static_cast<char>(v);
}

void Put32(std::string& s, std::size_t at, std::uint32_t v) {
  Put16(s, at, v >> 16);
  Put16(s, at + 2, v & 0xffff);
}

std::uint64_t Sum16(std::string_view bytes, std::uint64_t sum = 0) {
  const auto* p = reinterpret_cast<const unsigned char*>(bytes.data());
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
    sum += static_cast<std::uint32_t>(p[i] << 8 | p[i + 1]);
  if (bytes.size() % 2 == 1) sum += static_cast<std::uint32_t>(p[bytes.size() - 1]) << 8;
  return sum;
}

// RFC 1071
std::uint16_t Checksum(std::uint64_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

std::uint16_t TransportChecksum(Endpoint from, Endpoint to, std::uint8_t protocol,
                                std::string_view transport) {
  std::uint64_t pseudo =
      (from.address >> 16) + (from.address & 0xffff) + (to.address >> 16) + (to.address & 0xffff);
  return Checksum(Sum16(transport, pseudo + protocol + transport.size()));
}

}  // namespace

std::string Be16(std::uint32_t v) { return {static_cast<char>(v >> 8), static_cast<char>(v)}; }
std::string Be24(std::uint32_t v) { return static_cast<char>(v >> 16) + Be16(v & 0xffff); }
std::string Be32(std::uint32_t v) { return Be16(v >> 16) + Be16(v & 0xffff); }

void FrameWriter::Tcp(const TcpHeader& h, std::string_view payload) {
  const bool syn = (h.flags & kSyn) != 0;
  const std::size_t header = syn ? 24 : 20;
  transport_.assign(header, '\0');
  Put16(transport_, 0, h.from.port);
  Put16(transport_, 2, h.to.port);
  Put32(transport_, 4, h.sequence);
  Put32(transport_, 8, h.acknowledgement);
  transport_[12] = static_cast<char>(header / 4 << 4);
  transport_[13] = static_cast<char>(h.flags);
  Put16(transport_, 14, 64240);
  if (syn) {  // maximum segment size
    transport_[20] = 2;
    transport_[21] = 4;
    Put16(transport_, 22, kSegment);
  }
  transport_ += payload;
  Put16(transport_, 16, TransportChecksum(h.from, h.to, kTcp, transport_));
  Ip(h.from, h.to, kTcp, kDontFragment, next_id_++, transport_);
}

void FrameWriter::Udp(Endpoint from, Endpoint to, std::string_view payload) {
  transport_.assign(8, '\0');
  Put16(transport_, 0, from.port);
  Put16(transport_, 2, to.port);
  Put16(transport_, 4, 8 + payload.size());
  transport_ += payload;
  if (to.port != kVxlanPort) {
    const std::uint16_t sum = TransportChecksum(from, to, kUdp, transport_);
    Put16(transport_, 6, sum == 0 ? 0xffff : sum);
  }
  const std::uint16_t id = next_id_++;
  // The outer frames of a tunnel may be as long as they like: its network is built for them.
  const std::size_t limit = to.port == kVxlanPort ? kVxlanFrame : kMtu - kIpHeader;
  const std::string_view all(transport_);
  if (all.size() <= limit) return Ip(from, to, kUdp, kDontFragment, id, all);
  for (std::size_t at = 0; at < all.size(); at += limit) {
    const bool more = at + limit < all.size();
    Ip(from, to, kUdp, static_cast<std::uint16_t>((more ? kMoreFragments : 0) | at / 8), id,
       all.substr(at, limit));
  }
}

void FrameWriter::UdpFragment(Endpoint from, Endpoint to, std::uint16_t id, std::size_t offset, bool more,
                              std::string_view payload) {
  Ip(from, to, kUdp, static_cast<std::uint16_t>((more ? kMoreFragments : 0) | offset / 8), id, payload);
}

void FrameWriter::Ip(Endpoint from, Endpoint to, std::uint8_t protocol, std::uint16_t fragment,
                     std::uint16_t id, std::string_view transport) {
  frame_.assign(kEthernet);
  frame_.append(kIpHeader, '\0');
  const std::size_t ip = kEthernet.size();
  frame_[ip] = 0x45;
  Put16(frame_, ip + 2, static_cast<std::uint32_t>(kIpHeader + transport.size()));
  Put16(frame_, ip + 4, id);
  Put16(frame_, ip + 6, fragment);
  frame_[ip + 8] = 64;
  frame_[ip + 9] = static_cast<char>(protocol);
  Put32(frame_, ip + 12, from.address);
  Put32(frame_, ip + 16, to.address);
  Put16(frame_, ip + 10, Checksum(Sum16(std::string_view(frame_).substr(ip))));
  frame_ += transport;
  if (frame_.size() < kMinimumFrame) frame_.resize(kMinimumFrame, '\0');
  sink_->Emit(frame_);
}

void VxlanSink::Emit(std::string_view frame) {
  // The source port says which inner flow it is, alike in both directions, as the RFC wants it.
  std::uint32_t mix = 0;
  for (std::size_t at = 26; at < 38 && at + 4 <= frame.size(); at += 4) {
    mix ^= static_cast<std::uint32_t>(Sum16(frame.substr(at, 4)));
  }
  payload_.assign("\x08\0\0\0\0\0\x2a\0", 8);  // flags: network identifier valid; network 42
  payload_ += frame;
  writer_.Udp({0xac100001, static_cast<std::uint16_t>(49152 + mix % 16384)}, {0xac100002, kVxlanPort},
              payload_);
}

}  // namespace gander::bench

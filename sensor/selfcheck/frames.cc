// SPDX-License-Identifier: Apache-2.0
#include "selfcheck/frames.h"

#include <algorithm>
#include <vector>

namespace gander::selfcheck {
namespace {

constexpr std::size_t kSegment = 1400;
constexpr std::uint8_t kFin = 0x01, kSyn = 0x02, kPush = 0x08, kAck = 0x10;

void Put(std::string& out, std::uint32_t value, int octets) {
  for (int i = octets - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

void PutAddress(std::string& out, const IpAddress& a) {
  out.append(reinterpret_cast<const char*>(a.octets.data()) + 12, 4);
}

IpAddress Parsed(const std::string& text) {
  IpAddress a;
  IpAddress::Parse(text, a);
  return a;
}

}  // namespace

void Frames::Add(const FiveTuple& t, std::string_view transport) {
  std::string f("\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x08\x00\x45\x00", 16);
  Put(f, static_cast<std::uint32_t>(20 + transport.size()), 2);
  Put(f, static_cast<std::uint32_t>(frames_.size() & 0xffff), 2);
  Put(f, 0x4000, 2);  // do not fragment
  f += '\x40';
  f += static_cast<char>(t.protocol);
  Put(f, 0, 2);
  PutAddress(f, t.source);
  PutAddress(f, t.destination);
  f += transport;
  time_ = time_ + Duration::Millis(1);
  bytes_ += f.size();
  frames_.push_back({std::move(f), time_});
}

FiveTuple Frames::NextPair(std::uint16_t server_port, std::uint8_t protocol) {
  const std::uint32_t n = pairs_++;
  FiveTuple t;
  t.source = Parsed("10.77." + std::to_string(n / 200 % 250) + "." + std::to_string(1 + n % 200));
  t.destination = Parsed("198.51.100." + std::to_string(1 + n % 250));
  t.source_port = static_cast<std::uint16_t>(20'000 + n % 40'000);
  t.destination_port = server_port;
  t.protocol = protocol;
  last_ = t;
  return t;
}

Frames::Connection Frames::Connect(std::uint16_t server_port) {
  Connection c(*this, NextPair(server_port, ip_proto::kTcp));
  c.Segment(true, kSyn, {});
  c.Segment(false, kSyn | kAck, {});
  c.Segment(true, kAck, {});
  return c;
}

Frames::Connection Frames::ConnectAgain(std::uint16_t client_port, std::uint16_t server_port, bool from_server) {
  FiveTuple t = last_;
  t.protocol = ip_proto::kTcp;
  if (from_server) t = t.Reversed();
  t.source_port = client_port;
  t.destination_port = server_port;
  Connection c(*this, t);
  c.Segment(true, kSyn, {});
  c.Segment(false, kSyn | kAck, {});
  c.Segment(true, kAck, {});
  return c;
}

void Frames::Connection::Segment(bool client, std::uint8_t flags, std::string_view bytes) {
  const FiveTuple t = client ? tuple_ : tuple_.Reversed();
  std::string s;
  Put(s, t.source_port, 2);
  Put(s, t.destination_port, 2);
  Put(s, next_[client], 4);
  Put(s, (flags & kAck) != 0 ? next_[!client] : 0, 4);
  s += '\x50';
  s += static_cast<char>(flags);
  Put(s, 65'000, 2);
  Put(s, 0, 4);  // checksum and urgent pointer
  s += bytes;
  next_[client] += static_cast<std::uint32_t>(bytes.size()) + ((flags & (kSyn | kFin)) != 0 ? 1 : 0);
  frames_.Add(t, s);
}

void Frames::Connection::Say(bool client, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, kSegment);
    Segment(client, kPush | kAck, part);
    bytes.remove_prefix(part.size());
  }
  Segment(!client, kAck, {});
}

void Frames::Connection::Close() {
  Segment(true, kFin | kAck, {});
  Segment(false, kFin | kAck, {});
  Segment(true, kAck, {});
}

void Frames::Datagram(std::uint16_t server_port, std::string_view to_server, std::string_view to_client) {
  const FiveTuple t = NextPair(server_port, ip_proto::kUdp);
  for (const bool client : {true, false}) {
    const std::string_view bytes = client ? to_server : to_client;
    if (bytes.empty()) continue;
    std::string d;
    Put(d, client ? t.source_port : t.destination_port, 2);
    Put(d, client ? t.destination_port : t.source_port, 2);
    Put(d, static_cast<std::uint32_t>(8 + bytes.size()), 2);
    Put(d, 0, 2);
    d += bytes;
    Add(client ? t : t.Reversed(), d);
  }
}

std::unique_ptr<capture::PacketSource> Frames::Source() const {
  std::vector<capture::Packet> packets;
  for (const Frame& f : frames_) {
    capture::Packet p;
    p.frame = AsBytes(f.bytes);
    p.time = f.time;
    p.wire_length = static_cast<std::uint32_t>(f.bytes.size());
    packets.push_back(p);
  }
  return capture::OpenMemory(std::move(packets), "privacy self-check");
}

}  // namespace gander::selfcheck

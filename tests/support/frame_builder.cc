// SPDX-License-Identifier: Apache-2.0
// Ethernet, IP, TCP and UDP with their checksums (RFC 1071).
#include <cstdlib>

#include "support/pcap_builder.h"

namespace gander::test {
namespace {

constexpr std::uint16_t kEtherVlan = 0x8100;
constexpr std::uint8_t kFragmentHeader = 44;

std::string Byte(std::uint8_t v) { return std::string(1, static_cast<char>(v)); }

std::uint16_t Checksum(std::string_view data) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const std::uint32_t octet = static_cast<std::uint8_t>(data[i]);
    sum += i % 2 == 0 ? octet << 8 : octet;
  }
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

void PutChecksum(std::string& data, std::size_t at, std::uint16_t sum) { data.replace(at, 2, Be16(sum)); }

std::string AddressBytes(const IpAddress& a) {
  const auto* octets = reinterpret_cast<const char*>(a.octets.data());
  return a.v4 ? std::string(octets + 12, 4) : std::string(octets, 16);
}

// RFC 9293 §3.1, RFC 8200 §8.1.
std::string PseudoHeader(const FiveTuple& t, std::uint8_t protocol, std::size_t length) {
  const std::string addresses = AddressBytes(t.source) + AddressBytes(t.destination);
  if (t.source.v4) return addresses + Byte(0) + Byte(protocol) + Be16(static_cast<std::uint16_t>(length));
  return addresses + Be32(static_cast<std::uint32_t>(length)) + Be32(protocol);
}

std::string Ipv4(const std::string& source, const std::string& destination, std::uint8_t protocol,
                 std::string_view payload, const IpFields& f) {
  const auto fragment = static_cast<std::uint16_t>(f.fragment_offset / 8 | (f.more_fragments ? 0x2000u : 0u));
  std::string header = Hex("45 00") + Be16(static_cast<std::uint16_t>(20 + payload.size())) +
                       Be16(static_cast<std::uint16_t>(f.id)) + Be16(fragment) + Byte(f.ttl) +
                       Byte(protocol) + Be16(0) + source + destination;
  PutChecksum(header, 10, Checksum(header));
  return header + std::string(payload);
}

std::string Ipv6(const std::string& source, const std::string& destination, std::uint8_t protocol,
                 std::string_view payload, const IpFields& f) {
  std::string body;
  std::uint8_t next = protocol;
  if (f.more_fragments || f.fragment_offset != 0) {
    const auto offset = static_cast<std::uint16_t>(f.fragment_offset | (f.more_fragments ? 1u : 0u));
    body = Byte(protocol) + Byte(0) + Be16(offset) + Be32(f.id);
    next = kFragmentHeader;
  }
  body += payload;
  return Hex("60 00 00 00") + Be16(static_cast<std::uint16_t>(body.size())) + Byte(next) + Byte(f.ttl) +
         source + destination + body;
}

IpAddress Address(const char* text) {
  IpAddress a;
  if (!IpAddress::Parse(text, a)) std::abort();
  return a;
}

}  // namespace

std::string Be16(std::uint16_t v) {
  return Byte(static_cast<std::uint8_t>(v >> 8)) + Byte(static_cast<std::uint8_t>(v));
}

std::string Be32(std::uint32_t v) {
  return Be16(static_cast<std::uint16_t>(v >> 16)) + Be16(static_cast<std::uint16_t>(v));
}

std::string Hex(std::string_view hex) {
  std::string out;
  int high = -1;
  for (const char c : hex) {
    if (c == ' ') continue;
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    if (high < 0) {
      high = digit;
    } else {
      out += static_cast<char>(high << 4 | digit);
      high = -1;
    }
  }
  return out;
}

std::string EthernetFrame(std::uint16_t ether_type, std::string_view payload,
                          std::vector<std::uint16_t> vlans) {
  std::string frame = Hex("02 00 00 00 00 02  02 00 00 00 00 01");
  for (const std::uint16_t vlan : vlans) frame += Be16(kEtherVlan) + Be16(vlan);
  return frame + Be16(ether_type) + std::string(payload);
}

std::string EthernetFrame(std::string_view ip_packet) {
  const bool v4 = !ip_packet.empty() && static_cast<std::uint8_t>(ip_packet[0]) >> 4 == 4;
  return EthernetFrame(v4 ? kEtherIpv4 : kEtherIpv6, ip_packet);
}

std::string IpPacket(const IpAddress& source, const IpAddress& destination, std::uint8_t protocol,
                     std::string_view payload, const IpFields& fields) {
  const auto build = source.v4 ? Ipv4 : Ipv6;
  return build(AddressBytes(source), AddressBytes(destination), protocol, payload, fields);
}

std::string IpPacket(const char* source, const char* destination, std::uint8_t protocol,
                     std::string_view payload, const IpFields& fields) {
  return IpPacket(Address(source), Address(destination), protocol, payload, fields);
}

std::string TcpPacket(const FiveTuple& tuple, const TcpFields& f, std::string_view payload) {
  std::string options = f.options;
  options.resize((options.size() + 3) / 4 * 4, '\0');
  std::string segment = Be16(tuple.source_port) + Be16(tuple.destination_port) + Be32(f.sequence) +
                        Be32(f.acknowledgement) +
                        Byte(static_cast<std::uint8_t>((5 + options.size() / 4) << 4)) + Byte(f.flags) +
                        Be16(f.window) + Be16(0) + Be16(0) + options + std::string(payload);
  PutChecksum(segment, 16, Checksum(PseudoHeader(tuple, ip_proto::kTcp, segment.size()) + segment));
  return IpPacket(tuple.source, tuple.destination, ip_proto::kTcp, segment);
}

std::string UdpPacket(const FiveTuple& tuple, std::string_view payload) {
  const auto length = static_cast<std::uint16_t>(8 + payload.size());
  std::string datagram =
      Be16(tuple.source_port) + Be16(tuple.destination_port) + Be16(length) + Be16(0) + std::string(payload);
  const std::uint16_t sum = Checksum(PseudoHeader(tuple, ip_proto::kUdp, datagram.size()) + datagram);
  PutChecksum(datagram, 6, sum == 0 ? 0xffff : sum);  // 0 would mean "no checksum" (RFC 768)
  return IpPacket(tuple.source, tuple.destination, ip_proto::kUdp, datagram);
}

std::string TcpFrame(const FiveTuple& tuple, const TcpFields& fields, std::string_view payload) {
  return EthernetFrame(TcpPacket(tuple, fields, payload));
}

std::string UdpFrame(const FiveTuple& tuple, std::string_view payload) {
  return EthernetFrame(UdpPacket(tuple, payload));
}

FiveTuple Tuple(const char* source, std::uint16_t source_port, const char* destination,
                std::uint16_t destination_port, std::uint8_t protocol) {
  return {Address(source), Address(destination), source_port, destination_port, protocol};
}

TcpDialog::TcpDialog(const FiveTuple& client_to_server, std::uint32_t client_isn, std::uint32_t server_isn)
    : tuple_(client_to_server), next_{client_isn, server_isn} {}

void TcpDialog::Send(bool client, std::uint8_t flags, std::string_view payload) {
  const std::uint32_t acknowledgement = (flags & flag::kAck) != 0 ? next_[client ? 1 : 0] : 0;
  std::uint32_t& sequence = next_[client ? 0 : 1];
  const TcpFields fields{sequence, acknowledgement, flags, 65535, {}};
  frames_.push_back(TcpFrame(client ? tuple_ : tuple_.Reversed(), fields, payload));
  sequence += static_cast<std::uint32_t>(payload.size()) + ((flags & (flag::kSyn | flag::kFin)) != 0 ? 1 : 0);
}

void TcpDialog::Say(bool client, std::string_view text, std::size_t segment) {
  for (std::size_t at = 0; at < text.size(); at += segment) {
    Send(client, flag::kPsh | flag::kAck, text.substr(at, segment));
  }
}

TcpDialog& TcpDialog::Handshake() {
  Send(true, flag::kSyn, {});
  Send(false, flag::kSyn | flag::kAck, {});
  Send(true, flag::kAck, {});
  return *this;
}

TcpDialog& TcpDialog::ClientSays(std::string_view text, std::size_t segment) {
  Say(true, text, segment);
  return *this;
}

TcpDialog& TcpDialog::ServerSays(std::string_view text, std::size_t segment) {
  Say(false, text, segment);
  return *this;
}

TcpDialog& TcpDialog::Close() {
  Send(true, flag::kFin | flag::kAck, {});
  Send(false, flag::kFin | flag::kAck, {});
  Send(true, flag::kAck, {});
  return *this;
}

}  // namespace gander::test

// SPDX-License-Identifier: Apache-2.0
// TCP (RFC 9293), UDP (RFC 768), ICMP (RFC 792, RFC 4443), SCTP (RFC 9260).
#include <algorithm>

#include "decode/checksum.h"
#include "decode/frame_walk.h"
#include "decode/wire.h"

namespace gander::decode {
namespace {

constexpr std::size_t kTcpHeader = 20, kUdpHeader = 8, kIcmpHeader = 8, kSctpHeader = 12;
constexpr std::size_t kTcpChecksumAt = 16, kUdpChecksumAt = 6, kIcmpChecksumAt = 2;

// ICMP types whose bytes 4 and 5 are an identifier.
bool HasIdentifier(std::uint8_t protocol, std::uint8_t type) noexcept {
  if (protocol == ip_proto::kIcmp6) return type == 128 || type == 129;
  return type == 0 || type == 8 || (type >= 13 && type <= 18);
}

}  // namespace

// Options of a TCP header (RFC 9293 §3.1): kind, length, data; kinds 0 and 1 stand alone.
std::uint8_t FrameWalk::WindowScale(Bytes options) noexcept {
  constexpr std::uint8_t kEnd = 0, kNothing = 1, kWindowScale = 3, kMaxScale = 14;
  while (options.size() >= 3) {
    const std::uint8_t kind = Load8(options, 0);
    if (kind == kEnd) break;
    const std::size_t length = kind == kNothing ? 1 : Load8(options, 1);
    if (kind != kNothing && length < 2) break;
    if (kind == kWindowScale && length == 3) return std::min(Load8(options, 2), kMaxScale);
    if (length > options.size()) break;
    options = options.subspan(length);
  }
  return kNoWindowScale;
}

Status FrameWalk::Tcp(Bytes b) noexcept {
  if (b.size() < kTcpHeader) return Status::kMalformed;
  std::size_t header = std::size_t{Load8(b, 12)} >> 4 << 2;
  if (header < kTcpHeader) return Status::kMalformed;
  const std::size_t claimed = b.size() + out_.payload_missing;
  if (header > claimed) return Status::kMalformed;
  ++counters_.tcp;
  out_.tuple.source_port = Load16(b, 0);
  out_.tuple.destination_port = Load16(b, 2);
  out_.sequence = Load32(b, 4);
  out_.acknowledgement = Load32(b, 8);
  out_.tcp_flags = Load8(b, 13);
  out_.window = Load16(b, 14);
  const std::size_t captured_header = header < b.size() ? header : b.size();
  if ((out_.tcp_flags & tcp_flag::kSyn) != 0) {
    out_.window_scale = WindowScale(b.first(captured_header).subspan(kTcpHeader));
  }
  if (options_.checksums != Checksums::kIgnore) VerifyTransport(b, kTcpChecksumAt);
  SetPayload(b.subspan(captured_header), claimed - header);
  return Status::kOk;
}

// `claimed` is the length the IP header gives. What lies behind the UDP length is padding; a UDP length
// beyond IP's is a lie and IP's is taken; zero is a jumbogram (RFC 2675) or segmentation offload.
Status FrameWalk::Udp(Bytes b, std::size_t claimed) noexcept {
  if (b.size() < kUdpHeader) return Status::kMalformed;
  const std::size_t length = Load16(b, 4);
  if (length != 0 && length < kUdpHeader) return Status::kMalformed;
  ++counters_.udp;
  if (length != 0 && length < claimed) claimed = length;
  if (claimed < b.size()) b = b.first(claimed);
  out_.tuple.source_port = Load16(b, 0);
  out_.tuple.destination_port = Load16(b, 2);
  SetPayload(b.subspan(kUdpHeader), claimed - kUdpHeader);
  const bool summed = Load16(b, kUdpChecksumAt) != 0;
  if (options_.checksums != Checksums::kIgnore && summed) VerifyTransport(b, kUdpChecksumAt);
  Status status;
  return UdpTunnel(out_.payload, status) ? status : Status::kOk;
}

Status FrameWalk::Icmp(Bytes b) noexcept {
  if (b.size() < 4) return Status::kMalformed;
  ++(out_.tuple.protocol == ip_proto::kIcmp ? counters_.icmpv4 : counters_.icmpv6);
  out_.icmp_type = Load8(b, 0);
  out_.icmp_code = Load8(b, 1);
  const bool identified = HasIdentifier(out_.tuple.protocol, out_.icmp_type);
  if (identified && b.size() >= 6) out_.icmp_id = Load16(b, 4);
  if (identified && b.size() >= 8) out_.icmp_sequence = Load16(b, 6);
  if (options_.checksums != Checksums::kIgnore) VerifyTransport(b, kIcmpChecksumAt);
  const std::size_t header = b.size() < kIcmpHeader ? b.size() : kIcmpHeader;
  out_.payload = b.subspan(header);
  return Status::kOk;
}

Status FrameWalk::Sctp(Bytes b) noexcept {
  if (b.size() < kSctpHeader) return Status::kMalformed;
  ++counters_.sctp;
  out_.tuple.source_port = Load16(b, 0);
  out_.tuple.destination_port = Load16(b, 2);
  out_.payload = b.subspan(kSctpHeader);
  return Status::kOk;
}

// RFC 4303. An association is known by its index, which goes one way. What follows it and the sequence number is
// ciphertext, or tells not that it is none.
Status FrameWalk::Esp(Bytes b) noexcept {
  constexpr std::size_t kEspHeader = 8;
  if (b.size() < kEspHeader) return Status::kMalformed;
  ++counters_.esp;
  out_.tuple.source_port = Load16(b, 0);
  out_.tuple.destination_port = Load16(b, 2);
  out_.payload = b.subspan(kEspHeader);
  return Status::kOk;
}

// A cut packet cannot be verified and passes, as does, for kAuto, one whose sum its NIC is to complete: the stack has
// left the pseudo-header's there.
void FrameWalk::VerifyTransport(Bytes b, std::size_t sum_at) noexcept {
  if (out_.payload_missing > 0) return;
  const std::uint32_t pseudo = out_.tuple.protocol == ip_proto::kIcmp ? 0 : PseudoHeaderSum(out_.tuple, b.size());
  if (OnesSum(b, pseudo) == 0xffff) return;
  const std::uint16_t stated = Load16(b, sum_at);
  if (options_.checksums == Checksums::kAuto && (stated == 0 || stated == OnesSum({}, pseudo))) {
    ++counters_.offloaded_checksum;
  } else {
    out_.bad_checksum = true;
  }
}

}  // namespace gander::decode

// SPDX-License-Identifier: Apache-2.0
// Where the outermost IP packet of a frame and its TCP segment lie, and the frame with another one in their place.
#ifndef GANDER_TESTS_MANGLE_LAYERS_H_
#define GANDER_TESTS_MANGLE_LAYERS_H_

#include <optional>
#include <string>
#include <string_view>

#include "base/net.h"
#include "mangle/packets.h"

namespace gander::mangle {

// A whole IP packet straight on Ethernet (802.1Q tags before it) or on a raw link.
struct IpAt {
  std::size_t begin = 0, payload = 0, end = 0;  // offsets in the frame; the payload begins behind all IPv4 options
  bool v4 = true;
  std::uint8_t protocol = 0;  // IPv6: next header
  bool fragment = false;
  FiveTuple hosts;            // ports 0
};
std::optional<IpAt> FindIp(const TimedPacket& packet);

// A whole TCP segment in it whose checksum is right, or had yet to be summed by the sender's NIC.
struct TcpAt {
  IpAt ip;
  std::size_t payload = 0;  // offset in the frame; ends at ip.end
  FiveTuple tuple;
  std::uint32_t sequence = 0, acknowledgement = 0;
  std::uint8_t flags = 0;

  std::size_t size() const { return ip.end - payload; }
  bool Has(std::uint8_t any_of) const { return (flags & any_of) != 0; }
  // Where its payload ends in sequence space.
  std::uint32_t next() const;
};
std::optional<TcpAt> FindTcp(const TimedPacket& packet);

// The packet with another TCP segment, header and payload, and all lengths and checksums right. Padding is left out.
TimedPacket WithSegment(const TimedPacket& packet, const TcpAt& at, std::string segment);

// Header and payload of a segment, to be changed and given to WithSegment.
std::string SegmentOf(const TimedPacket& packet, const TcpAt& at);
// The same header with another payload, that many bytes further on.
std::string SegmentOf(const TimedPacket& packet, const TcpAt& at, std::uint32_t further, std::string_view payload,
                      std::uint8_t flags);

void Put16(std::string& bytes, std::size_t at, std::uint32_t v);
void Put32(std::string& bytes, std::size_t at, std::uint32_t v);
std::uint32_t Get16(std::string_view bytes, std::size_t at);
std::uint32_t Get32(std::string_view bytes, std::size_t at);
// Writes the checksum of the IPv4 header that begins at `ip`.
void SumIpHeader(std::string& frame, std::size_t ip);

}  // namespace gander::mangle

#endif  // GANDER_TESTS_MANGLE_LAYERS_H_

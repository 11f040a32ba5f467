// SPDX-License-Identifier: Apache-2.0
// Ethernet, IPv4, TCP, UDP and VXLAN frames with valid checksums.
#ifndef GANDER_BENCH_CORPUS_FRAME_H_
#define GANDER_BENCH_CORPUS_FRAME_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "corpus/capture_file.h"

namespace gander::bench {

struct Endpoint {
  std::uint32_t address = 0;  // host order
  std::uint16_t port = 0;
};

inline constexpr std::size_t kSegment = 1460;  // payload of a full TCP segment, as the SYN announces
inline constexpr std::uint8_t kFin = 1, kSyn = 2, kPush = 8, kAck = 16;

struct TcpHeader {
  Endpoint from, to;
  std::uint32_t sequence = 0, acknowledgement = 0;
  std::uint8_t flags = 0;
};

class FrameWriter {
 public:
  explicit FrameWriter(FrameSink& sink) noexcept : sink_(&sink) {}

  void Tcp(const TcpHeader& header, std::string_view payload);
  // In fragments where it does not fit 1,500 bytes.
  void Udp(Endpoint from, Endpoint to, std::string_view payload);
  // A frame that is there already.
  void Raw(std::string_view frame) { sink_->Emit(frame); }
  // Any piece of a datagram of `id`, from byte `offset` on, a multiple of 8.
  void UdpFragment(Endpoint from, Endpoint to, std::uint16_t id, std::size_t offset, bool more,
                   std::string_view payload);

 private:
  void Ip(Endpoint from, Endpoint to, std::uint8_t protocol, std::uint16_t fragment, std::uint16_t id,
          std::string_view transport);

  FrameSink* sink_;
  std::string transport_, frame_;
  std::uint16_t next_id_ = 1;
};

// Wraps each frame as a mirror port in a cloud does (RFC 7348; UDP checksum zero).
class VxlanSink final : public FrameSink {
 public:
  explicit VxlanSink(FrameSink& outer) noexcept : writer_(outer) {}
  void Emit(std::string_view frame) override;

 private:
  FrameWriter writer_;
  std::string payload_;
};

// Big-endian numbers, for those who write protocols.
std::string Be16(std::uint32_t v);
std::string Be24(std::uint32_t v);
std::string Be32(std::uint32_t v);

}  // namespace gander::bench

#endif  // GANDER_BENCH_CORPUS_FRAME_H_

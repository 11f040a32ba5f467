// SPDX-License-Identifier: Apache-2.0
#include "protocol/tds/packet.h"

#include "protocol/framing/frame_reader.h"
#include "protocol/tds/request.h"

namespace gander::protocol::tds {
namespace {

using framing::FrameReader;

constexpr std::size_t kTlsHead = 5;
constexpr std::uint16_t kPort = 1433;

}  // namespace

bool IsTls(Bytes front) noexcept {
  const std::uint8_t* const p = Octets(front);
  return p[0] >= 0x14 && p[0] <= 0x17 && (front.size() < 2 || p[1] == 3);
}

std::uint64_t MeasurePacket(Bytes front) noexcept {
  const std::uint8_t* const p = Octets(front);
  if (IsTls(front))
    return front.size() < kTlsHead ? FrameReader::kUnknown : kTlsHead + (std::uint64_t{p[3]} << 8 | p[4]);
  if (kTypes.find(static_cast<char>(p[0])) == std::string_view::npos) return FrameReader::kBad;
  if (front.size() < kHead) return FrameReader::kUnknown;
  const std::uint64_t length = std::uint64_t{p[2]} << 8 | p[3];
  return p[1] > 0x1f || length < kHead || p[7] != 0 ? FrameReader::kBad : length;
}

Probe ProbeTds(const ProbeInput& input) noexcept {
  const Bytes bytes = input.bytes;
  if (bytes.empty() || kTypes.find(AsText(bytes)[0]) == std::string_view::npos) return Probe::kNo;
  const bool here = input.server_port == kPort || input.client_port == kPort;
  if (bytes.size() < kHead + 4)
    return here && MeasurePacket(bytes) != FrameReader::kBad ? Probe::kNeedMore : Probe::kNo;
  const std::uint64_t length = MeasurePacket(bytes);
  if (length == FrameReader::kBad || (length < bytes.size() && !here)) return Probe::kNo;
  const std::uint8_t* const p = Octets(bytes);
  const Bytes payload = bytes.subspan(kHead);
  // Prelogin: option 0 (version), whose offset is that of the end of the list, five octets an option.
  if (p[0] == kPrelogin && p[kHead] == 0 && p[kHead + 1] == 0 && p[kHead + 2] % 5 == 1 && p[kHead + 2] < 0x60 &&
      p[kHead + 3] == 0)
    return Probe::kYes;
  constexpr std::size_t kVersionAt = kHead + 7;
  if (p[0] == kLogin && bytes.size() > kVersionAt) {
    const std::uint32_t stated = p[kHead] | static_cast<std::uint32_t>(p[kHead + 1]) << 8;
    const bool version = p[kVersionAt] >= 0x70 && p[kVersionAt] <= 0x74;
    return version && p[kHead + 2] == 0 && p[kHead + 3] == 0 && stated + kHead <= length + 4096 ? Probe::kYes
                                                                                                : Probe::kNo;
  }
  if (here) return Probe::kYes;
  // A statement with its headers is like nothing else.
  return (p[0] == kBatch || p[0] == kRpc) && HeadersSize(payload) == 22 ? Probe::kYes : Probe::kNo;
}

}  // namespace gander::protocol::tds

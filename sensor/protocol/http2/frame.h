// SPDX-License-Identifier: Apache-2.0
// Frame headers and the names of what frames carry (RFC 9113 §4.1, §6, §7).
#ifndef GANDER_PROTOCOL_HTTP2_FRAME_H_
#define GANDER_PROTOCOL_HTTP2_FRAME_H_

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace gander::protocol::http2 {

enum class FrameType : std::uint8_t {
  kData = 0,
  kHeaders = 1,
  kPriority = 2,
  kResetStream = 3,
  kSettings = 4,
  kPushPromise = 5,
  kPing = 6,
  kGoAway = 7,
  kWindowUpdate = 8,
  kContinuation = 9,
};

namespace flag {
inline constexpr std::uint8_t kEndStream = 0x01, kAck = 0x01, kEndHeaders = 0x04, kPadded = 0x08, kPriority = 0x20;
}  // namespace flag

inline constexpr std::size_t kFrameHeader = 9;
inline constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
inline constexpr std::size_t kSetting = 6;  // octets of one

struct FrameHeader {
  std::uint32_t length = 0;
  FrameType type = FrameType::kData;
  std::uint8_t flags = 0;
  std::uint32_t stream = 0;

  bool Has(std::uint8_t f) const noexcept { return (flags & f) != 0; }
};

// `octets` holds kFrameHeader of them.
FrameHeader ReadFrameHeader(const std::uint8_t* octets) noexcept;
// Whether it is one a peer would send: a known type, no unknown flags, a stream or none as the type demands, a length
// the type allows.
bool IsPlausible(const FrameHeader& header) noexcept;

// "SETTINGSHEADERTABLESIZE", as Suricata writes it; null for an unknown one.
const char* SettingName(std::uint16_t id) noexcept;
// "PROTOCOLERROR"; null for an unknown one.
const char* ErrorName(std::uint32_t code) noexcept;

}  // namespace gander::protocol::http2

#endif  // GANDER_PROTOCOL_HTTP2_FRAME_H_

// SPDX-License-Identifier: Apache-2.0
// DNP3's link layer (IEEE 1815 §9): a head of eight octets and blocks of sixteen, each with its checksum.
#ifndef GANDER_PROTOCOL_DNP3_LINK_H_
#define GANDER_PROTOCOL_DNP3_LINK_H_

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace gander::protocol::dnp3 {

inline constexpr std::size_t kLinkHead = 10;  // checksum included

struct Link {
  std::uint8_t control = 0;
  std::uint16_t destination = 0, source = 0;

  std::uint8_t function() const noexcept { return control & 0x0f; }
  // Whether it carries data of the layer above.
  bool carries_data() const noexcept {
    constexpr std::uint8_t kPrimary = 0x40, kConfirmed = 3, kUnconfirmed = 4;
    return (control & kPrimary) != 0 && (function() == kConfirmed || function() == kUnconfirmed);
  }
};

// CRC-16/DNP of `bytes`.
std::uint16_t Checksum(Bytes bytes) noexcept;

// As framing::FrameReader wants it.
std::uint64_t MeasureFrame(Bytes front) noexcept;
bool HeadIsSound(Bytes frame) noexcept;  // its start and checksum
Link ReadLink(Bytes frame) noexcept;     // of at least kLinkHead bytes

// The data of a frame without checksums. False when one of them is wrong.
class Payload {
 public:
  bool Read(Bytes frame) noexcept;
  Bytes bytes() const noexcept { return Bytes(octets_).first(size_); }

 private:
  std::array<std::byte, 250> octets_;
  std::size_t size_ = 0;
};

}  // namespace gander::protocol::dnp3

#endif  // GANDER_PROTOCOL_DNP3_LINK_H_

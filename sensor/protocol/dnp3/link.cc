// SPDX-License-Identifier: Apache-2.0
#include "protocol/dnp3/link.h"

#include <algorithm>

#include "protocol/dnp3/dnp3.h"
#include "protocol/framing/frame_reader.h"
#include "protocol/framing/little_reader.h"

namespace gander::protocol::dnp3 {
namespace {

using framing::FrameReader;

constexpr std::size_t kBlock = 16, kCrc = 2;
constexpr std::uint8_t kStart[] = {0x05, 0x64};
constexpr std::size_t kMinLength = 5;  // control and two addresses

// The polynomial of §9.2.5.2, mirrored.
constexpr std::array<std::uint16_t, 256> kTable = [] {
  constexpr std::uint16_t kPolynomial = 0xa6bc;
  std::array<std::uint16_t, 256> t{};
  for (std::uint16_t i = 0; i < 256; ++i) {
    std::uint16_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = static_cast<std::uint16_t>((crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0));
    t[i] = crc;
  }
  return t;
}();

bool IsSound(Bytes block, Bytes crc) noexcept {
  return Checksum(block) == static_cast<std::uint16_t>(Octets(crc)[0] | Octets(crc)[1] << 8);
}

}  // namespace

std::uint16_t Checksum(Bytes bytes) noexcept {
  std::uint16_t crc = 0;
  for (const std::byte b : bytes) {
    crc = static_cast<std::uint16_t>((crc >> 8) ^ kTable[(crc ^ static_cast<std::uint8_t>(b)) & 0xff]);
  }
  return static_cast<std::uint16_t>(~crc);
}

std::uint64_t MeasureFrame(Bytes front) noexcept {
  for (std::size_t i = 0; i < std::min<std::size_t>(front.size(), 2); ++i) {
    if (Octets(front)[i] != kStart[i]) return FrameReader::kBad;
  }
  if (front.size() < 3) return FrameReader::kUnknown;
  const std::size_t length = Octets(front)[2];
  if (length < kMinLength) return FrameReader::kBad;
  const std::size_t data = length - kMinLength;
  return kLinkHead + data + (data + kBlock - 1) / kBlock * kCrc;
}

bool HeadIsSound(Bytes frame) noexcept {
  if (frame.size() < kLinkHead || MeasureFrame(frame) == FrameReader::kBad) return false;
  return IsSound(frame.first(kLinkHead - kCrc), frame.subspan(kLinkHead - kCrc, kCrc));
}

Link ReadLink(Bytes frame) noexcept {
  framing::LittleReader in(frame);
  in.Take(3);
  Link link;
  link.control = static_cast<std::uint8_t>(in.Integer(1));
  link.destination = static_cast<std::uint16_t>(in.Integer(2));
  link.source = static_cast<std::uint16_t>(in.Integer(2));
  return link;
}

bool Payload::Read(Bytes frame) noexcept {
  size_ = 0;
  Bytes rest = frame.subspan(kLinkHead);
  while (rest.size() > kCrc) {
    const Bytes block = TakeFront(rest, std::min(kBlock, rest.size() - kCrc));
    if (!IsSound(block, TakeFront(rest, kCrc)) || size_ + block.size() > octets_.size()) return false;
    std::copy(block.begin(), block.end(), octets_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += block.size();
  }
  return rest.empty();
}

}  // namespace gander::protocol::dnp3

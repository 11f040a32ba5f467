// SPDX-License-Identifier: Apache-2.0
#include "decode/checksum.h"

#include "decode/wire.h"

namespace gander::decode {
namespace {

std::uint16_t Fold(std::uint64_t sum) noexcept {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

Bytes OctetsOf(const IpAddress& a) noexcept {
  const Bytes all = std::as_bytes(std::span(a.octets));
  return a.v4 ? all.subspan(12) : all;
}

}  // namespace

std::uint16_t OnesSum(Bytes b, std::uint32_t start) noexcept {
  std::uint64_t sum = start;
  std::size_t at = 0;
  for (; at + 4 <= b.size(); at += 4) sum += Load32(b, at);
  if (at + 2 <= b.size()) {
    sum += Load16(b, at);
    at += 2;
  }
  if (at < b.size()) sum += std::uint64_t{Load8(b, at)} << 8;
  return Fold(sum);
}

std::uint32_t PseudoHeaderSum(const FiveTuple& tuple, std::size_t length) noexcept {
  return OnesSum(OctetsOf(tuple.source)) + std::uint32_t{OnesSum(OctetsOf(tuple.destination))} +
         tuple.protocol + static_cast<std::uint32_t>(length >> 16) +
         static_cast<std::uint32_t>(length & 0xffff);
}

}  // namespace gander::decode

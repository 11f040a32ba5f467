// SPDX-License-Identifier: Apache-2.0
#include "flow/duplicate_filter.h"

#include <algorithm>
#include <cstring>

namespace gander::flow {
namespace {

std::uint64_t Mix(std::uint64_t a, std::uint64_t b) noexcept {
  const unsigned __int128 product =
      static_cast<unsigned __int128>(a ^ 0x9E3779B97F4A7C15ULL) * (b ^ 0xD6E8FEB86659FD93ULL);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Eight bytes from `at`, fewer at the end.
std::uint64_t WordAt(Bytes bytes, std::size_t at) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data() + at, std::min<std::size_t>(sizeof word, bytes.size() - at));
  return word;
}

}  // namespace

std::uint64_t FingerprintOf(const PacketIdentity& p) noexcept {
  const std::size_t n = p.payload.size();
  const std::uint64_t numbers = std::uint64_t{p.sequence} << 32 | p.acknowledgement;
  const std::uint64_t rest = std::uint64_t{n} << 32 | std::uint64_t{p.ip_id} << 1 | (p.from_low_end ? 1u : 0u);
  std::uint64_t print = Mix(p.flow ^ numbers, rest);
  if (n > 0) print = Mix(print ^ WordAt(p.payload, 0), WordAt(p.payload, n > 8 ? n - 8 : 0));
  return print;
}

DuplicateFilter::DuplicateFilter(std::uint32_t window_us) : window_us_(window_us), sets_(window_us > 0 ? kSets : 0) {}

bool DuplicateFilter::SeenBefore(std::uint64_t fingerprint, Timestamp now) noexcept {
  if (window_us_ == 0) return false;
  Set& set = sets_[fingerprint % kSets];
  // Never 0, which is a free place.
  const std::uint32_t print = static_cast<std::uint32_t>(fingerprint >> 32) | 1;
  const auto now_us = static_cast<std::uint32_t>(now.ns / 1000);
  std::size_t oldest = 0;
  std::uint32_t greatest_age = 0;
  for (std::size_t way = 0; way < kWays; ++way) {
    // Packet time may step back a little between two queues: that is a small age too.
    const auto age = static_cast<std::int32_t>(now_us - set.times_us[way]);
    const std::uint32_t distance = set.prints[way] == 0 ? UINT32_MAX : static_cast<std::uint32_t>(age < 0 ? -age : age);
    if (set.prints[way] == print && distance <= window_us_) {
      set.prints[way] = 0;  // a third copy is a copy of nothing that is remembered: pairs are counted
      return true;
    }
    if (distance > greatest_age) {
      greatest_age = distance;
      oldest = way;
    }
  }
  set.prints[oldest] = print;
  set.times_us[oldest] = now_us;
  return false;
}

}  // namespace gander::flow

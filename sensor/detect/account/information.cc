// SPDX-License-Identifier: Apache-2.0
#include "detect/account/information.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace gander::detect {
namespace {

struct Tally {
  std::array<std::uint16_t, 256> counts{};
  std::size_t octets = 0;
};

// Longer strings are judged by their first part: counts must fit, and more would say the same.
constexpr std::size_t kLongest = 65535;

Tally Count(Bytes bytes) noexcept {
  Tally t;
  t.octets = std::min(bytes.size(), kLongest);
  for (std::size_t i = 0; i < t.octets; ++i) ++t.counts[Octets(bytes)[i]];
  return t;
}

// log2 of small n: names are short, and there are many of them.
constexpr std::size_t kTabled = 256;
const std::array<double, kTabled> kLog2 = [] {
  std::array<double, kTabled> logs{};
  for (std::size_t n = 2; n < kTabled; ++n) logs[n] = std::log2(static_cast<double>(n));
  return logs;
}();
double Log2Of(std::size_t n) noexcept { return n < kTabled ? kLog2[n] : std::log2(static_cast<double>(n)); }

double EntropyOf(const Tally& t, Bytes bytes) noexcept {
  if (t.octets == 0) return 0;
  double sum = 0;
  if (t.octets < kTabled) {  // each octet by itself: most of the 256 counts are zero
    for (std::size_t i = 0; i < t.octets; ++i) sum += kLog2[t.counts[Octets(bytes)[i]]];
  } else {
    for (const std::uint16_t n : t.counts) sum += n * Log2Of(n);
  }
  return Log2Of(t.octets) - sum / static_cast<double>(t.octets);
}

}  // namespace

double EntropyOf(Bytes bytes) noexcept { return EntropyOf(Count(bytes), bytes); }

double ScaledEntropyOf(Bytes bytes) noexcept {
  const Tally t = Count(bytes);
  if (t.octets < 2) return 0;
  return 8 * EntropyOf(t, bytes) / std::log2(static_cast<double>(std::min<std::size_t>(t.octets, 256)));
}

double InformationOf(Bytes bytes) noexcept { return static_cast<double>(bytes.size()) * EntropyOf(bytes) / 8; }

}  // namespace gander::detect

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

double EntropyOf(const Tally& t) noexcept {
  if (t.octets == 0) return 0;
  double sum = 0;
  for (const std::uint16_t n : t.counts) {
    if (n > 1) sum += n * std::log2(static_cast<double>(n));
  }
  return std::log2(static_cast<double>(t.octets)) - sum / static_cast<double>(t.octets);
}

}  // namespace

double EntropyOf(Bytes bytes) noexcept { return EntropyOf(Count(bytes)); }

double ScaledEntropyOf(Bytes bytes) noexcept {
  const Tally t = Count(bytes);
  if (t.octets < 2) return 0;
  return 8 * EntropyOf(t) / std::log2(static_cast<double>(std::min<std::size_t>(t.octets, 256)));
}

double InformationOf(Bytes bytes) noexcept { return static_cast<double>(bytes.size()) * EntropyOf(bytes) / 8; }

}  // namespace gander::detect

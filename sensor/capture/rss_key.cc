// SPDX-License-Identifier: Apache-2.0
// Parsing of RSS keys. Symmetry is not read off the key's shape but tried on address pairs, both ways round.
#include "capture/rss_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <set>

namespace gander::capture {
namespace {

constexpr const char* kSetting = "capture.dpdk.rss_key";

// A key of one repeated 16-bit pattern hashes (a, b) and (b, a) alike (Woo and Park, "Scalable TCP session
// monitoring with symmetric receive-side scaling", KAIST, 2012).
constexpr const char* kDefault = "6d5a";

constexpr std::size_t kTries = 128;
// Of so many random pairs the low 7 bits, which choose a queue, must take at least so many values.
constexpr std::size_t kFewestValues = 32;
constexpr std::size_t kIpv4 = 4, kIpv6 = 16;  // bytes of an address

int DigitOf(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char low = static_cast<char>(c | 0x20);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

// False when there is something but hexadecimal digits, blanks and colons, or half a byte.
bool ParseHex(const std::string& hex, std::vector<std::uint8_t>& out) {
  int high = -1;
  for (const char c : hex) {
    if (c == ' ' || c == ':') continue;
    const int digit = DigitOf(c);
    if (digit < 0) return false;
    if (high >= 0) out.push_back(static_cast<std::uint8_t>(high << 4 | digit));
    high = high >= 0 ? -1 : digit;
  }
  return high < 0;
}

std::size_t PatternOf(const std::vector<std::uint8_t>& key) {
  for (const std::size_t pattern : {1u, 2u, 4u}) {
    bool repeats = key.size() >= pattern;
    for (std::size_t i = pattern; i < key.size() && repeats; ++i) repeats = key[i] == key[i - pattern];
    if (repeats) return pattern;
  }
  return 0;
}

// Any fixed sequence does; SplitMix64.
std::uint64_t Next(std::uint64_t& state) noexcept {
  std::uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

struct Trial {
  bool symmetric = true;
  std::set<std::uint32_t> values;
};

Trial Try(std::span<const std::uint8_t> key, std::size_t address) {
  Trial trial;
  std::uint64_t state = address;
  std::array<std::uint8_t, 2 * kIpv6> pair;
  for (std::size_t i = 0; i < kTries; ++i) {
    for (std::uint8_t& octet : pair) octet = static_cast<std::uint8_t>(Next(state) >> 56);
    const std::span<const std::uint8_t> there(pair.data(), 2 * address);
    const std::uint32_t hash = ToeplitzHash(key, there);
    std::rotate(pair.begin(), pair.begin() + static_cast<std::ptrdiff_t>(address),
                pair.begin() + static_cast<std::ptrdiff_t>(2 * address));
    trial.symmetric = trial.symmetric && hash == ToeplitzHash(key, there);
    trial.values.insert(hash & 0x7f);
  }
  return trial;
}

}  // namespace

std::uint32_t ToeplitzHash(std::span<const std::uint8_t> key, std::span<const std::uint8_t> data) noexcept {
  std::uint32_t hash = 0;
  std::uint64_t window = 0;  // its upper half faces the present bit
  for (std::size_t i = 0; i < 4; ++i) window = window << 8 | key[i];
  window <<= 32;
  for (std::size_t i = 0; i < data.size(); ++i) {
    window |= std::uint64_t{key[i + 4]} << 24;
    for (int bit = 7; bit >= 0; --bit) {
      if ((data[i] >> bit & 1) != 0) hash ^= static_cast<std::uint32_t>(window >> 32);
      window <<= 1;
    }
  }
  return hash;
}

Result<RssKey> RssKey::Parse(const std::string& hex) {
  RssKey key;
  if (!ParseHex(hex.empty() ? kDefault : hex, key.bytes_) || key.bytes_.empty()) {
    return Fail(kSetting, 0, fmt::format("\"{}\" is not a hexadecimal key", hex),
                "give two digits a byte, or leave it empty for 6d5a repeated");
  }
  key.pattern_ = PatternOf(key.bytes_);
  if (key.bytes_.size() > kMaxBytes || (key.pattern_ == 0 && key.bytes_.size() < kMinBytes)) {
    return Fail(kSetting, 0, fmt::format("the key has {} bytes", key.bytes_.size()),
                fmt::format("give as many as the port's keys have ({} or 52 mostly), or a pattern of two",
                            kMinBytes));
  }
  const std::vector<std::uint8_t> whole = key.OfSize(std::max(key.bytes_.size(), kMinBytes));
  for (const std::size_t address : {kIpv4, kIpv6}) {
    const Trial trial = Try(whole, address);
    if (!trial.symmetric) {
      return Fail(
          kSetting, 0,
          fmt::format(
              "the key is not symmetric: it hashes the two directions of an IPv{} host pair differently",
              address == kIpv4 ? 4 : 6),
          "use a key that repeats two bytes, or leave it empty for 6d5a repeated");
    }
    if (trial.values.size() < kFewestValues) {
      return Fail(kSetting, 0, "the key hashes most host pairs alike, so one queue would get them all",
                  "use a pattern whose bits differ, or leave it empty for 6d5a repeated");
    }
  }
  return key;
}

std::vector<std::uint8_t> RssKey::OfSize(std::size_t size) const {
  if (size == bytes_.size()) return bytes_;
  if (pattern_ == 0) return {};
  std::vector<std::uint8_t> key(size);
  for (std::size_t i = 0; i < size; ++i) key[i] = bytes_[i % pattern_];
  return key;
}

}  // namespace gander::capture

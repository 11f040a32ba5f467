// SPDX-License-Identifier: Apache-2.0
// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014): from one build,
// the same seed gives the same corpus; std:: distributions do not promise that from one library to the next.
#ifndef GANDER_BENCH_CORPUS_RANDOM_H_
#define GANDER_BENCH_CORPUS_RANDOM_H_

#include <cstdint>
#include <string>

namespace gander::bench {

class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept : state_(seed) {}

  std::uint64_t Next() noexcept {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  // 0 .. n-1
  std::uint32_t Below(std::uint32_t n) noexcept {
    return static_cast<std::uint32_t>(((Next() >> 32) * static_cast<std::uint64_t>(n)) >> 32);
  }
  std::uint32_t Between(std::uint32_t low, std::uint32_t high) noexcept {
    return low + Below(high - low + 1);
  }
  // 0 <= x < 1
  double Unit() noexcept { return static_cast<double>(Next() >> 11) * 0x1p-53; }
  bool OneIn(std::uint32_t n) noexcept { return Below(n) == 0; }
  // Another sequence, so that one part of a corpus can change without moving the rest.
  Random Fork() noexcept { return Random(Next()); }

  std::string Digits(int n);  // any
  std::string Number(int n);  // first digit not zero
  std::string Hex(int n);     // lower case
  std::string Bytes(std::size_t n);

 private:
  std::uint64_t state_;
};

}  // namespace gander::bench

#endif  // GANDER_BENCH_CORPUS_RANDOM_H_

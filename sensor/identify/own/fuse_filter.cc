// SPDX-License-Identifier: Apache-2.0
// Building the filter by peeling, and checking one that was read.
#include "identify/own/fuse_filter.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace gander::identify {
namespace {

// Of so many seeds one works for certain: each fails with probability of a few percent, whatever the hashes.
constexpr std::uint64_t kMaxSeeds = 256;
constexpr std::uint32_t kMaxSegment = 1 << 18;  // PlacesOf takes 18 bits for the place within a segment

// A hash and the place of its own that it was peeled at.
struct Peeled {
  std::uint64_t mixed;
  std::uint64_t place;
};

std::uint64_t Read(const std::uint8_t* p, int bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, p, static_cast<std::size_t>(bytes));
  return value;
}

}  // namespace

// Lengths by the paper's formulas for three places (section 3 and its published code).
FuseFilter::Part FuseFilter::ShapeOf(std::size_t values) noexcept {
  const double n = std::max<double>(static_cast<double>(values), 2);
  Part part;
  const int bits = static_cast<int>(std::floor(std::log(n) / std::log(3.33) + 2.25));
  part.segment = std::min<std::uint32_t>(1U << std::clamp(bits, 2, 30), kMaxSegment);
  const double factor = std::max(1.125, 0.875 + 0.25 * std::log(1e6) / std::log(n));
  const auto capacity = static_cast<std::uint64_t>(std::ceil(n * factor));
  const std::uint64_t segments = (capacity + part.segment - 1) / part.segment;
  part.firsts = static_cast<std::uint32_t>((segments > 3 ? segments - 2 : 1) * part.segment);
  return part;
}

void FuseFilter::Reserve(std::uint32_t width) {
  width_ = width;
  mask_ = width == 8 ? ~0ULL : (1ULL << (8 * width)) - 1;
  std::uint64_t places = 0;
  for (Part& part : parts_) {
    part.begin = places;
    places += part.size();
  }
  table_bytes_ = places * width;
  table_ = std::make_shared<HugeArray<std::uint8_t>>(table_bytes_ + kSpare);
}

// Peels: a place that only one hash is left at is that hash's own; it is taken away, which may leave other places with
// one. Put back in reverse order, each finds its own place still free to hold what makes the three come out right.
bool FuseFilter::Fill(std::span<const std::uint64_t> hashes, const Part& part) {
  std::vector<std::uint32_t> count(part.size());
  std::vector<std::uint64_t> sum(part.size());  // exclusive or of the hashes at a place
  for (const std::uint64_t hash : hashes) {
    const std::uint64_t mixed = Mixed(hash, part.seed);
    for (const std::uint64_t place : PlacesOf(mixed, part).at) {
      ++count[place];
      sum[place] ^= mixed;
    }
  }
  std::vector<std::uint64_t> single;
  for (std::uint64_t place = 0; place < part.size(); ++place) {
    if (count[place] == 1) single.push_back(place);
  }
  std::vector<Peeled> peeled;
  peeled.reserve(hashes.size());
  while (!single.empty()) {
    const std::uint64_t own = single.back();
    single.pop_back();
    if (count[own] != 1) continue;
    const std::uint64_t mixed = sum[own];
    peeled.push_back({mixed, own});
    for (const std::uint64_t place : PlacesOf(mixed, part).at) {
      sum[place] ^= mixed;
      if (--count[place] == 1) single.push_back(place);
    }
  }
  if (peeled.size() != hashes.size()) return false;
  for (auto it = peeled.rbegin(); it != peeled.rend(); ++it) {
    std::uint64_t value = FingerprintOf(it->mixed);
    for (const std::uint64_t place : PlacesOf(it->mixed, part).at) value ^= At(part.begin + place);
    Put(part.begin + it->place, value);
  }
  return true;
}

FuseFilter FuseFilter::Build(std::vector<std::uint64_t>& hashes, std::uint32_t width) {
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  FuseFilter filter;
  const std::size_t parts = std::clamp<std::size_t>((hashes.size() + kPartValues - 1) / kPartValues, 1, kMaxParts);
  std::vector<std::span<const std::uint64_t>> shares;
  for (std::size_t i = 0, at = 0; i < parts; ++i) {
    const auto end = std::partition_point(hashes.begin() + static_cast<std::ptrdiff_t>(at), hashes.end(),
                                          [&](std::uint64_t hash) { return Scale(hash, parts) <= i; });
    const auto stop = static_cast<std::size_t>(end - hashes.begin());
    shares.push_back(std::span<const std::uint64_t>(hashes).subspan(at, stop - at));
    filter.parts_.push_back(ShapeOf(shares.back().size()));
    at = stop;
  }
  filter.Reserve(width);
  for (std::size_t i = 0; i < parts; ++i) {
    Part& part = filter.parts_[i];
    while (part.seed < kMaxSeeds && !filter.Fill(shares[i], part)) ++part.seed;
  }
  return filter;
}

std::vector<std::uint8_t> FuseFilter::Describe() const {
  std::vector<std::uint8_t> out(parts_.size() * kDescription);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    std::uint8_t* const p = out.data() + i * kDescription;
    std::memcpy(p, &parts_[i].seed, 8);
    std::memcpy(p + 8, &parts_[i].segment, 4);
    std::memcpy(p + 12, &parts_[i].firsts, 4);
  }
  return out;
}

bool FuseFilter::Load(std::span<const std::uint8_t> description, std::span<const std::uint8_t> table,
                      std::uint32_t width, FuseFilter& out, std::string& why) {
  const std::size_t parts = description.size() / kDescription;
  if (!IsWidth(width) || parts == 0 || parts > kMaxParts || description.size() % kDescription != 0) {
    why = "its list of parts is damaged";
    return false;
  }
  std::uint64_t places = 0;
  for (std::size_t i = 0; i < parts; ++i) {
    const std::uint8_t* const p = description.data() + i * kDescription;
    Part part;
    part.seed = Read(p, 8);
    part.segment = static_cast<std::uint32_t>(Read(p + 8, 4));
    part.firsts = static_cast<std::uint32_t>(Read(p + 12, 4));
    if (!std::has_single_bit(part.segment) || part.segment > kMaxSegment || part.firsts == 0 ||
        part.firsts % part.segment != 0) {
      why = "a part of it has impossible lengths";
      return false;
    }
    places += part.size();
    out.parts_.push_back(part);
  }
  if (places * width != table.size()) {
    why = "its table is not as long as its parts say";
    return false;
  }
  out.Reserve(width);
  std::memcpy(&(*out.table_)[0], table.data(), table.size());
  return true;
}

}  // namespace gander::identify

// SPDX-License-Identifier: Apache-2.0
// What stands for many in an alert: one flow, three masked values. Chosen by order in time, never by order of
// arrival at the aggregator, so that the number of workers cannot show.
#ifndef GANDER_DETECT_ACCOUNT_SAMPLES_H_
#define GANDER_DETECT_ACCOUNT_SAMPLES_H_

#include <array>
#include <compare>
#include <cstdint>

#include "base/net.h"
#include "base/time.h"
#include "identify/finding.h"

namespace gander::detect {

struct FlowSample {
  Timestamp time = kDistantFuture;  // of the packet that brought the first finding
  FiveTuple tuple;
  std::uint64_t flow_id = 0;
  auto operator<=>(const FlowSample&) const = default;

  void KeepEarlier(const FlowSample& other) noexcept {
    if (other < *this) *this = other;
  }
};

struct MaskSample {
  Timestamp time = kDistantFuture;
  std::uint64_t flow_id = 0, offset = 0;
  identify::SubjectTag tag = 0;
  identify::Mask mask;

  friend bool operator<(const MaskSample& a, const MaskSample& b) noexcept;
};

// The three earliest values of different people.
class MaskSamples {
 public:
  static constexpr std::size_t kMost = 3;

  void Add(const MaskSample& sample) noexcept;
  // Whether Add would change nothing, since three others are earlier. Spares making the sample.
  bool Settled(Timestamp time, std::uint64_t flow_id, std::uint64_t offset) const noexcept {
    if (size_ < kMost) return false;
    const MaskSample& last = samples_[kMost - 1];
    if (time != last.time) return time > last.time;
    return flow_id != last.flow_id ? flow_id > last.flow_id : offset > last.offset;
  }
  void Merge(const MaskSamples& other) noexcept {
    for (std::size_t i = 0; i < other.size_; ++i) Add(other.samples_[i]);
  }
  const MaskSample* begin() const noexcept { return samples_.data(); }
  const MaskSample* end() const noexcept { return samples_.data() + size_; }

 private:
  std::array<MaskSample, kMost> samples_;  // sorted
  std::uint8_t size_ = 0;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_ACCOUNT_SAMPLES_H_

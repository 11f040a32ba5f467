// SPDX-License-Identifier: Apache-2.0
// What a host usually does in an hour: a logarithmic histogram of its hourly sums over about 14 days, in 120 bytes.
#ifndef GANDER_DETECT_D12_ENCRYPTED_UPLOAD_HOURLY_HISTORY_H_
#define GANDER_DETECT_D12_ENCRYPTED_UPLOAD_HOURLY_HISTORY_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "base/snapshot_io.h"
#include "base/time.h"

namespace gander::detect {

class HourlyHistory {
 public:
  static constexpr std::int64_t kHour = 3600 * kNanosPerSecond;
  static constexpr std::uint32_t kHours = 14 * 24;  // beyond it the past counts half

  // Adds to the hour of `now`; hours that have passed become history, those without traffic too.
  void Add(Timestamp now, std::uint64_t amount) noexcept {
    Advance(now);
    sum_ += amount;
  }
  // Complete hours known.
  std::uint32_t hours() const noexcept { return hours_; }
  // The least power of two that 99 % of the hours stayed below; 0 when nothing is known.
  std::uint64_t Percentile99() const noexcept {
    std::uint32_t above = hours_ / 100;  // so many may lie higher
    for (std::size_t bin = bins_.size(); bin-- > 0;) {
      if (bins_[bin] > above) return std::uint64_t{1} << bin;
      above -= bins_[bin];
    }
    return 0;
  }

  void Save(SnapshotWriter& out) const {
    for (const std::uint16_t n : bins_) out.U16(n);
    out.U64(static_cast<std::uint64_t>(hour_));
    out.U64(sum_);
  }
  void Load(SnapshotReader& in) noexcept {
    hours_ = 0;
    for (std::uint16_t& n : bins_) hours_ += n = in.U16();
    hour_ = static_cast<std::int64_t>(in.U64());
    sum_ = in.U64();
    // No hour of a time that there can be, or more hours than are ever kept.
    constexpr std::int64_t kMost = INT64_MAX / kHour;
    if ((hour_ != INT64_MIN && (hour_ > kMost || hour_ < -kMost)) || hours_ > 2 * kHours) in.Fail();
  }

 private:
  void Advance(Timestamp now) noexcept {
    const std::int64_t hour = now.ns / kHour;
    if (hour_ == INT64_MIN) hour_ = hour;
    if (hour <= hour_) return;
    Take(std::bit_width(sum_), 1);
    Take(0, static_cast<std::uint32_t>(std::min<std::int64_t>(hour - hour_ - 1, kHours)));
    hour_ = hour;
    sum_ = 0;
  }
  void Take(int bin, std::uint32_t count) noexcept {
    bins_[std::min<std::size_t>(static_cast<std::size_t>(bin), bins_.size() - 1)] += static_cast<std::uint16_t>(count);
    hours_ += count;
    if (hours_ <= 2 * kHours) return;
    hours_ = 0;
    for (std::uint16_t& b : bins_) hours_ += b /= 2;
  }

  std::array<std::uint16_t, 48> bins_{};  // bin n: 2^(n-1) <= sum < 2^n; bin 0: nothing
  std::uint32_t hours_ = 0;
  std::int64_t hour_ = INT64_MIN;
  std::uint64_t sum_ = 0;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D12_ENCRYPTED_UPLOAD_HOURLY_HISTORY_H_

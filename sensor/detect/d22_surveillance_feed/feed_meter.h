// SPDX-License-Identifier: Apache-2.0
// What D22 sees of copies of traffic that leave: packets inside tunnels, by who sends the tunnel to whom.
#ifndef GANDER_DETECT_D22_SURVEILLANCE_FEED_FEED_METER_H_
#define GANDER_DETECT_D22_SURVEILLANCE_FEED_FEED_METER_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "detect/detector.h"
#include "detect/state/fields.h"
#include "detect/state/meter_table.h"

namespace gander::detect {

// Names of tunnels, by a number that sorts alike in every process.
std::uint8_t FeedKindOf(std::string_view name) noexcept;  // of kFeedKinds; the last one for others
const char* FeedKindName(std::uint8_t kind) noexcept;

struct FeedKey {
  IpAddress source, destination;
  std::uint8_t kind = 0;
  auto operator<=>(const FeedKey&) const = default;
  static auto Saved(auto& k) { return Fields(k.source, k.destination, k.kind); }
  std::uint64_t Hash(const HashKey& k) const noexcept {
    return HashWords(k, {source.upper(), source.lower(), destination.upper(), destination.lower(), kind});
  }
};

struct FeedEntry {
  static constexpr std::size_t kSample = 20;
  struct Inner {
    Timestamp time = kDistantFuture;
    IpAddress source, destination;
    auto operator<=>(const Inner&) const = default;
  };

  FeedKey key;
  std::uint64_t packets = 0, bytes = 0;
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
  std::array<Inner, kSample> inner{};  // the earliest, sorted
  std::uint8_t inners = 0;

  void Keep(const Inner& one) noexcept;
  void Add(const FeedEntry& o) noexcept {
    packets += o.packets;
    bytes += o.bytes;
    first_seen = std::min(first_seen, o.first_seen);
    last_seen = std::max(last_seen, o.last_seen);
    for (std::size_t i = 0; i < o.inners; ++i) Keep(o.inner[i]);
  }
};

class FeedMeter final : public Meter {
 public:
  explicit FeedMeter(std::size_t feeds) : feeds_(feeds) {}

  ObservationMask observes() const noexcept override { return MaskOf(Observation::kTunnelled); }
  void OnTunnelled(const TunnelledSeen& seen) noexcept override;
  void Merge(const Meter& other) override;
  void Clear() noexcept override;

  const MeterTable<FeedEntry>& feeds() const noexcept { return feeds_; }

 private:
  MeterTable<FeedEntry> feeds_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D22_SURVEILLANCE_FEED_FEED_METER_H_

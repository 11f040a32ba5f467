// SPDX-License-Identifier: Apache-2.0
// Which hosts named which programs, and which clients a server turned away for their version, in an epoch: the state of
// D23 on the workers.
#ifndef GANDER_DETECT_D23_SOFTWARE_CENSUS_SOFTWARE_METER_H_
#define GANDER_DETECT_D23_SOFTWARE_CENSUS_SOFTWARE_METER_H_

#include <array>
#include <vector>

#include "base/hash.h"
#include "detect/account/samples.h"
#include "detect/d23_software_census/software_name.h"
#include "detect/detector.h"
#include "detect/state/epoch_table.h"

namespace gander::detect {

class SoftwareMeter final : public Meter {
 public:
  // A host that named a program; or, with `refused`, one that `peer` told to come back with a newer one.
  struct Entry {
    IpAddress host;
    SoftwareName name;
    bool refused = false;
    IpAddress peer;     // of refused ones
    HostTag peer_name = 0;
    Timestamp first_seen = kDistantFuture;  // in this epoch; later ones are not looked at
    FlowSample sample;
  };

  SoftwareMeter(std::size_t capacity, const HashKey& key) : entries_(capacity), key_(key) {}

  ObservationMask observes() const noexcept override {
    return MaskOf(Observation::kSoftware) | MaskOf(Observation::kRequest);
  }
  void OnSoftware(const FlowFacts& flow, const SoftwareSeen& seen) noexcept override;
  void OnRequest(const FlowFacts& flow, const RequestSeen& seen) noexcept override;
  void Merge(const Meter& other) override;
  void Clear() noexcept override;

  // In an order that depends on the traffic alone.
  std::vector<const Entry*> Sorted() const;
  std::uint64_t overflow() const noexcept { return overflow_; }

 private:
  std::uint64_t HashOf(const Entry& entry) const noexcept;
  bool SaidBefore(const IpAddress& host, std::string_view text) noexcept;
  void Add(Entry entry, const FlowFacts& flow) noexcept;
  static void Join(Entry& to, const Entry& from) noexcept;

  static constexpr std::size_t kRecent = 1024;
  EpochTable<Entry> entries_;
  HashKey key_;
  std::array<std::uint64_t, kRecent> recent_{};  // hosts and texts of this epoch: most requests say the same again
  std::uint64_t overflow_ = 0;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D23_SOFTWARE_CENSUS_SOFTWARE_METER_H_

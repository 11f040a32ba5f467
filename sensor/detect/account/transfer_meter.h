// SPDX-License-Identifier: Apache-2.0
// What one worker counts of findings in one epoch: who sent what kind of people's data to whom, how many distinct
// people, how many bytes. Shared by every detector that judges transfers.
//
// Memory is taken at the start (about 35 MB of addresses with the default caps, touched as it is used); the packet path
// allocates nothing. A finding for which a table has no room is counted in `Overflow` and D19 says so.
#ifndef GANDER_DETECT_ACCOUNT_TRANSFER_METER_H_
#define GANDER_DETECT_ACCOUNT_TRANSFER_METER_H_

#include <array>
#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "detect/account/samples.h"
#include "detect/detector.h"
#include "detect/fleet/fleet_key.h"
#include "detect/options.h"
#include "detect/state/epoch_table.h"
#include "sketch/distinct_set.h"

namespace gander::detect {

class TransferMeter final : public Meter {
 public:
  // One way between two addresses. The sender is who sent the payload that held the value.
  struct Path {
    IpAddress sender, recipient;
    HostTag host = 0;            // name of the recipient when it is the server
    const char* app_proto = "";
    bool encrypted = false;
    policy::Movement::Opened opened = policy::Movement::Opened::kUnsure;
    std::uint16_t sender_port = 0;  // when it is the server; clients' ports say nothing
    std::uint64_t bytes = 0;     // payload, sender to recipient
    Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
    std::uint64_t latest_flow = 0;  // is among its flows already
    FlowSample sample;
  };
  // One kind of identifier of one State's people on a path.
  struct Strand {
    std::uint32_t path = 0;
    identify::IdType type = 0;
    policy::Jurisdiction country;  // of the people; ZZ = the identifier names none
    std::uint64_t findings = 0;    // counted or certain
    std::uint64_t certain = 0;
    std::uint32_t exact = 0;       // distinct people held as pairs; registers hold at least one more
    std::int32_t registers = -1;   // index of registers, once there are more than DistinctSet::kExactTags
    Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
    MaskSamples samples;
  };
  struct Overflow {
    std::uint64_t findings = 0;  // neither counted nor judged
    std::uint64_t bytes = 0;
  };

  // With a `fleet` (outlives this) registers are filled a second time, with tags blinded for the fleet's epoch: they
  // cannot be blinded afterwards. Its epoch's key is made once in days, by the first strand that needs it.
  explicit TransferMeter(const Options& options, const FleetKey* fleet = nullptr);

  // Unproven findings and published test values are nobody's data and open no key.
  void OnFinding(const FlowFacts& flow, const identify::Finding& finding) noexcept override {
    OnFindings(flow, {&finding, 1});
  }
  void OnFindings(const FlowFacts& flow, std::span<const identify::Finding> findings) noexcept override;
  void OnPayload(const FlowFacts& flow, Direction direction, std::uint64_t bytes) noexcept override;
  // Grows beyond the caps where it must: it runs in the aggregator.
  void Merge(const Meter& other) override;
  void Clear() noexcept override;

  const std::vector<Path>& paths() const noexcept { return paths_.entries(); }
  const std::vector<Strand>& strands() const noexcept { return strands_.entries(); }
  // The people of each strand and the flows of each path, by index.
  std::vector<sketch::DistinctSet> People() const;
  std::vector<sketch::DistinctSet> Flows() const;
  // The people of each strand blinded for `epoch`, in a meter with a fleet. Registers that were begun under another
  // epoch (time stepped back over its beginning) are left out, and counted.
  std::vector<sketch::DistinctSet> BlindedPeople(const FleetEpoch& epoch, std::uint64_t& left_out) const;
  const Overflow& overflow() const noexcept { return overflow_; }

 private:
  // A member of a strand's people, or (kFlowBit) of a path's flows.
  struct Pair {
    std::uint32_t owner;
    std::uint64_t tag;
  };
  static constexpr std::uint32_t kFlowBit = 0x80000000;
  static constexpr std::uint32_t kNone = EpochTable<Pair>::kNone;
  enum class Room : std::uint8_t { kFixed, kGrow };

  std::uint32_t FindOrAddPath(const Path& key, Room room);
  // What tells strands apart.
  struct StrandKey {
    std::uint32_t path;
    identify::IdType type;
    policy::Jurisdiction country;
  };
  static bool Matches(const Strand& strand, const StrandKey& key) noexcept {
    return strand.path == key.path && strand.type == key.type && strand.country == key.country;
  }
  std::uint64_t HashOfStrand(const StrandKey& key) const noexcept;
  std::uint32_t FindOrAddStrand(const StrandKey& key, Room room);
  std::uint32_t StrandOf(std::uint32_t path, const identify::Finding& finding) noexcept;
  void PrefetchTag(std::uint32_t strand, std::uint64_t tag) const noexcept;
  bool AddTag(std::uint32_t strand, std::uint64_t tag, Room room);
  bool AddExactTag(std::uint32_t strand, std::uint64_t tag, Room room);
  void Add(const FlowFacts& flow, std::uint32_t path, std::uint32_t strand, const identify::Finding& finding) noexcept;
  void AddFlow(std::uint32_t path, std::uint64_t flow, Room room);
  std::uint64_t HashOf(const Pair& pair) const noexcept;
  // True when the pair is in the table afterwards; `fresh` when it was not before.
  bool AddPair(Pair pair, Room room, bool& fresh);
  bool GiveRegisters(Strand& strand, Room room);
  void InsertIntoRegisters(std::int32_t at, std::uint64_t tag) noexcept;
  const FleetEpoch& EpochAt(Timestamp time) noexcept;
  void Copy(const TransferMeter& other);
  std::vector<sketch::DistinctSet> EmptySets() const;

  // Findings come in runs of one flow with the same few types: the places of the last ones, tried before the tables.
  struct Recent {
    std::uint32_t path = kNone, strand = kNone;
    identify::IdType type = 0;
    char country[2] = {};
  };
  static constexpr std::size_t kRecent = 64;
  std::uint32_t recent_path_ = kNone;
  std::array<Recent, kRecent> recent_strands_;

  EpochTable<Path> paths_;
  EpochTable<Strand> strands_;
  EpochTable<Pair> pairs_;
  std::vector<sketch::HyperLogLog> registers_;
  // Beside registers_, where there is a fleet.
  struct BlindedRegisters {
    FleetEpoch epoch;
    sketch::HyperLogLog registers;
  };
  const FleetKey* fleet_;
  void MergeBlinded(std::size_t here, const BlindedRegisters& other, bool fresh) noexcept;
  FleetEpoch epoch_;  // of the registers given last
  Timestamp now_;     // of the finding at hand
  std::vector<BlindedRegisters> blinded_;
  Overflow overflow_;
  HashKey key_;  // of this process: places entries, appears in no result
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_ACCOUNT_TRANSFER_METER_H_

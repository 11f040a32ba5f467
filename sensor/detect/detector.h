// SPDX-License-Identifier: Apache-2.0
// The doorway of detect/: workers meter, the aggregator judges. A new detector is one file and one line in
// detectors.h.
#ifndef GANDER_DETECT_DETECTOR_H_
#define GANDER_DETECT_DETECTOR_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/ledger.h"
#include "base/net.h"
#include "base/observation.h"
#include "base/snapshot_io.h"
#include "base/time.h"
#include "detect/alert.h"
#include "detect/options.h"
#include "identify/finding.h"
#include "identify/rule_set.h"
#include "policy/policy.h"

namespace gander::detect {

class StateReader;       // detect/state/state_reader.h
struct Baseline;         // detect/state/baseline.h
struct BaselineRequest;

// A host name stands in meters as the 64-bit hash of its lower-case form; the names themselves travel beside
// (EpochView::host_names). 0 = no name known.
using HostTag = std::uint64_t;
using HostNames = std::unordered_map<HostTag, std::string>;

// What a meter may know of the flow a finding came from.
struct FlowFacts {
  std::uint64_t flow_id = 0;
  FiveTuple tuple;               // source = client
  policy::Party client, server;
  HostTag server_name = 0;
  const char* app_proto = "";    // static string
  bool encrypted = false;
  bool opener_seen = true;       // false: joined in the middle, so who is the client is a guess by ports
  Timestamp time;                // of the packet at hand
};

struct FlowTotals {
  std::uint64_t packets[2] = {}, bytes[2] = {};          // frames, indexed by Direction
  std::uint64_t payload[2] = {};                         // delivered payload
  std::uint64_t gap_bytes[2] = {};
};

// A file whose last byte was seen or given up, inside whatever it was wrapped in. Views live for the call.
struct FileSeen {
  std::string_view name;   // as the sender calls it, may be empty or a path
  std::string_view magic;  // by its first bytes: "zip", "pdf", "dwg"; "" = unknown
  Direction direction = Direction::kToServer;
  std::uint64_t size = 0;  // bytes after transfer and content codings
};

// One per worker and detector; fixed memory. Called on the packet path: no allocation in steady state, no lock.
class Meter {
 public:
  virtual ~Meter() = default;
  virtual void OnFinding(const FlowFacts&, const identify::Finding&) noexcept {}
  // Several of one packet, in order.
  virtual void OnFindings(const FlowFacts& flow, std::span<const identify::Finding> findings) noexcept {
    for (const identify::Finding& f : findings) OnFinding(flow, f);
  }
  // Payload delivered in one direction since the last call for this flow and direction. Only for flows that had a
  // finding; the first call brings what came before it, so that the calls sum to FlowTotals::payload.
  virtual void OnPayload(const FlowFacts&, Direction, std::uint64_t) noexcept {}
  // Which ends of flows it is told of; asked once. Most flows of a flood are one packet: what nobody reads is not
  // summed.
  enum class FlowEnds : std::uint8_t { kNone, kTcp, kAll };
  virtual FlowEnds flow_ends() const noexcept { return FlowEnds::kNone; }
  virtual void OnFlowEnd(const FlowFacts&, const FlowTotals&) noexcept {}
  // What it is told of beside findings (base/observation.h); asked once. Views in them live for the call. Of names,
  // ICMP messages and openings the facts tell addresses, but not where they lie (FlowFacts::client, server).
  virtual ObservationMask observes() const noexcept { return 0; }
  virtual void OnRequest(const FlowFacts&, const RequestSeen&) noexcept {}
  virtual void OnDnsName(const FlowFacts&, const DnsNameSeen&) noexcept {}
  virtual void OnIcmpMessage(const FlowFacts&, const IcmpMessageSeen&) noexcept {}
  virtual void OnFunction(const FlowFacts&, const FunctionSeen&) noexcept {}
  virtual void OnCredential(const FlowFacts&, const CredentialSeen&) noexcept {}
  virtual void OnSoftware(const FlowFacts&, const SoftwareSeen&) noexcept {}
  // Of openings asked first: a flood has one a packet, and most of them say nothing.
  virtual bool Reads(const OpeningSeen&) const noexcept { return true; }
  virtual void OnOpening(const FlowFacts&, const OpeningSeen&) noexcept {}
  virtual void OnTunnelled(const TunnelledSeen&) noexcept {}
  // Whether it is told of files; asked once.
  virtual bool reads_files() const noexcept { return false; }
  virtual void OnFile(const FlowFacts&, const FileSeen&) noexcept {}
  // Adds `other` (same concrete type). Commutative and associative: property-tested for each detector.
  virtual void Merge(const Meter& other) = 0;
  virtual void Clear() noexcept = 0;
};

// What arrived and was lost in an epoch, for D19.
struct PortHealth {
  std::uint64_t received = 0, kernel_drops = 0, interface_drops = 0;  // packets, this epoch
  std::uint64_t no_buffer = 0, ring_full = 0;                         // packets, this epoch
  struct Shed {  // a stretch in which a worker left something out
    std::uint32_t worker = 0;
    Timestamp begin, end;
    const char* level = "";  // NameOf(ShedLevel)
    std::uint64_t packets = 0, bytes = 0, lost_packets = 0;
    bool over = false;
  };
  std::vector<Shed> shed;                  // that began, lasted or ended in this epoch
  std::vector<std::string> broken_ports;   // "eth1: the interface broke off", as long as it lasts
  Duration step_back;  // the furthest that packet time went backwards in this epoch
  struct Absence {     // a stretch in which the sensor did not run, told with the first epoch after it
    Timestamp begin, end;
  };
  std::vector<Absence> absent;
};

class TransferMeter;  // detect/account/transfer_meter.h: findings by (sender, recipient, id-type), shared by D01..D08
class TransferBook;   // detect/account/transfer_book.h: the same, judged, over sessions and the run
class TrafficMeter;   // detect/account/traffic_meter.h: volumes of all flows by client, server, service and name

struct EpochView {
  Timestamp begin, end;                 // packet time, [begin, end)
  bool final = false;                   // the last epoch of the run
  const policy::Policy& policy;
  const identify::RuleSet& rules;
  const ByteLedger& ledger;             // this epoch
  const ByteLedger& total;              // since start
  const PortHealth& port;
  const HostNames& host_names;          // all names of this run that meters may refer to
  const TransferMeter& transfers;       // this epoch, merged over workers
  std::uint32_t workers_alive = 1, workers = 1;
  const TransferBook* book = nullptr;   // after its own OnEpoch; D01..D03 see nothing without it
  std::uint64_t keys_lost = 0;          // by the book and all detectors, since start
  const TrafficMeter* traffic = nullptr;  // this epoch, merged over workers; tests may leave it out
};

// What a detector's tables hold.
struct StateUse {
  std::uint64_t bytes = 0, keys = 0;
  std::uint64_t refused = 0;     // sightings of keys that were not let in, since start
  std::uint64_t flood_keys = 0;  // distinct keys that one network made up for full tables, since start

  void Add(const StateUse& other) noexcept {
    bytes += other.bytes;
    keys += other.keys;
    refused += other.refused;
    flood_keys = flood_keys > other.flood_keys ? flood_keys : other.flood_keys;
  }
};

class Detector {
 public:
  virtual ~Detector() = default;
  // Null when the shared TransferMeter is enough.
  virtual std::unique_ptr<Meter> NewMeter() const { return nullptr; }
  // `merged` is what NewMeter() made, merged over workers; null when NewMeter() is.
  virtual void OnEpoch(const Meter* merged, const EpochView& epoch, AlertSink& alerts) = 0;
  // Keys with evidence behind them that were given up because a table was full, since start.
  virtual std::uint64_t keys_lost() const noexcept { return 0; }
  virtual StateUse use() const noexcept { return {}; }
  // What a restart must not forget (detect/state/saved_state.h): no personal value, no tag of a worker that is not
  // needed. Who keeps nothing writes nothing.
  virtual void Save(SnapshotWriter&) const {}
  // Reads all of what Save wrote; safe on any bytes. After false the detector is made anew.
  virtual bool Load(StateReader&) { return true; }
  // Who learns what is usual tells it, and does from `now` on what is asked; returns how many baselines that concerned.
  virtual bool learns() const noexcept { return false; }
  virtual std::vector<Baseline> Baselines(Timestamp now) const;
  virtual std::size_t Obey(const BaselineRequest& request, Timestamp now);
};

struct DetectorInfo {
  const char* id;    // "D02"
  const char* name;  // "bulk_transfer"
  const char* title;
  std::unique_ptr<Detector> (*create)(const Options& options);
};
std::span<const DetectorInfo> Detectors() noexcept;

}  // namespace gander::detect

#endif  // GANDER_DETECT_DETECTOR_H_

// SPDX-License-Identifier: Apache-2.0
// The aggregator's account of who sent whose data to whom: every epoch's movements judged against the register,
// added up over sessions (`transfer` events, D02) and over the run (summary). Quotas are kept here, by register
// entry and day (UTC), and tested on lower bounds: sketch error never makes somebody exceed a quota.
#ifndef GANDER_DETECT_ACCOUNT_TRANSFER_BOOK_H_
#define GANDER_DETECT_ACCOUNT_TRANSFER_BOOK_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "detect/account/bundle.h"
#include "detect/account/quotas.h"
#include "detect/account/transfer_meter.h"
#include "detect/detector.h"

namespace gander::detect {

// A strand of this epoch, judged.
struct Moved {
  BundleKey key;
  policy::Party from, to;
  std::string domain;
  const char* app_proto = "";
  bool encrypted = false;
  policy::Movement::Opened opened = policy::Movement::Opened::kUnsure;
  std::uint16_t sender_port = 0;  // at which the sender serves; 0 = it is the client
  TypeIndex type = 0;
  policy::Jurisdiction country;
  sketch::DistinctSet people;
  std::uint64_t findings = 0, certain = 0;
  Timestamp first_seen, last_seen;
  FlowSample sample;
  MaskSamples samples;
  policy::Judgement judgement;
  std::uint32_t strand = 0;  // of this epoch's TransferMeter
};

class TransferBook {
 public:
  TransferBook(const Options& options, const policy::Policy& policy, const identify::RuleSet& rules);

  // Before the detectors of the same epoch.
  void OnEpoch(const EpochView& epoch);

  // This epoch's movements in an order that depends on the traffic alone.
  const std::vector<Moved>& moved() const noexcept { return moved_; }
  const std::vector<identify::RuleInfo>& types() const noexcept { return types_; }

  using Bundles = std::map<BundleKey, Bundle>;
  // Open sessions: what moved between two addresses without a pause of `bulk_session_s`.
  const Bundles& sessions() const noexcept { return sessions_; }

  // To be called each epoch, whoever wants them: they wait here. Sessions that ended since the last call, one summary a class, by (last_seen, sender, recipient). With `all` also
  // those still open, which end by it.
  std::vector<TransferSummary> TakeClosed(bool all);
  // The run: most people first, at most `most`; `left_out` receives how many there were beside.
  std::vector<TransferSummary> Summaries(std::size_t most, std::uint64_t* left_out) const;

  // Bundles with at least kProvenPeople people that were given up for lack of room.
  static constexpr std::uint64_t kProvenPeople = 8;
  std::uint64_t keys_lost() const noexcept { return keys_lost_; }
  StateUse use() const noexcept {
    return {sessions_bytes_ + run_bytes_ + closed_.size() * sizeof(TransferSummary), sessions_.size() + run_.size(), 0};
  }

  // What a restart must not forget: quotas used, open sessions, how kinds of identifiers are numbered. After false the
  // book must be made anew.
  void Save(SnapshotWriter& out) const;
  bool Load(StateReader& in);
  const policy::Policy& policy() const noexcept { return *policy_; }

 private:
  TypeIndex TypeOf(const identify::RuleInfo& rule);
  void LearnRules(const identify::RuleSet& rules);
  void Gather(const EpochView& epoch);
  void Judge(const policy::Policy& policy);
  void ChargeBytes(const TransferMeter& meter);
  void CloseIdle(Timestamp now);
  void Fold(const EpochView& epoch);
  void FoldPaths(const TransferMeter& meter);
  void Close(const BundleKey& key, const Bundle& bundle);
  void Prune(Bundles& bundles, std::size_t& bytes, std::size_t ceiling, bool emit);
  std::size_t ClassesIn(const Bundle& bundle) const;
  bool Holds(const Bundle& bundle, const std::string& data_class) const;

  Options options_;
  const policy::Policy* policy_;  // of the latest epoch
  std::string rules_digest_;
  std::vector<identify::RuleInfo> types_;
  std::map<std::string, TypeIndex> type_by_id_;
  std::vector<TypeIndex> type_of_;  // by IdType of the latest rule set

  std::vector<Moved> moved_;
  Quotas quotas_;
  Bundles sessions_, run_;
  std::size_t sessions_bytes_ = 0, run_bytes_ = 0;
  std::vector<TransferSummary> closed_;
  Timestamp swept_ = kDistantPast;
  std::uint64_t keys_lost_ = 0;
  std::uint64_t run_classes_ = 0;   // summaries that all of run_ would give
  std::uint64_t run_left_out_ = 0;  // that bundles given up would have given
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_ACCOUNT_TRANSFER_BOOK_H_

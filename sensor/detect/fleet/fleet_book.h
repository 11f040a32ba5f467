// SPDX-License-Identifier: Apache-2.0
// Folds the movements of each epoch into windows that begin at the same moments everywhere, and tells each window once
// it is over. What it tells is the same for any number of workers, as long as no cap was hit.
//
// Bytes and flows belong to a way, not to what was found on it: each way's go to the row of its strongest kind of
// identifier, so that their sum over all rows is what moved. A row may have bytes and no people (a flow that went on
// after its findings), or people and no bytes.
//
// A restart neither loses nor doubles. A window that is over is first saved and told with the next epoch; what is
// loaded is told again with a higher revision, the window at hand goes on and has a higher revision, too. A window told
// is kept until the next one is over, so that what the outputs had not yet written is told again.
#ifndef GANDER_DETECT_FLEET_FLEET_BOOK_H_
#define GANDER_DETECT_FLEET_FLEET_BOOK_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "detect/account/transfer_book.h"
#include "detect/account/transfer_meter.h"
#include "detect/detector.h"
#include "detect/fleet/fleet_key.h"
#include "detect/fleet/fleet_sketch.h"
#include "detect/fleet/options.h"

namespace gander::detect {

class FleetBook final : public Detector {
 public:
  static constexpr const char* kId = "fleet";  // of its part of a saved state
  static constexpr std::uint64_t kProvenPeople = 8;

  // `key` outlives it. `saved`: its state will be written, so that a window waits for that.
  FleetBook(FleetOptions options, const FleetKey& key, bool saved);

  // Behind the book's. Raises no alert.
  void OnEpoch(const Meter* merged, const EpochView& epoch, AlertSink& alerts) override;

  // What is to be told now, in the order of keys.
  std::vector<FleetSketch> TakeDue() { return std::exchange(due_, {}); }
  // A window was finished since the last call: its state should be written.
  bool MustSave() noexcept { return std::exchange(must_save_, false); }

  // Keys with evidence behind them that were given up, since start.
  std::uint64_t keys_lost() const noexcept override { return keys_lost_; }
  StateUse use() const noexcept override;
  void Save(SnapshotWriter& out) const override;
  bool Load(StateReader& in) override;

 private:
  struct Window {
    Timestamp begin = kDistantPast;  // unset = none
    std::uint32_t seconds = 0;
    std::int64_t epoch = 0;
    std::array<char, 8> key_id{};
    std::uint32_t revision = 0;
    std::uint64_t first_sequence = 0, given_up = 0;
    std::map<SketchKey, SketchRow> rows;

    static auto Saved(auto& w) {
      return Fields(w.begin, w.seconds, w.epoch, w.key_id, w.revision, w.first_sequence, w.given_up, w.rows);
    }
  };
  using Parties = std::map<IpAddress, std::string>;

  Timestamp WindowOf(Timestamp t) const noexcept;
  void OpenAt(Timestamp begin);
  void Finish();
  void Render(const Window& window, const std::vector<identify::RuleInfo>& types);
  void Fold(const EpochView& epoch);
  void FoldWays(const EpochView& epoch, const std::vector<std::uint32_t>& strongest, Parties& parties);
  SketchRow& RowOf(const policy::Policy& policy, const BundleKey& way, const policy::Party& from,
                   const policy::Party& to, const std::string& domain, TypeIndex type, policy::Jurisdiction people,
                   const policy::Judgement& judgement, Parties& parties);
  void AddSender(const IpAddress& sender, SketchRow& row) const;
  void Prune();
  bool Fits(const Window& window) const;

  FleetOptions options_;
  const FleetKey& key_;
  bool saved_;
  FleetEpoch epoch_;  // of the window at hand
  Window open_;
  Window finished_;   // the latest that is over
  bool told_ = true;  // finished_ was
  bool must_save_ = false;
  std::uint64_t next_sequence_ = 1, keys_lost_ = 0;
  std::vector<FleetSketch> due_;
  const std::vector<identify::RuleInfo>* types_ = nullptr;  // of the epoch at hand
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_FLEET_FLEET_BOOK_H_

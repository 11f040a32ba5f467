// SPDX-License-Identifier: Apache-2.0
// Hands the aggregator's events to the evidence log: those of an epoch together, behind a record of what the sensor was
// at that time.
#ifndef GANDER_RUNTIME_EVIDENCE_FEED_H_
#define GANDER_RUNTIME_EVIDENCE_FEED_H_

#include <string>
#include <string_view>
#include <vector>

#include "evidence/recorder.h"
#include "report/events/event.h"
#include "report/run_state.h"

namespace gander::runtime {

class EvidenceFeed {
 public:
  // `recorder` may be null: nothing is wanted then. `types`: events that are recorded.
  EvidenceFeed(evidence::Recorder* recorder, std::vector<std::string> types, std::string configuration_digest);

  bool Wants(std::string_view type) const;
  // A rendered line with its end.
  void Add(std::string_view type, std::string_view line);
  bool HasNews() const { return !lines_.empty(); }
  // Records what was added since the last call.
  void Commit(const report::RunState& state, Timestamp now);
  // Checkpoints signed meanwhile, as events. `end`: closes the log first.
  std::vector<report::Event> TakeCheckpoints(Timestamp now, bool end);
  void Describe(report::RunState& state) const;

 private:
  evidence::Recorder* recorder_;
  std::vector<std::string> types_;
  std::string configuration_digest_;
  std::vector<std::string> lines_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_EVIDENCE_FEED_H_

// SPDX-License-Identifier: Apache-2.0
// Where events leave the run: lines that workers rendered and events of the aggregator's own, to the outputs and to the
// evidence log. The aggregator's thread alone.
#ifndef GANDER_RUNTIME_EVENT_DESK_H_
#define GANDER_RUNTIME_EVENT_DESK_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/snapshot.h"
#include "report/events/eve_writer.h"
#include "report/sink/outputs.h"
#include "runtime/evidence_feed.h"
#include "runtime/sealed_epoch.h"

namespace gander::runtime {

class EventDesk {
 public:
  // `outputs` may be null; both outlive the desk.
  EventDesk(report::Outputs* outputs, EvidenceFeed& evidence, const std::string& sensor_name)
      : outputs_(outputs), evidence_(evidence), writer_(report::EveOptions{sensor_name, true}) {}

  // By an output, as far as report.types lets it; by that or as evidence.
  bool WantedBySink(std::string_view type, const config::Settings& settings) const;
  bool Wanted(std::string_view type, const config::Settings& settings) const {
    return WantedBySink(type, settings) || evidence_.Wants(type);
  }

  // Lines of all parts in one order that does not depend on who made them.
  void WriteLines(std::span<const std::unique_ptr<SealedEpoch>> parts);
  // Each once: to the outputs and to the evidence log.
  void Write(std::span<const report::Event> events, const config::Settings& settings);
  // To the evidence log alone.
  void WriteAsEvidence(const report::Event& event);

  std::uint64_t written() const noexcept { return written_; }
  // By workers, whose room for lines is bounded.
  std::uint64_t dropped() const noexcept { return dropped_; }

 private:
  void Put(report::EventBatch& batch, std::string_view line, const report::EventLine& about);

  report::Outputs* outputs_;
  EvidenceFeed& evidence_;
  report::EveWriter writer_;
  std::string line_;
  std::uint64_t written_ = 0, dropped_ = 0;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_EVENT_DESK_H_

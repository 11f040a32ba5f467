// SPDX-License-Identifier: Apache-2.0
#include "runtime/evidence_feed.h"

#include <sys/timex.h>

#include <algorithm>
#include <chrono>

#include "report/events/evidence_event.h"

namespace gander::runtime {
namespace {

report::ClockState ReadClock() {
  report::ClockState clock;
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  clock.wall = {std::chrono::duration_cast<std::chrono::nanoseconds>(since).count()};
  timex state{};  // modes 0: asks, sets nothing
  const int answer = ::adjtimex(&state);
  clock.synchronised = answer >= 0 && answer != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
  clock.most_error_us = state.maxerror;
  return clock;
}

}  // namespace

EvidenceFeed::EvidenceFeed(evidence::Recorder* recorder, std::vector<std::string> types,
                           std::string configuration_digest)
    : recorder_(recorder), types_(std::move(types)), configuration_digest_(std::move(configuration_digest)) {}

bool EvidenceFeed::Wants(std::string_view type) const {
  return recorder_ != nullptr && std::find(types_.begin(), types_.end(), type) != types_.end();
}

void EvidenceFeed::Add(std::string_view type, std::string_view line) {
  if (!Wants(type)) return;
  if (line.ends_with('\n')) line.remove_suffix(1);
  lines_.emplace_back(line);
}

void EvidenceFeed::Commit(const report::RunState& state, Timestamp now) {
  if (lines_.empty()) return;
  std::vector<evidence::Entry> entries;
  entries.push_back({evidence::Kind::kState, report::SensorState(state, configuration_digest_, ReadClock(), now)});
  for (std::string& line : lines_) entries.push_back({evidence::Kind::kEvent, std::move(line)});
  lines_.clear();
  recorder_->Push(std::move(entries));
}

std::vector<report::Event> EvidenceFeed::TakeCheckpoints(Timestamp now, bool end) {
  std::vector<report::Event> events;
  if (recorder_ == nullptr) return events;
  if (end) recorder_->Close();
  for (const std::string& note : recorder_->TakeNotes()) events.push_back(report::ToEvidenceEvent(note, now));
  return events;
}

void EvidenceFeed::Describe(report::RunState& state) const {
  if (recorder_ == nullptr) return;
  const evidence::RecorderCounters c = recorder_->counters();
  state.evidence = {true,      c.records,     c.lost,      c.failed,         c.checkpoints,
                    c.deleted, c.log_records, c.log_bytes, c.last_checkpoint};
}

}  // namespace gander::runtime

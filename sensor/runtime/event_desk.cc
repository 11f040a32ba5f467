// SPDX-License-Identifier: Apache-2.0
#include "runtime/event_desk.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/hash.h"

namespace gander::runtime {
namespace {

constexpr std::size_t kBatchSize = std::size_t{256} << 10;
constexpr std::uint64_t kNoFlow = std::uint64_t{1} << 63;  // keys of what concerns no single flow
constexpr HashKey kRecipientKey{0x67616e6465722d6bULL, 0x65792d7265636970ULL};

// What concerns a recipient keeps its order; so does what concerns nobody.
std::uint64_t KeyOf(const report::Event& event) {
  if (event.flow_id != 0 || !event.has_tuple) return event.flow_id;
  const auto& octets = event.tuple.destination.octets;
  return kNoFlow | SipHash24(kRecipientKey, {reinterpret_cast<const std::byte*>(octets.data()), octets.size()});
}

}  // namespace

bool EventDesk::WantedBySink(std::string_view type, const config::Settings& settings) const {
  const auto& types = settings.report.types;
  // Whatever report.types says: who reads the events learns who was let at what they leave out.
  return outputs_ != nullptr && outputs_->Wants(type) &&
         (type == "audit" || types.empty() || std::find(types.begin(), types.end(), type) != types.end());
}

// Batches are small, and of one priority each.
void EventDesk::Put(report::EventBatch& batch, std::string_view line, const report::EventLine& about) {
  const bool full = batch.text.size() + line.size() > kBatchSize;
  if (!batch.lines.empty() && (full || batch.high != about.high)) outputs_->Push(std::exchange(batch, {}));
  batch.Add(line, about);
}

void EventDesk::WriteLines(std::span<const std::unique_ptr<SealedEpoch>> parts) {
  struct Place {
    const EventLines* from;
    const EventLines::Line* line;
  };
  std::vector<Place> order;
  for (const auto& part : parts) {
    for (const EventLines::Line& line : part->events.lines) order.push_back({&part->events, &line});
    dropped_ += part->events.dropped;
  }
  if (outputs_ == nullptr || order.empty()) return;
  std::stable_sort(order.begin(), order.end(), [](const Place& a, const Place& b) {
    const auto& x = *a.line;
    const auto& y = *b.line;
    if (x.time != y.time) return x.time < y.time;
    if (x.tuple != y.tuple) return x.tuple < y.tuple;
    return x.sequence < y.sequence;
  });
  report::EventBatch batch;
  for (const Place& p : order) {
    const EventLines::Line& line = *p.line;
    Put(batch, std::string_view(p.from->text).substr(line.offset, line.length), {line.time, line.type, line.flow_id});
  }
  written_ += order.size();
  outputs_->Push(std::move(batch));
}

void EventDesk::Write(std::span<const report::Event> events, const config::Settings& settings) {
  report::EventBatch batch;
  for (const report::Event& event : events) {
    line_.clear();
    writer_.Append(event, line_);
    evidence_.Add(event.type, line_);
    if (!WantedBySink(event.type, settings)) continue;
    const bool high = std::strcmp(event.type, "flow") != 0;
    Put(batch, line_, {event.time, event.type, KeyOf(event), 0, 0, event.severity, high});
    ++written_;
  }
  if (!batch.lines.empty()) outputs_->Push(std::move(batch));
}

void EventDesk::WriteAsEvidence(const report::Event& event) {
  line_.clear();
  writer_.Append(event, line_);
  evidence_.Add(event.type, line_);
}

}  // namespace gander::runtime

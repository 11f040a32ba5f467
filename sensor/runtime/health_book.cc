// SPDX-License-Identifier: Apache-2.0
#include "runtime/health_book.h"

#include <algorithm>
#include <tuple>

namespace gander::runtime {
namespace {

constexpr std::uint32_t kMaxWorkers = 4096;
constexpr std::size_t kMaxNews = 1000;

}  // namespace

HealthBook::Lane& HealthBook::At(std::uint32_t worker) {
  const std::size_t place = std::min(worker, kMaxWorkers - 1);
  if (lanes_.size() <= place) lanes_.resize(place + 1);
  return lanes_[place];
}

void HealthBook::SetStalled(std::uint32_t worker, bool stalled) { At(worker).stalled = stalled; }

std::uint32_t HealthBook::stalled() const noexcept {
  return static_cast<std::uint32_t>(
      std::count_if(lanes_.begin(), lanes_.end(), [](const Lane& l) { return l.stalled; }));
}

void HealthBook::Take(std::uint32_t worker, const LaneHealth& lane) {
  Lane& own = At(worker);
  own.known = true;
  own.queues = lane.queues;
  own.handed_over = lane.handed_over;
  own.ring_full = lane.ring_full;
  own.level = lane.level;
  for (const ShedSpan& span : lane.shed) TakeSpan(worker, span);
}

void HealthBook::TakeSpan(std::uint32_t worker, const ShedSpan& span) {
  const auto same = std::find_if(spans_.rbegin(), spans_.rend(), [&](const report::Shedding& s) {
    return s.worker == worker && s.begin == span.begin && !s.over;
  });
  const bool fresh = same == spans_.rend();
  report::Shedding& own = fresh ? spans_.emplace_back() : *same;
  if (!fresh) shedding_.ns -= (own.end - own.begin).ns;
  own = {worker,       span.begin, span.end,          NameOf(span.highest),
         span.packets, span.bytes, span.lost_packets, span.over};
  shedding_.ns += (own.end - own.begin).ns;
  changed_.push_back(own);
  if (fresh || own.over) Tell(own);
  if (spans_.size() <= kMaxSpans) return;
  const auto ended =
      std::find_if(spans_.begin(), spans_.end(), [](const report::Shedding& s) { return s.over; });
  spans_.erase(ended != spans_.end() ? ended : spans_.begin());
}

void HealthBook::Tell(const report::Shedding& span) {
  if (news_.size() < kMaxNews) news_.push_back({span, {}, {}});
}

void HealthBook::Judge(bool final, detect::PortHealth& health) {
  for (report::Shedding& span : spans_) {
    if (!final || span.over) continue;
    span.over = true;
    std::erase_if(changed_, [&](const auto& c) { return c.worker == span.worker && c.begin == span.begin; });
    changed_.push_back(span);
    Tell(span);
  }
  for (const report::Shedding& s : changed_) {
    health.shed.push_back({s.worker, s.begin, s.end, "", s.packets, s.bytes, s.lost_packets, s.over});
    for (int level = 0; level < kShedLevels; ++level) {
      const char* name = NameOf(static_cast<ShedLevel>(level));
      if (s.highest == name) health.shed.back().level = name;
    }
  }
  changed_.clear();
  std::uint64_t ring_full = 0;
  for (const Lane& lane : lanes_) ring_full += lane.ring_full;
  health.ring_full = ring_full - std::min(ring_full, ring_full_);
  ring_full_ = ring_full;
  JudgePorts(health);
}

void HealthBook::TellPort(const std::string& port, const std::string& problem) {
  if (news_.size() == kMaxNews) return;
  report::BlindSpot& spot = news_.emplace_back();
  spot.port = port;
  spot.problem = problem;
}

// A port is broken as long as one of its queues says so.
void HealthBook::JudgePorts(detect::PortHealth& health) {
  std::map<std::string, std::string> broken;
  for (const Lane& lane : lanes_) {
    for (const LaneHealth::Queue& q : lane.queues) {
      if (!q.problem.empty()) broken.emplace(q.place.port, q.problem);
    }
  }
  for (const auto& [port, problem] : broken) {
    health.broken_ports.push_back(port + ": " + problem);
    if (!broken_.contains(port)) TellPort(port, problem);
  }
  for (const auto& [port, problem] : broken_) {
    if (!broken.contains(port)) TellPort(port, {});
  }
  broken_ = std::move(broken);
}

std::vector<report::BlindSpot> HealthBook::TakeNews() { return std::exchange(news_, {}); }

void HealthBook::Describe(report::RunState& state) const {
  for (std::uint32_t worker = 0; worker < lanes_.size(); ++worker) {
    const Lane& lane = lanes_[worker];
    if (!lane.known) continue;
    state.shed_levels.resize(worker + 1, NameOf(ShedLevel::kNone));
    state.shed_levels[worker] = NameOf(lane.level);
    state.ring_full += lane.ring_full;
    bool first = true;
    for (const LaneHealth::Queue& q : lane.queues) {
      report::QueueState& out = state.queues.emplace_back();
      const capture::SourceCounters& c = q.counters;
      out = {q.place.port,      q.place.queue, worker,         c.received, c.received_bytes,
             c.interface_drops, c.no_buffer,   c.kernel_drops, c.errors,   c.outages};
      out.handed_over = first ? lane.handed_over : 0;
      out.ring_full = first ? lane.ring_full : 0;
      out.stalled = lane.stalled;
      first = false;
    }
  }
  std::sort(state.queues.begin(), state.queues.end(),
            [](const report::QueueState& a, const report::QueueState& b) {
              return std::tie(a.port, a.queue, a.worker) < std::tie(b.port, b.queue, b.worker);
            });
  state.shedding.assign(spans_.begin(), spans_.end());
  state.shedding_seconds = static_cast<std::uint64_t>(shedding_.ns / kNanosPerSecond);
  state.broken_ports = broken_;
}

}  // namespace gander::runtime

// SPDX-License-Identifier: Apache-2.0
// Runs the whole engine over frames in memory, under the shipped rules, and keeps what came out.
#ifndef GANDER_TESTS_RUNTIME_REPLAY_H_
#define GANDER_TESTS_RUNTIME_REPLAY_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/engine.h"
#include "support/paths.h"

namespace gander::runtime {

inline constexpr Timestamp kStart{1'700'000'000 * kNanosPerSecond};

struct TimedFrame {
  Timestamp time;
  std::string bytes;
  LinkType link = LinkType::kEthernet;
  std::uint32_t wire_length = 0;  // 0 = as captured
};

// Small tables: a worker with the defaults reserves for a busy link.
inline config::Settings SmallSettings() {
  config::Settings s;
  s.flow.max_flows = 4000;
  s.stream.memory = 16 << 20;
  s.detect.epoch_paths = 1024;
  s.detect.epoch_strands = 2048;
  s.detect.epoch_tags = 16384;
  s.detect.epoch_registers = 64;
  s.report.events = "collected";  // no file is opened by runtime/; empty would mean that nobody reads events
  return s;
}

// The rules are compiled once a process.
inline std::shared_ptr<const config::Snapshot> SnapshotWith(config::Settings settings) {
  static const std::shared_ptr<const config::Snapshot> shipped = [] {
    auto built = config::BuildSnapshot({}, test::SourcePath("rules"));
    EXPECT_TRUE(built.has_value()) << built.error().ToString();
    return *built;
  }();
  auto snapshot = std::make_shared<config::Snapshot>(*shipped);
  snapshot->settings = std::move(settings);
  return snapshot;
}

class CollectingSink final : public report::Sink {
 public:
  explicit CollectingSink(std::string& lines) : Sink("collected", "test"), lines_(lines) {}
  std::size_t Write(const report::EventBatch& batch, std::size_t) noexcept override {
    lines_ += batch.text;
    meter().Written(batch.lines.size(), batch.text.size());
    return batch.lines.size();
  }

 private:
  std::string& lines_;
};

inline std::unique_ptr<report::Outputs> OutputsTo(std::unique_ptr<report::Sink> sink, bool offline) {
  auto outputs = std::make_unique<report::Outputs>(report::Outputs::Options{.offline = offline});
  outputs->Attach(std::move(sink), report::Layout::kEve, {});
  return outputs;
}

inline std::vector<capture::Packet> PacketsOf(const std::vector<TimedFrame>& frames) {
  std::vector<capture::Packet> packets;
  for (const TimedFrame& f : frames) {
    capture::Packet p;
    p.frame = AsBytes(f.bytes);
    p.time = f.time;
    p.number = packets.size() + 1;
    p.wire_length = f.wire_length != 0 ? f.wire_length : static_cast<std::uint32_t>(f.bytes.size());
    p.link = f.link;
    packets.push_back(p);
  }
  return packets;
}

struct Replayed {
  report::RunState state;
  std::string events;  // lines
};

inline Replayed Replay(const std::vector<TimedFrame>& frames, config::Settings settings = SmallSettings()) {
  Replayed out;
  RunRequest request;
  request.snapshot = SnapshotWith(std::move(settings));
  request.sources.push_back(capture::OpenMemory(PacketsOf(frames), "memory"));
  request.outputs = OutputsTo(std::make_unique<CollectingSink>(out.events), true);
  auto state = RunOffline(std::move(request));
  EXPECT_TRUE(state.has_value()) << state.error().ToString();
  if (state) out.state = std::move(*state);
  return out;
}

inline std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return lines;
}

inline std::vector<std::string_view> EventsOfType(const Replayed& run, std::string_view type) {
  const std::string key = "\"event_type\":\"" + std::string(type) + "\"";
  std::vector<std::string_view> out;
  for (const std::string_view line : Lines(run.events)) {
    if (line.find(key) != std::string_view::npos) out.push_back(line);
  }
  return out;
}

inline std::uint64_t CounterOf(const report::RunState& state, std::string_view group, std::string_view name) {
  std::uint64_t sum = 0;
  bool known = false;
  for (const report::NamedCounter& c : state.counters) {
    if (c.group != group || c.name != name) continue;
    known = true;
    sum += c.value;
  }
  EXPECT_TRUE(known) << "no counter " << group << "." << name;
  return sum;
}

}  // namespace gander::runtime

#endif  // GANDER_TESTS_RUNTIME_REPLAY_H_

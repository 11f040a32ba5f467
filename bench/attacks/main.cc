// SPDX-License-Identifier: Apache-2.0
// gander-attack NORMAL NAME|CAPTURE [--packets N] [--megabytes N] [--seeds FOLDER] [--set KEY=VALUE]...
// gander-attack NORMAL list
// One worker and the aggregator on an attack, made up on the way or read from a capture, and on normal traffic (a
// capture of gander-corpus) before it, alone, and right behind it. CPU time of the thread, memory, ledger; JSON. Exit
// code 1 when the ledger is not exact.
#include <map>
#include <optional>

#include "arguments.h"
#include "attacks/attack.h"
#include "pipeline.h"
#include "timing.h"

namespace gander::bench {
namespace {

constexpr std::size_t kBatch = 2048;
constexpr std::uint64_t kSeed = 20260101;

// Packets as they come out of a FrameWriter, at the times of a full 10 Gbit/s link.
class Batch final : public FrameSink {
 public:
  explicit Batch(Timestamp start) : time_(start) {}
  void Emit(std::string_view frame) override {
    time_.ns += static_cast<std::int64_t>(frame.size() + 24) * 8 / 10;
    ends_.push_back({bytes_.size() + frame.size(), time_});
    bytes_ += frame;
  }
  std::size_t size() const { return ends_.size(); }
  std::uint64_t bytes() const { return bytes_.size(); }
  Timestamp time() const { return time_; }
  std::span<const capture::Packet> Packets() {
    packets_.clear();
    std::size_t begin = 0;
    for (const auto& [end, time] : ends_) {
      capture::Packet p;
      p.frame = AsBytes(std::string_view(bytes_).substr(begin, end - begin));
      p.time = time;
      p.number = ++number_;
      p.wire_length = static_cast<std::uint32_t>(p.frame.size());
      packets_.push_back(p);
      begin = end;
    }
    return packets_;
  }
  void Clear() {
    bytes_.clear();
    ends_.clear();
  }

 private:
  std::string bytes_;
  std::vector<std::pair<std::size_t, Timestamp>> ends_;
  std::vector<capture::Packet> packets_;
  std::uint64_t number_ = 0;
  Timestamp time_;
};

struct Cost {
  double cpu_s = 0;
  std::uint64_t packets = 0, bytes = 0;
  nlohmann::json Json() const {
    return {{"cpu_s", cpu_s},
            {"packets", packets},
            {"bytes", bytes},
            {"ns_per_packet", 1e9 * cpu_s / static_cast<double>(packets)},
            {"ns_per_byte", 1e9 * cpu_s / static_cast<double>(bytes)}};
  }
};

void Process(Pipeline& pipeline, std::span<const capture::Packet> packets, Cost& cost) {
  const double begin = ThreadSeconds();
  pipeline.Process(packets);
  cost.cpu_s += ThreadSeconds() - begin;
  cost.packets += packets.size();
  for (const capture::Packet& p : packets) cost.bytes += p.wire_length;
}

struct Limits {
  std::uint64_t packets, bytes;
};

// The attack from `start` on; returns where its time ends. `half`: resident memory half way.
Timestamp Send(Pipeline& pipeline, const Attack& attack, Timestamp start, Limits limits, Cost& cost,
               std::uint64_t& half) {
  const Sender sender = attack.begin(Random(kSeed));
  Batch batch(start);
  FrameWriter out(batch);
  while (cost.packets < limits.packets && cost.bytes < limits.bytes) {
    while (batch.size() < kBatch) sender(out);
    Process(pipeline, batch.Packets(), cost);
    batch.Clear();
    if (half == 0 && (cost.packets > limits.packets / 2 || cost.bytes > limits.bytes / 2)) half = ResidentBytes();
  }
  return batch.time();
}

using Counts = std::map<std::string, std::uint64_t>;

Counts Findings(const report::RunState& state) {
  Counts found;
  for (const auto& [rule, count] : state.findings) found[rule.first + ' ' + rule.second] = count;
  return found;
}

// Values in the movements of normal traffic that the run's list holds, largest first: its servers are 192.168.0.0/24,
// and no attack's are.
Counts Movements(const report::RunState& state) {
  Counts found;
  for (const detect::TransferSummary& t : state.transfers) {
    const std::string ends = t.sender.ToString() + ">" + t.recipient.ToString();
    if (ends.find("192.168.0.") == std::string::npos) continue;
    for (const auto& type : t.types) found[ends + ' ' + type.id] += type.distinct.estimate;
  }
  return found;
}

// {of `expected`, of these not in `found`}
std::pair<std::uint64_t, std::uint64_t> Missing(const Counts& expected, const Counts& found) {
  std::uint64_t all = 0, missing = 0;
  for (const auto& [what, count] : expected) {
    const auto at = found.find(what);
    all += count;
    missing += at == found.end() ? count : count - std::min(count, at->second);
  }
  return {all, missing};
}

std::optional<Attack> Find(const Arguments& arguments, const std::string& name) {
  std::vector<Attack> all;
  const auto seeds = arguments.Texts("--seeds");
  for (auto& some : {FloodAttacks(), SegmentAttacks(), MessageAttacks(), TextAttacks(),
                     seeds.empty() ? std::vector<Attack>{} : DripAttacks(seeds.back())}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  for (const Attack& attack : all) {
    if (name == "list") std::printf("%s\t%s\n", attack.name.c_str(), attack.what.c_str());
    if (name == attack.name) return attack;
  }
  return std::nullopt;
}

// A capture that is there already, as an attack that is sent once.
Attack OfCapture(const std::string& path) {
  return {path, path, [path](Random) -> Sender {
            const auto replay = std::make_shared<Replay>(path);
            return [replay, at = std::size_t{0}](FrameWriter& out) mutable {
              out.Raw(AsText(replay->packets()[at].frame));
              if (++at == replay->packets().size()) {
                replay->NextRound({0});
                at = 0;
              }
            };
          }};
}

int Run(const Arguments& arguments, const std::string& name) {
  std::optional<Attack> attack = Find(arguments, name);
  if (name == "list") return 0;
  if (!attack) attack = OfCapture(name);
  const auto snapshot = LoadSnapshot(arguments.Texts("--set"), {});
  const Limits limits{static_cast<std::uint64_t>(arguments.Number("--packets", 1e6)),
                      static_cast<std::uint64_t>(arguments.Number("--megabytes", 30) * 1e6)};
  PinTo(0);
  Replay normal(arguments.capture());
  const Timestamp start = normal.packets().back().time + Duration::Seconds(1);

  Cost alone, attacked, behind;
  Pipeline first(snapshot, [](Phase) {});
  Process(first, normal.packets(), alone);
  const report::RunState undisturbed = first.Finish();

  Pipeline second(snapshot, [](Phase) {});
  const std::uint64_t before = ResidentBytes();
  std::uint64_t half = 0;
  const Timestamp end = Send(second, *attack, start, limits, attacked, half);
  const std::uint64_t after = ResidentBytes();
  normal.Later((end + Duration::Millis(1)) - normal.packets().front().time);
  Process(second, normal.packets(), behind);
  const report::RunState state = second.Finish();
  const auto [findings, findings_missing] = Missing(Findings(undisturbed), Findings(state));
  const auto [listed, listed_missing] = Missing(Movements(undisturbed), Movements(state));
  const bool exact = state.ledger.received == state.ledger.Sum() &&
                     state.ledger.packets == attacked.packets + behind.packets &&
                     state.ledger.received == attacked.bytes + behind.bytes;
  const nlohmann::json result{{"attack", attack->name},
                              {"what", attack->what},
                              {"normal", alone.Json()},
                              {"attacked", attacked.Json()},
                              {"normal_behind", behind.Json()},
                              {"resident_before", before},
                              {"resident_half", half},
                              {"resident_after", after},
                              {"resident_peak", PeakResidentBytes()},
                              {"exact", exact},
                              {"findings", findings},
                              {"findings_missing", findings_missing},
                              {"listed", listed},
                              {"listed_missing", listed_missing}};
  std::printf("%s\n", result.dump(1).c_str());
  return exact ? 0 : 1;
}

}  // namespace
}  // namespace gander::bench

int main(int argc, char** argv) {
  const char* usage =
      "gander-attack NORMAL NAME|CAPTURE|list [--packets N] [--megabytes N] [--seeds FOLDER] [--set KEY=VALUE]...";
  const gander::bench::Arguments arguments(argc, argv, usage);
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s\n", usage);
    return 2;
  }
  return gander::bench::Run(arguments, argv[2]);
}

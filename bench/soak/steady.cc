// SPDX-License-Identifier: Apache-2.0
// gander-steady CAPTURE [--packets N] [--warmup N] [--step SECONDS] [--show N] [--set KEY=VALUE]...
// Sends CAPTURE (gander-corpus mixed) round and round through one worker and the aggregator, each round a
// second of packet time later and from other clients, so that its flows are new, and counts allocations
// between warm-up and end by where they happen. Exit 1 when the packet path or the seal of an epoch
// allocated. JSON.
#include "arguments.h"
#include "pipeline.h"
#include "soak/allocation_count.h"
#include "timing.h"

namespace gander::bench {
namespace {

// 0 is everything outside of the pipeline: loading, moving on to the next round, this program's own output.
constexpr int ActivityOf(Phase phase) { return 1 + static_cast<int>(phase); }
constexpr const char* kNames[kPhases] = {"packet_path", "epoch_seal", "aggregator"};

struct Tally {
  std::uint64_t calls[kPhases], bytes[kPhases];

  static Tally Now() {
    Tally t{};
    for (int i = 0; i < kPhases; ++i) {
      t.calls[i] = Allocations(1 + i);
      t.bytes[i] = AllocatedBytes(1 + i);
    }
    return t;
  }
};

int Run(const Arguments& arguments) {
  const auto target = static_cast<std::uint64_t>(arguments.Number("--packets", 24e6));
  const auto warmup = static_cast<std::uint64_t>(arguments.Number("--warmup", 4e6));
  const Duration step{static_cast<std::int64_t>(arguments.Number("--step", 1.0) * 1e9)};
  const auto snapshot = LoadSnapshot(arguments.Texts("--set"), {});
  Replay replay(arguments.capture());
  PinTo(0);
  Pipeline pipeline(snapshot, [](Phase phase) { SetActivity(ActivityOf(phase)); });
  std::uint64_t sent = 0, rounds = 0, resident_warm = 0, sent_warm = 0, epochs_warm = 0;
  double cpu = 0;
  Tally warm{};
  while (sent < target) {
    if (resident_warm == 0 && sent >= warmup) {
      resident_warm = ResidentBytes();
      sent_warm = sent;
      epochs_warm = pipeline.epochs();
      warm = Tally::Now();
      for (int i = 0; i < kPhases - 1; ++i) ShowNext(1 + i, static_cast<int>(arguments.Number("--show", 0)));
    }
    const double begin = ThreadSeconds();
    SetActivity(ActivityOf(Phase::kPacket));
    pipeline.Process(replay.packets());
    SetActivity(0);
    cpu += ThreadSeconds() - begin;
    sent += replay.packets().size();
    ++rounds;
    replay.NextRound(step);
  }
  const Tally end = Tally::Now();
  const std::uint64_t resident_end = ResidentBytes();
  const std::uint64_t epochs_end = pipeline.epochs();
  const report::RunState state = pipeline.Finish();
  nlohmann::json result{{"capture", arguments.capture()},
                        {"packets", sent},
                        {"rounds", rounds},
                        {"packets_after_warmup", sent - sent_warm},
                        {"epochs_after_warmup", epochs_end - epochs_warm},
                        {"cpu_s", cpu},
                        {"resident_after_warmup", resident_warm},
                        {"resident_at_end", resident_end},
                        {"flows", state.flows_total},
                        {"received_bytes", state.ledger.received},
                        {"balanced", state.ledger.Sum() == state.ledger.received},
                        {"lost_bytes", state.ledger.Lost()}};
  for (int i = 0; i < kPhases; ++i) {
    result["allocations"][kNames[i]] = {{"calls", end.calls[i] - warm.calls[i]},
                                        {"bytes", end.bytes[i] - warm.bytes[i]}};
  }
  std::printf("%s\n", result.dump(1).c_str());
  const auto grew = [&](Phase p) {
    return end.calls[static_cast<int>(p)] != warm.calls[static_cast<int>(p)];
  };
  return grew(Phase::kPacket) || grew(Phase::kSeal) ? 1 : 0;
}

}  // namespace
}  // namespace gander::bench

int main(int argc, char** argv) {
  return gander::bench::Run(
      {argc, argv,
       "gander-steady CAPTURE [--packets N] [--warmup N] [--step SECONDS] [--show N] [--set KEY=VALUE]..."});
}

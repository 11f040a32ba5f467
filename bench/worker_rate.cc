// SPDX-License-Identifier: Apache-2.0
// gander-worker-rate CAPTURE [--setup-packets N] [--rounds N] [--set KEY=VALUE]...
// One worker and the aggregator on a capture in memory, everything on: CPU seconds for the first N packets and for the
// rest apart, and memory when the first N are in and when all are. For what a start-up or a preparation would drown.
// JSON.
#include "arguments.h"
#include "pipeline.h"
#include "timing.h"

namespace gander::bench {
namespace {

int Run(const Arguments& arguments) {
  const auto snapshot = LoadSnapshot(arguments.Texts("--set"), {});
  const Replay replay(arguments.capture());
  const std::size_t setup =
      std::min(static_cast<std::size_t>(arguments.Number("--setup-packets", 0)), replay.packets().size());
  PinTo(0);
  nlohmann::json rounds = nlohmann::json::array();
  for (int round = static_cast<int>(arguments.Number("--rounds", 3)); round > 0; --round) {
    const std::uint64_t before = ResidentBytes();
    Pipeline pipeline(snapshot, [](Phase) {});
    const double begin = ThreadSeconds();
    pipeline.Process(replay.packets().first(setup));
    const double ready = ThreadSeconds();
    const std::uint64_t resident = ResidentBytes() - before;
    pipeline.Process(replay.packets().subspan(setup));
    const double end = ThreadSeconds();
    const std::uint64_t resident_end = ResidentBytes() - before;
    const report::RunState state = pipeline.Finish();
    rounds.push_back({{"setup_cpu_s", ready - begin},
                      {"cpu_s", end - ready},
                      {"end_cpu_s", ThreadSeconds() - end},
                      {"setup_resident_bytes", resident},
                      {"resident_bytes", resident_end},
                      {"flows", state.flows_total},
                      {"lost_bytes", state.ledger.Lost()},
                      {"balanced", state.ledger.Sum() == state.ledger.received}});
  }
  std::uint64_t bytes = 0;
  for (const capture::Packet& p : replay.packets().subspan(setup)) bytes += p.wire_length;
  const nlohmann::json result{{"capture", arguments.capture()},
                              {"packets", replay.packets().size() - setup},
                              {"frame_bytes", bytes},
                              {"setup_packets", setup},
                              {"rounds", rounds}};
  std::printf("%s\n", result.dump(1).c_str());
  return 0;
}

}  // namespace
}  // namespace gander::bench

int main(int argc, char** argv) {
  return gander::bench::Run(
      {argc, argv, "gander-worker-rate CAPTURE [--setup-packets N] [--rounds N] [--set KEY=VALUE]..."});
}

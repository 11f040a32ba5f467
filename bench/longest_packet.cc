// SPDX-License-Identifier: Apache-2.0
// gander-longest-packet CAPTURE [--warm CAPTURE] [--rounds N] [--set KEY=VALUE]...
// One worker on a capture in memory, a packet at a time: how long the slowest took, which is what a packet
// of another flow right behind it waits. The least over rounds for each packet, so that what else the
// machine does is no finding. What is sent to warm it is not timed. JSON.
#include <algorithm>
#include <vector>

#include "arguments.h"
#include "pipeline.h"
#include "timing.h"

namespace gander::bench {
namespace {


// Thread seconds of each packet; what comes due between two (an epoch that ends) belongs to the second.
std::vector<double> TimeEach(const Replay& replay, const std::vector<Replay>& warm,
                             const std::shared_ptr<const config::Snapshot>& snapshot) {
  Pipeline pipeline(snapshot, [](Phase) {});
  for (const Replay& first : warm) pipeline.Process(first.packets());
  std::vector<double> seconds;
  seconds.reserve(replay.packets().size());
  for (std::size_t i = 0; i < replay.packets().size(); ++i) {
    const double begin = ThreadSeconds();
    pipeline.Process(replay.packets().subspan(i, 1));
    seconds.push_back(ThreadSeconds() - begin);
  }
  pipeline.Finish();
  return seconds;
}

int Run(const Arguments& arguments) {
  const auto snapshot = LoadSnapshot(arguments.Texts("--set"), {});
  const Replay replay(arguments.capture());
  std::vector<Replay> warm;
  for (const std::string& path : arguments.Texts("--warm")) warm.emplace_back(path);
  PinTo(0);
  std::vector<double> least(replay.packets().size(), 1e9);
  for (int round = static_cast<int>(arguments.Number("--rounds", 3)); round > 0; --round) {
    const std::vector<double> seconds = TimeEach(replay, warm, snapshot);
    for (std::size_t i = 0; i < least.size(); ++i) least[i] = std::min(least[i], seconds[i]);
  }
  std::size_t longest = 0;
  double sum = 0, window = 0, longest_burst = 0;
  for (std::size_t i = 0; i < least.size(); ++i) {
    if (least[i] > least[longest]) longest = i;
    sum += least[i];
    window += least[i] - (i >= capture::PacketSource::kMaxBurst ? least[i - capture::PacketSource::kMaxBurst] : 0);
    longest_burst = std::max(longest_burst, window);
  }
  const nlohmann::json result{{"capture", arguments.capture()},
                              {"packets", least.size()},
                              {"cpu_s", sum},
                              {"longest_packet", longest},
                              {"longest_packet_s", least.empty() ? 0 : least[longest]},
                              {"longest_burst_s", longest_burst}};
  std::printf("%s\n", result.dump(1).c_str());
  return 0;
}

}  // namespace
}  // namespace gander::bench

int main(int argc, char** argv) {
  return gander::bench::Run(
      {argc, argv, "gander-longest-packet CAPTURE [--warm CAPTURE] [--rounds N] [--set KEY=VALUE]..."});
}

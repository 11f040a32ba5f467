// SPDX-License-Identifier: Apache-2.0
// gander-ceiling CAPTURE [--rounds N] [--megabytes M] [--naive-megabytes M] [--threads]
// What this machine gives on the payload of CAPTURE to programs that do less than a sensor must; JSON on
// standard output. Rates are bytes a second of the thread's CPU time, all contenders in turns.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "ceiling/payload.h"
#include "ceiling/raw_best.h"
#include "timing.h"

namespace gander::bench {
namespace {

struct Options {
  const char* capture = nullptr;
  int rounds = 3;
  double megabytes = 1e6, naive_megabytes = 6;
  bool threads = false;
};

constexpr std::size_t kEthernet = 14;

// Touches the headers of every frame and mixes addresses and ports: the least that finding a flow takes.
std::uint64_t ReadHeaders(const MappedCapture& capture) {
  std::uint64_t mixed = 0;
  capture.ForEach([&](std::string_view frame, std::uint32_t, std::uint32_t) {
    if (frame.size() < 42 || frame[12] != 8 || frame[13] != 0) return;
    const std::size_t transport = kEthernet + 4 * static_cast<std::size_t>(frame[kEthernet] & 15);
    std::uint64_t addresses;
    std::uint32_t ports = 0;
    std::memcpy(&addresses, frame.data() + kEthernet + 12, sizeof addresses);
    if (transport + 4 <= frame.size()) std::memcpy(&ports, frame.data() + transport, sizeof ports);
    mixed += ((addresses ^ ports) * 0x9e3779b97f4a7c15ULL) >> 40;
  });
  return mixed;
}

template <class F>
std::uint64_t OverStreams(const Payload& payload, F&& f) {
  std::uint64_t sum = 0;
  for (const std::string& stream : payload.streams) sum += f(std::string_view(stream));
  return sum;
}

std::uint64_t Copy(const Payload& payload, std::string& into) {
  char* out = into.data();
  for (const std::string_view segment : payload.segments) {
    std::memcpy(out, segment.data(), segment.size());
    out += segment.size();
  }
  return static_cast<std::uint64_t>(into[into.size() / 2]);
}

std::uint64_t Runs(std::string_view text) {
  RunCounts counts;
  FindRuns(text, counts);
  return counts.Sum();
}

// The same work on one and on two cores at once; the slower of the two counts.
nlohmann::json OnTwoThreads(const Payload& payload, const Database& literals, int rounds) {
  std::vector<double> one, two, wall_one, wall_two;
  for (int round = 0; round < rounds; ++round) {
    for (int threads = 1; threads <= 2; ++threads) {
      double slowest[2] = {0, 0};
      std::vector<std::thread> running;
      const double begin = WallSeconds();
      for (int t = 0; t < threads; ++t) {
        running.emplace_back([&, t] {
          PinTo(t);
          const Database mine = literals.Clone();
          const double from = ThreadSeconds();
          volatile std::uint64_t sum =
              OverStreams(payload, [&](std::string_view s) { return mine.Count(s); });
          (void)sum;
          slowest[t] = ThreadSeconds() - from;
        });
      }
      for (std::thread& t : running) t.join();
      (threads == 1 ? wall_one : wall_two).push_back(WallSeconds() - begin);
      (threads == 1 ? one : two).push_back(std::max(slowest[0], slowest[1]));
    }
  }
  const auto best = [](const std::vector<double>& v) { return *std::min_element(v.begin(), v.end()); };
  return {{"one_thread", static_cast<double>(payload.bytes) / best(one)},
          {"two_threads", 2 * static_cast<double>(payload.bytes) / best(two)},
          {"scale_cpu", 2 * best(one) / best(two)},
          {"scale_wall", 2 * best(wall_one) / best(wall_two)}};
}

int Run(const Options& options) {
  const MappedCapture capture(options.capture);
  const Payload payload = CollectPayload(capture, static_cast<std::uint64_t>(options.megabytes * 1e6));
  const Payload naive_part =
      CollectPayload(capture, static_cast<std::uint64_t>(options.naive_megabytes * 1e6));
  if (payload.bytes == 0) {
    std::fprintf(stderr, "%s: no payload\n", options.capture);
    return 2;
  }
  std::uint64_t packets = 0, frame_bytes = 0;
  capture.ForEach(
      [&](std::string_view frame, std::uint32_t, std::uint32_t) { ++packets, frame_bytes += frame.size(); });
  const Database wide(Literals(), true), any(Literals(), false), naive(Naive(), true);
  std::string copied(payload.bytes, '\0');
  const auto bytes = static_cast<double>(payload.bytes);
  nlohmann::json result{{"capture", options.capture}, {"payload_bytes", payload.bytes},
                        {"packets", packets},         {"frame_bytes", frame_bytes},
                        {"hyperscan", hs_version()},  {"naive_expressions", Naive().size()}};
  if (options.threads) {
    result["threads"] = OnTwoThreads(payload, any, options.rounds);
  } else {
    PinTo(0);
    result["rates"] = RunInTurns(
        {{"memcpy", bytes, [&] { return Copy(payload, copied); }},
         {"mmap_reader", static_cast<double>(frame_bytes),
          [&] { return ReadHeaders(MappedCapture(options.capture, Pages::kFaultedIn)); }},
         {"mmap_reader_mapped", static_cast<double>(frame_bytes), [&] { return ReadHeaders(capture); }},
         {"run_finder", bytes, [&] { return OverStreams(payload, Runs); }},
         {"raw_best_avx2", bytes,
          [&] { return OverStreams(payload, [&](std::string_view s) { return RawBest(wide, s); }); }},
         {"raw_best_any", bytes,
          [&] { return OverStreams(payload, [&](std::string_view s) { return RawBest(any, s); }); }},
         {"naive", static_cast<double>(naive_part.bytes),
          [&] { return OverStreams(naive_part, [&](std::string_view s) { return naive.Count(s); }); }}},
        options.rounds);
  }
  std::printf("%s\n", result.dump(1).c_str());
  return 0;
}

}  // namespace
}  // namespace gander::bench

int main(int argc, char** argv) {
  gander::bench::Options options;
  for (int i = 1; i < argc; ++i) {
    const auto is = [&](const char* name) { return std::strcmp(argv[i], name) == 0 && i + 1 < argc; };
    if (is("--rounds"))
      options.rounds = std::max(1, std::atoi(argv[++i]));
    else if (is("--megabytes"))
      options.megabytes = std::atof(argv[++i]);
    else if (is("--naive-megabytes"))
      options.naive_megabytes = std::atof(argv[++i]);
    else if (std::strcmp(argv[i], "--threads") == 0)
      options.threads = true;
    else
      options.capture = argv[i];
  }
  if (options.capture == nullptr) {
    std::fprintf(
        stderr,
        "usage: gander-ceiling CAPTURE [--rounds N] [--megabytes M] [--naive-megabytes M] [--threads]\n");
    return 2;
  }
  return gander::bench::Run(options);
}

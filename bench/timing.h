// SPDX-License-Identifier: Apache-2.0
// CPU time of the calling thread, and best and median over rounds.
#ifndef GANDER_BENCH_TIMING_H_
#define GANDER_BENCH_TIMING_H_

#include <sched.h>
#include <time.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace gander::bench {

inline double ThreadSeconds() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

inline double WallSeconds() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

inline void PinTo(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  (void)sched_setaffinity(0, sizeof set, &set);
}

// Something to be measured: `amount` units of work (bytes, packets) each time `run` is called.
struct Contender {
  std::string name;
  double amount;
  std::function<std::uint64_t()> run;  // returns what it found, so that nothing is optimised away
};

// Runs all contenders in turns, `rounds` times; {name: {best, median, rounds: [...], result}}, in units a
// second.
inline nlohmann::json RunInTurns(const std::vector<Contender>& contenders, int rounds) {
  std::vector<std::vector<double>> rates(contenders.size());
  std::vector<std::uint64_t> results(contenders.size());
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < contenders.size(); ++i) {
      const double begin = ThreadSeconds();
      results[i] = contenders[i].run();
      rates[i].push_back(contenders[i].amount / (ThreadSeconds() - begin));
    }
  }
  nlohmann::json all = nlohmann::json::object();
  for (std::size_t i = 0; i < contenders.size(); ++i) {
    std::vector<double> sorted = rates[i];
    std::sort(sorted.begin(), sorted.end());
    all[contenders[i].name] = {{"best", sorted.back()},
                               {"median", sorted[sorted.size() / 2]},
                               {"rounds", rates[i]},
                               {"result", results[i]}};
  }
  return all;
}

}  // namespace gander::bench

#endif  // GANDER_BENCH_TIMING_H_

// SPDX-License-Identifier: Apache-2.0
// What the supervisor tells a sensor that it starts about those that died before it. Plain values: they cross a process
// border in the flight page.
#ifndef GANDER_SUPERVISE_PAST_RUN_H_
#define GANDER_SUPERVISE_PAST_RUN_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace gander::supervise {

enum class Cause : std::uint8_t {
  kCrash,     // a signal that the process caused itself
  kKilled,    // SIGKILL from outside: somebody, or the kernel for want of memory
  kWatchdog,  // a thread hung
  kExit,      // it gave up, having read traffic before
  kCount
};
inline constexpr std::size_t kCauses = static_cast<std::size_t>(Cause::kCount);
const char* NameOf(Cause cause) noexcept;  // crash, killed, watchdog, exit

inline constexpr std::uint32_t kNoWorker = 0xffffffff;
inline constexpr std::size_t kMaxPoison = 64;

// A flow by the hash that the flow table knows it by (flow::FlowKey::Hash), under the supervisor's seed.
struct PoisonFlow {
  std::uint64_t flow = 0;
  std::uint32_t deaths = 0;  // at which it was in hand
};

struct Death {
  Cause cause = Cause::kCrash;
  std::int32_t signal = 0;              // 0 = none
  std::uint32_t worker = kNoWorker;     // that died or hung, where it is known
  std::uint64_t flow = 0;               // in its hand; 0 = none
  std::int64_t time_ns = 0;             // wall clock
  std::int64_t read_until_ns = 0;       // packet time; 0 = no packet was read
};

struct PastRun {
  // Random, the supervisor's, and the same for all its sensors: a flow keeps its hash over restarts, and nobody outside
  // can choose one that collides. 0 = nobody supervises.
  std::uint64_t flow_seed = 0;
  std::array<std::uint64_t, kCauses> deaths{};  // since the supervisor began
  Death last;
  std::uint32_t poison_count = 0;
  std::array<PoisonFlow, kMaxPoison> poison{};

  std::uint64_t all_deaths() const noexcept {
    std::uint64_t sum = 0;
    for (const std::uint64_t n : deaths) sum += n;
    return sum;
  }
  std::span<const PoisonFlow> poison_flows() const noexcept {
    return std::span(poison).first(poison_count < kMaxPoison ? poison_count : kMaxPoison);
  }
};

// The hash as events and reports show it: another one of it, so that what is shown helps nobody to aim at a table. 16
// hexadecimal digits, "" for no flow.
std::string ShownFlow(std::uint64_t seed, std::uint64_t flow);
// "SIGSEGV", "" for none.
std::string NameOfSignal(int signal);

}  // namespace gander::supervise

#endif  // GANDER_SUPERVISE_PAST_RUN_H_

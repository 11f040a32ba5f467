// SPDX-License-Identifier: Apache-2.0
#include "supervise/past_run.h"

#include <fmt/format.h>
#include <string.h>

#include "base/hash.h"

namespace gander::supervise {

const char* NameOf(Cause cause) noexcept {
  switch (cause) {
    case Cause::kCrash: return "crash";
    case Cause::kKilled: return "killed";
    case Cause::kWatchdog: return "watchdog";
    case Cause::kExit:
    case Cause::kCount: break;
  }
  return "exit";
}

std::string ShownFlow(std::uint64_t seed, std::uint64_t flow) {
  if (flow == 0) return {};
  return fmt::format("{:016x}", SipHash13(HashKey{seed, ~seed}, flow));
}

std::string NameOfSignal(int signal) {
  const char* name = signal > 0 ? sigabbrev_np(signal) : nullptr;
  if (name != nullptr) return std::string("SIG") + name;
  return signal > 0 ? fmt::format("signal {}", signal) : std::string();
}

}  // namespace gander::supervise

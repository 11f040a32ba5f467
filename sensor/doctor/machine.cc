// SPDX-License-Identifier: Apache-2.0
#include "doctor/machine.h"

#include <sys/timex.h>

#include <charconv>
#include <sstream>

#include "doctor/probes.h"

namespace gander::doctor {

Process ReadProcess(const Tree& tree) {
  Process p;
  const std::string hex = LineValue(tree.Text("/proc/self/status"), "CapEff");
  std::uint64_t bits = 0;
  if (!hex.empty() && std::from_chars(hex.data(), hex.data() + hex.size(), bits, 16).ec == std::errc{}) {
    p.capabilities = bits;
  }
  // "Max open files            1024                 524288               files"
  std::istringstream limits(tree.Text("/proc/self/limits"));
  for (std::string line; std::getline(limits, line);) {
    const auto soft = [&](const std::string& name) -> std::optional<std::uint64_t> {
      if (!line.starts_with(name)) return std::nullopt;
      std::istringstream words(line.substr(name.size()));
      std::string word;
      words >> word;
      if (word == "unlimited") return UINT64_MAX;
      std::uint64_t value = 0;
      if (std::from_chars(word.data(), word.data() + word.size(), value).ec != std::errc{})
        return std::nullopt;
      return value;
    };
    if (const auto v = soft("Max open files")) p.open_files = v;
    if (const auto v = soft("Max locked memory")) p.locked_memory = v;
  }
  return p;
}

Clock ReadClock(const Tree& tree) {
  const std::string folder = "/sys/devices/system/clocksource/clocksource0";
  Clock clock;
  clock.source = tree.Text(folder + "/current_clocksource");
  std::istringstream names(tree.Text(folder + "/available_clocksource"));
  for (std::string name; names >> name;) clock.available.insert(name);
  if (tree.live()) {
    timex state{};  // modes = 0: read only
    const int known = adjtimex(&state);
    if (known >= 0) clock.synchronised = known != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
  }
  return clock;
}

Machine ReadMachine(const std::string& root, const std::vector<std::string>& interfaces) {
  const Tree tree(root);
  Machine m;
  m.kernel = tree.Text("/proc/sys/kernel/osrelease");
  m.processor = ReadProcessor(tree);
  m.memory = ReadMemory(tree);
  m.dpdk = ReadDpdk(tree);
  for (const std::string& name : interfaces) m.interfaces.push_back(ReadInterface(tree, name));
  m.process = ReadProcess(tree);
  m.clock = ReadClock(tree);
  m.bpf_jit = tree.Number("/proc/sys/net/core/bpf_jit_enable");
  return m;
}

}  // namespace gander::doctor

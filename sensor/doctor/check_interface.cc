// SPDX-License-Identifier: Apache-2.0
// Kernel interfaces: what changes, drops or delays frames before the sensor sees them.
#include <fmt/format.h>

#include <algorithm>

#include "doctor/checks.h"

namespace gander::doctor {
namespace {

// Features that glue frames together or take parts off.
constexpr struct {
  const char* feature;  // ethtool's name for the kernel
  const char* option;   // and for people
} kMerging[] = {{"rx-gro", "gro"},
                {"rx-lro", "lro"},
                {"rx-gro-hw", "rx-gro-hw"},
                {"rx-gro-list", "rx-gro-list"},
                {"rx-udp-gro-forwarding", "rx-udp-gro-forwarding"}};

constexpr std::uint32_t kUsualKey = 40;

template <class Judge>
void ForEach(const Case& c, Judge judge) {
  for (const Interface& i : c.machine.interfaces) {
    if (i.present) judge(i);
  }
}

bool Symmetric(const std::string& hex) {
  for (std::size_t i = 4; i < hex.size(); ++i) {
    if (hex[i] != hex[i - 4]) return false;
  }
  return true;
}

std::string RepeatedKey(std::size_t bytes) {
  std::string key;
  for (std::size_t i = 0; i < bytes; ++i)
    key += fmt::format("{}{}", i == 0 ? "" : ":", i % 2 == 0 ? "6d" : "5a");
  return key;
}

}  // namespace

void CheckInterfaceUp(const Case& c, Findings& out) {
  for (const Interface& i : c.machine.interfaces) {
    if (!i.present) {
      out.push_back({"interface.present",
                     Severity::kFault,
                     fmt::format("there is no interface {}", i.name),
                     "the run ends before traffic starts",
                     {"ip -brief link   # shows those there are"}});
    } else if (!i.up) {
      out.push_back({"interface.up",
                     Severity::kFault,
                     fmt::format("{} is down", i.name),
                     "no packet arrives on it",
                     {fmt::format("ip link set {} up", i.name)}});
    } else if (!i.carrier.value_or(true)) {
      out.push_back({"interface.up",
                     Severity::kWarning,
                     fmt::format("{} is up and has no carrier", i.name),
                     "no packet arrives on it: a cable is out, or the mirror port at its other end is down",
                     {fmt::format("ethtool {} | grep 'Link detected'", i.name)}});
    } else {
      out.push_back(
          {"interface.up",
           Severity::kOk,
           fmt::format("{} is up, driver {}", i.name, i.driver.empty() ? "of the kernel" : i.driver),
           "",
           {}});
    }
  }
}

void CheckMerging(const Case& c, Findings& out) {
  ForEach(c, [&](const Interface& i) {
    if (i.features.empty()) return;
    std::string on, command, fixed;
    for (const auto& [feature, option] : kMerging) {
      const auto at = i.features.find(feature);
      if (at == i.features.end() || !at->second) continue;
      on += (on.empty() ? "" : ", ") + std::string(option);
      if (i.fixed.contains(feature)) {
        fixed += (fixed.empty() ? "" : ", ") + std::string(option);
      } else {
        command += fmt::format(" {} off", option);
      }
    }
    if (on.empty()) {
      out.push_back({"interface.merging",
                     Severity::kOk,
                     fmt::format("{} hands frames over one by one", i.name),
                     "",
                     {}});
      return;
    }
    std::vector<std::string> commands;
    if (!command.empty()) commands.push_back(fmt::format("ethtool -K {}{}", i.name, command));
    if (!fixed.empty()) commands.push_back("# the driver does not let go of " + fixed);
    out.push_back({"interface.merging", Severity::kWarning,
                   fmt::format("{} joins frames before they are read: {}", i.name, on),
                   "sizes, counts, checksums and gaps are then not those of the wire, and long frames may be "
                   "cut by the "
                   "snap length",
                   std::move(commands)});
  });
}

void CheckRing(const Case& c, Findings& out) {
  ForEach(c, [&](const Interface& i) {
    if (i.ring_max == 0) return;
    const std::string what = fmt::format("{} has {} of {} receive descriptors", i.name, i.ring, i.ring_max);
    if (i.ring >= i.ring_max) {
      out.push_back({"interface.ring", Severity::kOk, what, "", {}});
      return;
    }
    out.push_back({"interface.ring",
                   Severity::kNote,
                   what,
                   "a longer ring bridges a longer pause of the kernel",
                   {fmt::format("ethtool -G {} rx {}", i.name, i.ring_max)}});
  });
}

void CheckChannels(const Case& c, Findings& out) {
  ForEach(c, [&](const Interface& i) {
    if (i.channels_max == 0) return;
    const std::uint32_t wanted =
        std::min({c.settings().live.sockets, i.channels_max,
                  static_cast<std::uint32_t>(std::max<std::size_t>(1, c.machine.processor.cores.size()))});
    const std::string what =
        fmt::format("{} has {} of at most {}, for {}", i.name, Plural(i.channels, "receive queue"),
                    i.channels_max, Plural(c.settings().live.sockets, "packet socket"));
    if (i.channels >= wanted) {
      out.push_back({"interface.queues", Severity::kOk, what, "", {}});
      return;
    }
    out.push_back(
        {"interface.queues",
         Severity::kNote,
         what,
         "the kernel's half of receiving runs on as many cores as there are queues",
         {fmt::format("ethtool -L {} {} {}", i.name, i.combined_channels ? "combined" : "rx", wanted)}});
  });
}

void CheckHashKey(const Case& c, Findings& out) {
  ForEach(c, [&](const Interface& i) {
    if (i.channels < 2 || i.hash_key.empty()) return;
    if (Symmetric(i.hash_key)) {
      out.push_back({"interface.hash_key",
                     Severity::kOk,
                     fmt::format("{} hashes both directions alike", i.name),
                     "",
                     {}});
      return;
    }
    const std::size_t bytes = i.hash_key.size() / 2;
    out.push_back(
        {"interface.hash_key",
         Severity::kNote,
         fmt::format("{} hashes the two directions of a flow apart", i.name),
         "they pass through different queues and may overtake each other on the way to the socket, where the "
         "kernel brings them together again",
         {fmt::format("ethtool -X {} hkey {}", i.name, RepeatedKey(bytes == 0 ? kUsualKey : bytes))}});
  });
}

void CheckMtu(const Case& c, Findings& out) {
  ForEach(c, [&](const Interface& i) {
    if (i.mtu == 0) return;
    if (i.mtu > 1500) {
      out.push_back({"interface.mtu",
                     Severity::kOk,
                     fmt::format("{} takes frames of {} bytes", i.name, i.mtu),
                     "",
                     {}});
      return;
    }
    out.push_back({"interface.mtu",
                   Severity::kNote,
                   fmt::format("{} takes frames of {} bytes", i.name, i.mtu),
                   "a mirror's frames may be longer: VLAN tags, VXLAN (50 bytes more) or jumbo frames; the "
                   "NIC drops what "
                   "is too long",
                   {fmt::format("ip link set {} mtu 9000", i.name)}});
  });
}

void CheckInterrupts(const Case& c, Findings& out) {
  ForEach(c, [&](const Interface& i) {
    std::size_t placed = 0;
    CoreSet cores;
    for (const auto& [number, where] : i.interrupts) {
      if (where.empty()) continue;
      ++placed;
      cores.insert(where.begin(), where.end());
    }
    if (i.channels < 2 || placed < i.channels || cores.size() > 1 || c.machine.processor.cores.size() < 2)
      return;
    out.push_back(
        {"interface.interrupts",
         Severity::kNote,
         fmt::format("all {} of {} arrive at core {}", Plural(placed, "interrupt"), i.name, ShowCores(cores)),
         "one core then does the kernel's half of receiving for every queue",
         {"systemctl enable --now irqbalance",
          fmt::format("# or by hand: echo CORE > /proc/irq/{}/smp_affinity_list",
                      i.interrupts.begin()->first)}});
  });
}

void CheckPromiscuous(const Case& c, Findings& out) {
  if (c.dpdk() ? c.settings().dpdk.promiscuous
               : c.settings().live.promiscuous || c.machine.interfaces.empty())
    return;
  const char* key = c.dpdk() ? "capture.dpdk.promiscuous" : "capture.live.promiscuous";
  out.push_back({"interface.promiscuous",
                 Severity::kWarning,
                 fmt::format("{} is false", key),
                 "of mirrored traffic hardly a frame is addressed to this port: the NIC drops the rest",
                 {fmt::format("gander run --set {}=true ...", key)}});
}

void CheckInterfaceLosses(const Case& c, Findings& out) {
  ForEach(c, [&](const Interface& i) {
    if (i.missed == 0) return;
    out.push_back({"interface.losses",
                   Severity::kNote,
                   fmt::format("{} has missed {} since it came up", i.name, Plural(i.missed, "frame")),
                   "its queue ran over before the kernel took them",
                   {fmt::format("ethtool -S {} | grep -i -e miss -e drop", i.name)}});
  });
}

}  // namespace gander::doctor

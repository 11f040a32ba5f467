// SPDX-License-Identifier: Apache-2.0
// Every profile in dpdk-config/ parses, and the arithmetic in its comments is that of its values.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>

#include "doctor/checks.h"
#include "doctor/needs.h"
#include "support/paths.h"

namespace gander::doctor {
namespace {

// Gbit/s that one core reads of clear text and of TLS, from the profiles' README.
constexpr double kClearPerCore = 4, kTlsPerCore = 20;
constexpr double kFrameGap = 20;  // preamble and gap between frames, bytes

struct Profile {
  std::string name, text;
  config::Settings settings;
  EalArguments eal;
  Needs needs;
};

std::vector<Profile> Profiles() {
  std::vector<Profile> out;
  for (const auto& file : std::filesystem::directory_iterator(test::SourcePath("dpdk-config"))) {
    if (file.path().extension() != ".yaml") continue;
    Profile p;
    p.name = file.path().filename().string();
    p.text = test::ReadFile(file.path().string());
    const auto read = config::ReadSettings(file.path().string(), p.settings);
    EXPECT_TRUE(read) << (read ? "" : read.error().ToString());
    p.eal = EalArguments::Read(p.settings.dpdk.eal);
    p.needs = Needs::Of(p.settings, p.eal, true);
    out.push_back(std::move(p));
  }
  return out;
}

std::string MebibytesUp(std::uint64_t bytes) { return fmt::format("{} MiB", (bytes + (1 << 20) - 1) >> 20); }

std::string PoolLine(const Profile& p) {
  const auto& d = p.settings.dpdk;
  return fmt::format("# mempool:   {} descriptors + 128 in two bursts + {} in the cache = {} of {} buffers",
                     d.rx_descriptors, d.mempool_cache * 3 / 2, p.needs.least_buffers, d.mempool_size);
}

std::string BufferLine(const Profile& p) {
  const std::uint64_t wanted = std::max(p.needs.dpdk_bytes, p.eal.memory);
  const std::string sum =
      fmt::format("{} queue{} x {} buffers x {} B, rings and DPDK's own = {}", p.needs.queues,
                  p.needs.queues == 1 ? "" : "s", p.settings.dpdk.mempool_size, p.needs.buffer_bytes,
                  MebibytesUp(p.needs.dpdk_bytes));
  if (p.eal.no_huge) return fmt::format("# buffers:   {} of the {} of -m", sum, MebibytesUp(p.eal.memory));
  return fmt::format("# hugepages: {}: {} of 2 MiB", sum, (wanted + (2 << 20) - 1) >> 21);
}

std::string MemoryLine(const Profile& p) {
  return fmt::format("# memory:    {} thread{} x {} flows x 512 B = {}; with all else at most {}",
                     p.needs.threads, p.needs.threads == 1 ? "" : "s", p.settings.flow.max_flows,
                     ShowBytes(p.needs.flow_bytes), ShowBytes(p.needs.total()));
}

struct Load {
  double gigabits = 0, packet = 0;
  bool given = false;
};

Load Assumed(const Profile& p) {
  std::smatch m;
  if (!std::regex_search(p.text, m, std::regex(R"(# assumes: +([0-9.]+) Gbit/s of ([0-9]+) B packets)")))
    return {};
  return {std::stod(m[1]), std::stod(m[2]), true};
}

double PacketsPerSecond(const Load& load) { return load.gigabits * 1e9 / 8 / (load.packet + kFrameGap); }

std::vector<std::string> LoadLines(const Profile& p, const Load& load) {
  const double all = PacketsPerSecond(load), each = all / p.needs.queues;
  const double descriptors = p.settings.dpdk.rx_descriptors;
  const double clear =
      (p.needs.threads / load.gigabits - 1 / kTlsPerCore) / (1 / kClearPerCore - 1 / kTlsPerCore);
  return {
      fmt::format(
          "# assumes:   {:g} Gbit/s of {:g} B packets = {:.2f} M packets/s, {:.2f} M to each of {} queue{}",
          load.gigabits, load.packet, all / 1e6, each / 1e6, p.needs.queues, p.needs.queues == 1 ? "" : "s"),
      fmt::format("# absorbs:   {} descriptors hold {:.1f} ms of a queue's share, or {:.1f} ms of all of it",
                  p.settings.dpdk.rx_descriptors, descriptors / each * 1e3, descriptors / all * 1e3),
      fmt::format("# carries:   {} thread{}: up to {:.0f} % of the bytes clear text, the rest TLS",
                  p.needs.threads, p.needs.threads == 1 ? "" : "s", std::clamp(clear, 0.0, 1.0) * 100)};
}

TEST(ProfilesTest, ThereIsOneForEachDeployment) {
  std::set<std::string> names;
  for (const Profile& p : Profiles()) names.insert(p.name);
  for (const char* name :
       {"lab-null.yaml", "lab-ring.yaml", "lab-pcap.yaml", "lab-af-packet.yaml", "appliance-10g.yaml",
        "appliance-40g.yaml", "appliance-100g.yaml", "cloud-vxlan.yaml"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(ProfilesTest, CommentsCarryTheArithmeticOfTheValues) {
  for (const Profile& p : Profiles()) {
    std::vector<std::string> lines = {PoolLine(p), BufferLine(p), MemoryLine(p)};
    if (const Load load = Assumed(p); load.given) {
      for (std::string& line : LoadLines(p, load)) lines.push_back(std::move(line));
    } else {
      EXPECT_TRUE(p.name.starts_with("lab-")) << p.name << " says no load it is meant for";
    }
    for (const std::string& line : lines) {
      EXPECT_NE(p.text.find(line + "\n"), std::string::npos) << p.name << " should say\n" << line;
    }
  }
}

TEST(ProfilesTest, PoolsAreLargeEnoughAndNoPlaceIsWasted) {
  for (const Profile& p : Profiles()) {
    EXPECT_GE(p.settings.dpdk.mempool_size, p.needs.least_buffers) << p.name;
    EXPECT_EQ((p.settings.dpdk.mempool_size + 1) & p.settings.dpdk.mempool_size, 0u) << p.name;
  }
}

TEST(ProfilesTest, CoresAreOneForEachThread) {
  for (const Profile& p : Profiles()) {
    if (p.settings.runtime.cores.empty()) continue;
    const CoreSet cores = ParseCoreSet(p.settings.runtime.cores);
    EXPECT_EQ(cores.size(), p.needs.threads) << p.name;
    EXPECT_FALSE(cores.contains(0)) << p.name << ": core 0 is the kernel's";
  }
}

TEST(ProfilesTest, TheReadmeNamesEachProfile) {
  const std::string readme = test::ReadFile(test::SourcePath("dpdk-config/README.md"));
  for (const Profile& p : Profiles()) EXPECT_NE(readme.find("`" + p.name + "`"), std::string::npos) << p.name;
}

}  // namespace
}  // namespace gander::doctor

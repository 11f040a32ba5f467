// SPDX-License-Identifier: Apache-2.0
// What a machine is and how it is set, as plain facts. ReadMachine() only reads; a fact it could not read is
// empty.
#ifndef GANDER_DOCTOR_MACHINE_H_
#define GANDER_DOCTOR_MACHINE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/core_list.h"

namespace gander::doctor {

struct Core {
  int id = 0;
  int node = -1;             // of its memory, -1 = unknown
  CoreSet siblings;          // threads of the same physical core, itself among them
  std::string governor;      // of its frequency, "" where it has none
  int deepest_sleep_us = 0;  // time to wake from the deepest sleep that is allowed
};

struct Processor {
  std::string model, vendor;
  bool virtual_machine = false;
  std::set<std::string> features;              // as /proc/cpuinfo names them
  std::vector<Core> cores;                     // those online
  CoreSet allowed;                             // to this process
  CoreSet isolated, tick_free, callback_free;  // isolcpus, nohz_full, rcu_nocbs
};

struct HugePages {
  int node = 0;
  std::uint64_t page_bytes = 0, total = 0, free = 0;
};

struct Memory {
  std::uint64_t total = 0, available = 0, swap = 0;  // bytes
  std::vector<HugePages> huge_pages;
  bool huge_page_mount = false;        // a hugetlbfs that files can be made in
  std::string transparent_huge_pages;  // always, madvise, never
  std::optional<std::int64_t> numa_balancing, swappiness;
};

struct PciDevice {
  std::string address;    // 0000:3b:00.0
  std::string id;         // 8086:1572
  std::string driver;     // of the kernel's, "" = none bound
  std::string interface;  // of the kernel's, "" = none
  int node = -1;
  bool iommu_group = false;
  bool default_route = false;  // the way to the rest of the world: never to be taken away
};

struct Dpdk {
  bool built_in = false;
  std::string version;             // of the library this process runs with
  std::set<std::string> drivers;   // net_*: poll mode drivers installed
  std::vector<PciDevice> devices;  // network class
  std::size_t iommu_groups = 0;
  bool vfio_pci = false;       // loaded or built in
  bool no_iommu_mode = false;  // vfio without protection
};

struct Interface {
  std::string name;
  bool present = false, up = false;
  std::string driver;
  std::optional<bool> carrier;
  std::int64_t mtu = 0;
  int node = -1;
  std::uint64_t dropped = 0, missed = 0;         // since it came up
  std::map<std::string, bool> features;          // by ethtool's names
  std::set<std::string> fixed;                   // features that cannot be changed
  std::uint32_t ring = 0, ring_max = 0;          // receive descriptors, 0 = unknown
  std::uint32_t channels = 0, channels_max = 0;  // receive queues, 0 = unknown
  bool combined_channels = true;                 // ethtool calls them "combined", else "rx"
  std::string hash_key;                          // hexadecimal, "" = unknown
  std::map<int, CoreSet> interrupts;             // number to cores that may get it
};

struct Process {
  std::optional<std::uint64_t> capabilities;   // effective, bit by number
  std::optional<std::uint64_t> locked_memory;  // bytes; UINT64_MAX = unlimited
  std::optional<std::uint64_t> open_files;
};

struct Clock {
  std::string source;  // tsc, kvm-clock, hpet
  std::set<std::string> available;
  std::optional<bool> synchronised;  // by NTP or PTP, as the kernel knows
};

struct Machine {
  std::string kernel;  // its release
  Processor processor;
  Memory memory;
  Dpdk dpdk;
  std::vector<Interface> interfaces;  // those asked about
  Process process;
  Clock clock;
  std::optional<std::int64_t> bpf_jit;
};

// `root` is "" for this machine; otherwise a saved tree with proc/ and sys/ below it, of which only files are
// read: what the kernel tells through system calls alone stays empty.
Machine ReadMachine(const std::string& root, const std::vector<std::string>& interfaces);

}  // namespace gander::doctor

#endif  // GANDER_DOCTOR_MACHINE_H_

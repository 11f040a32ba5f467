// SPDX-License-Identifier: Apache-2.0
// Judgements over made-up machines, and facts from a made-up tree.
#include "doctor/doctor.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "doctor/checks.h"
#include "doctor/eal_arguments.h"

namespace gander::doctor {
namespace {

// Eight physical cores with two threads each, two nodes, a NIC on node 1 that is bound to vfio-pci, huge
// pages there.
Machine GoodMachine() {
  Machine m;
  m.processor.features = {"avx2", "bmi1", "bmi2", "fma", "movbe", "f16c", "ssse3"};
  for (int id = 0; id < 16; ++id) {
    m.processor.cores.push_back({id, id % 8 / 4, {id % 8, id % 8 + 8}, "performance", 1});
    m.processor.allowed.insert(id);
  }
  m.memory.total = m.memory.available = 64ull << 30;
  m.memory.huge_pages = {{0, 2 << 20, 0, 0}, {1, 2 << 20, 512, 512}};
  m.memory.transparent_huge_pages = "madvise";
  m.dpdk.built_in = true;
  m.dpdk.devices = {{"0000:03:00.0", "8086:1572", "i40e", "eth0", 0, true, true},
                    {"0000:3b:00.0", "8086:1572", "vfio-pci", "", 1, true, false}};
  m.dpdk.iommu_groups = 2;
  m.dpdk.vfio_pci = true;
  m.process.capabilities = UINT64_MAX;
  m.process.open_files = 65536;
  m.clock = {"tsc", {"tsc", "hpet"}, true};
  return m;
}

Deployment GoodDeployment() {
  Deployment d;
  d.dpdk = true;
  d.same_machine = false;
  d.settings.dpdk.eal = {"-l", "0", "--in-memory"};
  d.settings.dpdk.rx_queues = 4;
  d.settings.runtime.cores = "4-7";
  return d;
}

const Finding* Find(const std::vector<Finding>& all, const std::string& id) {
  const auto at = std::find_if(all.begin(), all.end(), [&](const Finding& f) { return f.id == id; });
  return at == all.end() ? nullptr : &*at;
}

void Expect(const Machine& m, const Deployment& d, const std::string& id, Severity severity,
            const std::string& command = "") {
  const std::vector<Finding> all = Examine(m, d);
  const Finding* f = Find(all, id);
  ASSERT_NE(f, nullptr) << id;
  EXPECT_EQ(f->severity, severity) << id << ": " << f->what;
  std::string commands;
  for (const std::string& c : f->commands) commands += c + "\n";
  EXPECT_NE(commands.find(command), std::string::npos) << id << " says\n" << commands;
}

TEST(DoctorTest, AGoodMachineHasNoFaultAndEveryBadFindingHasAReasonAndACommand) {
  for (const Finding& f : Examine(GoodMachine(), GoodDeployment())) {
    EXPECT_LT(f.severity, Severity::kWarning) << f.id << ": " << f.what;
  }
  for (const Finding& f : Examine(Machine{}, GoodDeployment())) {
    EXPECT_FALSE(f.what.empty());
    EXPECT_EQ(f.severity == Severity::kOk, f.commands.empty()) << f.id;
    EXPECT_EQ(f.severity == Severity::kOk, f.why.empty()) << f.id;
  }
  EXPECT_TRUE(Preflight(GoodMachine(), GoodDeployment()));
}

TEST(DoctorTest, HugePagesAreCountedOnThePortsNode) {
  Machine m = GoodMachine();
  Expect(m, GoodDeployment(), "memory.hugepages", Severity::kOk);
  std::swap(m.memory.huge_pages[0].free, m.memory.huge_pages[1].free);
  m.memory.huge_pages[1].total = 10;  // all in use by somebody else: they stay
  // 4 x (8191 x 2368 + 8 x 8192 + 1024 x 64) + 16 MiB = 90.5 MiB = 46 pages, beside the 10
  Expect(m, GoodDeployment(), "memory.hugepages", Severity::kFault,
         "echo 56 > /sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages");
  EXPECT_FALSE(Preflight(m, GoodDeployment()));
}

TEST(DoctorTest, CoreLists) {
  Deployment d = GoodDeployment();
  const Machine m = GoodMachine();
  for (const char* bad : {"4-7,5", "7-4", "4-x", "4,5,6,16", "4,5,6"}) {
    d.settings.runtime.cores = bad;
    Expect(m, d, "processor.core_list", Severity::kFault, "runtime.cores=4-7");
    EXPECT_FALSE(Preflight(m, d)) << bad;
  }
  d.settings.runtime.cores = "4,5,12,13";
  Expect(m, d, "processor.siblings", Severity::kWarning, "runtime.cores=4-7");
  d.settings.runtime.cores = "0-3";
  Expect(m, d, "memory.node", Severity::kWarning, "runtime.cores=4-7");
}

TEST(DoctorTest, DevicesDriversAndIommu) {
  Machine m = GoodMachine();
  Deployment d = GoodDeployment();
  d.settings.dpdk.eal.insert(d.settings.dpdk.eal.end(), {"-a", "03:00.0"});
  Expect(m, d, "device.driver", Severity::kFault, "dpdk-devbind.py --bind=vfio-pci 0000:03:00.0");
  Expect(m, d, "device.driver", Severity::kFault, "default route");
  d.settings.dpdk.eal.back() = "0000:99:00.0";
  Expect(m, d, "device.ports", Severity::kFault);
  m.dpdk.iommu_groups = 0;
  Expect(m, GoodDeployment(), "device.iommu", Severity::kFault, "intel_iommu=on");
  m.dpdk.no_iommu_mode = true;
  Expect(m, GoodDeployment(), "device.iommu", Severity::kWarning);
  m.dpdk.devices.clear();
  Expect(m, GoodDeployment(), "device.ports", Severity::kFault);
}

TEST(DoctorTest, Interfaces) {
  Machine m = GoodMachine();
  Interface i;
  i.name = "eth0";
  i.present = i.up = true;
  i.features = {{"rx-gro", true}, {"rx-lro", true}, {"rx-gro-hw", true}, {"rx-gro-list", false}};
  i.fixed = {"rx-gro-hw"};
  i.ring = 512;
  i.ring_max = 4096;
  i.channels = 2;
  i.channels_max = 8;
  i.hash_key = "6d5a56da";
  i.mtu = 1500;
  m.interfaces = {i};
  Deployment d;
  d.same_machine = false;
  d.settings.live.interface = "eth0";
  d.settings.live.sockets = 4;
  Expect(m, d, "interface.merging", Severity::kWarning, "ethtool -K eth0 gro off lro off\n");
  Expect(m, d, "interface.ring", Severity::kNote, "ethtool -G eth0 rx 4096");
  Expect(m, d, "interface.queues", Severity::kNote, "ethtool -L eth0 combined 4");
  Expect(m, d, "interface.hash_key", Severity::kNote, "hkey 6d:5a:6d:5a");
  Expect(m, d, "interface.mtu", Severity::kNote, "ip link set eth0 mtu 9000");
  m.process.capabilities = 0;
  Expect(m, d, "process.capabilities", Severity::kFault, "setcap cap_net_raw=eip");
  m.interfaces[0].up = false;
  Expect(m, d, "interface.up", Severity::kFault, "ip link set eth0 up");
}

TEST(DoctorTest, EalArguments) {
  const EalArguments a = EalArguments::Read({"-m256", "--socket-mem=512,512", "-a", "3b:00.0,x=1", "--vdev",
                                             "net_pcap12,rx_pcap=a", "--no-huge", "-l"});
  EXPECT_EQ(a.memory, 1024ull << 20);
  EXPECT_EQ(a.allowed, std::vector<std::string>{"0000:3b:00.0"});
  ASSERT_EQ(a.virtual_devices.size(), 1u);
  EXPECT_EQ(a.virtual_devices[0].driver, "net_pcap");
  EXPECT_EQ(Parameter(a.virtual_devices[0].parameters, "rx_pcap"), "a");
  EXPECT_TRUE(a.no_huge);
  EXPECT_EQ(a.cores, "");
}

TEST(DoctorTest, CoreListText) {
  EXPECT_EQ(ShowCores(ParseCoreSet("0-3,8,5-6\n")), "0-3,5,6,8");
  for (const char* bad : {"-", "1-", "a", "1,,2", "1,", "99999", "1-99999999999"})
    EXPECT_FALSE(ParseCores(bad)) << bad;
}

TEST(DoctorTest, TextEndsWithTheVerdictAndNeverWrapsACommand) {
  Examination e;
  e.subject = "test";
  e.findings = {{"memory.x", Severity::kOk, "good", "", {}},
                {"time.y",
                 Severity::kFault,
                 std::string(30, 'w') + " " + std::string(200, 'v'),
                 "because",
                 {std::string(300, 'c')}}};
  const std::string text = TextReport(e, {false, 60});
  EXPECT_LT(text.find("TIME"), text.find("MEMORY"));
  EXPECT_NE(text.find(std::string(300, 'c')), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.rfind("1 fault, 0 warnings, 0 notes"), std::string::npos);
}

}  // namespace
}  // namespace gander::doctor

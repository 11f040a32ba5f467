// SPDX-License-Identifier: Apache-2.0
// The checks: small functions in a table (checks.cc). Each looks at one thing and adds one finding or none.
#ifndef GANDER_DOCTOR_CHECKS_H_
#define GANDER_DOCTOR_CHECKS_H_

#include <span>
#include <string>
#include <vector>

#include "doctor/doctor.h"
#include "doctor/eal_arguments.h"
#include "doctor/needs.h"

namespace gander::doctor {

// All a check may look at.
struct Case {
  const Machine& machine;
  const Deployment& deployment;
  EalArguments eal;
  Needs needs;
  CoreSet worker_cores;  // where the packet threads will run

  Case(const Machine& m, const Deployment& d);
  const config::Settings& settings() const { return deployment.settings; }
  bool dpdk() const { return deployment.dpdk; }
  bool general() const { return !dpdk() && machine.interfaces.empty(); }  // nothing named to be read
  // PCI network devices that DPDK will read: those allowed, or all that it can hold. Empty without DPDK.
  std::vector<const PciDevice*> Devices() const;
  // NUMA node of the ports, -1 when unknown or mixed.
  int PortNode() const;
};

using Findings = std::vector<Finding>;

struct Check {
  void (*look)(const Case&, Findings&);
  bool before_start = false;  // its faults are said by Preflight() too
};
std::span<const Check> Checks();

// "24.7 GB", for people.
std::string ShowBytes(std::uint64_t bytes);
// "1 huge page", "2 huge pages".
std::string Plural(std::uint64_t count, const std::string& word);
// Drivers of the kernel's that leave a device to a program.
bool GivenToPrograms(const PciDevice& device);
// NVIDIA's and Microsoft's share a device between kernel and DPDK; it is not bound to vfio-pci.
bool SharesDevice(const PciDevice& device);

// processor
void CheckInstructions(const Case&, Findings&);
void CheckCoreList(const Case&, Findings&);
void CheckCoreCount(const Case&, Findings&);
void CheckQueues(const Case&, Findings&);
void CheckSiblings(const Case&, Findings&);
void CheckIsolation(const Case&, Findings&);
void CheckEalCores(const Case&, Findings&);
void CheckGovernor(const Case&, Findings&);
void CheckSleep(const Case&, Findings&);
// memory
void CheckMemory(const Case&, Findings&);
void CheckHugePages(const Case&, Findings&);
void CheckHugePageMount(const Case&, Findings&);
void CheckPool(const Case&, Findings&);
void CheckEalMemory(const Case&, Findings&);
void CheckNode(const Case&, Findings&);
void CheckNumaBalancing(const Case&, Findings&);
void CheckTransparentHugePages(const Case&, Findings&);
void CheckSwap(const Case&, Findings&);
// device
void CheckDpdk(const Case&, Findings&);
void CheckPmd(const Case&, Findings&);
void CheckDevices(const Case&, Findings&);
void CheckVfio(const Case&, Findings&);
void CheckIommu(const Case&, Findings&);
void CheckRssKey(const Case&, Findings&);
// interface
void CheckInterfaceUp(const Case&, Findings&);
void CheckMerging(const Case&, Findings&);
void CheckRing(const Case&, Findings&);
void CheckChannels(const Case&, Findings&);
void CheckHashKey(const Case&, Findings&);
void CheckMtu(const Case&, Findings&);
void CheckInterrupts(const Case&, Findings&);
void CheckPromiscuous(const Case&, Findings&);
void CheckInterfaceLosses(const Case&, Findings&);
// process
void CheckCapabilities(const Case&, Findings&);
void CheckLockedMemory(const Case&, Findings&);
void CheckOpenFiles(const Case&, Findings&);
void CheckConfinement(const Case&, Findings&);
void CheckBpfJit(const Case&, Findings&);
// time
void CheckClockSource(const Case&, Findings&);
void CheckSynchronised(const Case&, Findings&);
// configuration
void CheckRules(const Case&, Findings&);
void CheckDisk(const Case&, Findings&);
void CheckMetricsPort(const Case&, Findings&);
void CheckTunnels(const Case&, Findings&);

}  // namespace gander::doctor

#endif  // GANDER_DOCTOR_CHECKS_H_

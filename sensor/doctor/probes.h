// SPDX-License-Identifier: Apache-2.0
// The parts of ReadMachine(): each reads one area.
#ifndef GANDER_DOCTOR_PROBES_H_
#define GANDER_DOCTOR_PROBES_H_

#include "doctor/machine.h"
#include "doctor/tree.h"

namespace gander::doctor {

Processor ReadProcessor(const Tree& tree);
Memory ReadMemory(const Tree& tree);
Dpdk ReadDpdk(const Tree& tree);
Interface ReadInterface(const Tree& tree, const std::string& name);
Process ReadProcess(const Tree& tree);
Clock ReadClock(const Tree& tree);

// What only the SIOCETHTOOL ioctl tells: features, rings, channels, hash key. Leaves empty what the driver
// refuses.
void AskDriver(Interface& interface);

}  // namespace gander::doctor

#endif  // GANDER_DOCTOR_PROBES_H_

// SPDX-License-Identifier: Apache-2.0
// The doorway of doctor/: judges a machine for a deployment. Nothing here changes the machine.
#ifndef GANDER_DOCTOR_DOCTOR_H_
#define GANDER_DOCTOR_DOCTOR_H_

#include <string>
#include <vector>

#include "base/result.h"
#include "config/settings.h"
#include "doctor/machine.h"

namespace gander::doctor {

enum class Severity : std::uint8_t {
  kOk,
  kNote,     // worth knowing, or a possible gain
  kWarning,  // the run starts, and loses packets or sees less than it could
  kFault,    // the run does not start, or sees nothing
};
const char* NameOf(Severity severity) noexcept;

struct Finding {
  std::string id;  // stable: "<area>.<what is looked at>"
  Severity severity = Severity::kOk;
  std::string what;                   // one sentence with its figures
  std::string why;                    // why that matters; empty when kOk
  std::vector<std::string> commands;  // that mend it, one a line; "#" begins a remark

  std::string area() const { return id.substr(0, id.find('.')); }
};

// What is to run on the machine.
struct Deployment {
  config::Settings settings;
  bool dpdk = false;  // ports of DPDK, else the kernel interface `settings.live.interface` (may be empty)
  std::string shipped_rules;  // for reading the rules too; empty leaves that out
  bool same_machine = true;   // false for a saved tree: nothing is asked of the machine this runs on
};

struct Examination {
  std::string subject;  // "dpdk-config/appliance-10g.yaml", "eth0", "this machine"
  Machine machine;
  std::vector<Finding> findings;  // in the order of the checks
  Severity worst() const noexcept;
  std::size_t Count(Severity severity) const noexcept;
};

// All checks. The machine is read by ReadMachine(root, InterfacesOf(deployment)).
std::vector<Finding> Examine(const Machine& machine, const Deployment& deployment);
std::vector<std::string> InterfacesOf(const Deployment& deployment);

// Before traffic starts: true, or everything that would make the start fail or asks more than the machine
// has, as one error. Quick; what opening the sources reports well by itself is left to it.
Result<bool> Preflight(const Machine& machine, const Deployment& deployment);

struct TextOptions {
  bool color = false;
  std::size_t width = 100;  // columns
};
// For people: by area, the worst first, ending with the verdict in one line.
std::string TextReport(const Examination& examination, const TextOptions& options);
// For machines: doctor.schema.json.
std::string JsonReport(const Examination& examination);

}  // namespace gander::doctor

#endif  // GANDER_DOCTOR_DOCTOR_H_

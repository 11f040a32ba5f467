// SPDX-License-Identifier: Apache-2.0
#include "doctor/doctor.h"

#include <algorithm>

#include "doctor/checks.h"

namespace gander::doctor {

const char* NameOf(Severity severity) noexcept {
  switch (severity) {
    case Severity::kOk:
      return "ok";
    case Severity::kNote:
      return "note";
    case Severity::kWarning:
      return "warning";
    case Severity::kFault:
      return "fault";
  }
  return "fault";
}

Severity Examination::worst() const noexcept {
  Severity worst = Severity::kOk;
  for (const Finding& f : findings) worst = std::max(worst, f.severity);
  return worst;
}

std::size_t Examination::Count(Severity severity) const noexcept {
  return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(),
                                                [&](const Finding& f) { return f.severity == severity; }));
}

std::vector<std::string> InterfacesOf(const Deployment& deployment) {
  if (!deployment.dpdk) {
    const std::string& name = deployment.settings.live.interface;
    return name.empty() ? std::vector<std::string>{} : std::vector<std::string>{name};
  }
  std::vector<std::string> names;
  for (const VirtualDevice& v : EalArguments::Read(deployment.settings.dpdk.eal).virtual_devices) {
    if (v.driver != "net_af_packet") continue;
    if (std::string name = Parameter(v.parameters, "iface"); !name.empty()) names.push_back(std::move(name));
  }
  return names;
}

std::vector<Finding> Examine(const Machine& machine, const Deployment& deployment) {
  const Case c(machine, deployment);
  Findings out;
  for (const Check& check : Checks()) check.look(c, out);
  return out;
}

Result<bool> Preflight(const Machine& machine, const Deployment& deployment) {
  if (deployment.dpdk && !machine.dpdk.built_in) return true;  // capture/ says so, and nothing else matters
  const Case c(machine, deployment);
  Findings found;
  for (const Check& check : Checks()) {
    if (check.before_start) check.look(c, found);
  }
  std::string cause, remedy;
  for (const Finding& f : found) {
    if (f.severity != Severity::kFault) continue;
    cause += (cause.empty() ? "" : "; ") + f.what;
    if (!f.commands.empty()) remedy += (remedy.empty() ? "" : "\n          ") + f.commands.front();
  }
  if (cause.empty()) return true;
  return Fail("this machine", 0, cause, remedy + "\n          (`gander doctor` says more)");
}

}  // namespace gander::doctor

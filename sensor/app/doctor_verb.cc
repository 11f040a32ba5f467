// SPDX-License-Identifier: Apache-2.0
// gander doctor: is this machine fit for that deployment, and if not, which command mends it.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "app/options.h"
#include "app/verbs.h"
#include "doctor/doctor.h"

namespace gander::app {
namespace {

struct DoctorOptions {
  ConfigOptions config;
  std::string interface, root;
  bool json = false;
};

int Examine(const DoctorOptions& options) {
  auto settings = LoadSettings(options.config);
  if (!settings) return Complain(settings.error());
  if (!options.interface.empty()) settings->live.interface = options.interface;
  if (!options.root.empty() && access((options.root + "/proc").c_str(), R_OK) != 0) {
    return Complain(
        {options.root, 0, "there is no proc below it", "name a saved tree with proc/ and sys/ of a machine"});
  }
  doctor::Deployment deployment;
  deployment.dpdk =
      !options.config.profile.empty() || (settings->live.interface.empty() && !settings->dpdk.eal.empty());
  deployment.settings = std::move(*settings);
  deployment.same_machine = options.root.empty();
  deployment.shipped_rules = ShippedRules();

  doctor::Examination examination;
  const std::string& interface = deployment.settings.live.interface;
  examination.subject = !options.config.profile.empty() ? options.config.profile
                        : !interface.empty()            ? interface
                                                        : "this machine";
  examination.machine = doctor::ReadMachine(options.root, doctor::InterfacesOf(deployment));
  examination.findings = doctor::Examine(examination.machine, deployment);
  doctor::TextOptions text;
  text.color = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  std::fputs((options.json ? doctor::JsonReport(examination) : doctor::TextReport(examination, text)).c_str(),
             stdout);
  return examination.worst() == doctor::Severity::kFault ? kAlerts : kDone;
}

}  // namespace

void AddDoctor(CLI::App& app, int& exit_code) {
  CLI::App* verb =
      app.add_subcommand("doctor", "is this machine fit for a deployment, and which commands make it so");
  auto options = std::make_shared<DoctorOptions>();
  auto* interface = verb->add_option("--interface,-i", options->interface, "interface that is to be read");
  verb->add_option("--profile", options->config.profile, "profile that is to be run, see dpdk-config/")
      ->excludes(interface);
  AddConfigOptions(*verb, options->config);
  verb->add_flag("--json", options->json,
                 "findings, facts and verdict as JSON (sensor/doctor/doctor.schema.json)");
  verb->add_option("--root", options->root,
                   "read proc/ and sys/ below this folder instead: another machine's, saved");
  verb->footer(
      "Nothing is changed. Exit codes: 0 no fault, 1 faults, 2 bad usage or profile.\n"
      "Examples:\n"
      "  gander doctor --profile dpdk-config/appliance-10g.yaml\n"
      "  gander doctor --interface eth0\n"
      "  gander doctor --json | jq '.findings[] | select(.severity == \"fault\")'");
  verb->callback([options, &exit_code] { exit_code = Examine(*options); });
}

}  // namespace gander::app

// SPDX-License-Identifier: Apache-2.0
// gander doctor: is this machine fit for that deployment, and if not, which command mends it.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "app/options.h"
#include "app/verbs.h"
#include "doctor/doctor.h"
#include "selfcheck/privacy_check.h"

namespace gander::app {
namespace {

struct DoctorOptions {
  ConfigOptions config;
  std::string interface, root;
  bool json = false, privacy = false;
  std::uint64_t seed = 0;  // of the planted values; 0 = drawn
};

// Of the pipeline, not of the machine.
int CheckOwnPrivacy(const DoctorOptions& options) {
  auto settings = LoadSettings(options.config);
  if (!settings) return Complain(settings.error());
  const std::uint64_t seed = options.seed != 0 ? options.seed : static_cast<std::uint64_t>(Now().ns) >> 10;
  auto check = selfcheck::CheckPrivacy(*settings, ShippedRules(), seed);
  if (!check) return Complain(check.error(), kFailed);
  std::fputs((options.json ? selfcheck::ToJson(*check) : selfcheck::ToText(*check)).c_str(), stdout);
  return check->leaks() == 0 ? kDone : kAlerts;
}

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
  auto* privacy = verb->add_flag("--privacy-self-check", options->privacy,
                                 "instead: plant values of invented people, run the whole pipeline under this\n"
                                 "configuration and search every output for them");
  privacy->excludes(interface)->excludes(verb->get_option("--profile"))->excludes(verb->get_option("--root"));
  verb->add_option("--seed", options->seed, "plant the same values again")->needs(privacy);
  verb->footer(
      "Nothing is changed. Exit codes: 0 no fault, 1 faults, or a planted value in an output, 2 bad usage or profile,\n"
      "3 the self-check could not be made.\n"
      "Examples:\n"
      "  gander doctor --profile dpdk-config/appliance-10g.yaml\n"
      "  gander doctor --interface eth0\n"
      "  gander doctor --privacy-self-check --config gander.yaml\n"
      "  gander doctor --json | jq '.findings[] | select(.severity == \"fault\")'");
  verb->callback([options, &exit_code] { exit_code = options->privacy ? CheckOwnPrivacy(*options) : Examine(*options); });
}

}  // namespace gander::app

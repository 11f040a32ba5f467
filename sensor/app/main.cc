// SPDX-License-Identifier: Apache-2.0
// The command `gander`.
#include <cstdio>
#include <exception>

#include "app/options.h"
#include "app/verbs.h"
#include "base/locked.h"

int main(int argc, char** argv) {
  using namespace gander::app;
  (void)gander::LockKeys();
  CLI::App app{"Gander watches a mirrored port and says whose personal data moves, from whom to whom, and whether\n"
               "anybody allowed it."};
  app.name("gander");
  app.set_version_flag("--version", std::string("gander ") + kVersion);
  app.require_subcommand(1);
  app.footer("Examples:\n"
             "  gander scan capture.pcap                     what is in a capture\n"
             "  gander run --interface eth0                  watch an interface\n"
             "  gander report --events events.json --since 24h   the past as a page\n"
             "  gander rules list                            what is recognised\n"
             "  gander config show                           every setting with its meaning\n"
             "  gander doctor --interface eth0               is this machine fit for it\n"
             "Exit codes: 0 done, 1 alerts at or above --fail-on, 2 bad usage, configuration, rules or capture,\n"
             "3 failed while running.");
  int exit_code = kDone;
  AddScan(app, exit_code);
  AddRun(app, exit_code);
  AddIdentify(app, exit_code);
  AddRules(app, exit_code);
  AddRegister(app, exit_code);
  AddPolicy(app, exit_code);
  AddReport(app, exit_code);
  AddQuarantine(app, exit_code);
  AddConfig(app, exit_code);
  AddBaseline(app, exit_code);
  AddBundle(app, exit_code);
  AddFleet(app, exit_code);
  AddEvidence(app, exit_code);
  AddCtl(app, exit_code);
  AddDoctor(app, exit_code);
  AddDocuments(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& e) {
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
    std::fprintf(stderr, "gander: command line: %s\n  remedy: `gander --help` shows what there is\n", e.what());
    return kBadUsage;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "gander: failed: %s\n", e.what());
    return kFailed;
  }
  return exit_code;
}

// SPDX-License-Identifier: Apache-2.0
// One function a verb: adds itself to the command line; its callback sets `exit_code`.
#ifndef GANDER_APP_VERBS_H_
#define GANDER_APP_VERBS_H_

#include <CLI/CLI.hpp>

namespace gander::app {

void AddScan(CLI::App& app, int& exit_code);
void AddRun(CLI::App& app, int& exit_code);
void AddIdentify(CLI::App& app, int& exit_code);
void AddRules(CLI::App& app, int& exit_code);
void AddRegister(CLI::App& app, int& exit_code);
void AddQuarantine(CLI::App& app, int& exit_code);
void AddReport(CLI::App& app, int& exit_code);
void AddPolicy(CLI::App& app, int& exit_code);
void AddConfig(CLI::App& app, int& exit_code);
void AddBaseline(CLI::App& app, int& exit_code);
void AddBundle(CLI::App& app, int& exit_code);
void AddFleet(CLI::App& app, int& exit_code);
void AddFleetLoad(CLI::App& fleet, int& exit_code);
void AddEvidence(CLI::App& app, int& exit_code);
void AddCtl(CLI::App& app, int& exit_code);
void AddDoctor(CLI::App& app, int& exit_code);
void AddDocuments(CLI::App& app, int& exit_code);

}  // namespace gander::app

#endif  // GANDER_APP_VERBS_H_

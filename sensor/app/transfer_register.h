// SPDX-License-Identifier: Apache-2.0
// The transfer register on the command line: gander register check|explain|add.
#ifndef GANDER_APP_TRANSFER_REGISTER_H_
#define GANDER_APP_TRANSFER_REGISTER_H_

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/policy_file.h"
#include "identify/rule_set.h"

namespace gander::app {

void AddRulesOption(CLI::App& verb, std::vector<std::string>& rules);

// Data class to the highest sensitivity that a rule gives it. Error: the packs cannot be read.
using ClassSensitivities = std::map<std::string, identify::Sensitivity>;
Result<ClassSensitivities> ReadClasses(const std::vector<std::string>& rules);

// Reads and builds the policy at `path`; its classes are checked against those of the packs, its lives against today.
// Errors are printed, all of them, and null returned; warnings are printed where `warnings` is null.
std::shared_ptr<const policy::Policy> ReadTransferRegister(const std::string& path,
                                                           const std::vector<std::string>& rules,
                                                           std::vector<Error>* warnings = nullptr);

// The subcommands' own.
void AddRegisterCheck(CLI::App& verb, int& exit_code);
void AddRegisterExplain(CLI::App& verb, int& exit_code);
void AddRegisterAdd(CLI::App& verb, int& exit_code);

// Heading of these subcommands in --help.
inline constexpr const char kTransferRegisterGroup[] =
    "The transfer register: who may send whose data where (a policy file)";
inline constexpr const char kOwnListsGroup[] = "Registers of your own values, to be recognised on the wire";

}  // namespace gander::app

#endif  // GANDER_APP_TRANSFER_REGISTER_H_

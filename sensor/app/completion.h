// SPDX-License-Identifier: Apache-2.0
// Completion for shells, written out of the command table.
#ifndef GANDER_APP_COMPLETION_H_
#define GANDER_APP_COMPLETION_H_

#include <string>
#include <vector>

#include "app/command_table.h"

namespace gander::app {

// `keys`: what --set takes, "runtime.workers".
std::string BashCompletion(const std::vector<VerbRow>& table, const std::vector<std::string>& keys);
std::string ZshCompletion(const std::vector<VerbRow>& table, const std::vector<std::string>& keys);
std::string FishCompletion(const std::vector<VerbRow>& table, const std::vector<std::string>& keys);

}  // namespace gander::app

#endif  // GANDER_APP_COMPLETION_H_

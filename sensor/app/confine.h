// SPDX-License-Identifier: Apache-2.0
// What a run must still be able to do once it reads traffic, from its settings.
#ifndef GANDER_APP_CONFINE_H_
#define GANDER_APP_CONFINE_H_

#include <string>
#include <vector>

#include "app/options.h"
#include "report/confinement_state.h"
#include "sandbox/sandbox.h"

namespace gander::app {

enum class Reads { kFiles, kInterface, kPorts };

// `named`: the files that the command line gave as configuration.
sandbox::Access AccessFor(const config::Settings& settings, Reads reads, const ConfigOptions& named);

// For /status and `gander ctl status`, with what has been refused so far.
report::ConfinementState StateOf(const sandbox::Confinement& confinement);

// Settings that name files which a run reads and never writes; every other path is taken as written.
const std::vector<std::string>& ReadOnlyPaths();

}  // namespace gander::app

#endif  // GANDER_APP_CONFINE_H_

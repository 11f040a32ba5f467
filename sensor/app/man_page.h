// SPDX-License-Identifier: Apache-2.0
// Pages for man(1), written out of the command table and the table of settings, in the macros of man(7).
#ifndef GANDER_APP_MAN_PAGE_H_
#define GANDER_APP_MAN_PAGE_H_

#include <string>
#include <vector>

#include "app/command_table.h"
#include "config/settings.h"

namespace gander::app {

// gander(1): every verb and option.
std::string CommandPage(const std::vector<VerbRow>& table);
// gander.yaml(5): every key with meaning, type and default.
std::string SettingsPage(const std::vector<config::SettingInfo>& defaults);

}  // namespace gander::app

#endif  // GANDER_APP_MAN_PAGE_H_

// SPDX-License-Identifier: Apache-2.0
// What `gander rules` does, one function an action; each returns the exit code. No paths: the packs that came with Gander.
#ifndef GANDER_APP_RULES_VERBS_H_
#define GANDER_APP_RULES_VERBS_H_

#include <string>
#include <vector>

#include "base/result.h"
#include "identify/rule_source.h"

namespace gander::app {

using Paths = std::vector<std::string>;
// `paths`, or the packs that came with Gander.
Paths PacksOf(const Paths& paths);
std::size_t FilesOf(const std::vector<identify::RuleSource>& sources);

// Every pack and rule is looked at, every error said. `strict`: warnings are errors too.
int CheckRules(const Paths& paths, bool strict);
int TestRules(const Paths& paths);
int ListRules(const Paths& paths, bool json);
int ExplainRule(const Paths& paths, const std::string& id);
int BenchRules(const Paths& paths, bool quick);
int ImportRules(const std::string& format, const std::string& file);

}  // namespace gander::app

#endif  // GANDER_APP_RULES_VERBS_H_

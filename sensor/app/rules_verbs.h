// SPDX-License-Identifier: Apache-2.0
// What `gander rules` does, one function an action; each returns the exit code. No paths: the packs that came with
// Gander.
#ifndef GANDER_APP_RULES_VERBS_H_
#define GANDER_APP_RULES_VERBS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "identify/rule_source.h"

namespace gander::app {

using Paths = std::vector<std::string>;
// `paths`, or the packs that came with Gander.
Paths PacksOf(const Paths& paths);
std::size_t FilesOf(const std::vector<identify::RuleSource>& sources);
// For a reader: texts in a line, the name of a file without its folder.
std::string Joined(const std::vector<std::string>& texts, const char* joint = ", ");
std::string FileName(const std::string& path);

// Every pack and rule is looked at, every error said. `strict`: warnings are errors too.
int CheckRules(const Paths& paths, bool strict);
int TestRules(const Paths& paths);
int ListRules(const Paths& paths, bool json);
// `format`: markdown or tsv.
int TableOfRules(const Paths& paths, const std::string& format);
int ExplainRule(const Paths& paths, const std::string& id);
int BenchRules(const Paths& paths, bool quick);
// `first_sid`: 0 for those that belong to the file's name.
int ImportRules(const std::string& format, const std::string& file, std::uint32_t first_sid);

}  // namespace gander::app

#endif  // GANDER_APP_RULES_VERBS_H_

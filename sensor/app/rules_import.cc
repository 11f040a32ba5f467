// SPDX-License-Identifier: Apache-2.0
// gander rules import
#include <cstdio>
#include <fstream>
#include <iterator>

#include "app/options.h"
#include "app/rules_verbs.h"
#include "config/rule_import.h"

namespace gander::app {
namespace {

void Tell(const char* what, const std::vector<config::RuleImport::Left>& list, const std::string& file) {
  for (const auto& l : list) {
    std::fprintf(stderr, "%s:%d: %s: %s: %s\n", file.c_str(), l.line, what, l.name.c_str(), l.why.c_str());
  }
}

}  // namespace

int ImportRules(const std::string& format, const std::string& file, std::uint32_t first_sid) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return Complain({file, 0, "it cannot be read", "check the path"});
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  Result<config::RuleImport> import = format == "gitleaks"
                                          ? config::ImportGitleaks(text, file, first_sid)
                                          : Result<config::RuleImport>(config::ImportSnort(text, file, first_sid));
  if (!import) return Complain(import.error());
  Tell("not taken", import->left, file);
  Tell("changed", import->changed, file);
  std::fprintf(stderr, "gander: %zu of %zu rules taken, %zu not; sids from %u on\n", import->rules.size(), import->seen,
               import->left.size(), import->first_sid);
  if (import->rules.empty())
    return Complain({file, 0, "nothing of it has meaning here", "the report above says why, rule by rule"});
  std::printf("%s", config::WritePack(*import, file).c_str());
  return kDone;
}

}  // namespace gander::app

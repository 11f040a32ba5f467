// SPDX-License-Identifier: Apache-2.0
// gander rules check|test
#include <algorithm>
#include <cstdio>

#include "app/options.h"
#include "app/rules_verbs.h"
#include "config/rule_packs.h"
#include "identify/rule_lint.h"

namespace gander::app {
namespace {

struct Looked {
  std::vector<Error> errors;
  std::vector<identify::RuleSource> sources;  // that could be read
  identify::RuleReport report;
};

Looked LookAt(const Paths& paths) {
  Looked out;
  out.sources = config::ReadRulePacks(PacksOf(paths), out.errors);
  // Into the cache of compiled expressions: the run that follows starts at once.
  if (!out.sources.empty()) out.report = identify::CompileAll(out.sources, "");
  out.errors.insert(out.errors.end(), out.report.errors.begin(), out.report.errors.end());
  std::stable_sort(out.errors.begin(), out.errors.end(),
                   [](const Error& a, const Error& b) { return std::tie(a.file, a.line) < std::tie(b.file, b.line); });
  return out;
}

void Say(const std::vector<Error>& errors) {
  for (const Error& e : errors) Complain(e);
}

bool IsOfExample(const Error& e) { return e.cause.find("match example '") != std::string::npos; }

}  // namespace

Paths PacksOf(const Paths& paths) { return paths.empty() ? Paths{ShippedRules()} : paths; }

std::string Joined(const std::vector<std::string>& texts, const char* joint) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : joint) + text;
  return out;
}

std::string FileName(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::size_t FilesOf(const std::vector<identify::RuleSource>& sources) {
  Paths files;
  for (const identify::RuleSource& s : sources) files.push_back(s.file);
  std::sort(files.begin(), files.end());
  return static_cast<std::size_t>(std::unique(files.begin(), files.end()) - files.begin());
}

int CheckRules(const Paths& paths, bool strict) {
  const Looked looked = LookAt(paths);
  Say(looked.errors);
  if (looked.report.stopped)
    std::fprintf(stderr, "gander: there may be more: stopped after %zu errors\n", looked.errors.size());
  const std::vector<Error> warnings = identify::LintRules(looked.sources);
  for (const Error& w : warnings) std::fprintf(stderr, "gander: warning: %s\n", w.ToString().c_str());
  const bool good = looked.errors.empty() && (!strict || warnings.empty());
  std::printf("%s: %zu rules in %zu packs, %zu errors, %zu warnings\n", good ? "rules are good" : "rules are not good",
              looked.sources.size(), FilesOf(looked.sources), looked.errors.size(), warnings.size());
  return good ? kDone : kBadUsage;
}

// A rule's first failing example is the one that is said; its others are tried when that one is mended.
int TestRules(const Paths& paths) {
  const Looked looked = LookAt(paths);
  Say(looked.errors);
  const auto failed = static_cast<std::size_t>(std::count_if(looked.errors.begin(), looked.errors.end(), IsOfExample));
  std::size_t match = 0, no_match = 0;
  for (const identify::RuleSource& s : looked.sources) {
    match += s.match.size();
    no_match += s.no_match.size();
  }
  std::printf("%zu passed, %zu failed: %zu examples that must match, %zu that must not, of %zu rules in %zu packs\n",
              looked.report.examples, failed, match, no_match, looked.sources.size(), FilesOf(looked.sources));
  return looked.errors.empty() ? kDone : kBadUsage;
}

}  // namespace gander::app

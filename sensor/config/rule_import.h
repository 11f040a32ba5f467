// SPDX-License-Identifier: Apache-2.0
// Rules of other tools as a pack of Gander, as far as they have meaning here, and what was not taken and why.
#ifndef GANDER_CONFIG_RULE_IMPORT_H_
#define GANDER_CONFIG_RULE_IMPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "identify/rule_source.h"

namespace gander::config {

struct RuleImport {
  struct Left {
    int line = 0;
    std::string name, why;
  };
  std::vector<identify::RuleSource> rules;  // each compiles by itself and finds its own example
  std::vector<Left> left;                   // not taken
  std::vector<Left> changed;                // taken, but not as it was
  std::size_t seen = 0;
  std::uint32_t first_sid = 0;
};

// The first sid of an import that does not state one: of a thousand that belong to the file's name, as it was given, so
// that two imports do not meet; from 3,500,000 to 1,003,499,000.
std::uint32_t FirstSidOf(const std::string& file);

// Both number their rules from `first_sid` on, 0 for FirstSidOf(file).
//
// Rule files of Snort and Suricata: the value of `pcre`, `sd_pattern` or a single `content`. Everything that says where
// in which protocol it must stand is dropped, and said so: Gander looks in all text.
RuleImport ImportSnort(const std::string& text, const std::string& file, std::uint32_t first_sid = 0);
// A configuration of gitleaks (TOML): `regex` as a token where it is one, else as an expression.
// Errors: not TOML, no [[rules]]; with file and line.
Result<RuleImport> ImportGitleaks(const std::string& text, const std::string& file, std::uint32_t first_sid = 0);

// A pack that LoadRulePacks reads.
std::string WritePack(const RuleImport& import, const std::string& file);

namespace detail {

// Makes a rule of an expression, as token where it can, and tries it. `import` gets it, or why not.
void TakeExpression(const std::string& expression, bool folded, identify::RuleSource rule, RuleImport& import);
// "Credit card!" -> "credit_card"
std::string LocalName(const std::string& text);

}  // namespace detail
}  // namespace gander::config

#endif  // GANDER_CONFIG_RULE_IMPORT_H_

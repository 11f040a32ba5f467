// SPDX-License-Identifier: Apache-2.0
// What the operator was told of flaws in software: which versions, since when known, where mended. The census of D23
// compares what is still talking with it.
#ifndef GANDER_POLICY_ADVISORY_H_
#define GANDER_POLICY_ADVISORY_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace gander::policy {

struct Advisory {
  std::string id;                     // "CVE-2024-6387", or a name of the operator's
  std::string product;                // as the program names itself; case does not matter
  // Versions concerned: "9.2p1", all that begin so ("1.18.*"), or all before one ("< 9.8"). Any of them.
  std::vector<std::string> versions;
  Timestamp published = kDistantPast;  // when it was known
  std::string remedy;                 // in the operator's words, may be empty
  int line = 0;
};

// Numbers by value, all else by letter: "9.2p1" < "9.10" < "9.10.1". Negative, zero or positive.
int CompareVersions(std::string_view a, std::string_view b) noexcept;
// "" when `pattern` is one of the forms above, else what is wrong with it.
std::string CheckVersionPattern(std::string_view pattern);
bool Concerns(const Advisory& advisory, std::string_view product, std::string_view version) noexcept;

}  // namespace gander::policy

#endif  // GANDER_POLICY_ADVISORY_H_

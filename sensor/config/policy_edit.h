// SPDX-License-Identifier: Apache-2.0
// Adds an entry to a policy document as text, so that comments, order and layout of all the rest stay.
#ifndef GANDER_CONFIG_POLICY_EDIT_H_
#define GANDER_CONFIG_POLICY_EDIT_H_

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace gander::config {

struct PolicyEdit {
  std::string text;                // the whole document after it
  int line = 0;                    // of the first line that is new
  std::vector<std::string> added;  // the new lines, without their ends
};

// `fields`: keys and values in YAML's flow style, in the order in which they are written; the first is `id`. The entry
// comes last in `transfers`, which is begun where there is none. Error: `transfers` is written in a way that text
// cannot be added to. What the result means is for the caller to check.
Result<PolicyEdit> AppendTransfer(const std::string& text, const std::string& path,
                                  const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace gander::config

#endif  // GANDER_CONFIG_POLICY_EDIT_H_

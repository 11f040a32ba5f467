// SPDX-License-Identifier: Apache-2.0
// What two policies say differently, entry by entry: for the event of a reload and for people.
#ifndef GANDER_POLICY_DIFFERENCE_H_
#define GANDER_POLICY_DIFFERENCE_H_

#include <string>
#include <utility>
#include <vector>

#include "policy/policy.h"

namespace gander::policy {

// Key and value of everything that an entry states, as the policy document writes them.
std::vector<std::pair<std::string, std::string>> FieldsOf(const TransferEntry& entry);

struct Difference {
  struct Field {
    std::string key, before, after;  // empty = not stated
  };
  struct Entry {
    std::string id;
    std::vector<Field> fields;
  };
  std::vector<std::string> added, removed;  // ids of register entries, sorted
  std::vector<Entry> changed;               // likewise
  std::vector<std::string> sections;        // what else differs: "zones", "overrides" ..., in the order of the document
  bool empty() const noexcept { return added.empty() && removed.empty() && changed.empty() && sections.empty(); }
};
Difference Compare(const Policy& before, const Policy& after);

}  // namespace gander::policy

#endif  // GANDER_POLICY_DIFFERENCE_H_

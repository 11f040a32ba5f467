// SPDX-License-Identifier: Apache-2.0
// Values that are nobody's secret: test numbers, the owner's own phone and mail domain. What is on the list is found
// like everything else, then left out and counted.
#ifndef GANDER_IDENTIFY_OWN_ALLOW_LIST_H_
#define GANDER_IDENTIFY_OWN_ALLOW_LIST_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "identify/own/register_file.h"

namespace gander::identify {

class AllowList {
 public:
  struct Source {
    std::vector<std::string> values;        // in any spelling
    std::vector<std::string> mail_domains;  // with all below them
    std::vector<std::shared_ptr<const Register>> registers;
  };
  AllowList() = default;
  explicit AllowList(Source source);

  bool empty() const noexcept { return values_.empty() && domains_.empty() && registers_.empty(); }
  // `text` is the value as it was found, `normalised` its normal form.
  bool Holds(std::string_view text, std::string_view normalised, bool is_mail) const noexcept;
  // What decides, for the rule set's digest.
  std::string Describe() const;

 private:
  bool HoldsDomain(std::string_view domain) const noexcept;

  std::vector<std::string> values_;   // normalised, sorted
  std::vector<std::string> domains_;  // lower case
  std::vector<std::shared_ptr<const Register>> registers_;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_OWN_ALLOW_LIST_H_

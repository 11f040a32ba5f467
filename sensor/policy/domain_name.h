// SPDX-License-Identifier: Apache-2.0
// Comparing host names as the register means them.
#ifndef GANDER_POLICY_DOMAIN_NAME_H_
#define GANDER_POLICY_DOMAIN_NAME_H_

#include <string>
#include <string_view>

namespace gander::policy {

// Lower case, without a port, a leading "*." and the root's dot.
std::string NormalDomain(std::string_view name);
// Whether `name` is `domain` or lies below it; both normal. "" is below nothing.
bool InDomain(std::string_view name, std::string_view domain) noexcept;
// Number of labels: 3 for "lab.example.de".
int Labels(std::string_view domain) noexcept;

}  // namespace gander::policy

#endif  // GANDER_POLICY_DOMAIN_NAME_H_

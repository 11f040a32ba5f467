// SPDX-License-Identifier: Apache-2.0
// The part of a host name that somebody registered: "example.co.uk" of "a.b.example.co.uk". Not the Public Suffix
// List: the last two labels, or three where the second is one of the common second-level registries (co, com, net,
// org, gov, ac, edu ... below a country code). A wrong guess widens or narrows a roll-up; it decides no verdict.
#ifndef GANDER_DETECT_ACCOUNT_REGISTRABLE_DOMAIN_H_
#define GANDER_DETECT_ACCOUNT_REGISTRABLE_DOMAIN_H_

#include <string>
#include <string_view>

namespace gander::detect {

// Lower case. Empty for addresses, single labels and the empty name.
std::string RegistrableDomain(std::string_view host);

// The same as a part of `name`, which is a name in lower case without port or trailing dot and no address. Does not
// allocate.
std::string_view RegistrablePart(std::string_view name) noexcept;

}  // namespace gander::detect

#endif  // GANDER_DETECT_ACCOUNT_REGISTRABLE_DOMAIN_H_

// SPDX-License-Identifier: Apache-2.0
// One recipient behind many names: who holds a domain can give each message a host name of its own. So what goes to
// names below one registrable domain is looked at as a whole, beside each name by itself.
//
// Not so where the domain is a host's to many customers (a cloud's applications, buckets and edges, dynamic names):
// there a name is one customer's and the domain is nobody's. Such domains are a list; one that is missing makes several
// customers of one host read as one recipient, which rarity (D11) and prevalence (D12) bound where many use it.
#ifndef GANDER_DETECT_ACCOUNT_RECIPIENT_DOMAIN_H_
#define GANDER_DETECT_ACCOUNT_RECIPIENT_DOMAIN_H_

#include <string>
#include <string_view>

namespace gander::detect {

// "*.example.com" of a name below example.com; empty for the domain itself, for names below a shared one, addresses,
// and the empty name. No host is called so.
std::string DomainOfNames(std::string_view host);

// By the registrable domain, in lower case.
bool IsSharedDomain(std::string_view domain) noexcept;

}  // namespace gander::detect

#endif  // GANDER_DETECT_ACCOUNT_RECIPIENT_DOMAIN_H_

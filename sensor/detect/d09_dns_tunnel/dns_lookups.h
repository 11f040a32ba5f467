// SPDX-License-Identifier: Apache-2.0
// Services that are asked by name for what they know of an address, a file or a sender: their names look like those of
// a tunnel because they carry a question, and everybody knows who answers.
#ifndef GANDER_DETECT_D09_DNS_TUNNEL_DNS_LOOKUPS_H_
#define GANDER_DETECT_D09_DNS_TUNNEL_DNS_LOOKUPS_H_

#include <string_view>

namespace gander::detect {

// `domain` is a registrable domain in lower case.
bool IsLookupService(std::string_view domain) noexcept;
// Names of reverse zones that are what they should be: up to four numbers or 32 hexadecimal digits (RFC 1035 §3.5, RFC
// 3596 §2.5). `name` is the whole name in lower case.
bool IsReverseName(std::string_view name) noexcept;
// Names under which every mail domain publishes keys and rules: "_domainkey", "_dmarc", "_mta-sts" ...
bool IsMailPolicyName(std::string_view name) noexcept;

}  // namespace gander::detect

#endif  // GANDER_DETECT_D09_DNS_TUNNEL_DNS_LOOKUPS_H_

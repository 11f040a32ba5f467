// SPDX-License-Identifier: Apache-2.0
#include "detect/d09_dns_tunnel/dns_lookups.h"

#include <algorithm>
#include <iterator>

namespace gander::detect {
namespace {

// Lists of addresses and domains with a reputation, what security programs ask their maker, and who announces an
// address. Sorted; as their operators document them.
constexpr std::string_view kServices[] = {
    "abuse.ch", "abuseat.org", "apews.org", "avast.com", "avg.com", "barracudacentral.org", "bitdefender.com",
    "bitdefender.net", "blocklist.de", "brightcloud.com", "cymru.com", "dnsbl.info", "dnswl.org", "drweb.com",
    "e5.sk", "eset.com", "f-secure.com", "fortiguard.com", "fortiguard.net", "fsapi.com", "gbudb.net", "habeas.com",
    "invaluement.com", "isipp.com", "junkemailfilter.com", "kaspersky-labs.com", "kaspersky.com", "mailspike.net",
    "mailspike.org", "mcafee.com", "msbl.org", "nixspam.org", "njabl.org", "pandasecurity.com", "proofpoint.com",
    "psbl.org", "rbl.jp", "scientificspam.net", "senderbase.org", "senderscore.com", "sophosxl.com", "sophosxl.net",
    "sorbs.net", "spamcop.net", "spameatingmonkey.net", "spamhaus.net", "spamhaus.org", "spamrats.com",
    "support-intelligence.net", "surbl.org", "surriel.com", "symantec.com", "team-cymru.com", "team-cymru.org",
    "trendmicro.com", "trustedsource.org", "uceprotect.net", "uribl.com", "webroot.com", "websense.com", "zvelo.com",
};

bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }
bool IsHex(char c) noexcept { return IsDigit(c) || (c >= 'a' && c <= 'f'); }

// Calls `good` with each label; false when one is not.
template <class Good>
bool EveryLabel(std::string_view name, std::size_t most, Good&& good) noexcept {
  std::size_t labels = 0;
  while (!name.empty()) {
    const std::size_t dot = std::min(name.find('.'), name.size());
    if (++labels > most || !good(name.substr(0, dot))) return false;
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  return true;
}

}  // namespace

bool IsLookupService(std::string_view domain) noexcept {
  return std::binary_search(std::begin(kServices), std::end(kServices), domain);
}

bool IsReverseName(std::string_view name) noexcept {
  constexpr std::string_view kV4 = ".in-addr.arpa", kV6 = ".ip6.arpa";
  if (name.ends_with(kV4)) {
    name.remove_suffix(kV4.size());
    return EveryLabel(name, 4, [](std::string_view l) {
      return !l.empty() && l.size() <= 3 && std::all_of(l.begin(), l.end(), IsDigit);
    });
  }
  if (!name.ends_with(kV6)) return false;
  name.remove_suffix(kV6.size());
  return EveryLabel(name, 32, [](std::string_view l) { return l.size() == 1 && IsHex(l[0]); });
}

bool IsMailPolicyName(std::string_view name) noexcept {
  for (const std::string_view label : {"_domainkey.", "_dmarc.", "_mta-sts.", "_smtp._tls.", "_bimi.", "_spf."}) {
    if (name.find(label) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace gander::detect

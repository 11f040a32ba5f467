// SPDX-License-Identifier: Apache-2.0
#include "detect/d09_dns_tunnel/dns_meter.h"

#include <algorithm>
#include <cmath>

#include "detect/account/information.h"
#include "detect/account/registrable_domain.h"
#include "detect/d09_dns_tunnel/dns_lookups.h"
#include "detect/d09_dns_tunnel/top_level_domains.h"

namespace gander::detect {
namespace {

constexpr std::uint16_t kMdns = 5353, kLlmnr = 5355;
constexpr std::uint16_t kCname = 5, kMx = 15, kTxt = 16, kSrv = 33, kDname = 39;
constexpr std::size_t kLongestName = 255;

std::string_view LastLabel(std::string_view name) noexcept {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

// Octets of `text` that are not dots.
Bytes Letters(std::string_view text, std::array<char, kLongestName>& room) noexcept {
  std::size_t n = 0;
  for (const char c : text) {
    if (c != '.' && n < room.size()) room[n++] = c;
  }
  return AsBytes({room.data(), n});
}

// The labels of a name in wire format that ends in a pointer back into the message: what lies in front of the name
// asked for. A name written out in full leads elsewhere, as the aliases of content networks do, and carries nothing.
Bytes LabelsBeforePointer(Bytes name, std::array<char, kLongestName>& room) noexcept {
  std::size_t n = 0;
  while (!name.empty()) {
    const std::uint8_t length = Octets(name)[0];
    if (length >= 0xc0) return AsBytes({room.data(), n});
    if (length == 0 || length > 63 || name.size() < length + 1u) return {};
    for (std::size_t i = 1; i <= length && n < room.size(); ++i) room[n++] = static_cast<char>(Octets(name)[i]);
    name = name.subspan(length + 1u);
  }
  return {};
}

// What an answer of this type can carry, without what its format demands.
Bytes CarriedBy(std::uint16_t type, Bytes data, std::array<char, kLongestName>& room) noexcept {
  switch (type) {
    case kCname:
    case kDname: return LabelsBeforePointer(data, room);
    case kMx: return data.size() > 2 ? LabelsBeforePointer(data.subspan(2), room) : Bytes{};
    case kSrv: return data.size() > 6 ? LabelsBeforePointer(data.subspan(6), room) : Bytes{};
    case kTxt: {
      // Mail and ownership rules that anybody publishes.
      const std::string_view text = AsText(data.subspan(std::min<std::size_t>(1, data.size())));
      for (const std::string_view start : {"v=spf", "v=DKIM", "k=rsa", "v=DMARC", "v=STS", "v=TLSRPT", "google-site"}) {
        if (text.starts_with(start)) return {};
      }
      return data;
    }
    default: return data;
  }
}

// Names that resolvers outside know nothing of, and yet are asked: names of the own network, of its hosts without any
// domain, what browsers make up to test a resolver, addresses taken for names.
bool IsLocalName(std::string_view name, std::string_view top) noexcept {
  constexpr std::size_t kShortLabel = 16;
  IpAddress address;
  return IsPrivateTopLevel(top) || (top.size() == name.size() && name.size() < kShortLabel) ||
         IpAddress::Parse(name, address);
}

DnsDomain Named(std::uint64_t tag, std::string_view domain) noexcept {
  DnsDomain d;
  d.key.domain = tag;
  d.length = static_cast<std::uint8_t>(std::min(domain.size(), DnsDomain::kLongest));
  std::copy_n(domain.begin(), d.length, d.text.begin());
  return d;
}

}  // namespace

void DnsMeter::OnDnsName(const FlowFacts& flow, const DnsNameSeen& seen) noexcept {
  const std::uint16_t port = flow.tuple.destination_port;
  if (port == kMdns || port == kLlmnr || seen.name.empty() || IsReverseName(seen.name)) return;
  std::array<char, kLongestName> room;
  DnsUse use;
  use.key.client = flow.tuple.source;
  use.key.server = flow.tuple.destination;
  const std::string_view top = LastLabel(seen.name);
  const bool known = IsTopLevelDomain(top);
  if (!known && IsLocalName(seen.name, top)) return;
  const std::string_view domain = RegistrablePart(seen.name);  // also below an ending that nobody delegated
  if (!domain.empty()) use.key.domain = SipHash13(key_, AsBytes(domain));
  if (seen.data.empty()) {
    use.key.content = SipHash13(key_, AsBytes(seen.name));
    if (!known) use.unknown_top = SipHash13(key_, AsBytes(top)) | 1;
    const std::string_view below = seen.name.substr(0, seen.name.size() - domain.size());
    use.information = static_cast<std::uint32_t>(std::lround(16 * InformationOf(Letters(below, room))));
  } else {
    if (domain.empty() || IsMailPolicyName(seen.name)) return;
    const Bytes carried = CarriedBy(seen.type, seen.data, room);
    if (carried.empty()) return;
    use.key.answer = true;
    use.key.content = SipHash13(key_, carried);
    use.information = static_cast<std::uint32_t>(std::lround(16 * InformationOf(carried)));
  }
  use.first_seen = use.last_seen = flow.time;
  use.sample = {flow.time, flow.tuple, flow.flow_id};
  if (uses_.Add(use) != nullptr && use.key.domain != 0) domains_.Add(Named(use.key.domain, domain));
}

void DnsMeter::Merge(const Meter& other) {
  const auto& o = static_cast<const DnsMeter&>(other);
  uses_.Merge(o.uses_);
  domains_.Merge(o.domains_);
}

void DnsMeter::Clear() noexcept {
  uses_.Clear();
  domains_.Clear();
}

}  // namespace gander::detect

// SPDX-License-Identifier: Apache-2.0
#include "detect/d11_beacon/known_services.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "base/net.h"

namespace gander::detect {
namespace {

constexpr std::uint16_t kUdpPorts[] = {53,  67,  68,  123,  137,  138,  161,  162, 500,
                                       514, 546, 547, 1900, 3478, 4500, 5353, 5355};
// Mail between servers and from clients, IMAP and POP in both forms, DNS over TLS, push messages of two makers of
// telephones.
constexpr std::uint16_t kTcpPorts[] = {25, 53, 110, 143, 465, 587, 853, 993, 995, 5223, 5228};
constexpr std::string_view kProtocols[] = {"dhcp", "dhcpv6", "dns",  "imap", "llmnr", "mdns",
                                           "ntp",  "pop3",   "smtp", "snmp", "ssdp"};

// Sorted by what they are: systems, browsers, certificates, clocks.
constexpr std::string_view kDomains[] = {
    "microsoft.com", "msftconnecttest.com", "msftncsi.com",   "windows.com",  "windows.net",    "windowsupdate.com",
    "office.com",    "office365.com",       "live.com",       "apple.com",    "icloud.com",     "aaplimg.com",
    "mzstatic.com",  "google.com",          "googleapis.com", "gstatic.com",  "gvt1.com",       "gvt2.com",
    "android.com",   "ubuntu.com",          "canonical.com",  "snapcraft.io", "debian.org",     "fedoraproject.org",
    "redhat.com",    "archlinux.org",       "suse.com",       "opensuse.org", "kernel.org",     "freebsd.org",
    "mozilla.com",   "mozilla.net",         "mozilla.org",    "firefox.com",  "opera.com",      "brave.com",
    "digicert.com",  "letsencrypt.org",     "lencr.org",      "sectigo.com",  "globalsign.com", "entrust.net",
    "identrust.com", "usertrust.com",       "ntp.org",        "time.gov"};

template <class T, std::size_t kCount, class Value>
bool Has(const T (&list)[kCount], const Value& value) noexcept {
  return std::find(std::begin(list), std::end(list), value) != std::end(list);
}

}  // namespace

bool PollsByNature(const TrafficKey& key) noexcept {
  if (Has(kProtocols, std::string_view(key.app_proto))) return true;
  return key.transport == ip_proto::kUdp ? Has(kUdpPorts, key.server_port)
                                         : key.transport != ip_proto::kTcp || Has(kTcpPorts, key.server_port);
}

bool IsPlatformDomain(std::string_view domain) noexcept { return Has(kDomains, domain); }

}  // namespace gander::detect

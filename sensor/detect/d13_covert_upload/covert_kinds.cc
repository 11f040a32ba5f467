// SPDX-License-Identifier: Apache-2.0
#include "detect/d13_covert_upload/covert_kinds.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "base/net.h"

namespace gander::detect {
namespace {

struct SmallService {
  std::uint16_t port;
  const char* name;
};
// UDP. What is spoken on port 53 and is not DNS hides behind it.
constexpr SmallService kSmallServices[] = {{53, "not DNS, on port 53"}, {67, "dhcp"},   {68, "dhcp"},    {123, "ntp"},
                                           {161, "snmp"},               {162, "snmp"},  {514, "syslog"}, {546, "dhcpv6"},
                                           {547, "dhcpv6"},             {1900, "ssdp"}};
constexpr std::string_view kSmallProtocols[] = {"dhcp", "dhcpv6", "sip", "snmp", "ssdp", "syslog"};

// What is at home on the ports that every firewall lets out. Calls, messengers and telemetry fall back to 443.
constexpr std::string_view kAtHomeOnWeb[] = {"amqp", "doh2",  "dtls", "http", "http2", "mqtt",      "proxy", "quic",
                                             "rtp",  "rtsp", "sip",  "ssdp", "tls",   "websocket", "xmpp"};
constexpr std::string_view kAtHomeOnDns[] = {"dns", "llmnr", "mdns", "tls"};

// IGMP, IP in IP, TCP, UDP, IPv6 in IP, routing and fragments, RSVP, GRE, ESP, AH, ICMP, EIGRP, OSPF, PIM, VRRP, L2TP, SCTP.
constexpr std::uint8_t kUsualProtocols[] = {0,  1,  2,  4,  6,  17, 41, 43, 44, 46,  47,  50,
                                            51, 58, 59, 60, 88, 89, 94, 97, 103, 112, 115, 132, 136};

template <class T, std::size_t kCount, class Value>
bool Has(const T (&list)[kCount], const Value& value) noexcept {
  return std::find(std::begin(list), std::end(list), value) != std::end(list);
}

}  // namespace

Covert CovertOf(const TrafficKey& k) {
  if (!Has(kUsualProtocols, k.transport)) return {CovertKind::kOddProtocol, "IP protocol " + std::to_string(k.transport)};
  if (k.transport != ip_proto::kTcp && k.transport != ip_proto::kUdp) return {};
  const std::string_view app = k.app_proto;
  if (Has(kSmallProtocols, app)) return {CovertKind::kSmallProtocol, std::string(app)};
  if (app.empty()) {
    for (const SmallService& s : kSmallServices) {
      if (k.transport == ip_proto::kUdp && s.port == k.server_port) return {CovertKind::kSmallProtocol, s.name};
    }
    return {k.encrypted ? CovertKind::kNone : CovertKind::kUnknownProtocol, "unknown protocol"};
  }
  const bool web = k.server_port == 443 && !Has(kAtHomeOnWeb, app), dns = k.server_port == 53 && !Has(kAtHomeOnDns, app);
  if (!web && !dns) return {};
  return {CovertKind::kWrongPort, std::string(app) + " on port " + std::to_string(k.server_port)};
}

}  // namespace gander::detect

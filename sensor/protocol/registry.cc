// SPDX-License-Identifier: Apache-2.0
#include "protocol/registry.h"

#include "protocol/amqp/amqp.h"
#include "protocol/bacnet/bacnet.h"
#include "protocol/cassandra/cassandra.h"
#include "protocol/coap/coap.h"
#include "protocol/dhcp/dhcp.h"
#include "protocol/dnp3/dnp3.h"
#include "protocol/dns/dns.h"
#include "protocol/flow_export/flow_export.h"
#include "protocol/ftp/ftp.h"
#include "protocol/http/http.h"
#include "protocol/http2/http2.h"
#include "protocol/iec104/iec104.h"
#include "protocol/imap/imap.h"
#include "protocol/irc/irc.h"
#include "protocol/kafka/kafka.h"
#include "protocol/kerberos/kerberos.h"
#include "protocol/ldap/ldap.h"
#include "protocol/memcached/memcached.h"
#include "protocol/modbus/modbus.h"
#include "protocol/mongodb/mongodb.h"
#include "protocol/mqtt/mqtt.h"
#include "protocol/mysql/mysql.h"
#include "protocol/nfs/nfs.h"
#include "protocol/nntp/nntp.h"
#include "protocol/pgsql/pgsql.h"
#include "protocol/plain_text/plain_text.h"
#include "protocol/pop3/pop3.h"
#include "protocol/proxy/proxy.h"
#include "protocol/quic/quic.h"
#include "protocol/radius/radius.h"
#include "protocol/redis/redis.h"
#include "protocol/rpc/rpc.h"
#include "protocol/rtp/rtp.h"
#include "protocol/s7/s7.h"
#include "protocol/sip/sip.h"
#include "protocol/smb/smb.h"
#include "protocol/smtp/smtp.h"
#include "protocol/snmp/snmp.h"
#include "protocol/socks/socks.h"
#include "protocol/ssh/ssh.h"
#include "protocol/syslog/syslog.h"
#include "protocol/tds/tds.h"
#include "protocol/telnet/telnet.h"
#include "protocol/tftp/tftp.h"
#include "protocol/tls/tls.h"
#include "protocol/websocket/websocket.h"
#include "protocol/xmpp/xmpp.h"

namespace gander::protocol {
namespace {

struct ProbeTable {
  std::array<std::uint64_t, 256> by_octet[2] = {};  // TCP, UDP
  std::uint64_t all[2] = {};

  ProbeTable() noexcept {
    std::uint64_t bit = 1;
    for (const ProtocolInfo& p : Protocols()) {
      for (int udp = 0; udp < 2; ++udp) {
        if (p.probe == nullptr || !(udp ? p.udp : p.tcp)) continue;
        all[udp] |= bit;
        for (int octet = 0; octet < 256; ++octet) {
          if (p.opens.Has(static_cast<std::uint8_t>(octet))) by_octet[udp][static_cast<std::size_t>(octet)] |= bit;
        }
      }
      bit <<= 1;
    }
  }
};

}  // namespace

// Probes are asked in this order: the strictest first, so that a loose one cannot take what another knows.
std::span<const ProtocolInfo> Protocols() noexcept {
  static const ProtocolInfo all[] = {
      kTls,       kDtls,  kQuic,    kProxy,  kHttp2,     kSsh,        kSip,    kSocks,   kHttp,   kMdns,  kLlmnr,
      kSnmp,      kLdap,  kRadius,  kTftp,   kDnp3,      kS7,         kBacnet, kDhcp,    kDhcpv6, kSmb,   kKerberos,
      kNfs,       kRpc,   kDns,     kSyslog, kModbus,    kIec104,     kXmpp,   kIrc,     kNntp,   kSmtp,  kPop3,
      kImap,      kFtp,   kFtpData, kMqtt,   kPgsql,     kMysql,      kTds,    kMongodb, kAmqp,   kRedis, kMemcached,
      kCassandra, kKafka, kCoap,    kTelnet, kWebSocket, kFlowExport, kRtp,
  };
  static_assert(std::size(all) <= kMaxProtocols);
  return all;
}

std::uint64_t ProbesToAsk(std::uint8_t transport, Bytes bytes) noexcept {
  static const ProbeTable table;
  const std::size_t udp = transport == ip_proto::kTcp ? 0 : 1;
  return bytes.empty() ? table.all[udp] : table.by_octet[udp][Octets(bytes)[0]];
}

const ProtocolInfo& PlainText() noexcept { return kPlainText; }

const ProtocolInfo* FindProtocol(std::string_view name) noexcept {
  for (const ProtocolInfo& p : Protocols()) {
    if (name == p.name) return &p;
  }
  return nullptr;
}

}  // namespace gander::protocol

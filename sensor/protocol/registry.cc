// SPDX-License-Identifier: Apache-2.0
#include "protocol/registry.h"

#include "protocol/dns/dns.h"
#include "protocol/ftp/ftp.h"
#include "protocol/http/http.h"
#include "protocol/imap/imap.h"
#include "protocol/plain_text/plain_text.h"
#include "protocol/pop3/pop3.h"
#include "protocol/smtp/smtp.h"
#include "protocol/tls/tls.h"

namespace gander::protocol {

// Probes are asked in this order: the strictest first, so that a loose one cannot take what another knows.
std::span<const ProtocolInfo> Protocols() noexcept {
  static const ProtocolInfo all[] = {
      kTls, kDtls, kHttp, kMdns, kLlmnr, kDns, kSmtp, kPop3, kImap, kFtp, kFtpData,
  };
  return all;
}

const ProtocolInfo& PlainText() noexcept { return kPlainText; }

const ProtocolInfo* FindProtocol(std::string_view name) noexcept {
  for (const ProtocolInfo& p : Protocols()) {
    if (name == p.name) return &p;
  }
  return nullptr;
}

}  // namespace gander::protocol

// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/session.h"

#include "protocol/auth_token/kerberos.h"
#include "protocol/auth_token/ntlmssp.h"
#include "protocol/smb/smb.h"

namespace gander::protocol::smb {

void ReadSecurityToken(Bytes token, Direction direction, Record& detail, MessageSink& sink) {
  auth_token::NtlmIdentity who;
  auth_token::Ticket ticket;
  if (auth_token::ReadNtlmIdentity(token, kMaxName, who)) {
    if (who.malformed) sink.OnAnomaly("malformed_ntlmssp_request");
    detail.BeginObject("ntlmssp").String("domain", who.domain, Privacy::kIdentifier);
    detail.String("user", who.user, Privacy::kPersonal).String("host", who.host, Privacy::kIdentifier);
    if (!who.version.empty()) detail.String("version", who.version);
    detail.EndObject();
    OnName("smb.domain", "domain", who.domain, direction, sink);
    OnName("smb.user", "user", who.user, direction, sink);
    OnName("smb.host", "host", who.host, direction, sink);
  } else if (auth_token::FindTicket(token, ticket)) {
    detail.BeginObject("kerberos").String("realm", ticket.realm, Privacy::kIdentifier).BeginArray("snames");
    for (std::size_t i = 0; i < ticket.service.count; ++i)
      detail.String(nullptr, ticket.service.parts[i], Privacy::kIdentifier);
    detail.EndArray().EndObject();
  }
}

}  // namespace gander::protocol::smb

// SPDX-License-Identifier: Apache-2.0
// Who logs on by NTLM ([MS-NLMP] §2.2.1.3): what the last of its three messages says, wherever it is wrapped.
#ifndef GANDER_PROTOCOL_AUTH_TOKEN_NTLMSSP_H_
#define GANDER_PROTOCOL_AUTH_TOKEN_NTLMSSP_H_

#include <string>

#include "base/bytes.h"

namespace gander::protocol::auth_token {

struct NtlmIdentity {
  std::string domain, user, host;  // UTF-8
  std::string version;             // "10.0 build 19041 rev 15"; empty when it is not said
  bool malformed = false;          // a value lies outside of the message
};

// False when no AUTHENTICATE_MESSAGE is in `token`. Values are cut at `max_value` octets.
bool ReadNtlmIdentity(Bytes token, std::size_t max_value, NtlmIdentity& out);

}  // namespace gander::protocol::auth_token

#endif  // GANDER_PROTOCOL_AUTH_TOKEN_NTLMSSP_H_

// SPDX-License-Identifier: Apache-2.0
// Credentials as SASL sends them in a line of base64: mail, chat and directories do it alike.
#ifndef GANDER_PROTOCOL_MIME_PLAIN_LOGIN_H_
#define GANDER_PROTOCOL_MIME_PLAIN_LOGIN_H_

#include <string>
#include <string_view>

namespace gander::protocol::mime {

// Bytes of a decoded line that are kept; what RFC 4616 §2 allows of identity, user and password together.
inline constexpr std::size_t kMaxCredentials = 1024;

// Puts up to kMaxCredentials decoded bytes of `line` into `out`.
void DecodeCredentials(std::string_view line, std::string& out);

// PLAIN (RFC 4616): identity, zero, user, zero, password. False when `decoded` is nothing of the kind.
bool SplitPlain(std::string_view decoded, std::string_view* user, std::string_view* password) noexcept;

}  // namespace gander::protocol::mime

#endif  // GANDER_PROTOCOL_MIME_PLAIN_LOGIN_H_

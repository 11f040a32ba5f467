// SPDX-License-Identifier: Apache-2.0
// One message: what it asks or answers.
#ifndef GANDER_PROTOCOL_KERBEROS_MESSAGE_H_
#define GANDER_PROTOCOL_KERBEROS_MESSAGE_H_

#include <cstdint>
#include <string_view>

#include "protocol/auth_token/kerberos.h"

namespace gander::protocol::kerberos {

// msg-type (RFC 4120 §7.5.7), which is the message's application tag too.
enum class Type : std::uint8_t {
  kNone = 0,
  kAsReq = 10,
  kAsRep = 11,
  kTgsReq = 12,
  kTgsRep = 13,
  kApReq = 14,
  kApRep = 15,
  kSafe = 20,
  kPriv = 21,
  kCred = 22,
  kError = 30,
};

struct Message {
  Type type = Type::kNone;
  bool has_client = false, has_service = false;
  auth_token::Principal client, service;
  std::string_view realm;
  std::int64_t encryption = 0, ticket_encryption = 0;
  bool has_encryption = false, has_ticket = false;
  std::int64_t error = 0;
  std::string_view error_text;
};

// Whether `front` begins a message of known type: its tag, a sequence, version 5, its type. kNeedMore is told by
// `*more` where that cannot be said yet.
bool BeginsMessage(Bytes front, bool* more) noexcept;
// False when `bytes` is no whole message. Views live as long as they do.
bool ReadMessage(Bytes bytes, Message& out) noexcept;

// "KRB_AS_REQ"; null for what is none.
const char* TypeName(Type type) noexcept;
// "KDC_ERR_PREAUTH_REQUIRED" (§7.5.9), "rc4-hmac" (RFC 3961 §8 and IANA); null for a number without a name.
const char* ErrorName(std::int64_t code) noexcept;
const char* EncryptionName(std::int64_t type) noexcept;
// What is not AES or Camellia is.
bool IsWeak(std::int64_t encryption) noexcept;

}  // namespace gander::protocol::kerberos

#endif  // GANDER_PROTOCOL_KERBEROS_MESSAGE_H_

// SPDX-License-Identifier: Apache-2.0
// One LDAPMessage: what it asks or answers, as a record; the text it carries, to the sink.
#ifndef GANDER_PROTOCOL_LDAP_MESSAGE_H_
#define GANDER_PROTOCOL_LDAP_MESSAGE_H_

#include <cstdint>

#include "protocol/ber/ber.h"
#include "protocol/parser.h"

namespace gander::protocol::ldap {

// protocolOp, by its application tag (RFC 4511 §4.2 to §4.14).
enum class Operation : std::uint8_t {
  kBindRequest = 0x60,
  kBindResponse = 0x61,
  kUnbindRequest = 0x42,
  kSearchRequest = 0x63,
  kSearchResultEntry = 0x64,
  kSearchResultDone = 0x65,
  kSearchResultReference = 0x73,
  kModifyRequest = 0x66,
  kModifyResponse = 0x67,
  kAddRequest = 0x68,
  kAddResponse = 0x69,
  kDelRequest = 0x4a,
  kDelResponse = 0x6b,
  kModDnRequest = 0x6c,
  kModDnResponse = 0x6d,
  kCompareRequest = 0x6e,
  kCompareResponse = 0x6f,
  kAbandonRequest = 0x50,
  kExtendedRequest = 0x77,
  kExtendedResponse = 0x78,
  kIntermediateResponse = 0x79,
};
// Suricata's name: "search_request"; null for what is none.
const char* NameOf(Operation operation) noexcept;
bool IsRequest(Operation operation) noexcept;
// Whether a request is over with this: all but entries, references and intermediate answers.
bool IsFinal(Operation operation) noexcept;

struct Message {
  std::int64_t id = 0;
  Operation operation = Operation::kUnbindRequest;
  Bytes content;
};
// Of a whole message. False when it is none.
bool ReadMessage(Bytes bytes, Message& out) noexcept;

// What a message means for the connection.
struct Outcome {
  std::int64_t result = 0;      // resultCode of an answer
  bool asks_start_tls = false;  // extended request 1.3.6.1.4.1.1466.20037
  bool sasl = false;            // a bind by SASL
  bool malformed = false;
};

// Writes the members of a request or answer to `record` ("operation": ..., "search_request": {...}), and gives names
// and values to `sink` as fields.
Outcome ReadOperation(const Message& message, Direction direction, Record& record, MessageSink& sink) noexcept;

}  // namespace gander::protocol::ldap

#endif  // GANDER_PROTOCOL_LDAP_MESSAGE_H_

// SPDX-License-Identifier: Apache-2.0
// LDAP version 3 (RFC 4511) over TCP, and single messages over UDP (CLDAP). A directory is a list of people: every
// attribute value is scanned with the attribute's name beside it.
#ifndef GANDER_PROTOCOL_LDAP_LDAP_H_
#define GANDER_PROTOCOL_LDAP_LDAP_H_

#include "protocol/registry.h"

namespace gander::protocol {

extern const ProtocolInfo kLdap;

namespace ldap {

// A message that spans chunks is put together up to so many bytes; of a longer one the rest is lost to the cap.
inline constexpr std::size_t kMaxMessage = 256 * 1024;
// Requests whose answers are awaited; beyond, the oldest is told without.
inline constexpr std::size_t kMaxPending = 8;
// Answers of one request, and attributes of an entry and values of an attribute, that its event shows. All are scanned.
inline constexpr std::size_t kMaxShownResponses = 32, kMaxShownAttributes = 32, kMaxShownValues = 8;
// Nesting of a search filter that is looked into.
inline constexpr int kMaxFilterDepth = 16;

}  // namespace ldap
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_LDAP_LDAP_H_

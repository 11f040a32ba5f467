// SPDX-License-Identifier: Apache-2.0
#include "protocol/auth_token/kerberos.h"

namespace gander::protocol::auth_token {
namespace {

constexpr std::uint8_t kGeneralString = 0x1b;
constexpr std::uint8_t kApReq = 0x6e, kTicket = 0x61;  // [APPLICATION 14], [APPLICATION 1]
constexpr std::uint8_t Member(int number) noexcept { return static_cast<std::uint8_t>(0xa0 + number); }

// Kerberos' mechanism, 1.2.840.113554.1.2.2, and the octets that announce an AP-REQ.
constexpr std::string_view kApReqToken("\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x01\x00", 13);

}  // namespace

void Principal::AppendTo(std::string& out) const {
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += '/';
    out += parts[i];
  }
}

bool ReadPrincipal(Bytes encoded, Principal& out) noexcept {
  out.count = 0;
  ber::Reader outer(encoded);
  ber::Reader name(outer.Take(ber::kSequence));
  name.Take(Member(0));
  ber::Reader list(name.Take(Member(1)));
  ber::Reader parts(list.Take(ber::kSequence));
  if (outer.failed() || name.failed() || list.failed()) return false;
  ber::Element part;
  while (out.count < Principal::kMaxParts && parts.Next(part)) {
    if (part.tag == kGeneralString) out.parts[out.count++] = AsText(part.content);
  }
  return true;
}

bool ReadEncryption(Bytes encoded, std::int64_t& out) noexcept {
  ber::Reader outer(encoded);
  ber::Reader data(outer.Take(ber::kSequence));
  ber::Reader type(data.Take(Member(0)));
  out = type.TakeInteger();
  return !type.failed();
}

bool ReadTicket(Bytes encoded, Ticket& out) noexcept {
  ber::Reader outer(encoded);
  ber::Reader wrapped(outer.Take(kTicket));
  ber::Reader ticket(wrapped.Take(ber::kSequence));
  ticket.Take(Member(0));
  ber::Reader realm(ticket.Take(Member(1)));
  out.realm = AsText(realm.Take(kGeneralString));
  if (realm.failed() || !ReadPrincipal(ticket.Take(Member(2)), out.service)) return false;
  out.has_encryption = ReadEncryption(ticket.Take(Member(3)), out.encryption);
  return true;
}

bool FindTicket(Bytes token, Ticket& out) noexcept {
  const std::size_t at = AsText(token).find(kApReqToken);
  if (at == std::string_view::npos) return false;
  ber::Reader outer(token.subspan(at + kApReqToken.size()));
  ber::Reader wrapped(outer.Take(kApReq));
  ber::Reader request(wrapped.Take(ber::kSequence));
  ber::Element member;
  while (request.Next(member)) {
    if (member.tag == Member(3)) return ReadTicket(member.content, out);
  }
  return false;
}

}  // namespace gander::protocol::auth_token

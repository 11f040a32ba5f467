// SPDX-License-Identifier: Apache-2.0
#include "protocol/kerberos/message.h"

#include "protocol/ber/ber.h"

namespace gander::protocol::kerberos {
namespace {

constexpr std::uint8_t kApplication = 0x60, kGeneralString = 0x1b;
constexpr std::uint8_t Member(int number) noexcept { return static_cast<std::uint8_t>(0xa0 + number); }

Type TypeOf(std::uint8_t tag) noexcept {
  const auto type = static_cast<Type>(tag - kApplication);
  return tag > kApplication && TypeName(type) != nullptr ? type : Type::kNone;
}

std::string_view StringOf(Bytes encoded) noexcept {
  ber::Reader r(encoded);
  return AsText(r.Take(kGeneralString));
}

void Client(Bytes encoded, Message& out) noexcept {
  out.has_client = auth_token::ReadPrincipal(encoded, out.client);
}
void Service(Bytes encoded, Message& out) noexcept {
  out.has_service = auth_token::ReadPrincipal(encoded, out.service);
}

void TicketOf(Bytes encoded, Message& out) noexcept {
  auth_token::Ticket ticket;
  if (!auth_token::ReadTicket(encoded, ticket)) return;
  out.service = ticket.service;
  out.has_service = true;
  out.has_ticket = ticket.has_encryption;
  out.ticket_encryption = ticket.encryption;
  if (out.realm.empty()) out.realm = ticket.realm;
}

// KDC-REQ (§5.4.1).
void Request(ber::Reader& members, Message& out) noexcept {
  ber::Element member;
  while (members.Next(member)) {
    if (member.tag != Member(4)) continue;
    ber::Reader outer(member.content);
    ber::Reader body(outer.Take(ber::kSequence));
    while (body.Next(member)) {
      if (member.tag == Member(1)) Client(member.content, out);
      if (member.tag == Member(2)) out.realm = StringOf(member.content);
      if (member.tag == Member(3)) Service(member.content, out);
    }
    return;
  }
}

// KDC-REP (§5.4.2).
void Reply(ber::Reader& members, Message& out) noexcept {
  ber::Element member;
  while (members.Next(member)) {
    if (member.tag == Member(3)) out.realm = StringOf(member.content);
    if (member.tag == Member(4)) Client(member.content, out);
    if (member.tag == Member(5)) TicketOf(member.content, out);
    if (member.tag == Member(6)) out.has_encryption = auth_token::ReadEncryption(member.content, out.encryption);
  }
}

// AP-REQ (§5.5.1): what it asks for is in its ticket.
void ApplicationRequest(ber::Reader& members, Message& out) noexcept {
  ber::Element member;
  while (members.Next(member)) {
    if (member.tag == Member(3)) TicketOf(member.content, out);
    if (member.tag == Member(4)) out.has_encryption = auth_token::ReadEncryption(member.content, out.encryption);
  }
}

// KRB-ERROR (§5.9.1).
void Error(ber::Reader& members, Message& out) noexcept {
  ber::Element member;
  while (members.Next(member)) {
    ber::Reader content(member.content);
    if (member.tag == Member(6)) out.error = content.TakeInteger();
    if (member.tag == Member(7)) out.realm = StringOf(member.content);
    if (member.tag == Member(8)) Client(member.content, out);
    if (member.tag == Member(10)) Service(member.content, out);
    if (member.tag == Member(11)) out.error_text = StringOf(member.content);
  }
}

// Octets of the tag and length at the front; 0 when they are not all there.
std::size_t HeadSize(Bytes bytes) noexcept {
  if (bytes.size() < 2) return 0;
  const std::uint8_t length = Octets(bytes)[1];
  const std::size_t size = length < 0x80 ? 2 : 2 + (length & 0x7fu);
  return size <= bytes.size() ? size : 0;
}

}  // namespace

bool BeginsMessage(Bytes front, bool* more) noexcept {
  *more = false;
  if (front.empty()) return *more = true;
  const Type type = TypeOf(Octets(front)[0]);
  if (type == Type::kNone || ber::SizeOf(front) == ber::kMalformed) return false;
  // Version and type stand first; in requests to a KDC one number later than in all others.
  const bool request = type == Type::kAsReq || type == Type::kTgsReq;
  const std::uint8_t first = Member(request ? 1 : 0), second = Member(request ? 2 : 1);
  const std::size_t outer = HeadSize(front);
  if (outer == 0) return *more = true;
  const Bytes sequence = front.subspan(outer);
  if (!sequence.empty() && Octets(sequence)[0] != ber::kSequence) return false;
  if (ber::SizeOf(sequence) == ber::kMalformed) return false;
  const std::size_t inner = HeadSize(sequence);
  if (inner == 0) return *more = true;
  const std::uint8_t expected[] = {first,         3, ber::kInteger, 1, 5, second, 3,
                                   ber::kInteger, 1, static_cast<std::uint8_t>(type)};
  const Bytes members = sequence.subspan(inner);
  for (std::size_t i = 0; i < sizeof expected; ++i) {
    if (i >= members.size()) return *more = true;
    if (Octets(members)[i] != expected[i]) return false;
  }
  return true;
}

bool ReadMessage(Bytes bytes, Message& out) noexcept {
  ber::Reader outer(bytes);
  ber::Element message;
  if (!outer.Next(message)) return false;
  out = {};
  out.type = TypeOf(message.tag);
  ber::Reader wrapped(message.content);
  ber::Reader members(wrapped.Take(ber::kSequence));
  if (out.type == Type::kNone || wrapped.failed()) return false;
  switch (out.type) {
    case Type::kAsReq:
    case Type::kTgsReq: Request(members, out); break;
    case Type::kAsRep:
    case Type::kTgsRep: Reply(members, out); break;
    case Type::kApReq: ApplicationRequest(members, out); break;
    case Type::kError: Error(members, out); break;
    default: break;
  }
  return !members.failed();
}

}  // namespace gander::protocol::kerberos

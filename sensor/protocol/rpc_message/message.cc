// SPDX-License-Identifier: Apache-2.0
#include "protocol/rpc_message/message.h"

#include "protocol/rpc_message/record_mark.h"
#include "protocol/rpc_message/xdr_reader.h"

namespace gander::protocol::rpc_message {
namespace {

constexpr std::uint32_t kCallType = 0, kReplyType = 1, kRpcVersion = 2;
constexpr std::uint32_t kMaxAcceptStatus = 5;

const char* FlavorName(std::uint32_t flavor) noexcept {
  switch (flavor) {
    case kAuthNull: return "NULL";
    case kAuthUnix: return "UNIX";
    case kAuthShort: return "SHORT";
    case kAuthDh: return "DH";
    case kAuthGss: return "GSS";
    case kAuthTls: return "TLS";
    default: return "UNKNOWN";
  }
}

// Flavors that are in use, pseudo flavors of GSS mechanisms too.
bool IsFlavor(std::uint32_t flavor) noexcept { return flavor <= kAuthTls || (flavor >= 390000 && flavor < 400000); }

void ReadCredential(Bytes credential, Head& head) noexcept {
  XdrReader in(credential);
  if (head.flavor == kAuthUnix) {
    in.U32();  // stamp
    const std::string_view name = in.String();
    const std::uint32_t uid = in.U32(), gid = in.U32();
    if (in.failed()) return;
    head.machine_name = name;
    head.uid = uid;
    head.gid = gid;
  } else if (head.flavor == kAuthGss) {
    in.U32();  // version
    const std::uint32_t control = in.U32();
    in.U32();  // sequence number
    const std::uint32_t service = in.U32();
    // Only data (control 0) is wrapped.
    if (!in.failed() && control == 0 && service <= kPrivacy)
      head.protection = service == 1 ? kClear : static_cast<Protection>(service);
  }
}

void ReadCall(XdrReader& in, Head& head) noexcept {
  const std::uint32_t version = in.U32();
  if (!in.failed() && version != kRpcVersion) return;
  head.program = in.U32();
  head.version = in.U32();
  head.procedure = in.U32();
  head.flavor = in.U32();
  const Bytes credential = in.Opaque();
  const std::uint32_t verifier = in.U32();
  const Bytes token = in.Opaque();
  if (credential.size() > kMaxAuth || token.size() > kMaxAuth) return;
  if (in.failed()) {
    head.kind = Kind::kShort;
    return;
  }
  if (!IsFlavor(head.flavor) || !IsFlavor(verifier)) return;
  ReadCredential(credential, head);
  head.kind = Kind::kCall;
}

void ReadReply(XdrReader& in, Head& head) noexcept {
  const std::uint32_t state = in.U32();
  if (state > 1) return;
  head.denied = state == 1;
  if (head.denied) {
    const std::uint32_t reason = in.U32();  // version mismatch, authentication error
    in.U32();
    if (reason > 1) return;
  } else {
    head.flavor = in.U32();
    const Bytes verifier = in.Opaque();
    head.accept_status = in.U32();
    head.starts_tls = AsText(verifier) == "STARTTLS";
    if (!in.failed() && (!IsFlavor(head.flavor) || verifier.size() > kMaxAuth || head.accept_status > kMaxAcceptStatus))
      return;
  }
  head.kind = in.failed() ? Kind::kShort : Kind::kReply;
}

}  // namespace

Head ReadHead(Bytes message) noexcept {
  Head head;
  XdrReader in(message);
  head.xid = in.U32();
  const std::uint32_t type = in.U32();
  if (in.failed()) {
    head.kind = Kind::kShort;
  } else if (type == kCallType) {
    ReadCall(in, head);
  } else if (type == kReplyType) {
    ReadReply(in, head);
  }
  head.body = in.position();
  return head;
}

bool IsPlausible(const Head& head) noexcept {
  if (head.kind == Kind::kReply) return true;
  // Numbers by Sun and IANA, by sites, and transient ones such as callbacks.
  const bool known = head.program >= 100000 && head.program < 400000;
  const bool by_site = head.program >= 0x20000000 && head.program < 0x60000000;
  return head.kind == Kind::kCall && (known || by_site) && head.version < 64 && head.procedure < 1024;
}

Opening ReadOpening(const ProbeInput& input) noexcept {
  Opening opening;
  Bytes message = input.bytes;
  if (input.transport == ip_proto::kTcp) {
    if (message.size() < kMarkOctets)
      return {.fits = !message.empty() && IsMarkFront(Octets(message)[0]), .head = {.kind = Kind::kShort}};
    const RecordMark mark = ReadMark(message);
    if (!mark.OpensRecord()) return opening;
    message = message.subspan(kMarkOctets);
    if (message.size() > mark.length) message = message.first(mark.length);
    opening.head = ReadHead(message);
    opening.fits =
        opening.head.kind != Kind::kBad && (opening.head.kind != Kind::kShort || message.size() < mark.length);
  } else {
    opening.head = ReadHead(message);
    opening.fits = opening.head.kind == Kind::kCall || opening.head.kind == Kind::kReply;
  }
  if (opening.head.kind != Kind::kShort) opening.fits = opening.fits && IsPlausible(opening.head);
  return opening;
}

Record& BeginRpc(Record& out, const Caller& caller, std::string_view machine_name, const char* status) {
  out.BeginObject("rpc").Integer("xid", caller.xid);
  if (status != nullptr) out.String("status", status);
  out.String("auth_type", FlavorName(caller.flavor));
  if (caller.flavor == kAuthUnix) {
    out.BeginObject("creds")
        .String("machine_name", machine_name, Privacy::kIdentifier)
        .Integer("uid", caller.uid)
        .Integer("gid", caller.gid)
        .EndObject();
  }
  return out;
}

const char* StatusName(const Head& reply) noexcept { return reply.denied ? "DENIED" : "ACCEPTED"; }

}  // namespace gander::protocol::rpc_message

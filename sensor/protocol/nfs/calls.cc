// SPDX-License-Identifier: Apache-2.0
// Calls: what is asked for, and what is written.
#include "protocol/nfs/nfs.h"
#include "protocol/nfs/parser.h"

namespace gander::protocol::nfs {
namespace {

constexpr std::uint32_t kCompoundProcedure = 1;

}  // namespace

Next NfsParser::OnCall(const Head& head, const Front& front) noexcept {
  if (head.program != rpc_message::kNfsProgram) return kDone;  // ACLs, callbacks: nothing to read in them
  if (head.version < 2 || head.version > 4) {
    sink_->OnAnomaly("non_existing_version");
    return kDone;
  }
  Call call;
  call.caller = {head.xid, head.flavor, head.uid, head.gid};
  call.version = head.version;
  call.protection = head.protection;
  calls_seen_ = true;
  calls_direction_ = direction_;
  if (head.protection == rpc_message::kPrivacy) {
    Remember(call);
    return Sealed(head, front);
  }
  const std::size_t body = head.body + (head.protection == rpc_message::kIntegrity ? 8 : 0);
  return head.version == 4 ? OnCompound(head, body, front, call) : OnClassicCall(head, body, front, call);
}

Next NfsParser::OnClassicCall(const Head& head, std::size_t body, const Front& front, Call& call) noexcept {
  call.procedure = ProcedureOf(head.version, head.procedure);
  if (call.procedure != Procedure::kWrite && !front.final) return kMore;
  Arguments arguments;
  if (!ReadArguments(head.version, call.procedure, front.bytes, body, arguments)) return Malformed(front);
  Introduce(head);
  call.file = IdOf(arguments.handle);
  call.offset = arguments.offset;
  Named(arguments.name);
  Named(arguments.other);
  Linked(arguments.link);
  call.name = (arguments.name.empty() ? names_.Find(call.file) : arguments.name).substr(0, kMaxName);
  call.other = arguments.other.substr(0, kMaxName);
  switch (call.procedure) {
    case Procedure::kRead:
    case Procedure::kWrite: break;
    case Procedure::kCommit: bodies_[Index(direction_)].Commit(call.file, head.xid, *sink_); break;
    default: Number(call); break;
  }
  Remember(call);
  if (!arguments.data.there) return kDone;
  return BeginData({call.file, calls_.back().name, arguments.offset, arguments.data.length, true, arguments.synced,
                    head.version, call.caller},
                   arguments.data);
}

Next NfsParser::OnCompound(const Head& head, std::size_t body, const Front& front, Call& call) noexcept {
  if (head.procedure != kCompoundProcedure) return kDone;
  CompoundWalk walk;
  std::size_t at = body;
  if (!BeginCompound(front.bytes, at, false, walk)) return Malformed(front);
  if (!front.final && !ReachesData(front, at, walk)) return kMore;
  Introduce(head);
  Remember(call);
  at_hand_ = &calls_.back();
  call_xid_ = head.xid;
  current_ = {};
  return Walk(front, at, walk);
}

void NfsParser::Introduce(const Head& head) noexcept {
  if (head.machine_name.empty() || head.machine_name == flow_.machine_name) return;
  flow_.machine_name = head.machine_name.substr(0, kMaxName);
  sink_->OnField("rpc.machine_name", "host", direction_, AsBytes(flow_.machine_name));
}

void NfsParser::Remember(const Call& call) noexcept {
  if (calls_.size() == kMaxCalls) {
    TellUnanswered(calls_.front(), *sink_);
    calls_.erase(calls_.begin());
  }
  calls_.push_back(call);
}

}  // namespace gander::protocol::nfs

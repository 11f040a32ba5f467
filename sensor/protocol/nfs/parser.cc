// SPDX-License-Identifier: Apache-2.0
#include "protocol/nfs/parser.h"

#include <memory>

#include "protocol/nfs/event.h"
#include "protocol/nfs/nfs.h"

namespace gander::protocol {
namespace nfs {
namespace {

thread_local Record event;

// Operations that an event tells of; the others prepare them.
bool IsTold(std::uint32_t operation) noexcept {
  switch (operation) {
    case kOpCreate: case kOpLink: case kOpLookup: case kOpOpen: case kOpReaddir: case kOpReadlink: case kOpRemove:
    case kOpRename: case kOpSetattr: case kOpSetclientid: case kOpExchangeId: case kOpCopy: case kOpClone:
    case kOpGetxattr: case kOpSetxattr: case kOpListxattrs: case kOpRemovexattr: return true;
    default: return false;
  }
}
// Behind these another file is the current one.
bool MovesOn(std::uint32_t operation) noexcept {
  return operation == kOpLookup || operation == kOpOpen || operation == kOpCreate;
}

}  // namespace

void NfsParser::OnEnd(Direction direction, MessageSink& sink) noexcept {
  MessageParser::OnEnd(direction, sink);
  bodies_[Index(direction)].Finish(sink);
  // No reply comes any more. Whichever direction ends last: a half-closed one may still be answered.
  ended_[Index(direction)] = true;
  if (!ended_[0] || !ended_[1]) return;
  for (const Call& call : calls_) TellUnanswered(call, sink);
  calls_.clear();
}

void NfsParser::Reset() noexcept {
  MessageParser::Reset();
  for (FileBodies& bodies : bodies_) bodies.Reset();
  names_.Clear();
  std::vector<Call>().swap(calls_);
  flow_.transactions = 0;
  flow_.machine_name.clear();
  ended_[0] = ended_[1] = calls_seen_ = reading_reply_ = replied_is_known_ = false;
  calls_direction_ = Direction::kToServer;
  for (CompoundWalk& walk : walks_) walk = {};
  for (FileId& file : walking_) file = {};
  current_ = {};
  at_hand_ = nullptr;
  replied_ = {};
  call_xid_ = told_ = told_status_ = 0;
}

void NfsParser::DescribeTransaction(std::uint32_t tx_id, Record& out) const {
  for (const FileBodies& bodies : bodies_) {
    if (bodies.Describes(tx_id)) return bodies.Describe(out);
  }
}

Next NfsParser::OnFront(const Front& front, Direction direction, MessageSink& sink) noexcept {
  sink_ = &sink;
  direction_ = direction;
  if (!front.begins) return GoOn(front);
  const Head head = rpc_message::ReadHead(front.bytes);
  if (head.kind == rpc_message::Kind::kShort && !front.final) return {.kind = Next::Kind::kMore};
  if (head.kind == rpc_message::Kind::kCall) return OnCall(head, front);
  if (head.kind == rpc_message::Kind::kReply) return OnReply(head, front);
  return {.kind = Next::Kind::kBad};
}

Next NfsParser::Malformed(const Front& front) noexcept {
  if (!front.final) return kMore;
  if (front.whole) sink_->OnAnomaly("malformed_data");
  return kDone;
}

Next NfsParser::Sealed(const Head& head, const Front& front) noexcept {
  sink_->OnFate(ByteFate::kEncrypted, front.bytes.size() - head.body);
  return kDone;
}

Next NfsParser::BeginData(const Part& part, const Extent& data) noexcept {
  FileBodies& bodies = bodies_[Index(direction_)];
  if (data.length > 0) {
    bodies.Begin(part, *sink_);
  } else if (part.ends_file && part.is_read) {
    bodies.EndOfFile(part.file, part.caller.xid, *sink_);
  }
  return {.kind = Next::Kind::kData, .at = data.at, .length = data.length};
}

// Whether data, or the end, are within the front.
bool NfsParser::ReachesData(const Front& front, std::size_t at, CompoundWalk walk) noexcept {
  return WalkCompound(front.bytes, at, walk, nullptr) && walk.data.there;
}

Next NfsParser::Walk(const Front& front, std::size_t at, CompoundWalk walk) noexcept {
  reading_reply_ = walk.reply;
  const bool fine = WalkCompound(front.bytes, at, walk, this);
  Call* const call = at_hand_;
  at_hand_ = nullptr;
  walks_[Index(direction_)] = walk;
  walking_[Index(direction_)] = current_;
  if (!fine) {
    walks_[Index(direction_)] = {};
    if (front.whole) sink_->OnAnomaly("malformed_data");
    return kDone;
  }
  if (!walk.data.there) return kDone;
  Part part{current_,  names_.Find(current_), walk.offset, walk.data.length, walk.offset_is_known, walk.last, 4, {},
            walk.reply};
  if (walk.reply) {
    part.caller = replied_.caller;
    if (part.file.id == 0) part.file = replied_.file;
    if (part.name.empty()) part.name = replied_.name;
    if (!part.offset_is_known && replied_is_known_) {
      part.offset = replied_.offset;
      part.offset_is_known = true;
    }
  } else if (call != nullptr) {
    part.caller = call->caller;
  }
  return BeginData(part, walk.data);
}

// What comes behind data: operations of the same compound.
Next NfsParser::GoOn(const Front& front) noexcept {
  CompoundWalk& walk = walks_[Index(direction_)];
  if (walk.operations == 0 && walk.segments == 0) return kDone;
  if (!front.final && !ReachesData(front, 0, walk)) return kMore;
  at_hand_ = nullptr;
  current_ = walking_[Index(direction_)];
  return Walk(front, 0, walk);
}

void NfsParser::Named(std::string_view name) noexcept {
  if (!name.empty()) sink_->OnField("nfs.name", "file", direction_, AsBytes(name));
}

void NfsParser::Linked(std::string_view link) noexcept {
  if (!link.empty()) sink_->OnField("nfs.link", "file", direction_, AsBytes(link));
}

void NfsParser::Number(Call& call) noexcept {
  if (call.numbered) return;
  call.numbered = true;
  call.tx_id = flow_.transactions++;
}

void NfsParser::TellUnanswered(const Call& call, MessageSink& sink) noexcept {
  if (call.numbered) Write(call, nullptr, nullptr, calls_direction_, sink);
}

// `status` is null when the call was refused before it was looked at.
void NfsParser::Tell(Call& call, const Head& head, const std::uint32_t* status) noexcept {
  const bool failed = status == nullptr || *status != 0;
  // Reads and writes are told as files; what was asked and refused is told by itself.
  if (!call.numbered && failed && (call.version < 4 || call.operation != 0)) Number(call);
  const bool silent = call.version < 4 && call.procedure == Procedure::kGetattr;
  if (call.numbered && !silent) Write(call, rpc_message::StatusName(head), status, direction_, *sink_);
}

void NfsParser::Write(const Call& call, const char* rpc_status, const std::uint32_t* status, Direction direction,
                      MessageSink& sink) noexcept {
  if (!sink.WantsEvent("nfs")) return;
  event.Clear();
  rpc_message::BeginRpc(event, call.caller, flow_.machine_name, rpc_status).EndObject();
  EventFacts facts;
  facts.version = call.version;
  facts.procedure = call.procedure_name();
  facts.name = call.name;
  facts.handle_crc = call.file.crc;
  facts.has_handle = call.file.id != 0;
  facts.tx_id = call.tx_id;
  AddStatus(BeginNfs(event, facts), rpc_status != nullptr, status);
  const bool renames = call.version < 4 ? call.procedure == Procedure::kRename : call.operation == kOpRename;
  if (renames) {
    event.BeginObject("rename")
        .String("from", call.name, Privacy::kIdentifier)
        .String("to", call.other, Privacy::kIdentifier)
        .EndObject();
  }
  event.EndObject();
  sink.OnEvent("nfs", call.tx_id, direction, event);
}

void NfsParser::OnEntry(std::string_view name, Bytes handle) noexcept {
  OnListed(name);
  if (name != "." && name != "..") names_.Put(IdOf(handle), name);
}

void NfsParser::OnOperation(std::uint32_t operation, std::uint32_t status) noexcept {
  const bool told = IsTold(operation);
  if (at_hand_ != nullptr) {
    if (told && (at_hand_->operation == 0 || at_hand_->operation == kOpLookup)) {
      at_hand_->operation = operation;
      Number(*at_hand_);
    }
  } else {
    if (told_ == 0 && told) told_ = operation;
    if (operation == told_ || status != 0) told_status_ = status;
  }
  // Either ends what was written; a CLOSE also what was read.
  const bool ends = operation == kOpClose || operation == kOpCommit;
  if (ends && !reading_reply_) bodies_[Index(direction_)].Commit(current_, call_xid_, *sink_);
  if (operation == kOpClose && !reading_reply_) bodies_[1 - Index(direction_)].Commit(current_, call_xid_, *sink_);
  if (MovesOn(operation)) current_ = {};
}

void NfsParser::OnHandle(Bytes handle) noexcept {
  current_ = IdOf(handle);
  if (at_hand_ != nullptr) {
    at_hand_->file = current_;
  } else if (!replied_.name.empty() && MovesOn(replied_.operation)) {
    names_.Put(current_, replied_.name);
    replied_.file = current_;
  }
}

void NfsParser::OnName(std::string_view name) noexcept {
  Named(name);
  if (at_hand_ == nullptr) return;
  if (at_hand_->operation == kOpRename && !at_hand_->name.empty()) {
    at_hand_->other = name.substr(0, kMaxName);
  } else {
    at_hand_->name = name.substr(0, kMaxName);
  }
}

void NfsParser::OnListed(std::string_view name) noexcept {
  if (name != "." && name != "..") Named(name);
}

void NfsParser::OnClientName(std::string_view name) noexcept {
  if (!name.empty()) sink_->OnField("nfs.client", "host", direction_, AsBytes(name));
}

void NfsParser::OnReadOffset(std::uint64_t offset) noexcept {
  if (at_hand_ == nullptr) return;
  at_hand_->offset = offset;
  at_hand_->file = current_;
  if (at_hand_->name.empty()) at_hand_->name = names_.Find(current_);
}

namespace {

// A call of the program, or a reply from its port: replies do not say what they answer.
Probe ProbeNfs(const ProbeInput& input) noexcept {
  if (rpc_message::IsNoOpening(input)) return Probe::kNo;
  const rpc_message::Opening opening = rpc_message::ReadOpening(input);
  if (!opening.fits) return Probe::kNo;
  const bool port = input.server_port == rpc_message::kNfsPort || input.client_port == rpc_message::kNfsPort;
  switch (opening.head.kind) {
    case rpc_message::Kind::kShort: return Probe::kNeedMore;
    case rpc_message::Kind::kReply: return port ? Probe::kYes : Probe::kNo;
    case rpc_message::Kind::kCall:
      return opening.head.program == rpc_message::kNfsProgram || port ? Probe::kYes : Probe::kNo;
    case rpc_message::Kind::kBad: break;
  }
  return Probe::kNo;
}

}  // namespace
}  // namespace nfs

const ProtocolInfo kNfs = {"nfs", true, true, nfs::ProbeNfs,
                           []() -> std::unique_ptr<Parser> { return std::make_unique<nfs::NfsParser>(); }};

}  // namespace gander::protocol

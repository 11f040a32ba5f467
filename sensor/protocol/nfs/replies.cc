// SPDX-License-Identifier: Apache-2.0
// Replies: what was found, and what is read.
#include <algorithm>

#include "base/byte_reader.h"
#include "protocol/nfs/parser.h"

namespace gander::protocol::nfs {
namespace {

bool LooksLikeCompound(const Front& front, std::size_t& at, CompoundWalk& walk) noexcept {
  const std::size_t status_at = at;
  if (!BeginCompound(front.bytes, at, true, walk) || walk.operations == 0) return false;
  ByteReader in(front.bytes.subspan(status_at));
  const std::uint32_t status = in.U32();
  ByteReader first(front.bytes.subspan(at));
  const std::uint32_t operation = first.U32(), result = first.U32();
  CompoundWalk whole = walk;
  return !first.failed() && OperationName(operation) != nullptr && ResultName(status) != nullptr &&
         ResultName(result) != nullptr && WalkCompound(front.bytes, at, whole, nullptr);
}

}  // namespace

Next NfsParser::OnReply(const Head& head, const Front& front) noexcept {
  if (head.starts_tls) return {.kind = Next::Kind::kSwitch};
  const auto found =
      std::find_if(calls_.begin(), calls_.end(), [&](const Call& c) { return c.caller.xid == head.xid; });
  if (found == calls_.end()) return OnUnasked(head, front);
  if (found->protection == rpc_message::kPrivacy) {
    Take(found);
    return Sealed(head, front);
  }
  const bool may_hold_data = found->version == 4 || found->procedure == Procedure::kRead;
  if (!may_hold_data && !front.final) return kMore;
  const std::size_t body = head.body + (found->protection == rpc_message::kIntegrity ? 8 : 0);
  if (head.denied || head.accept_status != 0) {
    replied_ = Take(found);
    Tell(replied_, head, nullptr);
    return kDone;
  }
  if (found->version == 4) {
    CompoundWalk walk;
    std::size_t at = body;
    if (!BeginCompound(front.bytes, at, true, walk)) {
      if (front.final) Take(found);
      return Malformed(front);
    }
    if (!front.final && !ReachesData(front, at, walk)) return kMore;
    replied_ = Take(found);
    replied_is_known_ = true;
    return OnCompoundReply(head, at, front, walk);
  }
  return OnClassicReply(head, body, front, found);
}

Next NfsParser::OnClassicReply(const Head& head, std::size_t body, const Front& front, Found found) noexcept {
  Results results;
  const bool fine = ReadResults(found->version, found->procedure, front.bytes, body, results, *this);
  if (!fine && !front.final) return kMore;
  replied_ = Take(found);
  if (!fine && front.whole) sink_->OnAnomaly("malformed_data");
  Linked(results.link);
  const FileId file = IdOf(results.handle);
  names_.Put(file, replied_.name);
  if (file.id != 0) replied_.file = file;
  if (!fine && replied_.procedure == Procedure::kRead) return kDone;
  Tell(replied_, head, &results.status);
  if (!results.data.there) return kDone;
  const std::uint64_t end = replied_.offset + results.data.length;
  const bool last = replied_.version == 2 ? end >= results.file_size : results.end_of_file;
  return BeginData({replied_.file, replied_.name, replied_.offset, results.data.length, true, last, replied_.version,
                    replied_.caller, true},
                   results.data);
}

Next NfsParser::OnCompoundReply(const Head& head, std::size_t at, const Front& front,
                                const CompoundWalk& begun) noexcept {
  current_ = {};
  told_status_ = 0;
  told_ = replied_.operation;
  const Next next = Walk(front, at, begun);
  if (replied_.operation == 0 && told_ != 0) {  // the call was not seen
    replied_.operation = told_;
    Number(replied_);
  }
  Tell(replied_, head, &told_status_);
  return next;
}

// A reply whose call was not seen: compounds say what they are; of others only octets that are read can be told.
Next NfsParser::OnUnasked(const Head& head, const Front& front) noexcept {
  if (head.denied || head.accept_status != 0 || (calls_seen_ && direction_ == calls_direction_)) return kDone;
  Call call;
  call.caller = {.xid = head.xid};
  for (const std::uint32_t version : {3u, 2u}) {
    Results results;
    if (!LooksLikeRead(version, front.bytes, head.body, front.whole, results)) continue;
    return BeginData({{}, {}, 0, results.data.length, false, results.end_of_file, version, call.caller, true},
                     results.data);
  }
  if (!front.final) return kMore;
  CompoundWalk walk;
  std::size_t at = head.body;
  if (!LooksLikeCompound(front, at, walk)) return kDone;
  call.version = 4;
  replied_ = std::move(call);
  replied_is_known_ = false;
  return OnCompoundReply(head, at, front, walk);
}

Call NfsParser::Take(Found found) noexcept {
  Call call = std::move(*found);
  calls_.erase(found);
  return call;
}

}  // namespace gander::protocol::nfs

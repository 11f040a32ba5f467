// SPDX-License-Identifier: Apache-2.0
#include "protocol/nfs/files.h"

#include <zlib.h>

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "protocol/nfs/event.h"
#include "protocol/nfs/nfs.h"

namespace gander::protocol::nfs {
namespace {

constexpr HashKey kHandleKey{0x67616e6465722d6eULL, 0x66732d66696c6573ULL};
// A body whose file rests while so many parts of others pass is left.
constexpr std::uint32_t kPatience = 8;

thread_local Record event;

}  // namespace

FileId IdOf(Bytes handle) noexcept {
  if (handle.empty()) return {};
  FileId file;
  file.id = SipHash24(kHandleKey, handle) | 1;
  file.crc = static_cast<std::uint32_t>(crc32(0, Octets(handle), static_cast<uInt>(handle.size())));
  return file;
}

void NameTable::Put(FileId file, std::string_view name) {
  if (file.id == 0 || name.empty()) return;
  name = name.substr(0, kMaxName);
  const auto found = std::find_if(entries_.begin(), entries_.end(), [file](const Entry& e) { return e.id == file.id; });
  if (found != entries_.end()) {
    found->name = name;
  } else if (entries_.size() < kMaxNames) {
    entries_.push_back({file.id, std::string(name)});
  } else {
    entries_[next_] = {file.id, std::string(name)};
    next_ = (next_ + 1) % kMaxNames;
  }
}

std::string_view NameTable::Find(FileId file) const noexcept {
  if (file.id == 0) return {};
  const auto found = std::find_if(entries_.begin(), entries_.end(), [file](const Entry& e) { return e.id == file.id; });
  return found != entries_.end() ? std::string_view(found->name) : std::string_view();
}

void NameTable::Clear() noexcept {
  std::vector<Entry>().swap(entries_);
  next_ = 0;
}

bool FileBodies::Continues(const Part& part) const noexcept {
  if (!open_ || !(part.file == file_)) return false;
  return part.offset_is_known && offset_is_known_ ? part.offset == next_offset_
                                                  : part.offset_is_known == offset_is_known_;
}

bool FileBodies::MayWait(const Part& part) const noexcept {
  if (!open_ || !part.offset_is_known || !offset_is_known_ || others_ >= kPatience) return false;
  // Behind what is there of the same file it is read or written again.
  if (part.file == file_ && part.offset < next_offset_) return false;
  return waiting_.size() < kMaxWaitingParts && waiting_bytes_ + part.length <= kMaxWaiting;
}

void FileBodies::Begin(const Part& part, MessageSink& sink) noexcept {
  if (open_) others_ = part.file == file_ ? 0 : others_ + 1;
  if (Continues(part)) {
    Append(part);
  } else if (MayWait(part)) {
    waiting_.push_back({part, std::string(part.name.substr(0, kMaxName)), {}});
    waiting_.back().part.name = {};
    waiting_.back().bytes.reserve(static_cast<std::size_t>(part.length));
    target_ = Target::kWaiting;
    return;
  } else {
    CloseAtPause(sink);
    DeliverInOrder(sink);
    if (Continues(part)) {
      Append(part);
    } else {
      CloseAtPause(sink);
      Open(part, sink);
    }
  }
  target_ = Target::kBody;
}

void FileBodies::Open(const Part& part, MessageSink& sink) noexcept {
  open_ = true;
  from_start_ = part.offset_is_known && part.offset == 0;
  complete_ = false;
  offset_is_known_ = part.offset_is_known;
  file_ = part.file;
  name_ = part.name.substr(0, kMaxName);
  next_offset_ = part.offset;
  tx_id_ = flow_.transactions++;
  version_ = part.version;
  parts_ = others_ = 0;
  caller_ = part.caller;
  is_read_ = part.is_read;
  Append(part);
  BodyMeta meta;
  meta.where = "nfs.file";
  meta.direction = direction_;
  meta.file_name = name_;
  meta.tx_id = tx_id_;
  meta.range_part = !from_start_;
  sink.OnBodyBegin(meta);
}

void FileBodies::Append(const Part& part) noexcept {
  ++parts_;
  ends_file_ = part.ends_file;
  last_xid_ = part.caller.xid;
}

void FileBodies::Data(Bytes bytes, MessageSink& sink) noexcept {
  switch (target_) {
    case Target::kWaiting:
      waiting_.back().bytes += AsText(bytes);
      waiting_bytes_ += bytes.size();
      return;
    case Target::kBehindGap: {
      // The rest of the part is a body of its own.
      const std::string name = name_;
      Open({file_, name, next_offset_, 0, offset_is_known_, ends_file_, version_, caller_, is_read_}, sink);
      target_ = Target::kBody;
      [[fallthrough]];
    }
    case Target::kBody:
      next_offset_ += bytes.size();
      sink.OnBodyPart(direction_, bytes);
      return;
    case Target::kNothing: sink.OnFate(ByteFate::kOpaqueBinary, bytes.size()); return;
  }
}

void FileBodies::Gap(std::uint64_t bytes, MessageSink& sink) noexcept {
  if (target_ == Target::kWaiting) {
    // What is behind the hole is lost too.
    waiting_.back().part.ends_file = false;
    target_ = Target::kNothing;
  } else if (target_ == Target::kBody) {
    Close(BodyEnd::kGap, sink);
    target_ = Target::kBehindGap;
  }
  next_offset_ += bytes;
}

void FileBodies::End(MessageSink& sink) noexcept {
  const Target target = std::exchange(target_, Target::kNothing);
  if (target != Target::kBody) return;
  // A write that is on disk may go on; the end of a file that is read is its end.
  if (std::exchange(commit_pending_, false)) return Commit(file_, last_xid_, sink);
  if (ends_file_ && is_read_) CloseAtPause(sink);
  Resume(sink);
}

void FileBodies::EndOfFile(FileId file, std::uint32_t xid, MessageSink& sink) noexcept {
  if (!open_ || !(file_ == file)) return;
  ends_file_ = true;
  last_xid_ = xid;
  CloseAtPause(sink);
  Resume(sink);
}

// Ends the body where its file may end.
void FileBodies::CloseAtPause(MessageSink& sink) noexcept {
  if (open_) Close(ends_file_ && from_start_ ? BodyEnd::kComplete : BodyEnd::kTruncated, sink);
}

void FileBodies::Close(BodyEnd end, MessageSink& sink) noexcept {
  complete_ = end == BodyEnd::kComplete;
  sink.OnBodyEnd(direction_, end);
  if (sink.WantsEvent("nfs")) {
    event.Clear();
    Describe(event);
    sink.OnEvent("nfs", tx_id_, direction_, event);
  }
  open_ = false;
}

// What waits at `index`, as it stands.
void FileBodies::Deliver(std::size_t index, MessageSink& sink) noexcept {
  Waiting waiting = std::move(waiting_[index]);
  waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(index));
  waiting_bytes_ -= waiting.bytes.size();
  waiting.part.name = waiting.name;
  if (Continues(waiting.part)) {
    Append(waiting.part);
  } else {
    CloseAtPause(sink);
    Open(waiting.part, sink);
  }
  next_offset_ += waiting.bytes.size();
  sink.OnBodyPart(direction_, AsBytes(waiting.bytes));
  if (ends_file_ && is_read_) CloseAtPause(sink);
}

// What waits and is due now: it goes on where the body is, or is the next body when there is none.
void FileBodies::Resume(MessageSink& sink) noexcept {
  while (!waiting_.empty()) {
    std::size_t due = 0;
    if (open_) {
      while (due < waiting_.size() && !Continues(waiting_[due].part)) ++due;
      if (due == waiting_.size()) return;
    } else {
      // The file that waits longest, from its front.
      for (std::size_t i = 1; i < waiting_.size(); ++i) {
        if (waiting_[i].part.file == waiting_[0].part.file && waiting_[i].part.offset < waiting_[due].part.offset)
          due = i;
      }
    }
    Deliver(due, sink);
  }
  std::vector<Waiting>().swap(waiting_);
}

void FileBodies::DeliverInOrder(MessageSink& sink) noexcept {
  while (!waiting_.empty()) {
    Resume(sink);
    if (!waiting_.empty()) CloseAtPause(sink);
  }
}

void FileBodies::Commit(FileId file, std::uint32_t xid, MessageSink& sink) noexcept {
  // The part in passage comes first.
  if (target_ == Target::kBody) commit_pending_ = open_ && file_ == file;
  if (target_ != Target::kNothing) return;
  const bool waits =
      std::any_of(waiting_.begin(), waiting_.end(), [file](const Waiting& w) { return w.part.file == file; });
  const bool here = open_ && file_ == file;
  if (file.id == 0 || (!here && !waits)) return;
  if (waits) {
    // What it waits for does not come any more.
    CloseAtPause(sink);
    DeliverInOrder(sink);
  }
  if (open_ && file_ == file) {
    ends_file_ |= !is_read_;
    last_xid_ = xid;
    CloseAtPause(sink);
  }
  Resume(sink);
}

void FileBodies::Finish(MessageSink& sink) noexcept {
  target_ = Target::kNothing;
  CloseAtPause(sink);
  DeliverInOrder(sink);
  CloseAtPause(sink);
}

void FileBodies::Reset() noexcept {
  open_ = from_start_ = ends_file_ = complete_ = commit_pending_ = is_read_ = false;
  offset_is_known_ = true;
  target_ = Target::kNothing;
  file_ = {};
  next_offset_ = 0;
  tx_id_ = parts_ = last_xid_ = others_ = 0;
  version_ = 3;
  caller_ = {};
  std::vector<Waiting>().swap(waiting_);
  waiting_bytes_ = 0;
  std::string().swap(name_);
}

void FileBodies::Describe(Record& out) const {
  rpc_message::BeginRpc(out, caller_, flow_.machine_name, "ACCEPTED").EndObject();
  EventFacts facts;
  facts.version = version_;
  facts.procedure = is_read_ ? "READ" : "WRITE";
  facts.name = name_;
  facts.handle_crc = file_.crc;
  facts.has_handle = file_.id != 0;
  facts.tx_id = tx_id_;
  facts.file_tx = true;
  constexpr std::uint32_t kOk = 0;
  AddStatus(BeginNfs(out, facts), true, &kOk);
  out.BeginObject(is_read_ ? "read" : "write")
      .Boolean("first", true)
      .Boolean("last", complete_)
      .Integer("last_xid", last_xid_)
      .Integer("chunks", parts_)
      .EndObject();
  out.EndObject();
}

}  // namespace gander::protocol::nfs

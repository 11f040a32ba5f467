// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/file_bodies.h"

#include <algorithm>
#include <utility>

#include "protocol/smb/smb.h"

namespace gander::protocol::smb {
namespace {

constexpr std::size_t kNoIndex = ~std::size_t{0};

}  // namespace

void FileBodies::BeginChunk(Direction direction, File& file, std::uint64_t offset, std::uint64_t length,
                            MessageSink& sink) {
  Lane& lane = lanes_[Index(direction)];
  FileStream& stream = file.streams[Index(direction)];
  lane.chunk = file.uid;
  lane.mode = Mode::kNone;
  if (offset < stream.next && !file.nameless) sink.OnAnomaly("file_overlap");
  if (lane.open == file.uid && offset == 0 && stream.next > 0) EndBody(direction, BodyEnd::kTruncated, sink);
  while (!Starts(lane, file, direction, offset)) {
    if (length <= kMaxHeld - lane.held && lane.waiting.size() < kMaxHeldParts) {
      lane.mode = Mode::kHold;
      return Hold(lane, file.uid, offset);
    }
    if (lane.open == 0 || lane.open == file.uid) {
      MakeRoom(direction, file.uid, offset, sink);
      break;
    }
    // What waited for the other file may now go before.
    EndBody(direction, BodyEnd::kTruncated, sink);
    Settle(direction, sink);
  }
  lane.mode = Mode::kDirect;
  if (lane.open == file.uid) return;
  stream.next = offset;
  stream.parted = offset != 0;
}

// Whether the chunk goes on with the open body, or may begin one.
bool FileBodies::Starts(const Lane& lane, const File& file, Direction direction, std::uint64_t offset) noexcept {
  const FileStream& stream = file.streams[Index(direction)];
  if (lane.open == file.uid) return offset == stream.next;
  // Data behind all that is there needs nothing before it.
  const bool appends = stream.next == 0 && offset == file.end;
  return lane.open == 0 && (offset == stream.next || offset == 0 || appends);
}

void FileBodies::Part(Direction direction, Bytes part, MessageSink& sink) {
  Lane& lane = lanes_[Index(direction)];
  if (lane.mode == Mode::kHold) {
    lane.waiting.back().bytes += AsText(part);
    lane.held += part.size();
    return;
  }
  File* file = files_.FindUid(lane.chunk);
  if (lane.mode == Mode::kNone || file == nullptr) return sink.OnFate(ByteFate::kLostParserCap, part.size());
  if (lane.open == 0) BeginBody(direction, *file, sink);
  file->streams[Index(direction)].next += part.size();
  sink.OnBodyPart(direction, part);
}

void FileBodies::Gap(Direction direction, std::uint64_t octets, MessageSink& sink) {
  Lane& lane = lanes_[Index(direction)];
  if (lane.mode == Mode::kHold) {
    if (lane.waiting.size() >= kMaxHeldParts) {
      lane.mode = Mode::kNone;
      return;
    }
    const Waiting& before = lane.waiting.back();
    return Hold(lane, lane.chunk, before.offset + before.bytes.size() + octets);
  }
  File* file = files_.FindUid(lane.chunk);
  if (lane.mode == Mode::kNone || file == nullptr) return;
  if (lane.open != 0) EndBody(direction, BodyEnd::kGap, sink);
  FileStream& stream = file->streams[Index(direction)];
  stream.next += octets;
  stream.parted = true;
}

void FileBodies::EndChunk(Direction direction, MessageSink& sink) {
  lanes_[Index(direction)].mode = Mode::kNone;
  Settle(direction, sink);
}

void FileBodies::OnEndOfFile(Direction direction, File& file, std::uint64_t offset, MessageSink& sink) {
  FileStream& stream = file.streams[Index(direction)];
  if (lanes_[Index(direction)].open != file.uid || offset != stream.next) return;
  EndBody(direction, stream.parted ? BodyEnd::kTruncated : BodyEnd::kComplete, sink);
  Settle(direction, sink);
}

void FileBodies::Close(File& file, MessageSink& sink) {
  file.closing = true;
  for (const Direction direction : {Direction::kToServer, Direction::kToClient}) Settle(direction, sink);
}

bool FileBodies::Holds(const File& file) const noexcept {
  return std::any_of(lanes_.begin(), lanes_.end(), [&](const Lane& lane) {
    return lane.open == file.uid || (lane.mode != Mode::kNone && lane.chunk == file.uid) ||
           std::any_of(lane.waiting.begin(), lane.waiting.end(), [&](const Waiting& w) { return w.file == file.uid; });
  });
}

void FileBodies::End(Direction direction, MessageSink& sink) {
  Lane& lane = lanes_[Index(direction)];
  lane.mode = Mode::kNone;
  MakeRoom(direction, 0, 0, sink);
}

void FileBodies::Hold(Lane& lane, std::uint32_t file, std::uint64_t offset) {
  Waiting& waiting = lane.waiting.emplace_back();
  waiting.file = file;
  waiting.offset = offset;
}

// Hands on what waits, until `file` stands at `offset` or, if it never does, nothing is open and nothing waits.
void FileBodies::MakeRoom(Direction direction, std::uint32_t file, std::uint64_t offset, MessageSink& sink) {
  Lane& lane = lanes_[Index(direction)];
  while (lane.open != 0 || !lane.waiting.empty()) {
    const std::size_t next = lane.open != 0 ? FindNext(direction, lane) : FindStart(direction, lane);
    if (next != kNoIndex) {
      Release(direction, next, sink);
      continue;
    }
    const File* open = files_.FindUid(lane.open);
    const FileStream* stream = open != nullptr ? &open->streams[Index(direction)] : nullptr;
    if (lane.open == file && stream != nullptr && stream->next == offset) return;
    const bool whole = open != nullptr && open->closing && !stream->parted;
    EndBody(direction, whole ? BodyEnd::kComplete : BodyEnd::kTruncated, sink);
  }
}

void FileBodies::BeginBody(Direction direction, File& file, MessageSink& sink) {
  const FileStream& stream = file.streams[Index(direction)];
  BodyMeta meta;
  meta.where = "smb.file";
  meta.direction = direction;
  meta.file_name = file.name;
  if (!stream.parted) meta.declared_length = stream.size;
  meta.tx_id = file.nameless ? 0 : stream.tx_id;
  meta.range_part = stream.parted;
  meta.is_file = !file.nameless;
  lanes_[Index(direction)].open = file.uid;
  sink.OnBodyBegin(meta);
}

void FileBodies::EndBody(Direction direction, BodyEnd end, MessageSink& sink) {
  Lane& lane = lanes_[Index(direction)];
  File* file = files_.FindUid(std::exchange(lane.open, 0));
  if (file != nullptr && end != BodyEnd::kComplete) file->streams[Index(direction)].parted = true;
  sink.OnBodyEnd(direction, end);
}

// Between chunks: what waited and now follows is handed on, what is complete ends.
void FileBodies::Settle(Direction direction, MessageSink& sink) {
  Lane& lane = lanes_[Index(direction)];
  if (lane.mode != Mode::kNone) return;
  for (;;) {
    if (lane.open != 0) {
      const std::size_t next = FindNext(direction, lane);
      if (next != kNoIndex) {
        Release(direction, next, sink);
        continue;
      }
      const File* file = files_.FindUid(lane.open);
      const FileStream& stream = file->streams[Index(direction)];
      if (!file->closing && !stream.complete()) return;
      EndBody(direction, stream.parted ? BodyEnd::kTruncated : BodyEnd::kComplete, sink);
      continue;
    }
    if (lane.waiting.empty()) return;
    const std::size_t start = FindStart(direction, lane);
    const Waiting& waiting = lane.waiting[start];
    const File* file = files_.FindUid(waiting.file);
    const bool ready = file == nullptr || file->closing || waiting.offset == 0 ||
                       waiting.offset == file->streams[Index(direction)].next;
    if (!ready) return;
    Release(direction, start, sink);
  }
}

// Hands on what waits at `index`: to the open body, or in one that it begins.
void FileBodies::Release(Direction direction, std::size_t index, MessageSink& sink) {
  Lane& lane = lanes_[Index(direction)];
  const Waiting part = std::move(lane.waiting[index]);
  lane.waiting.erase(lane.waiting.begin() + static_cast<std::ptrdiff_t>(index));
  lane.held -= part.bytes.size();
  if (lane.waiting.empty()) std::vector<Waiting>().swap(lane.waiting);
  File* file = files_.FindUid(part.file);
  if (file == nullptr || part.bytes.empty()) return;
  FileStream& stream = file->streams[Index(direction)];
  if (lane.open == 0) {
    stream.next = part.offset;
    stream.parted = part.offset != 0;
    BeginBody(direction, *file, sink);
  }
  stream.next += part.bytes.size();
  sink.OnBodyPart(direction, AsBytes(part.bytes));
}

// What goes on with the open body.
std::size_t FileBodies::FindNext(Direction direction, const Lane& lane) const noexcept {
  const File* file = files_.FindUid(lane.open);
  for (std::size_t i = 0; file != nullptr && i < lane.waiting.size(); ++i) {
    const Waiting& w = lane.waiting[i];
    if (w.file == lane.open && w.offset == file->streams[Index(direction)].next) return i;
  }
  return kNoIndex;
}

// What a body is to begin with: of the file that waits longest, or of one that is closed, the first part. One that goes
// on where the file stands goes before one that does not.
std::size_t FileBodies::FindStart(Direction direction, const Lane& lane) const noexcept {
  const auto rank = [&](const Waiting& w) {
    const File* file = files_.FindUid(w.file);
    const bool follows = file != nullptr && (w.offset == 0 || w.offset == file->streams[Index(direction)].next);
    const bool closing = file == nullptr || file->closing;
    return follows ? 0 : closing ? 1 : 2;
  };
  std::size_t best = 0;
  for (std::size_t i = 1; i < lane.waiting.size(); ++i) {
    const Waiting &a = lane.waiting[i], &b = lane.waiting[best];
    const int rank_a = rank(a), rank_b = rank(b);
    if (rank_a < rank_b || (rank_a == rank_b && a.file == b.file && a.offset < b.offset)) best = i;
  }
  return best;
}

}  // namespace gander::protocol::smb

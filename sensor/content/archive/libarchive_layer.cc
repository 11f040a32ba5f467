// SPDX-License-Identifier: Apache-2.0
#include "content/archive/libarchive_layer.h"

#include <algorithm>
#include <array>

#include "content/archive/member_name.h"

namespace gander::content {
namespace {

// Members are handed on in pieces of this size, so that a cap is met within one.
constexpr std::size_t kPieceBytes = 16 * 1024;
constexpr std::array<std::byte, 4096> kZeros{};

}  // namespace

void LibarchiveLayer::Begin() noexcept {
  whole_ = kind_->format == ArchiveRun::Format::kSevenZip;
  if (!whole_) BeginArchive();
  capped_ = locked_ = ending_ = cut_ = told_memory_ = false;
  skips_ = rest_is_ = Unread::kNot;
  size_ = fed_ = read_to_ = produced_ = expanded_ = member_bytes_ = of_members_from_ = 0;
  of_members_ = {};
  DecoderPool& pool = *body().pool;
  filter_.Begin(pool.memory);
  if (!whole_) StartRun({});
}

// `whole`: all of the archive, where it is not read forwards.
void LibarchiveLayer::StartRun(Bytes whole) noexcept {
  DecoderPool& pool = *body().pool;
  if (pool.Of<ArchiveRun>().open() < kMaxOpen) {
    run_ = pool.Take<ArchiveRun>();
    if (run_->Start(kind_->format, pool.memory, whole)) return;
    StopReading();
  }
  rest_is_ = Unread::kLost;
  ++body().counters->cap_memory;
  body().sink->OnAnomaly("archive_limit");
}

Uninspected LibarchiveLayer::Read(Bytes in) noexcept {
  size_ += in.size();
  if (capped_) return {.lost = in.size()};
  apart_ = {};
  apart_bytes_ = 0;
  const std::uint64_t read_before = read_to_;
  if (kind_->format == ArchiveRun::Format::kRar5) {
    ReadRar5(in);
  } else {
    ReadOn(in);
  }
  return InArchiveBytes(read_to_ - read_before);
}

void LibarchiveLayer::ReadRar5(Bytes in) noexcept {
  while (!in.empty()) {
    const Rar5Filter::Piece piece = filter_.Next(in);
    if (piece.fate == Rar5Filter::Fate::kRead) {
      ReadOn(piece.bytes);
    } else {
      LeaveOut(piece);
    }
  }
}

void LibarchiveLayer::LeaveOut(const Rar5Filter::Piece& piece) noexcept {
  using Fate = Rar5Filter::Fate;
  if (piece.fate == Fate::kAllLocked) {
    AllLocked();
    return TakeRest(piece.bytes);
  }
  const bool locked = piece.fate == Fate::kLocked;
  if (piece.file_begins) {
    EndMember(protocol::BodyEnd::kTruncated);
    AssignMemberName(filter_.name(), name_);
    CloseLeaf();
    BeginMember(name_);
    if (locked) {
      body().ReportLocked(name_, filter_.size(), kind_->magic);
    } else {
      TellMemory();
      body().ReportUndecodable(name_, filter_.size(), kind_->magic);
    }
  }
  Count(locked ? Unread::kLocked : Unread::kLost, piece.bytes.size());
}

void LibarchiveLayer::ReadOn(Bytes in) noexcept {
  if (whole_) return ReadWhole(in);
  fed_ += in.size();
  Bytes left = in;
  if (run_ != nullptr) {
    run_->Feed(in);
    Pump();
    left = in.last(std::min<std::uint64_t>(in.size(), fed_ - read_to_));
  }
  if (capped_) {
    apart_.lost += left.size();
  } else if (run_ == nullptr) {
    TakeRest(left);
  }
}

void LibarchiveLayer::ReadWhole(Bytes archive) noexcept {
  StartRun(archive);
  Pump();
  if (!capped_ && rest_is_ != Unread::kNot) TakeRest(archive);
}

// A decoder reads a block before it gives anything, or gives it before it has read it: what came out is set against
// what went in once there is both.
Uninspected LibarchiveLayer::InArchiveBytes(std::uint64_t read) noexcept {
  Uninspected total = apart_;
  of_members_from_ += read - std::min(read, apart_bytes_);
  if (of_members_from_ == 0 || member_bytes_ == 0) return total;
  total += of_members_.Scaled(member_bytes_, of_members_from_);
  of_members_ = {};
  member_bytes_ = of_members_from_ = 0;
  return total;
}

void LibarchiveLayer::Finish(protocol::BodyEnd end) noexcept {
  ending_ = true;
  cut_ = end != protocol::BodyEnd::kComplete;
  if (kind_->format == ArchiveRun::Format::kRar5) ReadOn(filter_.Held());
  filter_.Release();
  if (run_ != nullptr) {
    run_->FeedEnd();
    Pump();
  }
  EndMember(protocol::BodyEnd::kTruncated);
  CloseLeaf();
  if (locked_) body().ReportLocked(meta().name, size_, kind_->magic);
}

void LibarchiveLayer::Pump() noexcept {
  while (run_ != nullptr) {
    if (body().capped && cost_ > 0) capped_ = true;
    if (capped_) return StopReading();
    const ArchiveRun::Event event = run_->Step();
    const std::uint64_t read = whole_ ? 0 : run_->position() - read_to_;
    read_to_ += read;
    if (skips_ != Unread::kNot) apart_bytes_ += read;
    Count(skips_, read);
    if (event == ArchiveRun::Event::kWantsInput) return;
    OnEvent(event);
  }
}

void LibarchiveLayer::OnEvent(ArchiveRun::Event event) noexcept {
  using Event = ArchiveRun::Event;
  switch (event) {
    case Event::kWantsInput:
      return;
    case Event::kMember:
      return OnMember();
    case Event::kBlock:
      return TakeBlock(run_->block());
    case Event::kMemberEnd:
      return EndMember(protocol::BodyEnd::kComplete);
    case Event::kMemberWrong:
      EndMember(protocol::BodyEnd::kTruncated);
      skips_ = TellWrong();
      return;
    case Event::kLocked:
      return AllLocked();
    case Event::kDamaged:
      skips_ = Unread::kNot;
      rest_is_ = TellWrong();
      return;
    case Event::kSlowWork:
      body().Spend(run_->slow_work());
      capped_ = !body().MayOutput(0);
      return;
    case Event::kRest:
      return TakeRest(run_->block());
    case Event::kGivenUp:
      rest_is_ = TellWrong();
      return StopReading();
    case Event::kEnd:
      return StopReading();
  }
}

void LibarchiveLayer::OnMember() noexcept {
  const ArchiveMember& member = run_->member();
  AssignMemberName(member.name, name_);
  is_file_ = member.is_file;
  skips_ = Unread::kNot;
  CloseLeaf();
  BeginMember(name_);
  if (!member.locked) return;
  skips_ = Unread::kLocked;
  body().ReportLocked(name_, member.size, kind_->magic);
}

// A member without a byte is none: a folder, a link.
void LibarchiveLayer::TakeBlock(Bytes block) noexcept {
  if (member_ == nullptr) {
    EntityMeta inside;
    inside.name = name_;
    inside.is_file = is_file_;
    member_ = OpenEntity(body(), inside);
  }
  for (std::uint64_t hole = run_->hole(); hole > 0 && !capped_;) {
    const std::uint64_t bytes = std::min<std::uint64_t>(hole, kZeros.size());
    GiveMember(Bytes(kZeros).first(bytes));
    hole -= bytes;
  }
  while (!block.empty() && !capped_) GiveMember(TakeFront(block, kPieceBytes));
}

void LibarchiveLayer::GiveMember(Bytes bytes) noexcept {
  produced_ += bytes.size();
  member_bytes_ += bytes.size();
  of_members_ += member_->Feed(bytes);
  if (!Allowed(bytes.size())) capped_ = true;
}

bool LibarchiveLayer::Allowed(std::uint64_t produced) noexcept {
  if (cost_ > 0) return body().MayOutput(produced, cost_);
  if (produced_ <= fed_ + expanded_) return true;
  const std::uint64_t beyond = produced_ - fed_ - expanded_;
  expanded_ += beyond;
  return body().MayOutput(beyond);
}

void LibarchiveLayer::TakeRest(Bytes rest) noexcept {
  const std::uint64_t opaque = Leaf(rest).opaque;
  apart_bytes_ += rest.size();
  if (rest_is_ == Unread::kNot) apart_.opaque += opaque;
  Count(rest_is_, opaque);
}

void LibarchiveLayer::Count(Unread as, std::uint64_t bytes) noexcept {
  if (as == Unread::kLocked) apart_.locked += bytes;
  if (as == Unread::kUndecodable) apart_.undecodable += bytes;
  if (as == Unread::kLost) apart_.lost += bytes;
}

void LibarchiveLayer::EndMember(protocol::BodyEnd end) noexcept {
  if (member_ != nullptr) member_->End(end);
  member_.reset();
}

void LibarchiveLayer::StopReading() noexcept {
  EndMember(protocol::BodyEnd::kTruncated);
  if (run_ == nullptr) return;
  run_->Stop();
  body().pool->Give(run_);
  run_ = nullptr;
}

void LibarchiveLayer::AllLocked() noexcept {
  locked_ = true;
  skips_ = Unread::kNot;
  rest_is_ = Unread::kLocked;
}

void LibarchiveLayer::TellMemory() noexcept {
  if (told_memory_) return;
  told_memory_ = true;
  ++body().counters->cap_memory;
  body().sink->OnAnomaly("decompression_memory_cap");
}

// What is not read for it then counts as what is returned. A body that was cut is not damaged.
LibarchiveLayer::Unread LibarchiveLayer::TellWrong() noexcept {
  const bool memory = run_->out_of_memory();
  if (memory) {
    TellMemory();
    return Unread::kLost;
  }
  if (!ending_) {
    TellDamaged();
  } else if (!cut_) {
    TellTruncated();
  }
  return Unread::kUndecodable;
}

}  // namespace gander::content

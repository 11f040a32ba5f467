// SPDX-License-Identifier: Apache-2.0
#include "content/archive/archive_run.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <cstdio>

#include "content/archive/libarchive_hooks.h"

// Of libarchive's own interface between its parts: the bytes that are read ahead and not yet taken, and taking them.
extern "C" {
const void* __archive_read_ahead(archive* a, std::size_t min, ssize_t* avail);
std::int64_t __archive_read_consume(archive* a, std::int64_t bytes);
}

namespace gander::content {
namespace {

using Support = int (*)(archive*);
// By ArchiveRun::Format.
constexpr Support kSupport[] = {
    archive_read_support_format_rar,     archive_read_support_format_rar5, archive_read_support_format_cab,
    archive_read_support_format_lha,     archive_read_support_format_cpio, archive_read_support_format_ar,
    archive_read_support_format_iso9660, archive_read_support_format_xar,  archive_read_support_format_warc,
    archive_read_support_format_7zip,
};

// Of a symbol of PPMd: 150 ns against 2.5 of a byte of deflate, and lower than that, so that 64 KiB at once are read
// when they expand to less than twice as much.
constexpr std::uint64_t kSymbolCost = 40;
// A decoder that so often in a row neither reads nor writes never will.
constexpr int kMaxIdleReads = 64;

std::string_view NameOf(archive_entry* entry) noexcept {
  const char* name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) name = archive_entry_pathname(entry);
  return name == nullptr ? std::string_view{} : name;
}

}  // namespace

bool ArchiveRun::Start(Format format, Memory& memory, Bytes whole) noexcept {
  format_ = format;
  in_ = {};
  whole_ = whole;
  seek_ = 0;
  ended_ = stopping_ = rest_only_ = false;
  position_ = 0;
  symbols_ = 0;
  archive_ = nullptr;
  memory_.Begin(memory);
  return fiber_.Start(Enter, this);
}

ArchiveRun::Event ArchiveRun::Step() noexcept {
  const LibarchiveCaller outer = libarchive_caller;
  libarchive_caller = {&memory_, GiveUp, OnSlowWork, this, symbols_};
  event_ = Event::kEnd;
  fiber_.Resume();
  symbols_ = libarchive_caller.symbols;
  libarchive_caller = outer;
  if (!fiber_.running()) memory_.ReleaseAll();
  return event_;
}

void ArchiveRun::Stop() noexcept {
  stopping_ = true;
  while (fiber_.running()) Step();
}

void ArchiveRun::Enter(void* self) noexcept { static_cast<ArchiveRun*>(self)->ReadAll(); }

// What it held is memory alone, all of it of `memory_`.
void ArchiveRun::GiveUp(void* self) noexcept {
  auto* const run = static_cast<ArchiveRun*>(self);
  run->event_ = Event::kGivenUp;
  run->fiber_.Abandon();
  run->fiber_.Yield();
}

void ArchiveRun::OnSlowWork(void* self, std::uint32_t symbols) noexcept {
  auto* const run = static_cast<ArchiveRun*>(self);
  run->slow_work_ = std::uint64_t{symbols} * kSymbolCost;
  run->Say(Event::kSlowWork);
  if (run->stopping_) GiveUp(run);  // the block would be decoded to its end
}

void ArchiveRun::Say(Event event) noexcept {
  if (stopping_) return;
  event_ = event;
  NotePosition();
  fiber_.Yield();
}

void ArchiveRun::NotePosition() noexcept {
  if (archive_ == nullptr) return;
  position_ = static_cast<std::uint64_t>(std::max<std::int64_t>(0, archive_filter_bytes(archive_, 0)));
}

void ArchiveRun::ReadAll() noexcept {
  archive_ = archive_read_new();
  if (archive_ != nullptr && Open(archive_)) {
    ReadMembers(archive_);
    if (whole_.empty()) PassOnRest(archive_);
  }
  if (!stopping_) NotePosition();
  if (archive_ != nullptr) archive_read_free(archive_);
  archive_ = nullptr;
  event_ = Event::kEnd;
}

bool ArchiveRun::Open(archive* a) noexcept {
  archive_read_set_callback_data(a, this);
  archive_read_set_read_callback(a, OnRead);
  if (!whole_.empty()) archive_read_set_seek_callback(a, OnSeek);
  return kSupport[static_cast<std::size_t>(format_)](a) == ARCHIVE_OK && archive_read_open1(a) == ARCHIVE_OK;
}

long ArchiveRun::OnRead(archive*, void* self, const void** out) noexcept {
  auto* const run = static_cast<ArchiveRun*>(self);
  if (!run->whole_.empty()) {
    const Bytes rest = run->whole_.subspan(run->seek_);
    run->seek_ = run->whole_.size();
    *out = rest.data();
    return run->stopping_ ? ARCHIVE_FATAL : static_cast<long>(rest.size());
  }
  while (run->in_.empty() && !run->ended_ && !run->stopping_ && !run->rest_only_) run->Say(Event::kWantsInput);
  if (run->stopping_) return ARCHIVE_FATAL;
  *out = run->in_.data();
  return static_cast<long>(TakeFront(run->in_, run->in_.size()).size());
}

std::int64_t ArchiveRun::OnSeek(archive*, void* self, std::int64_t offset, int whence) noexcept {
  auto* const run = static_cast<ArchiveRun*>(self);
  const auto size = static_cast<std::int64_t>(run->whole_.size());
  const std::int64_t from = whence == SEEK_SET ? 0 : whence == SEEK_END ? size : static_cast<std::int64_t>(run->seek_);
  std::int64_t to = 0;
  if (__builtin_add_overflow(from, offset, &to) || to < 0 || to > size) return ARCHIVE_FATAL;
  run->seek_ = static_cast<std::size_t>(to);
  return to;
}

void ArchiveRun::ReadMembers(archive* a) noexcept {
  std::int64_t before = -1;
  while (!stopping_) {
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(a, &entry);
    if (stopping_ || result == ARCHIVE_EOF) return;
    const std::int64_t at = archive_filter_bytes(a, 0);
    const bool stands = at == before;  // a header takes bytes
    before = at;
    if (result == ARCHIVE_RETRY && !stands) continue;
    if (entry != nullptr && archive_entry_is_metadata_encrypted(entry)) return Say(Event::kLocked);
    if (entry == nullptr || (result != ARCHIVE_OK && result != ARCHIVE_WARN)) return Say(Event::kDamaged);
    if (!ReadMember(a, entry)) return;
  }
}

bool ArchiveRun::ReadMember(archive* a, archive_entry* entry) noexcept {
  member_.name = NameOf(entry);
  member_.size = archive_entry_size_is_set(entry) ? static_cast<std::uint64_t>(archive_entry_size(entry)) : 0;
  const auto type = archive_entry_filetype(entry);  // 0 where the format has none
  member_.is_file = (type == AE_IFREG || type == 0) && archive_entry_hardlink(entry) == nullptr;
  member_.locked = archive_entry_is_data_encrypted(entry) != 0;
  Say(Event::kMember);
  if (member_.locked || ReadData(a)) {
    Say(Event::kMemberEnd);
    return true;
  }
  Say(Event::kMemberWrong);
  // What a format wanted to see whole and the end cut off is not to be skipped. Only RAR goes on behind a wrong
  // checksum, as unpackers do; of the others one reads beyond its memory when it skips what it could not decode.
  return !ended_ && (format_ == Format::kRar || format_ == Format::kRar5);
}

bool ArchiveRun::ReadData(archive* a) noexcept {
  std::int64_t offset = 0;
  std::int64_t stood_at = -1;
  for (int idle = 0; idle < kMaxIdleReads && !stopping_;) {
    const void* data = nullptr;
    std::size_t bytes = 0;
    std::int64_t at = offset;
    const int result = archive_read_data_block(a, &data, &bytes, &at);
    if (result == ARCHIVE_EOF) return true;
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN && result != ARCHIVE_RETRY) return false;
    if (bytes == 0 || result == ARCHIVE_RETRY) {
      const std::int64_t stands_at = archive_filter_bytes(a, 0);
      idle = stands_at == stood_at ? idle + 1 : 0;
      stood_at = stands_at;
      continue;
    }
    idle = 0;
    hole_ = at > offset ? static_cast<std::uint64_t>(at - offset) : 0;
    block_ = Bytes(static_cast<const std::byte*>(data), bytes);
    offset = at + static_cast<std::int64_t>(bytes);
    Say(Event::kBlock);
  }
  return false;
}

// As much as was fed. What comes later needs no libarchive.
void ArchiveRun::PassOnRest(archive* a) noexcept {
  hole_ = 0;
  rest_only_ = true;
  while (!stopping_) {
    ssize_t avail = 0;
    const void* const data = __archive_read_ahead(a, 1, &avail);
    if (data == nullptr || avail <= 0) return;
    block_ = Bytes(static_cast<const std::byte*>(data), static_cast<std::size_t>(avail));
    __archive_read_consume(a, avail);
    Say(Event::kRest);
  }
}

}  // namespace gander::content

// SPDX-License-Identifier: Apache-2.0
#include "report/sink/spool.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/file.h"

namespace gander::report {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kGathered = 256 << 10;    // written at once
constexpr std::size_t kReadAhead = 1 << 20;
constexpr auto kCursorEvery = std::chrono::seconds(1);
constexpr int kDigits = 20;

// `error` says why not: as errno, ENOSPC where there is none.
bool WriteAll(int fd, std::string_view bytes, int& error) {
  errno = 0;
  if (gander::WriteAll(fd, bytes)) return true;
  error = errno != 0 ? errno : ENOSPC;
  return false;
}

bool SegmentNumber(const std::string& name, std::uint64_t& out) {
  const char* end = name.data() + kDigits;
  if (name.size() != kDigits + 6 || !name.ends_with(".spool")) return false;
  const auto [stop, error] = std::from_chars(name.data(), end, out);
  return error == std::errc{} && stop == end;
}

Failure Refused(const std::string& path, const char* remedy) {
  return Fail(path, 0, std::string("the spool cannot be used: ") + std::strerror(errno), remedy);
}

}  // namespace

std::string Spool::PathOf(std::uint64_t number) const {
  char name[kDigits + 8];
  std::snprintf(name, sizeof name, "%020llu.spool", static_cast<unsigned long long>(number));
  return options_.directory + "/" + name;
}

Result<std::unique_ptr<Spool>> Spool::Open(const SpoolOptions& options) {
  std::unique_ptr<Spool> spool(new Spool(options));
  std::error_code error;
  std::filesystem::create_directories(options.directory, error);
  spool->lock_.Reset(::open((options.directory + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (!spool->lock_.open()) return Refused(options.directory, "make the folder, and let this user write there");
  if (::flock(spool->lock_.fd(), LOCK_EX | LOCK_NB) != 0) {
    return Fail(options.directory, 0, "another sensor uses this spool", "give each sensor, and each output, its own");
  }
  if (auto loaded = spool->Load(); !loaded) return Failure(loaded.error());
  return spool;
}

Result<bool> Spool::Load() {
  const std::string cursor = options_.directory + "/cursor";
  {
    std::ifstream in(cursor);
    in >> committed_.segment >> committed_.offset;
    if (!in) committed_ = {};
  }
  cursor_.Reset(::open(cursor.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0640));
  if (!cursor_.open()) return Refused(cursor, "let this user write there");
  std::vector<std::uint64_t> numbers;
  for (const auto& entry : std::filesystem::directory_iterator(options_.directory)) {
    std::uint64_t number = 0;
    if (SegmentNumber(entry.path().filename().string(), number)) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  for (const std::uint64_t number : numbers) {
    const std::uint64_t mark = number == committed_.segment ? committed_.offset : 0;
    const SpoolScan scan = ScanSpoolSegment(PathOf(number), mark);
    const Segment segment{number, scan.bytes, {scan.high, scan.low}, false};
    if (number < committed_.segment || scan.high + scan.low == 0) {
      ::unlink(PathOf(number).c_str());
      continue;
    }
    (void)!::truncate(PathOf(number).c_str(), static_cast<off_t>(scan.bytes));  // a torn tail
    if (segments_.empty()) {
      const bool resumes = number == committed_.segment && scan.mark_is_edge;
      read_ = committed_ = {number, resumes ? mark : kSpoolMagic.size()};
      if (resumes) read_of_segment_ = {scan.before_high, scan.before_low};
    }
    segments_.push_back(segment);
    bytes_ += scan.bytes;
    waiting_ += scan.high + scan.low;
  }
  waiting_ -= read_of_segment_.sum();
  int error = 0;
  if (!NewSegment(error)) {
    errno = error;
    return Refused(options_.directory, "let this user write there");
  }
  return true;
}

Spool::~Spool() {
  if (dirty_) ::fdatasync(writer_.fd());
  if (waiting_ == 0) {
    for (const Segment& s : segments_) ::unlink(PathOf(s.number).c_str());
  }
  if (cursor_.open()) SaveCursor();
}

bool Spool::NewSegment(int& error) {
  const std::uint64_t number =
      segments_.empty() ? committed_.segment + 1 : segments_.back().number + 1;
  const int fd = ::open(PathOf(number).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (fd < 0 || !WriteAll(fd, kSpoolMagic, error)) {
    if (fd < 0) error = errno;
    if (fd >= 0) ::close(fd);
    return false;
  }
  if (writer_.open()) ::fdatasync(writer_.fd());
  writer_.Reset(fd);
  if (segments_.empty()) read_ = committed_ = {number, kSpoolMagic.size()};
  segments_.push_back({number, kSpoolMagic.size(), {}, false});
  bytes_ += kSpoolMagic.size();
  return true;
}

std::size_t Spool::Append(const EventBatch& batch, std::size_t from, LostEvents& lost, int& error) {
  std::string gathered;
  LostEvents count;
  std::size_t taken = from;
  for (std::size_t i = from; i < batch.lines.size(); ++i) {
    const EventLine& line = batch.lines[i];
    const std::uint64_t size = kSpoolHeader + line.length;
    while (bytes_ + gathered.size() + size > options_.size && MakeRoom(lost)) {
    }
    if (bytes_ + gathered.size() + size > options_.size || line.length == 0 || line.length > kMaxSpoolText) {
      ++(line.high ? lost.high : lost.low);
      continue;
    }
    AppendSpoolRecord({line.key, line.high, batch.line(i)}, gathered);
    ++(line.high ? count.high : count.low);
    if (gathered.size() < kGathered) continue;
    if (!WriteOut(gathered, count, error)) return taken;
    taken = i + 1;
  }
  return WriteOut(gathered, count, error) ? batch.lines.size() : taken;
}

// All of it or nothing.
bool Spool::WriteOut(std::string& bytes, LostEvents& count, int& error) {
  if (bytes.empty()) return true;
  if (segments_.back().bytes + bytes.size() > options_.segment && segments_.back().events.sum() > 0 &&
      !NewSegment(error)) {
    return false;
  }
  Segment& last = segments_.back();
  if (!WriteAll(writer_.fd(), bytes, error)) {
    (void)!::ftruncate(writer_.fd(), static_cast<off_t>(last.bytes));
    (void)::lseek(writer_.fd(), static_cast<off_t>(last.bytes), SEEK_SET);
    return false;
  }
  last.bytes += bytes.size();
  last.events.high += count.high;
  last.events.low += count.low;
  bytes_ += bytes.size();
  waiting_ += count.sum();
  dirty_ = true;
  bytes.clear();
  count = {};
  return true;
}

bool Spool::MakeRoom(LostEvents& lost) {
  // Those between the one that is read, whose events may be under way, and the one that is written.
  const auto free = [this](const Segment& s) { return s.number > read_.segment && s.number < segments_.back().number; };
  for (Segment& s : segments_) {
    if (free(s) && !s.compact) return Compact(s, lost);
  }
  const auto oldest = std::find_if(segments_.begin(), segments_.end(), free);
  if (oldest == segments_.end()) return false;
  lost.high += oldest->events.high;
  lost.low += oldest->events.low;
  waiting_ -= oldest->events.sum();
  Remove(*oldest);
  segments_.erase(oldest);
  return true;
}

// Rewrites a segment without its events of low priority.
bool Spool::Compact(Segment& segment, LostEvents& lost) {
  const std::string path = PathOf(segment.number), beside = path + ".new";
  std::string kept(kSpoolMagic);
  LostEvents stays;
  {
    std::ifstream in(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    SpoolRecord record;
    std::size_t size = 0, at = kSpoolMagic.size();
    while (at < bytes.size() &&
           ReadSpoolRecord(std::string_view(bytes).substr(at), record, size) == SpoolRead::kRecord) {
      if (record.high) AppendSpoolRecord(record, kept), ++stays.high;
      at += size;
    }
  }
  segment.compact = true;
  int error = 0;
  Socket out(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  if (!out.open() || !WriteAll(out.fd(), kept, error) || ::fdatasync(out.fd()) != 0 ||
      ::rename(beside.c_str(), path.c_str()) != 0) {
    ::unlink(beside.c_str());
    return true;  // it will go as a whole
  }
  lost.low += segment.events.low;
  lost.high += segment.events.high - stays.high;
  waiting_ -= segment.events.sum() - stays.sum();
  bytes_ -= segment.bytes - kept.size();
  segment.bytes = kept.size();
  segment.events = stays;
  return true;
}

const Spool::Segment* Spool::Reading() const noexcept {
  for (const Segment& s : segments_) {
    if (s.number >= read_.segment) return &s;
  }
  return nullptr;
}

bool Spool::unread() const noexcept {
  const Segment* s = Reading();
  return s != nullptr && (s->number < segments_.back().number || s->number > read_.segment || read_.offset < s->bytes);
}

// Bytes from read_ on into the buffer, at least `want` of them if the segment has so many.
bool Spool::FillBuffer(std::size_t want) {
  if (reader_of_ != read_.segment || !reader_.open()) {
    reader_.Reset(::open(PathOf(read_.segment).c_str(), O_RDONLY | O_CLOEXEC));
    reader_of_ = read_.segment;
    buffer_.clear();
    buffer_at_ = read_.offset;
  }
  buffer_.erase(0, std::min<std::uint64_t>(read_.offset - buffer_at_, buffer_.size()));
  buffer_at_ = read_.offset;
  while (reader_.open() && buffer_.size() < want) {
    const std::size_t have = buffer_.size();
    buffer_.resize(std::max(want, have + kReadAhead));
    const ssize_t n =
        ::pread(reader_.fd(), buffer_.data() + have, buffer_.size() - have, static_cast<off_t>(buffer_at_ + have));
    buffer_.resize(have + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
  }
  return buffer_.size() >= want;
}

bool Spool::Next(Item& out, LostEvents& lost) {
  for (;;) {
    const Segment* s = Reading();
    if (s == nullptr) return false;
    if (s->number > read_.segment) {
      read_ = {s->number, kSpoolMagic.size()};
      read_of_segment_ = {};
    }
    SpoolRecord record;
    std::size_t size = kSpoolHeader;
    if (read_.offset < s->bytes) {
      const std::size_t skip = static_cast<std::size_t>(read_.offset - buffer_at_);
      SpoolRead read = SpoolRead::kNeedMore;
      if (reader_of_ == read_.segment && skip <= buffer_.size()) {
        read = ReadSpoolRecord(std::string_view(buffer_).substr(skip), record, size);
      }
      while (read == SpoolRead::kNeedMore && FillBuffer(size)) read = ReadSpoolRecord(buffer_, record, size);
      if (read == SpoolRead::kRecord) {
        read_.offset += size;
        ++(record.high ? read_of_segment_.high : read_of_segment_.low);
        out.key = record.key;
        out.high = record.high;
        out.text = record.text;
        out.end = read_;
        return true;
      }
      // Damaged: what follows in this segment cannot be found.
      const LostEvents rest{s->events.high - read_of_segment_.high, s->events.low - read_of_segment_.low};
      lost.high += rest.high;
      lost.low += rest.low;
      waiting_ -= rest.sum();
      read_.offset = s->bytes;
    }
    if (s->number == segments_.back().number) return false;
    read_ = {s->number + 1, kSpoolMagic.size()};
    read_of_segment_ = {};
  }
}

void Spool::Commit(const Place& end) {
  committed_ = end;
  if (waiting_ > 0) --waiting_;
  while (!segments_.empty() && segments_.front().number < committed_.segment) {
    Remove(segments_.front());
    segments_.pop_front();
  }
  cursor_dirty_ = true;
}

void Spool::Remove(const Segment& segment) {
  ::unlink(PathOf(segment.number).c_str());
  bytes_ -= segment.bytes;
}

void Spool::SaveCursor() {
  char text[64];
  const int n = std::snprintf(text, sizeof text, "%020llu %020llu\n", static_cast<unsigned long long>(committed_.segment),
                              static_cast<unsigned long long>(committed_.offset));
  (void)!::pwrite(cursor_.fd(), text, static_cast<std::size_t>(n), 0);
  cursor_dirty_ = false;
}

void Spool::Tick() {
  const Clock::time_point now = Clock::now();
  if (cursor_dirty_ && now - last_cursor_ >= kCursorEvery) {
    last_cursor_ = now;
    SaveCursor();
  }
  if (!dirty_ || options_.fsync_ms == 0 || now - last_sync_ < std::chrono::milliseconds(options_.fsync_ms)) return;
  last_sync_ = now;
  dirty_ = false;
  ::fdatasync(writer_.fd());
}

}  // namespace gander::report

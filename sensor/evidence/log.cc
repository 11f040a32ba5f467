// SPDX-License-Identifier: Apache-2.0
#include "evidence/log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace gander::evidence {
namespace {

constexpr std::int64_t kSecondsOfDay = 86'400;

// Signed and on the disk, or not at all.
bool AppendNote(const std::string& directory, const std::string& note) {
  const std::string path = CheckpointsPath(directory);
  File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644));
  struct stat info {};
  if (!file.is_open() || ::fstat(file.fd(), &info) != 0) return false;
  if (WriteAll(file.fd(), note) && ::fsync(file.fd()) == 0) return true;
  (void)!::ftruncate(file.fd(), info.st_size);
  return false;
}

bool WriteLeaves(const Segment& segment, const std::string& path, std::uint64_t& records) {
  LineReader reader(segment.path);
  std::string_view line;
  std::string bytes;
  for (bool whole = false; reader.Next(line, whole) && whole; ++records) {
    const Hash leaf = LeafHash(line);
    bytes.append(reinterpret_cast<const char*>(leaf.data()), leaf.size());
  }
  return reader.is_open() && ReplaceFile(path, bytes);
}

}  // namespace

bool Log::OpenSegment(std::uint64_t first, bool fresh) {
  const std::string path = RecordsPath(options_.directory, first);
  const int flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_CREAT | (fresh ? O_EXCL : 0);
  File next(::open(path.c_str(), flags, 0640));
  struct stat info {};
  if (!next.is_open() || ::fstat(next.fd(), &info) != 0) return false;
  segment_ = std::move(next);
  segment_first_ = first;
  offset_ = static_cast<std::uint64_t>(info.st_size);
  return SyncDirectory(options_.directory);
}

bool Log::Append(Kind kind, std::string_view body) {
  if (offset_ >= options_.segment_bytes) {
    const std::uint64_t full = offset_;
    if (::fdatasync(segment_.fd()) != 0 || !OpenSegment(size(), true)) return false;
    closed_bytes_ += full;
  }
  const Timestamp now = clock_();
  std::string line = RecordLine(size(), previous_, now, kind, kind == Kind::kEvent ? state_ : kNoState, body);
  if (line.size() >= kMostLineBytes) return true;  // no event comes near it; a line that no reader takes helps nobody
  const Hash leaf = LeafHash(line);
  line += '\n';
  if (!WriteAll(segment_.fd(), line)) {
    const int error = errno;
    (void)!::ftruncate(segment_.fd(), static_cast<off_t>(offset_));
    errno = error;
    return false;
  }
  offset_ += line.size();
  if (size() == sealed_) first_unsealed_ = now;
  if (kind == Kind::kState || kind == Kind::kStart) state_ = size();
  frontier_.Append(leaf);
  previous_ = leaf;
  return true;
}

bool Log::SealDue() const {
  const std::uint64_t open = size() - sealed_;
  if (open == 0) return false;
  return open >= options_.checkpoint_records ||
         clock_() - first_unsealed_ >= Duration::Seconds(options_.checkpoint_interval_s);
}

std::string Log::Seal() {
  if (size() == sealed_ || ::fdatasync(segment_.fd()) != 0) return {};
  const Checkpoint checkpoint{options_.origin, size(), frontier_.Root(), {"time " + FormatEveTime(clock_())}};
  const std::string note = Sign(checkpoint, key_);
  if (note.empty() || !AppendNote(options_.directory, note)) return {};
  SaveFrontier();  // of the size that was signed, before the record that tells of it
  sealed_ = size();
  const std::string body =
      "{\"size\":" + std::to_string(checkpoint.size) + ",\"root\":\"" + ToHex(checkpoint.root) + "\"}";
  // It is signed with the records that follow: alone it is no reason for another checkpoint.
  if (Append(Kind::kCheckpoint, body)) sealed_ = size();
  return note;
}

// Not evidence: where the tree stood at the last checkpoint, checked against it when it is read.
void Log::SaveFrontier() const {
  std::string text = "gander-evidence-frontier-1\n" + std::to_string(size()) + "\n" + ToHex(previous_) + "\n" +
                     std::to_string(segment_first_) + "\n" + std::to_string(offset_) + "\n" +
                     (state_ == kNoState ? std::string("-") : std::to_string(state_)) + "\n";
  for (const Hash& root : frontier_.roots()) text += ToHex(root) + "\n";
  (void)ReplaceFile(FrontierPath(options_.directory), text);  // without it the next start reads the whole log
}

std::uint64_t Log::Retain() {
  if (options_.retention_days == 0) return 0;
  const auto segments = ListSegments(options_.directory);
  if (!segments) return 0;
  const std::int64_t oldest = clock_().ns / kNanosPerSecond - options_.retention_days * kSecondsOfDay;
  std::uint64_t deleted = 0;
  for (const Segment& segment : *segments) {
    struct stat info {};
    if (segment.leaves_only || segment.first == segment_first_) continue;
    if (::stat(segment.path.c_str(), &info) != 0 || info.st_mtim.tv_sec >= oldest) break;
    std::uint64_t records = 0;
    if (!WriteLeaves(segment, LeavesPath(options_.directory, segment.first), records)) break;
    const std::string body = "{\"first\":" + std::to_string(segment.first) +
                             ",\"records\":" + std::to_string(records) +
                             ",\"days\":" + std::to_string(options_.retention_days) + "}";
    if (!Append(Kind::kRetention, body)) break;
    ::unlink(segment.path.c_str());
    closed_bytes_ -= std::min<std::uint64_t>(closed_bytes_, static_cast<std::uint64_t>(info.st_size));
    deleted += records;
  }
  return deleted;
}

}  // namespace gander::evidence

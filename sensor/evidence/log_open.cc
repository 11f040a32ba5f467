// SPDX-License-Identifier: Apache-2.0
// Taking up a log: what an earlier run left is read back, checked against its last checkpoint, and continued or set
// aside.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <optional>

#include "evidence/log.h"

namespace gander::evidence {
namespace {

constexpr std::uint64_t kMostFrontierBytes = 64 << 10;

struct LastCheckpoint {
  bool any = false;  // there are checkpoints
  std::uint64_t whole_bytes = 0, torn_bytes = 0;  // of their file
  std::optional<Checkpoint> good;
};

LastCheckpoint ReadLast(const std::string& directory, const PublicKey& key) {
  LastCheckpoint last;
  std::string text;
  std::string_view rest;
  if (!ReadFile(CheckpointsPath(directory), text, kMostNotesBytes)) return last;
  const auto notes = SplitNotes(text, rest);
  last.any = !text.empty();
  last.whole_bytes = WholeNotesEnd(text);
  last.torn_bytes = text.size() - last.whole_bytes;
  for (auto note = notes.rbegin(); note != notes.rend() && !last.good; ++note) {
    Checkpoint checkpoint;
    if (ReadNote(*note, key, checkpoint) == NoteStatus::kGood) last.good = std::move(checkpoint);
  }
  return last;
}

struct Saved {
  std::uint64_t size = 0, segment = 0, offset = 0, state = kNoState;
  Hash previous{};
  std::vector<Hash> roots;
};

std::optional<std::uint64_t> Number(const std::string& text) {
  std::uint64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return n;
}

std::optional<Saved> ReadFrontier(const std::string& path) {
  std::string text;
  if (!ReadFile(path, text, kMostFrontierBytes)) return std::nullopt;
  std::vector<std::string> lines;
  for (std::size_t at = 0, end; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
    lines.push_back(text.substr(at, end - at));
  }
  if (lines.size() < 6 || lines[0] != "gander-evidence-frontier-1") return std::nullopt;
  const auto size = Number(lines[1]), segment = Number(lines[3]), offset = Number(lines[4]);
  const auto previous = FromHex(lines[2]);
  const auto state = lines[5] == "-" ? kNoState : Number(lines[5]);
  if (!size || !segment || !offset || !previous || !state) return std::nullopt;
  Saved saved{*size, *segment, *offset, *state, *previous, {}};
  for (std::size_t i = 6; i < lines.size(); ++i) {
    const auto root = FromHex(lines[i]);
    if (!root) return std::nullopt;
    saved.roots.push_back(*root);
  }
  return saved;
}

// The size of the checkpoint that a record of that kind tells of; 0 when it names none.
std::uint64_t SizeTold(std::string_view line) noexcept {
  constexpr std::string_view kMember = "\"body\":{\"size\":";
  const std::size_t at = line.find(kMember);
  std::uint64_t size = 0;
  if (at != std::string_view::npos) {
    std::from_chars(line.data() + at + kMember.size(), line.data() + line.size(), size);
  }
  return size;
}

std::uint64_t SizeOf(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
}

}  // namespace

struct Log::Found {
  std::string trouble;           // why it cannot be continued; empty = it can
  std::uint64_t torn_bytes = 0;  // of a last line or note without an end
  std::uint64_t told = 0;        // size of the last checkpoint that a record tells of
  std::optional<Checkpoint> last;
};

// Records of `segments` from `from`, where `offset` bytes of its segment are read already, into the tree.
bool Log::ReadSegments(const std::vector<Segment>& segments, std::uint64_t from, std::uint64_t offset, Found& found) {
  const auto trouble = [&](std::string text) {
    found.trouble = std::move(text);
    return false;
  };
  const auto root_differs = [&] {
    return found.last && size() == found.last->size && frontier_.Root() != found.last->root;
  };
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Segment& segment = segments[i];
    if (segment.first < from) continue;
    const std::uint64_t start = segment.first == from ? offset : 0;
    if (start == 0 && segment.first != size()) return trouble("records before " + segment.path + " are missing");
    if (segment.leaves_only) {
      for (const Hash& leaf : ReadLeaves(segment.path)) {
        frontier_.Append(leaf);
        previous_ = leaf;
      }
      continue;
    }
    LineReader reader(segment.path, start);
    std::uint64_t good = start;
    std::string_view line;
    for (bool whole = false; reader.Next(line, whole); good = reader.offset()) {
      if (!whole && i + 1 == segments.size()) {
        found.torn_bytes = reader.offset() - good;
        break;
      }
      const auto head = ReadHead(line);
      if (!head || head->sequence != size() || head->previous != previous_) {
        return trouble("record " + std::to_string(size()) + " does not fit the one before it");
      }
      if (head->kind == NameOf(Kind::kCheckpoint)) found.told = std::max(found.told, SizeTold(line));
      if (head->kind == NameOf(Kind::kState) || head->kind == NameOf(Kind::kStart)) state_ = size();
      previous_ = LeafHash(line);
      frontier_.Append(previous_);
      if (root_differs()) return trouble("the records do not match the last checkpoint");
    }
    if (found.torn_bytes > 0 && ::truncate(segment.path.c_str(), static_cast<off_t>(good)) != 0) {
      return trouble(std::string("its torn end cannot be cut: ") + std::strerror(errno));
    }
    closed_bytes_ += good;
  }
  return true;
}

Log::Found Log::ReadBack() {
  Found found;
  const LastCheckpoint last = ReadLast(options_.directory, key_.public_key());
  found.last = last.good;
  const auto segments = ListSegments(options_.directory);
  if (!segments) {
    found.trouble = segments.error().cause;
    return found;
  }
  if (last.any && !last.good) {
    found.trouble = "no checkpoint is signed by this key";
    return found;
  }
  if (last.good && last.good->origin != options_.origin) {
    found.trouble = "it is the log of " + last.good->origin;
    return found;
  }
  const auto saved = ReadFrontier(FrontierPath(options_.directory));
  std::uint64_t from = 0, offset = 0;
  if (saved && last.good && saved->size == last.good->size &&
      saved->offset <= SizeOf(RecordsPath(options_.directory, saved->segment))) {
    auto frontier = Frontier::From(saved->size, saved->roots);
    if (frontier && frontier->Root() == last.good->root) {
      frontier_ = std::move(*frontier);
      previous_ = saved->previous;
      state_ = saved->state;
      from = saved->segment;
      offset = saved->offset;
    }
  }
  for (const Segment& segment : *segments) {
    if (segment.first < from && !segment.leaves_only) closed_bytes_ += SizeOf(segment.path);
  }
  if (!ReadSegments(*segments, from, offset, found)) return found;
  if (last.good && size() < last.good->size) {
    found.trouble = "it ends before its last checkpoint: " + std::to_string(size()) + " of " +
                    std::to_string(last.good->size) + " records";
    return found;
  }
  sealed_ = last.good ? last.good->size : 0;
  if (found.told > sealed_) {
    found.trouble = "the checkpoint over " + std::to_string(found.told) + " records that it tells of is gone";
    return found;
  }
  // A note that was cut while it was written: no record tells of it yet.
  if (last.torn_bytes > 0) {
    if (::truncate(CheckpointsPath(options_.directory).c_str(), static_cast<off_t>(last.whole_bytes)) != 0) {
      found.trouble = std::string("its torn checkpoint cannot be cut: ") + std::strerror(errno);
      return found;
    }
    found.torn_bytes += last.torn_bytes;
  }
  segment_first_ = segments->empty() || segments->back().leaves_only ? size() : segments->back().first;
  return found;
}

bool Log::SetAside(const std::string& why) {
  std::error_code error;
  std::string name;
  for (int n = 1; name.empty() && n < 10'000; ++n) {
    const std::string candidate = options_.directory + "/set-aside-" + std::to_string(n);
    if (std::filesystem::create_directory(candidate, error)) name = candidate;
  }
  if (name.empty()) return false;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(options_.directory, error)) {
    if (entry.is_regular_file(error) && entry.path().filename() != "lock") files.push_back(entry.path());
  }
  for (const auto& file : files) {
    std::filesystem::rename(file, std::filesystem::path(name) / file.filename(), error);
    if (error) return false;
  }
  frontier_ = {};
  previous_ = {};
  state_ = kNoState;
  segment_first_ = offset_ = closed_bytes_ = sealed_ = 0;
  warnings_.push_back(options_.directory + ": the evidence log cannot be continued: " + why + "; it lies in " + name +
                      " now, and a new one begins");
  return true;
}

Result<bool> Log::Begin(const std::string& identity) {
  Found found = ReadBack();
  const std::string trouble = found.trouble;
  if (!trouble.empty() && !SetAside(trouble)) {
    return Fail(options_.directory, 0, "the evidence log cannot be continued: " + trouble,
                "move what is there to another place and keep it for examination");
  }
  if (!OpenSegment(segment_first_, false)) {
    return Fail(options_.directory, 0, std::string("evidence cannot be written: ") + std::strerror(errno),
                "name a folder in evidence.directory that this user may write to");
  }
  closed_bytes_ -= std::min(closed_bytes_, offset_);
  (void)ReplaceFile(PublicKeyPath(options_.directory), key_.public_key().ToPem());
  ::chmod(PublicKeyPath(options_.directory).c_str(), 0644);

  std::string body = "{\"origin\":\"" + options_.origin + "\",\"key\":\"" +
                     VerifierKey(options_.origin, key_.public_key()) + "\"";
  if (!identity.empty()) body += "," + identity;
  if (found.torn_bytes > 0) body += ",\"torn_bytes\":" + std::to_string(found.torn_bytes);
  if (!trouble.empty() && found.last) {
    body += ",\"set_aside\":{\"size\":" + std::to_string(found.last->size) + ",\"root\":\"" +
            ToHex(found.last->root) + "\"}";
  }
  if (Append(Kind::kStart, body + "}")) return true;
  return Fail(options_.directory, 0, std::string("evidence cannot be written: ") + std::strerror(errno),
              "make room on that disk");
}

Result<Log> Log::Open(const Options& options, SigningKey key, Clock clock, const std::string& identity) {
  if (!IsOrigin(options.origin)) {
    return Fail("evidence.origin", 0, "`" + options.origin + "` cannot be the name of a log",
                "use letters, digits, - and /, no white space and no +, e.g. gander/branch-office");
  }
  std::error_code error;
  if (std::filesystem::create_directories(options.directory, error)) ::chmod(options.directory.c_str(), 0750);
  Log log(options, std::move(key), std::move(clock));
  log.lock_ = File(::open((options.directory + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!log.lock_.is_open()) {
    return Fail(options.directory, 0, std::string("cannot be used for evidence: ") + std::strerror(errno),
                "name a folder in evidence.directory that this user may make and write to");
  }
  if (::flock(log.lock_.fd(), LOCK_EX | LOCK_NB) != 0) {
    return Fail(options.directory, 0, "another sensor writes evidence there",
                "give each sensor an evidence.directory of its own");
  }
  if (auto begun = log.Begin(identity); !begun) return Failure(begun.error());
  return log;
}

}  // namespace gander::evidence

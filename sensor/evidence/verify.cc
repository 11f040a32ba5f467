// SPDX-License-Identifier: Apache-2.0
#include "evidence/verify.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>

#include "base/file.h"
#include "evidence/log_files.h"
#include "evidence/record.h"

namespace gander::evidence {
namespace {

// A running sensor goes on writing while its log is examined: what has no end yet gets one within this time.
constexpr std::chrono::milliseconds kWriting{200};
constexpr std::uint64_t kMostJump = std::uint64_t{1} << 24;  // a sequence further ahead is no sequence

struct Slot {
  Hash leaf{}, previous{};
  std::uint32_t segment = 0, line = 0;
  bool present = false, hash_only = false;
};

struct ToldCheckpoint {
  std::uint64_t sequence = 0, size = 0;
  Hash root{};
};

std::string Range(std::uint64_t first, std::uint64_t last) {
  return first == last ? "record " + std::to_string(first)
                       : "records " + std::to_string(first) + " to " + std::to_string(last);
}

// `"name":` and a number or a word, in a body of our own making.
bool Member(std::string_view body, std::string_view name, std::string_view& out) {
  const std::string key = "\"" + std::string(name) + "\":";
  const std::size_t at = body.find(key);
  if (at == std::string_view::npos) return false;
  out = body.substr(at + key.size());
  if (out.starts_with('"')) out.remove_prefix(1);
  out = out.substr(0, out.find_first_of("\",}"));
  return true;
}
bool Member(std::string_view body, std::string_view name, std::uint64_t& out) {
  std::string_view text;
  if (!Member(body, name, text)) return false;
  return std::from_chars(text.data(), text.data() + text.size(), out).ec == std::errc();
}

// The line at `offset` had no end and has one now.
bool WasBeingWritten(const std::string& path, std::uint64_t offset) {
  std::this_thread::sleep_for(kWriting);
  LineReader reader(path, offset);
  std::string_view line;
  bool whole = false;
  return reader.Next(line, whole) && whole;
}

// The file of checkpoints, and again where its last one has no end.
bool ReadNotes(const std::string& directory, std::string& notes) {
  const std::string path = CheckpointsPath(directory);
  if (!ReadFile(path, notes, kMostNotesBytes)) return false;
  if (WholeNotesEnd(notes) == notes.size()) return true;
  std::this_thread::sleep_for(kWriting);
  return ReadFile(path, notes, kMostNotesBytes);
}

class Examination {
 public:
  Examination(const PublicKey& key, Verified& out) : key_(key), out_(out) {}

  Result<bool> Run(const std::string& directory, const std::string& witness) {
    auto segments = ListSegments(directory);
    if (!segments) return Failure(segments.error());
    segments_ = std::move(*segments);
    std::string notes;
    // Before the records: all that they sign is on the disk already.
    const bool any_notes = ReadNotes(directory, notes);
    if (segments_.empty() && !any_notes) {
      return Fail(directory, 0, "holds no evidence log", "name the folder that evidence.directory names");
    }
    for (std::size_t i = 0; i < segments_.size(); ++i) ReadSegment(i);
    FindMissing();
    CheckLinks();
    CheckNotes(notes, "checkpoints", out_.checkpoints);
    if (!witness.empty()) CheckNotes(witness, "witness", out_.witnesses);
    CheckTold(directory);
    Conclude();
    return true;
  }

 private:
  void Report(FaultKind kind, std::string file, std::uint64_t line, std::uint64_t first, std::uint64_t last,
              std::string text) {
    damaged_.emplace_back(first, last);
    if (out_.faults.size() < kMostFaults) {
      out_.faults.push_back({kind, std::move(file), line, first, last, std::move(text)});
    } else {
      ++out_.more_faults;
    }
  }
  std::string FileOf(std::size_t segment) const {
    return std::filesystem::path(segments_[segment].path).filename().string();
  }
  void ReportSlot(FaultKind kind, std::uint64_t sequence, std::string text) {
    const Slot& slot = slots_[sequence];
    Report(kind, FileOf(slot.segment), slot.line, sequence, sequence, std::move(text));
  }

  void ReadSegment(std::size_t index) {
    const Segment& segment = segments_[index];
    if (segment.leaves_only) return ReadHashes(index);
    LineReader reader(segment.path);
    std::string_view line;
    if (!reader.is_open()) {
      Report(FaultKind::kMalformed, FileOf(index), 0, segment.first, segment.first, "cannot be read");
    }
    std::uint64_t begin = 0;
    for (bool whole = false; reader.Next(line, whole); begin = reader.offset()) {
      if (!whole && index + 1 == segments_.size() && WasBeingWritten(segment.path, begin)) return;
      ReadLine(index, reader.line_number(), line, whole);
    }
  }

  void ReadHashes(std::size_t index) {
    for (const Hash& leaf : ReadLeaves(segments_[index].path)) {
      if (next_ >= slots_.size()) slots_.resize(next_ + 1);
      slots_[next_] = {leaf, {}, static_cast<std::uint32_t>(index), 0, true, true};
      ++next_;
      ++out_.deleted;
    }
    deleted_segments_.push_back(segments_[index].first);
  }

  void ReadLine(std::size_t segment, std::uint64_t number, std::string_view line, bool whole) {
    const auto head = ReadHead(line);
    if (!head || !whole || head->sequence > next_ + kMostJump) {
      Report(FaultKind::kMalformed, FileOf(segment), number, next_, next_,
             whole ? "the line is no record; record " + std::to_string(next_) + " is expected here"
                   : "the last line has no end: it was being written, or cut");
      return;
    }
    const std::uint64_t s = head->sequence;
    if (s >= slots_.size()) slots_.resize(s + 1);
    Slot& slot = slots_[s];
    if (slot.present) {
      Report(FaultKind::kInserted, FileOf(segment), number, s, s,
             "a second record " + std::to_string(s) + "; the first is line " + std::to_string(slot.line) + " of " +
                 FileOf(slot.segment));
      return;
    }
    slot = {LeafHash(line), head->previous, static_cast<std::uint32_t>(segment), static_cast<std::uint32_t>(number),
            true, false};
    if (s < next_) {
      ReportSlot(FaultKind::kMoved, s, "record " + std::to_string(s) + " stands behind record " +
                                           std::to_string(next_ - 1));
    }
    next_ = std::max(next_, s + 1);
    Note(*head);
  }

  void Note(const RecordHead& head) {
    ++out_.kinds[std::string(head.kind)];
    if (out_.first_time.empty()) out_.first_time = head.time;
    out_.last_time = head.time;
    if (head.kind == NameOf(Kind::kStart)) {
      out_.unclean_ends += running_ ? 1 : 0;
      running_ = true;
    } else if (head.kind == NameOf(Kind::kStop)) {
      running_ = false;
    } else if (head.kind == NameOf(Kind::kLost)) {
      std::uint64_t lost = 0;
      if (Member(head.body, "records", lost)) out_.lost += lost;
    } else if (head.kind == NameOf(Kind::kRetention)) {
      std::uint64_t first = 0;
      if (Member(head.body, "first", first)) retained_ = std::max(retained_.value_or(0), first);
    } else if (head.kind == NameOf(Kind::kCheckpoint)) {
      ToldCheckpoint told{head.sequence, 0, {}};
      std::string_view root;
      if (!Member(head.body, "size", told.size) || !Member(head.body, "root", root)) return;
      if (const auto hash = FromHex(root)) {
        told.root = *hash;
        told_.push_back(told);
      }
    }
  }

  void FindMissing() {
    slots_.resize(next_);
    for (std::uint64_t s = 0; s < next_; ++s) {
      if (slots_[s].present) continue;
      std::uint64_t last = s;
      while (last + 1 < next_ && !slots_[last + 1].present) ++last;
      const std::size_t behind = slots_[last + 1].segment;  // the last slot is always present
      Report(FaultKind::kMissing, FileOf(behind), slots_[last + 1].line, s, last,
             Range(s, last) + (s == last ? " is" : " are") + " missing before this line");
      s = last;
    }
    // Segments go in order, so the last retention record speaks for those before it, whose own may be gone with them.
    for (std::uint64_t first : deleted_segments_) {
      if (retained_ && first <= *retained_) continue;
      Report(FaultKind::kMissing, std::filesystem::path(LeavesPath("", first)).filename().string(), 0, first, first,
             "records from " + std::to_string(first) + " on were deleted without a retention record");
    }
  }

  // Does record s name the one before it?
  bool Linked(std::uint64_t s) const {
    if (slots_[s].hash_only || !slots_[s].present) return true;
    if (s == 0) return slots_[0].previous == Hash{};
    return !slots_[s - 1].present || slots_[s].previous == slots_[s - 1].leaf;
  }

  // One broken link means that the earlier record was altered; two around a record, that this one was.
  void CheckLinks() {
    for (std::uint64_t s = 0; s < next_; ++s) {
      if (Linked(s)) continue;
      const bool self = s == 0 || (s + 1 < next_ && slots_[s + 1].present && !Linked(s + 1));
      const std::uint64_t altered = self ? s : s - 1;
      ReportSlot(FaultKind::kAltered, altered,
                 "record " + std::to_string(altered) + " was altered: " +
                     (altered + 1 < next_ ? "record " + std::to_string(altered + 1) + " names another hash"
                                          : "it does not name the record before it"));
      if (self) ++s;
    }
  }

  bool Explained(std::uint64_t first, std::uint64_t end) const {
    return std::any_of(damaged_.begin(), damaged_.end(),
                       [&](const auto& d) { return d.first < end && d.second >= first; });
  }

  void CheckNotes(std::string_view text, const std::string& file, std::uint64_t& good) {
    std::string_view rest;
    const auto notes = SplitNotes(text, rest);
    Frontier frontier;
    std::uint64_t matched = 0, number = 0;  // `matched`: records under the last checkpoint that fits
    bool broken = false;
    for (const std::string_view note : notes) {
      ++number;
      Checkpoint c;
      const NoteStatus status = ReadNote(note, key_, c);
      if (status != NoteStatus::kGood) {
        ReportNote(status, file, number, c);
        continue;
      }
      if (out_.origin.empty()) out_.origin = c.origin;
      if (c.origin != out_.origin) {
        Report(FaultKind::kUnsigned, file, number, c.size, c.size,
               "checkpoint " + std::to_string(number) + " is of another log, " + c.origin);
        continue;
      }
      signed_.push_back({0, c.size, c.root});
      if (c.size > next_) {
        Report(FaultKind::kMissing, file, number, next_, c.size - 1,
               Range(next_, c.size - 1) + ", signed " + TimeOf(c) + ", " + (c.size - next_ == 1 ? "is" : "are") +
                   " cut off at the end");
        continue;
      }
      if (c.size < frontier.size()) frontier = {};
      while (frontier.size() < c.size) frontier.Append(slots_[frontier.size()].leaf);
      if (frontier.Root() == c.root) {
        matched = c.size;
        ++good;
        if (c.size >= out_.signed_records) {
          out_.signed_records = c.size;
          out_.last_note = note;
          out_.last_checkpoint = c;
        }
      } else if (!broken && !Explained(0, c.size)) {
        broken = true;
        Report(FaultKind::kRewritten, file, number, matched, c.size - 1,
               Range(matched, c.size - 1) + " are not those that were signed " + TimeOf(c) +
                   ": rewritten, with the chain renewed");
      }
    }
    if (!rest.empty()) {
      Report(FaultKind::kMalformed, file, number + 1, 0, 0, "the last checkpoint is cut: it was being written, or cut");
    }
  }

  void ReportNote(NoteStatus status, const std::string& file, std::uint64_t number, const Checkpoint& c) {
    const std::string which = "checkpoint " + std::to_string(number);
    if (status == NoteStatus::kMalformed) {
      Report(FaultKind::kMalformed, file, number, 0, 0, which + " is no checkpoint");
    } else if (status == NoteStatus::kOtherKey) {
      Report(FaultKind::kUnsigned, file, number, c.size, c.size, which + " is not signed by this key");
    } else {
      Report(FaultKind::kAltered, file, number, c.size, c.size, which + " was altered: its signature does not fit");
      altered_.push_back(c.size);
    }
  }

  static std::string TimeOf(const Checkpoint& c) {
    for (const std::string& line : c.extensions) {
      if (line.starts_with("time ")) return "at " + line.substr(5);
    }
    return "at an unknown time";
  }

  bool IsSigned(const ToldCheckpoint& told) const {
    return std::any_of(signed_.begin(), signed_.end(),
                       [&](const ToldCheckpoint& c) { return c.size == told.size && c.root == told.root; });
  }

  // Checkpoints that were signed while the records were read.
  void ReadLaterNotes(const std::string& directory) {
    std::string text;
    std::string_view rest;
    (void)ReadNotes(directory, text);
    for (const std::string_view note : SplitNotes(text, rest)) {
      Checkpoint c;
      if (ReadNote(note, key_, c) == NoteStatus::kGood && c.origin == out_.origin) signed_.push_back({0, c.size, c.root});
    }
  }

  void CheckTold(const std::string& directory) {
    const auto gone = [&](const ToldCheckpoint& told) {
      return !IsSigned(told) && std::find(altered_.begin(), altered_.end(), told.size) == altered_.end();
    };
    std::erase_if(told_, [&](const ToldCheckpoint& told) { return !gone(told); });
    if (!told_.empty()) ReadLaterNotes(directory);
    for (const ToldCheckpoint& told : told_) {
      if (!gone(told)) continue;
      ReportSlot(FaultKind::kNoCheckpoint, told.sequence,
                 "the checkpoint over " + std::to_string(told.size) + " records that this record tells of is gone");
    }
  }

  void Conclude() {
    out_.records = next_;
    out_.leaves.reserve(next_);
    for (const Slot& slot : slots_) out_.leaves.push_back(slot.leaf);
    std::stable_sort(out_.faults.begin(), out_.faults.end(),
                     [](const Fault& a, const Fault& b) { return a.first < b.first; });
  }

  const PublicKey& key_;
  Verified& out_;
  std::vector<Segment> segments_;
  std::vector<Slot> slots_;
  std::uint64_t next_ = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> damaged_;  // sequences that a fault explains
  std::optional<std::uint64_t> retained_;  // first record of the last segment that was deleted
  std::vector<std::uint64_t> deleted_segments_, altered_;  // altered_: sizes of checkpoints
  std::vector<ToldCheckpoint> told_, signed_;
  bool running_ = false;
};

}  // namespace

const char* NameOf(FaultKind kind) noexcept {
  static constexpr const char* kNames[] = {"malformed", "altered",   "missing",  "inserted",
                                           "moved",     "rewritten", "unsigned", "no_checkpoint"};
  return kNames[static_cast<std::size_t>(kind)];
}

Result<Verified> Verify(const std::string& directory, const PublicKey& key, const std::string& witness) {
  Verified out;
  Examination examination(key, out);
  if (auto run = examination.Run(directory, witness); !run) return Failure(run.error());
  return out;
}

}  // namespace gander::evidence

// SPDX-License-Identifier: Apache-2.0
// Writes an evidence log: appends records, grows the tree, signs checkpoints, starts new segments, deletes old ones.
// One thread. What is written reaches the file at once and the disk before each signature.
#ifndef GANDER_EVIDENCE_LOG_H_
#define GANDER_EVIDENCE_LOG_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "base/time.h"
#include "evidence/checkpoint.h"
#include "evidence/log_files.h"
#include "evidence/record.h"

namespace gander::evidence {

struct Options {
  std::string directory;                    // empty = no evidence is kept
  std::string key_file;                     // Ed25519 private key; made at first use
  std::string origin;                       // name of this log in its checkpoints
  std::vector<std::string> types;           // event types recorded
  std::uint64_t segment_bytes = 64u << 20;  // of a file, before the next begins
  std::uint32_t checkpoint_records = 1000;  // at most so many unsigned ones
  std::uint32_t checkpoint_interval_s = 60; // ... for at most so long
  std::uint32_t retention_days = 0;         // older segments are deleted, their hashes kept; 0 = never
  std::uint64_t queue_bytes = 16u << 20;    // records waiting for the disk
};

using Clock = std::function<Timestamp()>;  // of the wall

class Log {
 public:
  // Takes up the log in options.directory, or begins one. Records that a crash has cut are cut away, and the start
  // record says so; a log that does not fit its own last checkpoint is set aside, whole, and a new one begins.
  // `identity` are members for the body of the start record: "\"version\":\"1.0\"". Errors: the folder or the key;
  // another sensor writes there.
  static Result<Log> Open(const Options& options, SigningKey key, Clock clock, const std::string& identity);
  Log(Log&&) noexcept = default;

  // False when the disk refuses: nothing was written then, and it may be tried again.
  bool Append(Kind kind, std::string_view body);
  // A checkpoint over all records; empty when there is nothing new or the disk refuses.
  std::string Seal();
  bool SealDue() const;
  // Deletes segments whose time is over; the number of records deleted.
  std::uint64_t Retain();

  std::uint64_t size() const noexcept { return frontier_.size(); }
  std::uint64_t bytes() const noexcept { return closed_bytes_ + offset_; }
  const std::vector<std::string>& warnings() const noexcept { return warnings_; }

 private:
  Log(Options options, SigningKey key, Clock clock)
      : options_(std::move(options)), key_(std::move(key)), clock_(std::move(clock)) {}
  Result<bool> Begin(const std::string& identity);
  struct Found;
  Found ReadBack();
  bool ReadSegments(const std::vector<Segment>& segments, std::uint64_t from, std::uint64_t offset, Found& found);
  bool SetAside(const std::string& why);
  bool OpenSegment(std::uint64_t first, bool fresh);
  void SaveFrontier() const;

  Options options_;
  SigningKey key_;
  Clock clock_;
  File lock_, segment_;
  std::uint64_t segment_first_ = 0, offset_ = 0, closed_bytes_ = 0;
  Frontier frontier_;
  Hash previous_{};
  std::uint64_t state_ = kNoState;
  std::uint64_t sealed_ = 0;      // size of the last checkpoint
  Timestamp first_unsealed_{};
  std::vector<std::string> warnings_;
};

}  // namespace gander::evidence

#endif  // GANDER_EVIDENCE_LOG_H_

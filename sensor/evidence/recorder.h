// SPDX-License-Identifier: Apache-2.0
// The bounded queue and the thread in front of a log: whoever has something to record never waits for the disk. A disk
// that refuses is tried again; what the queue cannot hold meanwhile is counted, and the log itself says that it is
// missing.
#ifndef GANDER_EVIDENCE_RECORDER_H_
#define GANDER_EVIDENCE_RECORDER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "evidence/log.h"

namespace gander::evidence {

struct Entry {
  Kind kind = Kind::kEvent;
  std::string body;  // one JSON object, no line end
};

struct RecorderCounters {
  std::uint64_t records = 0, lost = 0, failed = 0;  // lost: queue full; failed: attempts that the disk refused
  std::uint64_t checkpoints = 0, deleted = 0;       // deleted: records, by retention
  std::uint64_t log_records = 0, log_bytes = 0;     // of the log, earlier runs included
  Timestamp last_checkpoint;                        // wall clock; 0 = none in this run
};

class Recorder {
 public:
  // `wait_when_full`: offline.
  Recorder(Log log, const Options& options, Clock clock, bool wait_when_full);
  ~Recorder();  // closes

  // All of `entries` or none.
  void Push(std::vector<Entry> entries);
  // Records what is queued, ends the log with a stop record and a checkpoint. counters() and TakeNotes() stay.
  void Close();
  // Checkpoints signed since the last call, whole notes.
  std::vector<std::string> TakeNotes();
  RecorderCounters counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Asks whoever writes the log in `directory` to record `body`, a JSON object, as an audit record: it is taken up within
// seconds, or at the next start. Errors: the folder cannot be written to.
Result<bool> RequestAudit(const std::string& directory, const std::string& body);

}  // namespace gander::evidence

#endif  // GANDER_EVIDENCE_RECORDER_H_

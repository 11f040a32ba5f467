// SPDX-License-Identifier: Apache-2.0
// Events on disk between the sensor and a broker: what is appended is read in its order, and is gone when it was
// committed. What was appended and not committed is read again by the next process (at least once).
//
// Files of `directory`: segments `<20 digits>.spool`, `cursor` (the place committed), `lock`. Data is synchronized
// (fdatasync) every `fsync_ms` and when a segment is full: a crash of the process loses nothing, one of the machine at
// most what is younger than that. Segments take `size` bytes at most, and one segment more while one is rewritten.
#ifndef GANDER_REPORT_SINK_SPOOL_H_
#define GANDER_REPORT_SINK_SPOOL_H_

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "base/result.h"
#include "report/sink/event_batch.h"
#include "report/sink/output_options.h"
#include "report/sink/sink_state.h"
#include "report/sink/socket_io.h"
#include "report/sink/spool_segment.h"

namespace gander::report {

class Spool {
 public:
  struct Place {
    std::uint64_t segment = 0, offset = 0;
  };
  struct Item {
    std::uint64_t key = 0;
    bool high = false;
    std::string text;
    Place end;      // to be committed when it is done with
  };

  // Makes the folder where it is not there. Errors: not writable, held by another sensor.
  static Result<std::unique_ptr<Spool>> Open(const SpoolOptions& options);
  ~Spool();

  // Appends lines from `from` on and returns the first that was not. When the spool is full, room is made: of the oldest
  // segment that is not being read first the events of low priority go, then, when all have lost theirs, the rest of the
  // oldest; `lost` counts them. What then finds no room is lost, too. Short of the end only when the disk is full or
  // refuses: `error` says why.
  std::size_t Append(const EventBatch& batch, std::size_t from, LostEvents& lost, int& error);
  // The next event in order. False when there is none.
  bool Next(Item& out, LostEvents& lost);
  // All up to `end` are done with.
  void Commit(const Place& end);
  // Synchronizes when it is time.
  void Tick();

  std::uint64_t bytes() const noexcept { return bytes_; }
  std::uint64_t events() const noexcept { return waiting_; }  // not committed
  bool unread() const noexcept;

 private:
  struct Segment {
    std::uint64_t number = 0, bytes = 0;
    LostEvents events;         // in it
    bool compact = false;      // without those of low priority
  };

  explicit Spool(SpoolOptions options) : options_(std::move(options)) {}
  Result<bool> Load();
  std::string PathOf(std::uint64_t number) const;
  bool WriteOut(std::string& bytes, LostEvents& count, int& error);
  bool NewSegment(int& error);
  bool MakeRoom(LostEvents& lost);
  bool Compact(Segment& segment, LostEvents& lost);
  bool FillBuffer(std::size_t want);
  void SaveCursor();
  void Remove(const Segment& segment);
  const Segment* Reading() const noexcept;

  const SpoolOptions options_;
  Socket lock_, writer_, reader_, cursor_;
  std::deque<Segment> segments_;  // oldest first; the last is written
  Place read_, committed_;
  std::string buffer_;            // of the segment that is read, from buffer_at_ on
  std::uint64_t buffer_at_ = 0, reader_of_ = 0;
  std::uint64_t bytes_ = 0, waiting_ = 0;
  LostEvents read_of_segment_;    // events of the segment that is read, up to read_
  bool dirty_ = false, cursor_dirty_ = false;
  std::chrono::steady_clock::time_point last_sync_{}, last_cursor_{};
};

}  // namespace gander::report

#endif  // GANDER_REPORT_SINK_SPOOL_H_

// SPDX-License-Identifier: Apache-2.0
// The fleet's PostgreSQL: one connection, whole batches.
#ifndef GANDER_FLEET_DATABASE_H_
#define GANDER_FLEET_DATABASE_H_

#include <memory>
#include <mutex>
#include <span>
#include <string>

#include "fleet/batch.h"

struct pg_conn;
struct pg_cancel;

namespace gander::fleet {

// What fleet.take_batch() says became of a batch.
struct Taken {
  std::int64_t rows = 0, duplicates = 0, refused = 0, events = 0;
};

enum class Outcome : std::uint8_t {
  kDone,
  kAway,     // no connection, no room, a lock: the same again later
  kBadData,  // it will not take one of these, however often it is asked
};

class Database {
 public:
  explicit Database(std::string connection) : connection_(std::move(connection)) {}

  // In one transaction. After kAway it may or may not have been taken.
  Outcome Take(std::span<const Item> items, Taken& taken);
  // fleet.judge(): collectors judged, -1 when the database is away.
  int Judge();
  bool KeepPartitions();
  // From another thread: breaks off the statement under way, and whatever is asked from now on.
  void Cancel() noexcept;
  bool connected() const noexcept { return handle_ != nullptr; }
  const std::string& problem() const noexcept { return problem_; }  // of the last call that was not kDone

 private:
  bool Connect();
  Outcome Run(const std::string& sql, std::string* first_row = nullptr);
  Outcome Copy(const char* table, const char* columns, const std::string& text);
  Outcome Failed(const char* state);
  void Close() noexcept;
  bool Open();

  struct Finish {
    void operator()(pg_conn* handle) const noexcept;
    void operator()(pg_cancel* handle) const noexcept;
  };
  std::string connection_, problem_;
  std::unique_ptr<pg_conn, Finish> handle_;
  std::mutex cancel_mutex_;  // of the two below
  std::unique_ptr<pg_cancel, Finish> cancel_;
  bool cancelled_ = false;
};

}  // namespace gander::fleet

#endif  // GANDER_FLEET_DATABASE_H_

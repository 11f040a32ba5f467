// SPDX-License-Identifier: Apache-2.0
// The fleet's PostgreSQL: one connection, whole batches.
#ifndef GANDER_FLEET_DATABASE_H_
#define GANDER_FLEET_DATABASE_H_

#include <memory>
#include <span>
#include <string>

#include "fleet/batch.h"

struct pg_conn;

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
  bool connected() const noexcept { return handle_ != nullptr; }
  const std::string& problem() const noexcept { return problem_; }  // of the last call that was not kDone

 private:
  bool Connect();
  Outcome Run(const std::string& sql, std::string* first_row = nullptr);
  Outcome Copy(const char* table, const char* columns, const std::string& text);
  Outcome Failed(const char* state);
  void Close() noexcept { handle_.reset(); }

  struct Finish {
    void operator()(pg_conn* handle) const noexcept;
  };
  std::string connection_, problem_;
  std::unique_ptr<pg_conn, Finish> handle_;
};

}  // namespace gander::fleet

#endif  // GANDER_FLEET_DATABASE_H_

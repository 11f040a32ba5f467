// SPDX-License-Identifier: Apache-2.0
#ifdef GANDER_WITH_FLEET_LOADER
#include "fleet/database.h"

#include <libpq-fe.h>

#include <array>
#include <cstdlib>
#include <string_view>

namespace gander::fleet {
namespace {

using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

// A lost peer is noticed within a minute, a statement that hangs within five; UTF-8 and UTC whatever the database
// prefers.
constexpr const char* kSession =
    "set client_encoding = 'UTF8'; set timezone = 'UTC'; set client_min_messages = warning; set statement_timeout = "
    "'300s'; "
    "set lock_timeout = '60s'; set search_path = fleet, public, pg_temp; select fleet.open_batch()";

// SQLSTATE classes of what is wrong with the data: cardinality, data, integrity, limits.
bool IsOfData(std::string_view state) {
  constexpr std::array<std::string_view, 4> kClasses = {"21", "22", "23", "54"};
  for (const std::string_view c : kClasses) {
    if (state.starts_with(c)) return true;
  }
  return false;
}

std::string FirstLine(const char* text) {
  const std::string_view all = text != nullptr ? text : "";
  return std::string(all.substr(0, all.find('\n')));
}

// "3\t1\t0\t0"
Taken Read(const std::string& row) {
  Taken out;
  char* at = const_cast<char*>(row.c_str());
  for (std::int64_t* number : {&out.rows, &out.duplicates, &out.refused, &out.events})
    *number = std::strtoll(at, &at, 10);
  return out;
}

}  // namespace

void Database::Finish::operator()(pg_conn* handle) const noexcept { PQfinish(handle); }
void Database::Finish::operator()(pg_cancel* handle) const noexcept { PQfreeCancel(handle); }

void Database::Close() noexcept {
  const std::lock_guard lock(cancel_mutex_);
  cancel_.reset();
  handle_.reset();
}

void Database::Cancel() noexcept {
  const std::lock_guard lock(cancel_mutex_);
  cancelled_ = true;
  std::array<char, 256> complaint;  // of what cannot be broken off; it ends by statement_timeout
  if (cancel_ != nullptr) PQcancel(cancel_.get(), complaint.data(), static_cast<int>(complaint.size()));
}

bool Database::Connect() {
  if (handle_ == nullptr && !Open()) return false;
  const std::lock_guard lock(cancel_mutex_);
  return !cancelled_;
}

bool Database::Open() {
  constexpr std::array<const char*, 6> keys = {"dbname",           "connect_timeout",           "keepalives_idle",
                                               "tcp_user_timeout", "fallback_application_name", nullptr};
  const std::array<const char*, 6> values = {connection_.c_str(), "10", "30", "60000", "gander fleet load", nullptr};
  handle_.reset(PQconnectdbParams(keys.data(), values.data(), 1));  // the first one is a whole connection string
  if (handle_ == nullptr || PQstatus(handle_.get()) != CONNECTION_OK) {
    problem_ = handle_ != nullptr ? FirstLine(PQerrorMessage(handle_.get())) : "no memory";
    Close();
    return false;
  }
  {
    const std::lock_guard lock(cancel_mutex_);
    cancel_.reset(PQgetCancel(handle_.get()));
  }
  return Run(kSession) == Outcome::kDone;
}

// Whatever failed, the connection is not in a state to go on with.
Outcome Database::Failed(const char* state) {
  problem_ = FirstLine(PQerrorMessage(handle_.get()));
  const bool data = state != nullptr && IsOfData(state);
  if (data) {
    const Answer undone(PQexec(handle_.get(), "rollback"), &PQclear);
    if (PQresultStatus(undone.get()) == PGRES_COMMAND_OK) return Outcome::kBadData;
  }
  Close();
  return Outcome::kAway;
}

Outcome Database::Run(const std::string& sql, std::string* first_row) {
  const Answer answer(PQexec(handle_.get(), sql.c_str()), &PQclear);
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    return Failed(PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE));
  }
  for (int column = 0; first_row != nullptr && PQntuples(answer.get()) > 0 && column < PQnfields(answer.get());
       ++column) {
    *first_row += PQgetvalue(answer.get(), 0, column);
    *first_row += '\t';
  }
  return Outcome::kDone;
}

Outcome Database::Copy(const char* table, const char* columns, const std::string& text) {
  if (text.empty()) return Outcome::kDone;
  const std::string sql = std::string("copy ") + table + " (" + columns + ") from stdin";
  {
    const Answer begun(PQexec(handle_.get(), sql.c_str()), &PQclear);
    if (PQresultStatus(begun.get()) != PGRES_COPY_IN) return Failed(PQresultErrorField(begun.get(), PG_DIAG_SQLSTATE));
  }
  if (PQputCopyData(handle_.get(), text.data(), static_cast<int>(text.size())) != 1 ||
      PQputCopyEnd(handle_.get(), nullptr) != 1) {
    return Failed(nullptr);
  }
  std::string state;
  bool good = true;
  while (PGresult* const next = PQgetResult(handle_.get())) {
    const Answer done(next, &PQclear);
    if (PQresultStatus(next) == PGRES_COMMAND_OK) continue;
    good = false;
    if (const char* s = PQresultErrorField(next, PG_DIAG_SQLSTATE)) state = s;
  }
  return good ? Outcome::kDone : Failed(state.c_str());
}

Outcome Database::Take(std::span<const Item> items, Taken& taken) {
  if (!Connect()) return Outcome::kAway;
  const CopyText text = ToCopyText(items);
  std::string row;
  if (auto o = Run("begin"); o != Outcome::kDone) return o;
  if (auto o = Copy("incoming", kSketchColumns, text.sketches); o != Outcome::kDone) return o;
  if (auto o = Copy("incoming_event", kEventColumns, text.events); o != Outcome::kDone) return o;
  if (auto o = Copy("incoming_refused", kRefusedColumns, text.refused); o != Outcome::kDone) return o;
  if (auto o = Run("select taken, duplicates, refused, events from fleet.take_batch()", &row); o != Outcome::kDone)
    return o;
  if (auto o = Run("commit"); o != Outcome::kDone) return o;
  taken = Read(row);
  return Outcome::kDone;
}

int Database::Judge() {
  std::string row;
  if (!Connect() || Run("select fleet.judge()", &row) != Outcome::kDone) return -1;
  return std::atoi(row.c_str());
}

bool Database::KeepPartitions() { return Connect() && Run("select fleet.keep_partitions()") == Outcome::kDone; }

}  // namespace gander::fleet
#endif

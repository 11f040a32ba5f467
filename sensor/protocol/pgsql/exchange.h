// SPDX-License-Identifier: Apache-2.0
// One request and its answers, on their way to an event.
#ifndef GANDER_PROTOCOL_PGSQL_EXCHANGE_H_
#define GANDER_PROTOCOL_PGSQL_EXCHANGE_H_

#include <string>
#include <string_view>

#include "protocol/parser.h"

namespace gander::protocol::pgsql {

class Exchange {
 public:
  // Another request: what is open is written as it stands.
  void Open(Direction client, MessageSink& sink) noexcept;
  // For an answer whose request was not seen.
  void EnsureOpen(Direction client, MessageSink& sink) noexcept {
    if (!open_) Open(client, sink);
  }
  void Write(MessageSink& sink) noexcept;
  void Reset() noexcept;
  bool open() const noexcept { return open_; }
  std::uint32_t tx_id() const noexcept { return count_ > 0 ? count_ - 1 : 0; }

  Record& request() noexcept { return request_; }
  // Members of the response; each key is written once, a second one is left out.
  void String(const char* key, std::string_view value, Privacy privacy = Privacy::kPublic) noexcept;
  void Integer(const char* key, std::int64_t value) noexcept;
  void Boolean(const char* key, bool value) noexcept;
  void Counts(const char* key, const char* first, std::uint64_t one, const char* second, std::uint64_t two) noexcept;
  // {"name": value} in the array "parameter_status"; null for a name that is none of the known.
  void Parameter(const char* name, std::string_view value) noexcept;

  std::uint64_t rows = 0, row_bytes = 0;  // of the result or COPY at hand

 private:
  bool Begin(const char* key) noexcept;

  bool open_ = false;
  bool parameters_open_ = false;
  Direction client_ = Direction::kToServer;
  std::uint32_t count_ = 0;
  Record request_, response_;
  std::string scratch_;
};

}  // namespace gander::protocol::pgsql

#endif  // GANDER_PROTOCOL_PGSQL_EXCHANGE_H_

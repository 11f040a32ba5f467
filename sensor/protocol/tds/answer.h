// SPDX-License-Identifier: Apache-2.0
// The token stream of an answer ([MS-TDS] §2.2.7), as its packets bring it.
#ifndef GANDER_PROTOCOL_TDS_ANSWER_H_
#define GANDER_PROTOCOL_TDS_ANSWER_H_

#include <string>
#include <vector>

#include "protocol/parser.h"
#include "protocol/rowset/row_text.h"
#include "protocol/tds/value.h"

namespace gander::protocol::tds {

class Answer {
 public:
  void Begin(Direction server, std::uint32_t tx_id) noexcept;
  // Reads what of `in` and of what was held before are whole tokens, and holds the rest.
  void Feed(Bytes in, MessageSink& sink) noexcept;
  // The message is over.
  void End(BodyEnd end, MessageSink& sink) noexcept;
  void Reset() noexcept;

  void set_old_version(bool old) noexcept { old_ = old; }  // before 7.2: shorter counts
  // Of the answer so far.
  std::uint64_t rows() const noexcept { return rows_; }
  bool failed() const noexcept { return !error_.empty(); }
  const std::string& error() const noexcept { return error_; }
  const std::string& server_version() const noexcept { return version_; }

 private:
  enum class Outcome : std::uint8_t { kRead, kIncomplete, kBad };
  Outcome Token(LittleReader& in, MessageSink& sink) noexcept;
  Outcome Columns(LittleReader& in, MessageSink& sink) noexcept;
  Outcome Row(LittleReader& in, bool with_nulls, MessageSink& sink) noexcept;
  Outcome Message(std::uint8_t token, Bytes body, MessageSink& sink) noexcept;
  Outcome ReturnValue(LittleReader& in, MessageSink& sink) noexcept;

  Direction server_ = Direction::kToClient;
  std::uint32_t tx_id_ = 0;
  bool old_ = false;
  bool broken_ = false;  // the rest of this message is not read
  std::uint64_t rows_ = 0;
  std::vector<Type> columns_;
  std::string held_;  // a token that is not whole; at most kMaxToken
  std::string error_, version_, text_;
  rowset::RowText table_;
  std::vector<std::string> values_;  // of the row at hand
};

}  // namespace gander::protocol::tds

#endif  // GANDER_PROTOCOL_TDS_ANSWER_H_

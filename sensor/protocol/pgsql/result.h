// SPDX-License-Identifier: Apache-2.0
// The rows of a result, and what is remembered of prepared statements to name their columns.
#ifndef GANDER_PROTOCOL_PGSQL_RESULT_H_
#define GANDER_PROTOCOL_PGSQL_RESULT_H_

#include <string>
#include <vector>

#include "protocol/rowset/prefixed_values.h"
#include "protocol/rowset/row_text.h"

namespace gander::protocol::pgsql {

// Result formats a Bind asks for: one for all columns, or one each.
struct Formats {
  std::vector<bool> binary;  // at most kMaxColumns; empty = text
  bool IsBinary(std::size_t column) const noexcept {
    return !binary.empty() && binary[binary.size() == 1 ? 0 : column < binary.size() ? column : 0];
  }
};

class Result {
 public:
  // RowDescription, its count of columns first. Returns that count, -1 when it is malformed.
  int Describe(Bytes body, Direction server, std::uint32_t tx_id, MessageSink& sink) noexcept;
  // DataRow, its count of values first; `whole` unless its rest comes in parts. Returns bytes of values.
  std::uint64_t Row(Bytes body, bool whole, MessageSink& sink) noexcept;
  std::uint64_t RowPart(Bytes part, bool last, MessageSink& sink) noexcept;
  void End(BodyEnd end, MessageSink& sink) noexcept;
  void Flush(MessageSink& sink) noexcept { rows_.Flush(sink); }
  void Reset() noexcept;

  // Extended protocol, the client's requests in their order.
  void OnBind(std::string_view statement, Formats formats) noexcept;
  void OnDescribe(std::string_view statement) noexcept;
  // The server's answers.
  void BindComplete(Direction server, std::uint32_t tx_id, MessageSink& sink) noexcept;
  void StatementDescribed() noexcept;  // ParameterDescription: the next RowDescription is a statement's
  void ForgetAwaited() noexcept { awaited_.clear(); }

 private:
  struct Columns {
    std::vector<std::uint32_t> types;
    std::string names;  // zero behind each
  };
  struct Statement {
    std::size_t name;  // hash
    Columns columns;
  };
  struct Awaited {
    bool bind;
    std::size_t statement;
    Formats formats;
  };
  void Begin(const Columns& columns, Direction server, std::uint32_t tx_id, MessageSink& sink) noexcept;
  void Push(Awaited awaited) noexcept;
  bool Pop(bool bind, Awaited* out) noexcept;
  std::uint64_t BinaryRow(Bytes body, MessageSink& sink) noexcept;

  rowset::RowText rows_;
  rowset::PrefixedValues values_;
  Columns columns_;
  Formats formats_;
  std::vector<Statement> statements_;  // at most kMaxStatements, the oldest goes
  std::vector<Awaited> awaited_;       // at most kMaxAwaited
  std::string text_;                   // a value in binary form, as text
  std::size_t described_ = 0;          // statement the next RowDescription belongs to; 0 = none
};

}  // namespace gander::protocol::pgsql

#endif  // GANDER_PROTOCOL_PGSQL_RESULT_H_

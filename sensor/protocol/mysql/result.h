// SPDX-License-Identifier: Apache-2.0
// The rows of one result set, in text or binary form.
#ifndef GANDER_PROTOCOL_MYSQL_RESULT_H_
#define GANDER_PROTOCOL_MYSQL_RESULT_H_

#include <string>
#include <vector>

#include "protocol/mysql/wire.h"
#include "protocol/rowset/prefixed_values.h"
#include "protocol/rowset/row_text.h"

namespace gander::protocol::mysql {

struct ColumnType {
  std::uint8_t type = 0;
  bool is_unsigned = false;
};

class Result {
 public:
  void Begin(Direction server, std::uint32_t tx_id) noexcept;
  // A column definition. False when it is malformed.
  bool Column(Bytes packet) noexcept;
  // A row, `whole` unless its rest comes in parts; of a long binary row only the front is read.
  void Row(Bytes packet, bool binary, bool whole, MessageSink& sink) noexcept;
  void RowPart(Bytes part, bool last, MessageSink& sink) noexcept;
  void Flush(MessageSink& sink) noexcept { rows_.Flush(sink); }
  void End(BodyEnd end, MessageSink& sink) noexcept;
  void Reset() noexcept;
  std::uint64_t rows() const noexcept { return count_; }

 private:
  void BinaryRow(Bytes packet, MessageSink& sink) noexcept;

  std::vector<ColumnType> columns_;
  std::uint64_t count_ = 0;
  rowset::RowText rows_;
  rowset::PrefixedValues values_;
  std::string text_;  // a value in binary form, as text
};

// Takes a value in binary form off `in` and says it as text: numbers, dates, strings. Values that say nothing of a
// person (times, floating point) are empty.
void ReadBinaryValue(ColumnType column, WireReader& in, std::string& text) noexcept;

}  // namespace gander::protocol::mysql

#endif  // GANDER_PROTOCOL_MYSQL_RESULT_H_

// SPDX-License-Identifier: Apache-2.0
// Results of queries as text, the same for all databases: a table with its header line, so that identify/ asks each
// value for its column and sees rows of people; documents as lines "key: value". One body a result, written out at
// the end of each chunk: between chunks nothing is held but a header nobody has asked for yet.
#ifndef GANDER_PROTOCOL_ROWSET_ROW_TEXT_H_
#define GANDER_PROTOCOL_ROWSET_ROW_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/parser.h"

namespace gander::protocol::rowset {

class RowText {
 public:
  static constexpr std::size_t kMaxHeader = 2000;  // bytes; identify/ reads no longer one
  static constexpr std::size_t kMaxName = 64;      // of a column or key; what is longer is cut
  static constexpr std::size_t kStep = 4096;       // text handed on at a time

  // A result is to come, `where` is static. The body begins with its first value.
  void Begin(const char* where, Direction direction, std::uint32_t tx_id) noexcept;
  bool begun() const noexcept { return where_ != nullptr; }

  // The names of a table's columns, before its first row. One alone is named at each of its values instead.
  void Column(std::string_view name) noexcept;
  std::uint32_t columns() const noexcept { return columns_; }

  // The values of a row, in order; a value may come in any number of parts.
  void BeginValue(MessageSink& sink) noexcept;
  void ValuePart(std::string_view part, MessageSink& sink) noexcept;
  void EndValue(MessageSink& sink) noexcept;
  void Value(std::string_view value, MessageSink& sink) noexcept;
  void EndRow(MessageSink& sink) noexcept;

  // A document: BeginPair, ValuePart ..., EndValue for each of its members; EndRow behind it.
  void BeginPair(std::string_view name, MessageSink& sink) noexcept;
  void Pair(std::string_view name, std::string_view value, MessageSink& sink) noexcept;

  // Hands on what is written; at the end of each chunk.
  void Flush(MessageSink& sink) noexcept;
  void End(BodyEnd end, MessageSink& sink) noexcept;
  void Reset() noexcept;

 private:
  void AppendName(std::string_view name) noexcept;
  void Open(MessageSink& sink) noexcept;

  const char* where_ = nullptr;
  Direction direction_ = Direction::kToClient;
  std::uint32_t tx_id_ = 0;
  std::uint32_t columns_ = 0;
  bool open_ = false;  // the body has begun
  bool first_in_row_ = true;
  bool odd_quotes_ = false;  // of the value at hand
  bool pair_ = false;        // the value at hand has its name before it
  std::string header_;
  std::string text_;  // not handed on yet; at most kStep and a value's part
};

}  // namespace gander::protocol::rowset

#endif  // GANDER_PROTOCOL_ROWSET_ROW_TEXT_H_

// SPDX-License-Identifier: Apache-2.0
// Columns of a table in running text: a CSV header or an SQL column list names them, and each value is asked
// for its column. Reads every byte of a table once, only while in one.
#ifndef GANDER_IDENTIFY_TABLE_COLUMNS_H_
#define GANDER_IDENTIFY_TABLE_COLUMNS_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "identify/context.h"

namespace gander::identify {

inline constexpr std::size_t kMaxColumns = 64;
inline constexpr std::size_t kMaxHeaderBytes = 2048;
inline constexpr IdType kNoRule = 0xFFFF;

struct Column {
  ContextWords words;
  IdType field_rule = kNoRule;  // each value of the column is one (names, passwords)
};

// Tells what a column name means.
class ColumnNamer {
 public:
  virtual ~ColumnNamer() = default;
  virtual Column NameColumn(std::string_view name) noexcept = 0;
};

// Receives the values of columns with a field rule. Positions count from the text's begin.
class FieldSink {
 public:
  virtual ~FieldSink() = default;
  virtual void OnFieldValue(IdType rule, std::uint64_t begin, std::uint64_t end) noexcept = 0;
};

class TableColumns {
 public:
  void Clear() noexcept { mode_ = Mode::kNone; }
  bool active() const noexcept { return mode_ != Mode::kNone; }

  // `line` is the text's first line, ending at `end_offset`. False when it is no header.
  bool BeginCsv(std::string_view line, std::uint64_t end_offset, ColumnNamer& namer) noexcept;
  // `list` is what stands between the parentheses of INSERT INTO t (...) VALUES; the rows begin at
  // `rows_offset`.
  bool BeginSql(std::string_view list, std::uint64_t rows_offset, ColumnNamer& namer) noexcept;

  // Moves on to `to`; text[0] is at `base`. Never moves back.
  void Advance(std::string_view text, std::uint64_t base, std::uint64_t to, FieldSink& sink) noexcept;
  // The text is over at `end`: closes the last value.
  void Finish(std::uint64_t end, FieldSink& sink) noexcept;

  // The column the last Advance ended in; nullptr outside of a row.
  Column* current() noexcept {
    return mode_ != Mode::kNone && in_row_ && column_ < count_ ? &columns_[column_] : nullptr;
  }

 private:
  enum class Mode : std::uint8_t { kNone, kCsv, kSql };
  bool AddColumns(std::string_view list, char delimiter, ColumnNamer& namer) noexcept;
  // One bit for each byte from `at` that may end a field or change how the next are read; at most 64.
  void ReadMarks(std::string_view text, std::uint64_t base, std::uint64_t at) noexcept;
  void OnCsvByte(char c, std::uint64_t at, FieldSink& sink) noexcept;
  void OnSqlByte(char c, char before, std::uint64_t at, FieldSink& sink) noexcept;
  void CloseField(std::uint64_t end, FieldSink& sink) noexcept;

  Mode mode_ = Mode::kNone;
  char delimiter_ = ',';
  bool quoted_ = false;
  bool in_row_ = false;
  bool has_field_rules_ = false;
  std::uint32_t column_ = 0;
  std::uint32_t count_ = 0;
  std::uint64_t position_ = 0;
  std::uint64_t field_begin_ = 0;
  // Values are asked about one by one, a few bytes apart: the marks of the bytes around are kept.
  std::uint64_t marks_ = 0, marks_begin_ = 0, marks_end_ = 0;
  std::array<Column, kMaxColumns> columns_;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_TABLE_COLUMNS_H_

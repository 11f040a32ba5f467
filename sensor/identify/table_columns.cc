// SPDX-License-Identifier: Apache-2.0
// Following the columns of CSV rows (RFC 4180, with ; tab and | too) and SQL tuples.
#include "identify/table_columns.h"

#include <algorithm>
#include <bit>

#include "identify/byte_block.h"
#include "identify/char_class.h"

namespace gander::identify {
namespace {

std::string_view TrimName(std::string_view s) noexcept {
  constexpr std::string_view kAround = " \t\r\"'`[]";
  while (!s.empty() && kAround.find(s.front()) != std::string_view::npos) s.remove_prefix(1);
  while (!s.empty() && kAround.find(s.back()) != std::string_view::npos) s.remove_suffix(1);
  return s;
}

// A header's fields are short words, not values.
bool LooksLikeName(std::string_view s) noexcept {
  if (s.empty() || s.size() > 64) return false;
  int digits = 0;
  for (char c : s) {
    if (c == '@' || c == '{' || c == '<' || c == '=') return false;
    digits += IsDigit(c) ? 1 : 0;
  }
  return digits <= 3;
}

// Bytes of [p, p + n), n <= 64, that are one of `set`, one bit each.
template <std::size_t kSet>
std::uint64_t MarksOf(const char* p, std::size_t n, const char (&set)[kSet]) noexcept {
  std::uint64_t marks = 0;
  const auto add = [&](const ByteBlock& block, std::size_t at) {
    std::uint32_t hit = 0;
    for (char c : set) hit |= block.Equal(c);
    marks |= std::uint64_t{hit} << at;
  };
  EachBlock({p, n}, add);
  return marks;
}

}  // namespace

bool TableColumns::AddColumns(std::string_view list, char delimiter, ColumnNamer& namer) noexcept {
  count_ = 0;
  has_field_rules_ = false;
  bool named = false;
  while (count_ < kMaxColumns) {
    const auto at = list.find(delimiter);
    const std::string_view name = TrimName(list.substr(0, at));
    if (!LooksLikeName(name)) return false;
    Column& c = columns_[count_++];
    c = namer.NameColumn(name);
    named = named || c.words.count > 0;
    has_field_rules_ = has_field_rules_ || c.field_rule != kNoRule;
    if (at == std::string_view::npos) break;
    list.remove_prefix(at + 1);
  }
  return named && count_ >= 2;
}

bool TableColumns::BeginCsv(std::string_view line, std::uint64_t end_offset, ColumnNamer& namer) noexcept {
  mode_ = Mode::kNone;
  for (char d : {'\t', ';', '|', ','}) {
    if (line.find(d) == std::string_view::npos || !AddColumns(line, d, namer)) continue;
    mode_ = Mode::kCsv;
    delimiter_ = d;
    quoted_ = false;
    in_row_ = false;
    column_ = 0;
    position_ = field_begin_ = end_offset;
    marks_end_ = 0;
    return true;
  }
  return false;
}

bool TableColumns::BeginSql(std::string_view list, std::uint64_t rows_offset, ColumnNamer& namer) noexcept {
  mode_ = Mode::kNone;
  if (!AddColumns(list, ',', namer)) return false;
  mode_ = Mode::kSql;
  quoted_ = in_row_ = false;
  column_ = 0;
  position_ = field_begin_ = rows_offset;
  marks_end_ = 0;
  return true;
}

void TableColumns::CloseField(std::uint64_t end, FieldSink& sink) noexcept {
  if (has_field_rules_ && in_row_ && column_ < count_ && columns_[column_].field_rule != kNoRule &&
      end > field_begin_) {
    sink.OnFieldValue(columns_[column_].field_rule, field_begin_, end);
  }
  field_begin_ = end + 1;
}

void TableColumns::OnCsvByte(char c, std::uint64_t at, FieldSink& sink) noexcept {
  if (c == '"') {
    quoted_ = !quoted_;
  } else if (c == '\n') {
    // A quote that never closes must not swallow the rest: lines inside quotes are rare in tables of people.
    quoted_ = false;
    CloseField(at, sink);
    column_ = 0;
    in_row_ = true;
  } else if (c == delimiter_ && !quoted_) {
    CloseField(at, sink);
    ++column_;
  }
}

void TableColumns::OnSqlByte(char c, char before, std::uint64_t at, FieldSink& sink) noexcept {
  if (c == '\'') {
    if (before != '\\') quoted_ = !quoted_;
  } else if (quoted_) {
    return;
  } else if (c == '(' && !in_row_) {
    in_row_ = true;
    column_ = 0;
    field_begin_ = at + 1;
  } else if (c == ',' && in_row_) {
    CloseField(at, sink);
    ++column_;
  } else if (c == ')' && in_row_) {
    CloseField(at, sink);
    in_row_ = false;
  } else if (c == ';') {
    mode_ = Mode::kNone;
  }
}

void TableColumns::ReadMarks(std::string_view text, std::uint64_t base, std::uint64_t at) noexcept {
  const auto begin = static_cast<std::size_t>(at - base);
  const std::size_t n = std::min<std::size_t>(64, text.size() - begin);
  marks_ = mode_ == Mode::kCsv ? MarksOf(text.data() + begin, n, {delimiter_, '\n', '"'})
                               : MarksOf(text.data() + begin, n, {'\'', ',', '(', ')', ';'});
  marks_begin_ = at;
  marks_end_ = at + n;
}

void TableColumns::Advance(std::string_view text, std::uint64_t base, std::uint64_t to,
                           FieldSink& sink) noexcept {
  if (mode_ == Mode::kNone || to <= position_) return;
  std::uint64_t at = std::max(position_, base);
  position_ = to;
  while (at < to && mode_ != Mode::kNone) {
    if (at < marks_begin_ || at >= marks_end_) ReadMarks(text, base, at);
    const std::uint64_t stop = std::min(to, marks_end_);
    std::uint64_t marks = marks_ >> (at - marks_begin_);
    if (const std::uint64_t n = stop - at; n < 64) marks &= (std::uint64_t{1} << n) - 1;
    for (; marks != 0 && mode_ != Mode::kNone; marks &= marks - 1) {
      const std::uint64_t mark = at + static_cast<std::uint64_t>(std::countr_zero(marks));
      const auto i = static_cast<std::size_t>(mark - base);
      if (mode_ == Mode::kCsv) {
        OnCsvByte(text[i], mark, sink);
      } else {
        OnSqlByte(text[i], i > 0 ? text[i - 1] : '\0', mark, sink);
      }
    }
    at = stop;
  }
}

void TableColumns::Finish(std::uint64_t end, FieldSink& sink) noexcept {
  if (mode_ == Mode::kCsv) CloseField(end, sink);
  mode_ = Mode::kNone;
}

}  // namespace gander::identify

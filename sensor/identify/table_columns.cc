// SPDX-License-Identifier: Apache-2.0
// Following the columns of CSV rows (RFC 4180, with ; tab and | too) and SQL tuples.
#include "identify/table_columns.h"

#include <bit>

#include "identify/char_class.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

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

// Calls on_byte(position) for each byte of [begin, end) that is one of `set` (six bytes).
template <class F>
void EachOf(const char* text, std::size_t begin, std::size_t end, const char (&set)[7],
            F&& on_byte) noexcept {
  std::size_t i = begin;
#if defined(__AVX2__)
  for (; i + 32 <= end; i += 32) {
    const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + i));
    __m256i hit = _mm256_setzero_si256();
    for (int k = 0; k < 6; ++k) hit = _mm256_or_si256(hit, _mm256_cmpeq_epi8(x, _mm256_set1_epi8(set[k])));
    for (auto m = static_cast<std::uint32_t>(_mm256_movemask_epi8(hit)); m != 0; m &= m - 1) {
      on_byte(i + static_cast<std::size_t>(std::countr_zero(m)));
    }
  }
#endif
  for (; i < end; ++i) {
    for (int k = 0; k < 6; ++k) {
      if (text[i] == set[k]) {
        on_byte(i);
        break;
      }
    }
  }
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
  return true;
}

void TableColumns::CloseField(std::uint64_t end, FieldSink& sink) noexcept {
  if (in_row_ && column_ < count_ && columns_[column_].field_rule != kNoRule && end > field_begin_) {
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

void TableColumns::Advance(std::string_view text, std::uint64_t base, std::uint64_t to,
                           FieldSink& sink) noexcept {
  if (mode_ == Mode::kNone || to <= position_) return;
  const std::size_t begin = position_ > base ? static_cast<std::size_t>(position_ - base) : 0;
  const auto end = static_cast<std::size_t>(to - base);
  position_ = to;
  if (mode_ == Mode::kCsv) {
    const char set[7] = {delimiter_, '\n', '"', '\n', '\n', '\n', '\0'};
    EachOf(text.data(), begin, end, set, [&](std::size_t i) { OnCsvByte(text[i], base + i, sink); });
  } else {
    EachOf(text.data(), begin, end, "',();'", [&](std::size_t i) {
      if (mode_ == Mode::kSql) OnSqlByte(text[i], i > 0 ? text[i - 1] : '\0', base + i, sink);
    });
  }
}

void TableColumns::Finish(std::uint64_t end, FieldSink& sink) noexcept {
  if (mode_ == Mode::kCsv) CloseField(end, sink);
  mode_ = Mode::kNone;
}

const ContextWords* TableColumns::current() const noexcept {
  return mode_ != Mode::kNone && in_row_ && column_ < count_ ? &columns_[column_].words : nullptr;
}

}  // namespace gander::identify

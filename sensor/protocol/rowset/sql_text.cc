// SPDX-License-Identifier: Apache-2.0
#include "protocol/rowset/sql_text.h"

#include <algorithm>
#include <array>

#include "protocol/mime/header_value.h"
#include "protocol/rowset/row_text.h"

namespace gander::protocol::rowset {
namespace {

bool IsWordStart(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}
bool IsWord(char c) noexcept { return IsWordStart(c) || (c >= '0' && c <= '9') || c == '$'; }

// Words that stand between a column and its parameter.
bool IsOperator(std::string_view word) noexcept {
  for (const std::string_view op :
       {"like", "ilike", "in", "is", "not", "between", "and", "any", "set", "where", "or", "on"}) {
    if (mime::EqualsIgnoreCase(word, op)) return true;
  }
  return false;
}

// Words and marks of a statement, one after the other; what is quoted with ' is passed over.
class SqlReader {
 public:
  explicit SqlReader(std::string_view sql) noexcept : rest_(sql) {}

  // A word, a name without its quotes, or a single mark. Empty at the end.
  std::string_view Next() noexcept {
    while (!rest_.empty()) {
      const char c = rest_[0];
      if (c == '\'') {
        Quoted();
        continue;
      }
      if (c == '"' || c == '`') {
        is_word = true;
        return Quoted();
      }
      std::size_t n = 1;
      if (IsWordStart(c) || c == '$') {
        while (n < rest_.size() && IsWord(rest_[n])) ++n;
        is_word = c != '$';
      } else {
        is_word = false;
      }
      const std::string_view token = rest_.substr(0, n);
      rest_.remove_prefix(n);
      if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return token;
    }
    return {};
  }
  bool is_word = false;  // of the last token

 private:
  std::string_view Quoted() noexcept {
    const std::size_t end = std::min(rest_.find(rest_[0], 1), rest_.size());
    const std::string_view inside = rest_.substr(1, end - 1);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return inside;
  }
  std::string_view rest_;
};

}  // namespace

void ParameterNames::Put(std::size_t parameter, std::string_view name) {
  // Parameters come in their order but for those of PostgreSQL that are named twice or out of turn.
  std::size_t known = static_cast<std::size_t>(std::count(names_.begin(), names_.end(), '\0'));
  if (parameter >= kMaxParameters || parameter < known) return;
  for (; known < parameter; ++known) names_.push_back('\0');
  names_.append(name.substr(0, RowText::kMaxName)).push_back('\0');
}

std::string_view ParameterNames::NameOf(std::size_t parameter) const noexcept {
  std::string_view names = names_;
  for (; !names.empty() && parameter > 0; --parameter) names.remove_prefix(names.find('\0') + 1);
  return names.substr(0, names.find('\0'));
}

void ParameterNames::Read(std::string_view sql) {
  names_.clear();
  SqlReader reader(sql);
  std::array<std::string_view, kMaxColumns> columns;
  std::size_t count = 0, at = 0, ordinal = 0;
  int depth = 0;
  enum class In : std::uint8_t { kOther, kInsert, kColumns, kValues } in = In::kOther;
  std::string_view last;
  for (std::string_view token = reader.Next(); !token.empty(); token = reader.Next()) {
    if (token == "(") {
      if (++depth == 1) at = 0;
      if (in == In::kInsert) in = In::kColumns;
    } else if (token == ")") {
      --depth;
      if (in == In::kColumns) in = In::kInsert;
    } else if (token == "," && in == In::kValues && depth == 1) {
      ++at;
    } else if (token == "?" || token[0] == '$') {
      std::size_t number = ordinal++;
      if (token.size() > 1) {
        number = 0;
        for (const char c : token.substr(1, 4))
          number = c >= '0' && c <= '9' ? number * 10 + static_cast<std::size_t>(c - '0') : kMaxParameters;
        number = number > 0 ? number - 1 : kMaxParameters;
      }
      Put(number, in == In::kValues && at < count ? columns[at] : last);
    } else if (reader.is_word) {
      if (in == In::kColumns && count < kMaxColumns) columns[count++] = token;
      if (mime::EqualsIgnoreCase(token, "insert")) in = In::kInsert;
      if (mime::EqualsIgnoreCase(token, "values")) in = In::kValues;
      if (!IsOperator(token)) last = token;
    }
  }
}

void CopyColumns(std::string_view sql, std::string& header) {
  header.clear();
  sql = mime::Trim(sql);
  if (!mime::StartsWithIgnoreCase(sql, "copy ")) return;
  const std::size_t open = sql.find('('), close = sql.find(')');
  // "COPY (SELECT ...) TO STDOUT" lists no columns but a query.
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return;
  if (mime::Trim(sql.substr(5, open - 5)).empty()) return;
  std::string_view list = sql.substr(open + 1, close - open - 1);
  while (!list.empty() && header.size() < RowText::kMaxHeader) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (!header.empty()) header += '\t';
    header += mime::Trim(list.substr(0, comma)).substr(0, RowText::kMaxName);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  if (!header.empty()) header += '\n';
}

}  // namespace gander::protocol::rowset

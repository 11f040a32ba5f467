// SPDX-License-Identifier: Apache-2.0
#include "content/database/sqlite_tables.h"

#include <algorithm>
#include <array>

#include "protocol/mime/header_value.h"

namespace gander::content {
namespace {

using protocol::mime::EqualsIgnoreCase;
using protocol::mime::StartsWithIgnoreCase;

constexpr std::string_view kCreate = "CREATE TABLE";
// With these a constraint on the table begins, not a column (sqlite.org/lang_createtable.html).
constexpr std::string_view kConstraints[] = {"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"};

bool IsBlank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
char ClosingOf(char c) noexcept { return c == '[' ? ']' : c == '"' || c == '`' || c == '\'' ? c : '\0'; }
bool IsName(char c) noexcept {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
  return letter || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

// What stands between the parentheses of CREATE TABLE, definition by definition.
class ColumnList {
 public:
  explicit ColumnList(std::string_view sql) noexcept : rest_(sql.substr(std::min(sql.find('('), sql.size()))) {}

  // False behind the last one, and where the text breaks off. `quoted`: the name is in quotation marks.
  bool Next(std::string_view& name, bool& quoted) noexcept {
    if (rest_.empty() || rest_[0] == ')') return false;
    rest_.remove_prefix(1);
    while (!rest_.empty() && IsBlank(rest_[0])) rest_.remove_prefix(1);
    if (rest_.empty()) return false;
    const char closing = ClosingOf(rest_[0]);
    quoted = closing != '\0';
    if (quoted) rest_.remove_prefix(1);
    std::size_t n = 0;
    while (n < rest_.size() && (quoted ? rest_[n] != closing : IsName(rest_[n]))) ++n;
    if (n == rest_.size() || (n == 0 && !quoted)) return false;
    name = rest_.substr(0, n);
    rest_.remove_prefix(n + (quoted ? 1 : 0));
    SkipDefinition();
    return true;
  }

 private:
  // Up to the comma or the parenthesis that ends it.
  void SkipDefinition() noexcept {
    std::size_t depth = 0, i = 0;
    for (; i < rest_.size(); ++i) {
      const char c = rest_[i];
      if (const char closing = ClosingOf(c); closing != '\0') {
        i = std::min(rest_.find(closing, i + 1), rest_.size() - 1);
      } else if (depth == 0 && (c == ',' || c == ')')) {
        break;
      }
      depth += c == '(' ? 1 : 0;
      depth -= c == ')' ? 1 : 0;
    }
    rest_.remove_prefix(std::min(i, rest_.size()));
  }

  std::string_view rest_;
};

}  // namespace

void SqliteTables::Begin(Memory& memory) noexcept {
  tables_.Begin(memory, kMaxTables);
  names_.Begin(memory, kMaxNames);
  pages_.Begin(memory, kPageSlots);
}

void SqliteTables::Release() noexcept {
  tables_.Release();
  names_.Release();
  pages_.Release();
}

// Section 2.6: type, name, name of the table, page of its root, the text that made it.
void SqliteTables::AddSchemaRow(SqliteRecord row) noexcept {
  for (int i = 0; i < 3; ++i) row.Next();
  const std::optional<SqliteValue> root = row.Next(), sql = row.Next();
  if (!root || !sql || root->type != SqliteValue::Type::kInteger || root->integer <= 0 || root->integer > UINT32_MAX)
    return;
  // The letters of UTF-16 stand between zeros.
  std::array<char, kMaxSql> text;
  std::size_t size = 0;
  for (const std::byte b : sql->bytes) {
    if (b != std::byte{0} && size < text.size()) text[size++] = static_cast<char>(b);
  }
  Table table{static_cast<std::uint32_t>(root->integer), static_cast<std::uint32_t>(names_.size()), 0, 0};
  if (!ReadColumns({text.data(), size}, table)) return names_.Truncate(table.at);
  // A log may have the schema more than once.
  const auto same_root = [&](const Table& t) { return t.root == table.root; };
  const auto known = std::find_if(tables_.items().begin(), tables_.items().end(), same_root);
  if (known != tables_.items().end()) {
    *known = table;
  } else if (!tables_.Add(table)) {
    names_.Truncate(table.at);
  }
}

bool SqliteTables::ReadColumns(std::string_view sql, Table& table) noexcept {
  if (!StartsWithIgnoreCase(sql, kCreate)) return false;
  ColumnList columns(sql);
  std::string_view name;
  for (bool quoted = false; columns.Next(name, quoted);) {
    const auto is_name = [&](std::string_view word) { return EqualsIgnoreCase(name, word); };
    if (!quoted && std::any_of(std::begin(kConstraints), std::end(kConstraints), is_name)) break;
    if (!AddName(name, table)) return false;
  }
  return table.columns > 0;
}

bool SqliteTables::AddName(std::string_view name, Table& table) noexcept {
  const bool strange = std::any_of(name.begin(), name.end(), [](char c) { return (c & 0xe0) == 0; });
  if (name.empty() || strange) name = "-";
  if (table.columns > 0 && !names_.Append(AsBytes("\t"))) return false;
  ++table.columns;
  const bool added = names_.Append(AsBytes(name));
  table.size = static_cast<std::uint32_t>(names_.size()) - table.at;
  return added;
}

void SqliteTables::AddChildren(const SqlitePage& page, Id id) noexcept {
  if (id == kUnknown) return;
  while (pages_.size() < kPageSlots) {
    if (!pages_.Add({})) return;
  }
  for (std::size_t i = 0; i <= page.cells(); ++i) {
    const std::uint32_t child = page.Child(i);
    pages_[child % kPageSlots] = {child, id};
  }
}

SqliteTables::Id SqliteTables::TableOf(std::uint32_t page) const noexcept {
  if (page == kSchemaPage) return kSchema;
  if (!pages_.empty() && pages_[page % kPageSlots].number == page) return pages_[page % kPageSlots].id;
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    if (tables_[i].root == page) return static_cast<Id>(i) + kFirst;
  }
  return kUnknown;
}

SqliteTables::Id SqliteTables::TableWith(std::size_t columns) const noexcept {
  Id found = kUnknown;
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    if (tables_[i].columns != columns) continue;
    if (found != kUnknown) return kUnknown;
    found = static_cast<Id>(i) + kFirst;
  }
  return found;
}

std::string_view SqliteTables::Names(Id id) const noexcept {
  if (id < kFirst) return {};
  const Table& table = tables_[id - kFirst];
  return AsText(names_.bytes()).substr(table.at, table.size);
}

}  // namespace gander::content

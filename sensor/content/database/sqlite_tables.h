// SPDX-License-Identifier: Apache-2.0
// Which table the rows of a page belong to, and what its columns are called: from the rows of the schema and from the
// pages of trees that name others (sqlite.org/fileformat2.html, sections 1.6 and 2.6), as far as these pass before.
#ifndef GANDER_CONTENT_SQLITE_TABLES_H_
#define GANDER_CONTENT_SQLITE_TABLES_H_

#include <cstdint>
#include <string_view>

#include "content/database/sqlite_page.h"
#include "content/held_list.h"

namespace gander::content {

class SqliteTables {
 public:
  using Id = std::uint32_t;
  static constexpr Id kUnknown = 0, kSchema = 1;
  static constexpr std::uint32_t kSchemaPage = 1;
  // Tables, bytes of all their columns' names, and pages, that are remembered. Of a page that is forgotten for a later
  // one the number of its columns may still tell.
  static constexpr std::size_t kMaxTables = 512;
  static constexpr std::size_t kMaxNames = 64 * 1024;
  static constexpr std::size_t kPageSlots = 4096;
  static constexpr std::size_t kMaxSql = 4096;  // bytes of a schema's row that are looked at

  void Begin(Memory& memory) noexcept;
  void Release() noexcept;

  // A row of the schema; what is no table is none of ours.
  void AddSchemaRow(SqliteRecord row) noexcept;
  // The pages that `page` names, itself one of table `id`.
  void AddChildren(const SqlitePage& page, Id id) noexcept;

  // By the page, or else by how many columns its rows have, where that says it.
  Id TableOf(std::uint32_t page) const noexcept;
  Id TableWith(std::size_t columns) const noexcept;
  // Names of the columns, a tab between two. The view lives until the next AddSchemaRow().
  std::string_view Names(Id id) const noexcept;

 private:
  struct Table {
    std::uint32_t root;
    std::uint32_t at, size;  // of its names
    std::uint32_t columns;
  };
  struct Page {
    std::uint32_t number;
    Id id;
  };
  bool ReadColumns(std::string_view sql, Table& table) noexcept;
  bool AddName(std::string_view name, Table& table) noexcept;

  static constexpr Id kFirst = 2;  // of what the schema lists

  HeldList<Table> tables_;
  HeldBytes names_;
  HeldList<Page> pages_;  // by number modulo kPageSlots; none until one is known
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_SQLITE_TABLES_H_

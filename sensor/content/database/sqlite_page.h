// SPDX-License-Identifier: Apache-2.0
// One page of an SQLite database: the cells of a b-tree's page, and the records in them. Format:
// sqlite.org/fileformat2.html, sections 1.3 to 2.1. No state, no output: checks and cuts.
#ifndef GANDER_CONTENT_SQLITE_PAGE_H_
#define GANDER_CONTENT_SQLITE_PAGE_H_

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "content/database/row_writer.h"

namespace gander::content {

// Section 1.3: what the first 100 bytes say of all pages.
struct SqliteFormat {
  static constexpr std::size_t kHeaderBytes = 100;
  static constexpr std::size_t kMinPage = 512, kMaxPage = 64 * 1024;

  std::size_t page_bytes = 0;
  std::size_t reserved = 0;  // at the end of each page
  RowWriter::Charset charset = RowWriter::Charset::kUtf8;

  std::size_t usable() const noexcept { return page_bytes - reserved; }
};

// Nothing when `header` is none of a database that can be read.
std::optional<SqliteFormat> ReadSqliteHeader(Bytes header) noexcept;

struct SqliteCell {
  Bytes payload;               // as much of the record as stands on this page
  std::uint64_t whole = 0;     // bytes of the record
  std::uint32_t overflow = 0;  // page where it goes on, 0 when it does not
  std::int64_t row = 0;        // its number, where it has one
  bool has_row = false;
};

class SqlitePage {
 public:
  enum class Kind : std::uint8_t {
    kOther,
    kInteriorIndex = 2,
    kInteriorTable = 5,
    kLeafIndex = 10,
    kLeafTable = 13
  };

  // `number` counts from 1; the first page has the file's header before its own.
  SqlitePage(Bytes page, std::uint32_t number, const SqliteFormat& format) noexcept;

  Kind kind() const noexcept { return kind_; }
  std::size_t cells() const noexcept { return cells_; }
  // Nothing when the cell is not one.
  std::optional<SqliteCell> Cell(std::size_t i) const noexcept;
  // Of a page that is none of the leaves: the page before its i-th cell, behind the last for i = cells(). 0 = none.
  std::uint32_t Child(std::size_t i) const noexcept;
  // Whether all cells are such, and together not longer than the page: none is told twice.
  bool Sound() const noexcept;
  // Between the list of cells and the cells: rows that were deleted may still be there.
  Bytes Unallocated() const noexcept;

 private:
  std::size_t LocalBytes(std::uint64_t payload) const noexcept;
  std::size_t U16At(std::size_t at) const noexcept;

  Bytes page_;
  Kind kind_ = Kind::kOther;
  std::size_t usable_ = 0;
  std::size_t first_ = 0;  // of the list of cells
  std::size_t cells_ = 0;
};

struct SqliteValue {
  enum class Type : std::uint8_t { kNull, kInteger, kReal, kBlob, kText };
  Type type = Type::kNull;
  std::int64_t integer = 0;
  double real = 0;
  Bytes bytes;                // of a text or blob, as many as are on the page
  std::uint64_t missing = 0;  // bytes of it that are not
};

// Section 2.1: types of the columns, then their values.
class SqliteRecord {
 public:
  explicit SqliteRecord(Bytes payload) noexcept;
  // Nothing behind the last column, and where neither its type nor its value are on the page.
  std::optional<SqliteValue> Next() noexcept;

 private:
  Bytes types_, values_;
};

// Section 1.6: up to nine bytes, seven bits each. Nothing when `in` ends within it.
std::optional<std::uint64_t> ReadSqliteVarint(Bytes& in) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_SQLITE_PAGE_H_

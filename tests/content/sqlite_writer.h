// SPDX-License-Identifier: Apache-2.0
// Writes SQLite databases page by page for tests (sqlite.org/fileformat2.html).
#ifndef GANDER_TESTS_CONTENT_SQLITE_WRITER_H_
#define GANDER_TESTS_CONTENT_SQLITE_WRITER_H_

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

namespace gander::content {

inline std::string BigEndian(std::uint64_t value, std::size_t bytes) {
  std::string out;
  for (std::size_t i = bytes; i-- > 0;) out += static_cast<char>(value >> (8 * i));
  return out;
}

inline std::string SqliteVarint(std::uint64_t value) {
  std::string out(1, static_cast<char>(value & 0x7f));
  while (value >>= 7) out.insert(0, 1, static_cast<char>(0x80 | (value & 0x7f)));
  return out;
}

// A value: its serial type and its bytes.
struct SqliteColumn {
  std::uint64_t type;
  std::string bytes;
};
inline SqliteColumn Null() { return {0, ""}; }
inline SqliteColumn Int(std::int64_t v, std::uint64_t type) {
  constexpr std::size_t kBytes[] = {0, 1, 2, 3, 4, 6, 8};
  return {type, type > 6 ? "" : BigEndian(static_cast<std::uint64_t>(v), kBytes[type])};
}
inline SqliteColumn Real(double v) { return {7, BigEndian(std::bit_cast<std::uint64_t>(v), 8)}; }
inline SqliteColumn Text(const std::string& s) { return {13 + 2 * s.size(), s}; }
inline SqliteColumn Blob(const std::string& s) { return {12 + 2 * s.size(), s}; }

inline std::string SqliteRecordOf(const std::vector<SqliteColumn>& columns) {
  std::string types, values;
  for (const SqliteColumn& c : columns) {
    types += SqliteVarint(c.type);
    values += c.bytes;
  }
  return SqliteVarint(types.size() + 1) + types + values;  // types of fewer than 126 bytes
}

struct SqliteRow {
  std::uint64_t number;
  std::string record;
  std::uint32_t overflow = 0;  // its first page, where the record is too long
};

class SqliteWriter {
 public:
  explicit SqliteWriter(std::size_t page_bytes = 512, char charset = 1)
      : page_bytes_(page_bytes), charset_(charset) {}

  // How much of a record stands on its page.
  std::size_t Local(std::size_t record, bool table = true) const {
    const std::size_t most = table ? page_bytes_ - 35 : (page_bytes_ - 12) * 64 / 255 - 23;
    const std::size_t least = (page_bytes_ - 12) * 32 / 255 - 23;
    if (record <= most) return record;
    const std::size_t k = least + (record - least) % (page_bytes_ - 4);
    return k <= most ? k : least;
  }
  // Type 13: table, 10: index, 2: index that is not a leaf. `deleted`: stands before the cells.
  std::string Tree(const std::vector<SqliteRow>& rows, char type = 13,
                   const std::string& deleted = "") const {
    const bool first = pages_.empty();
    std::string page = first ? Header() : "";
    std::string cells, places;
    std::size_t end = page_bytes_;
    for (const SqliteRow& row : rows) {
      std::string cell = type == 2 ? std::string(4, '\0') : "";
      cell += SqliteVarint(row.record.size());
      if (type == 13) cell += SqliteVarint(row.number);
      const std::size_t local = Local(row.record.size(), type == 13);
      cell += row.record.substr(0, local);
      if (local < row.record.size()) cell += BigEndian(row.overflow, 4);
      cells = cell + cells;
      end -= cell.size();
      places += BigEndian(end, 2);
    }
    page += type + std::string(2, '\0') + BigEndian(rows.size(), 2) + BigEndian(end, 2) + '\0';
    if (type == 2) page += std::string(4, '\0');
    page += places;
    const std::size_t free = page_bytes_ - page.size() - cells.size();
    return page + std::string(free - deleted.size(), '\0') + deleted + cells;
  }
  std::string Chain(std::uint32_t next, const std::string& content) const {
    return BigEndian(next, 4) + content + std::string(page_bytes_ - 4 - content.size(), '\0');
  }
  SqliteWriter& Add(const std::string& page) {
    pages_ += page;
    return *this;
  }
  // The first page: a list of tables with this one.
  SqliteWriter& Schema(const std::string& sql) {
    return Add(Tree({{1, SqliteRecordOf({Text("table"), Text("t"), Text("t"), Int(2, 1), Text(sql)})}}));
  }
  const std::string& Done() const { return pages_; }
  // The same pages in a write-ahead log, numbered from 1.
  std::string Log() const {
    std::string out =
        BigEndian(0x377f0682, 4) + BigEndian(3007000, 4) + BigEndian(page_bytes_, 4) + std::string(20, 'x');
    for (std::size_t at = 0; at < pages_.size(); at += page_bytes_) {
      out += BigEndian(at / page_bytes_ + 1, 4) + std::string(20, 'y') + pages_.substr(at, page_bytes_);
    }
    return out;
  }

 private:
  std::string Header() const {
    std::string out("SQLite format 3\0", 16);
    out += BigEndian(page_bytes_ == 65536 ? 1 : page_bytes_, 2) + "\1\1" + '\0' + "\x40\x20\x20";
    out += std::string(32, '\0') + BigEndian(static_cast<std::uint64_t>(charset_), 4);
    return out + std::string(100 - out.size(), '\0');
  }

  std::size_t page_bytes_;
  char charset_;
  std::string pages_;
};

inline std::string Utf16(const std::string& ascii, bool big) {
  std::string out;
  for (const char c : ascii) {
    if (big) out += '\0';
    out += c;
    if (!big) out += '\0';
  }
  return out;
}

}  // namespace gander::content

#endif  // GANDER_TESTS_CONTENT_SQLITE_WRITER_H_

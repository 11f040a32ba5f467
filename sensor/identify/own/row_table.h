// SPDX-License-Identifier: Apache-2.0
// In which row of an operator's table each of its values stands, as keyed hashes: so that two values that meet on the
// wire are known to belong to one person. Stands beside the registers made of the same columns (register_file.h), under
// the same key; asked only for what one of them holds.
//
// The file, little-endian: "GANDROWS", version u32, 0 u32, id of the key u64, values u64, SHA-256 of all behind it (32
// bytes); then the values' tags in ascending order, eight bytes each, and their rows, four bytes each.
#ifndef GANDER_IDENTIFY_OWN_ROW_TABLE_H_
#define GANDER_IDENTIFY_OWN_ROW_TABLE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "identify/own/csv_records.h"
#include "identify/own/register_form.h"

namespace gander::identify {

class RowTable {
 public:
  static constexpr std::uint32_t kAbsent = 0xffffffff;  // the value is in no row
  static constexpr std::uint32_t kShared = 0xfffffffe;  // in several: it tells nobody apart

  struct Entry {
    std::uint64_t tag;
    std::uint32_t row;
  };
  // A value in two rows is kept as shared.
  static RowTable Make(std::vector<Entry> entries, const HashKey& key);
  // Errors name `file`: no table of rows, another version, damaged, made with another key, cut short.
  static Result<RowTable> Parse(std::span<const std::uint8_t> bytes, const HashKey& key, const std::string& file);
  static Result<RowTable> Read(const std::string& file, const HashKey& key);

  std::vector<std::uint8_t> Serialise() const;

  // The row of the value with this tag (RegisterTag), kShared or kAbsent.
  std::uint32_t RowOf(std::uint64_t tag) const noexcept;
  std::size_t size() const noexcept { return tags_.size(); }
  std::size_t shared() const noexcept;
  // Tells tables apart in a process and from run to run: what they hold decides it.
  std::uint64_t id() const noexcept { return id_; }

 private:
  std::vector<std::uint64_t> tags_;  // sorted
  std::vector<std::uint32_t> rows_;
  std::uint64_t key_id_ = 0, id_ = 0;
};

// From CSV with a header line to a RowTable of some of its columns. Keeps twelve bytes a value, and no value.
class RowTableMaker final : public CsvSink {
 public:
  struct Column {
    std::string name;  // in the header, or its number from 1
    RegisterForm form = RegisterForm::kId;
  };
  static constexpr std::uint64_t kMaxRows = 500'000'000;

  RowTableMaker(std::vector<Column> columns, std::string file, const HashKey& key)
      : columns_(std::move(columns)), file_(std::move(file)), key_(key) {}

  void OnRecord(const std::vector<std::string>& fields, std::uint64_t line) override;
  // Errors: no header, no such column, fewer than two columns, no value at all, too many rows.
  Result<RowTable> Finish();
  std::uint64_t rows() const noexcept { return rows_; }

 private:
  void FindColumns(const std::vector<std::string>& header, std::uint64_t line);

  const std::vector<Column> columns_;
  const std::string file_;
  const HashKey key_;
  std::vector<std::size_t> places_;
  std::vector<RowTable::Entry> entries_;
  std::uint64_t rows_ = 0;
  bool has_header_ = false;
  Error error_;  // `cause` empty = none
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_OWN_ROW_TABLE_H_

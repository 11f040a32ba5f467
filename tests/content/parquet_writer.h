// SPDX-License-Identifier: Apache-2.0
// Writes Parquet files for tests (parquet-format 2.10): one group of rows, pages as they are given.
#ifndef GANDER_TESTS_CONTENT_PARQUET_WRITER_H_
#define GANDER_TESTS_CONTENT_PARQUET_WRITER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "content/archive_writer.h"
#include "content/avro_writer.h"

namespace gander::content {

// A structure of Thrift's compact protocol: fields in rising order.
class Thrift {
 public:
  Thrift& Int(int field, std::int64_t value) { return Put(field, 5, AvroNumber(value)); }  // zigzag, as Avro has them
  Thrift& Text(int field, const std::string& value) { return Put(field, 8, Size(value.size()) + value); }
  Thrift& Bool(int field, bool value) { return Put(field, value ? 1 : 2, {}); }
  Thrift& Struct(int field, const Thrift& value) { return Put(field, 12, value.Done()); }
  // `item`: the type of its items, which are written already.
  Thrift& List(int field, int item, const std::vector<std::string>& items) {
    std::string all = items.size() < 15
                          ? std::string(1, static_cast<char>(items.size() << 4 | static_cast<unsigned>(item)))
                          : static_cast<char>(0xf0 | item) + Size(items.size());
    for (const std::string& one : items) all += one;
    return Put(field, 9, all);
  }
  std::string Done() const { return bytes_ + '\0'; }
  static std::string Size(std::uint64_t n) {
    std::string out;
    for (; n >= 0x80; n >>= 7) out += static_cast<char>(0x80 | (n & 0x7f));
    return out + static_cast<char>(n);
  }

 private:
  Thrift& Put(int field, int type, const std::string& value) {
    bytes_ += static_cast<char>((field - last_) << 4 | type);
    bytes_ += value;
    last_ = field;
    return *this;
  }
  std::string bytes_;
  int last_ = 0;
};

inline std::string ParquetString(const std::string& s) { return Little(s.size(), 4) + s; }
// Levels of `n` values that are all there.
inline std::string ParquetLevels(std::size_t n) { return ParquetString(Thrift::Size(n << 1) + '\1'); }

enum ParquetPageKind { kParquetData = 0, kParquetDictionary = 2, kParquetDataV2 = 3 };

// A page and its header. `values`: as they are encoded, levels included; `packed`: what a codec makes of it.
inline std::string ParquetPageOf(ParquetPageKind kind, std::size_t count, const std::string& values,
                                 const std::string& packed, int encoding = 0, const std::string& levels = {}) {
  Thrift header;
  header.Int(1, kind).Int(2, static_cast<std::int64_t>(levels.size() + values.size()));
  header.Int(3, static_cast<std::int64_t>(levels.size() + packed.size()));
  const auto n = static_cast<std::int64_t>(count);
  if (kind == kParquetData) header.Struct(5, Thrift().Int(1, n).Int(2, encoding).Int(3, 3).Int(4, 3));
  if (kind == kParquetDictionary) header.Struct(7, Thrift().Int(1, n).Int(2, encoding));
  if (kind == kParquetDataV2) {
    header.Struct(8, Thrift()
                         .Int(1, n)
                         .Int(2, 0)
                         .Int(3, n)
                         .Int(4, encoding)
                         .Int(5, static_cast<std::int64_t>(levels.size()))
                         .Int(6, 0));
  }
  return header.Done() + levels + packed;
}
inline std::string ParquetPageOf(std::size_t count, const std::string& values) {
  return ParquetPageOf(kParquetData, count, values, values);
}

class ParquetWriter {
 public:
  // A column: `type` and `codec` by their numbers.
  ParquetWriter& Column(const std::vector<std::string>& name, int type, int codec, const std::string& pages) {
    std::vector<std::string> path;
    for (const std::string& part : name) path.push_back(Thrift::Size(part.size()) + part);
    Thrift meta;
    meta.Int(1, type).List(2, 5, {AvroNumber(0)}).List(3, 8, path).Int(4, codec).Int(5, 1);
    meta.Int(6, static_cast<std::int64_t>(pages.size())).Int(7, static_cast<std::int64_t>(pages.size()));
    meta.Int(9, static_cast<std::int64_t>(bytes_.size()));
    chunks_.push_back(Thrift().Int(2, static_cast<std::int64_t>(bytes_.size())).Struct(3, meta).Done());
    bytes_ += pages;
    return *this;
  }
  ParquetWriter& Raw(const std::string& bytes) {
    bytes_ += bytes;
    return *this;
  }
  std::string Footer() const {
    const std::string schema = Thrift().Text(4, "schema").Int(5, static_cast<std::int64_t>(chunks_.size())).Done();
    const std::string group = Thrift().List(1, 12, chunks_).Int(2, 1).Int(3, 1).Done();
    return Thrift().Int(1, 1).List(2, 12, {schema}).Int(3, 1).List(4, 12, {group}).Done();
  }
  std::string Done() const {
    const std::string footer = Footer();
    return bytes_ + footer + Little(footer.size(), 4) + "PAR1";
  }
  const std::string& Pages() const { return bytes_; }

 private:
  std::string bytes_ = "PAR1";
  std::vector<std::string> chunks_;
};

}  // namespace gander::content

#endif  // GANDER_TESTS_CONTENT_PARQUET_WRITER_H_

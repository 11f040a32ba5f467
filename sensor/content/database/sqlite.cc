// SPDX-License-Identifier: Apache-2.0
#include "content/database/sqlite.h"

#include <algorithm>
#include <bit>

#include "base/byte_reader.h"
#include "content/sniff.h"
#include "protocol/plain_text/plain_text.h"

namespace gander::content {
namespace {

// A value without a type of its own that is short and printable is text.
constexpr std::size_t kShortBlob = 64;
// So many zeros are no part of what stands before or behind them.
constexpr std::size_t kGapZeros = 16;

bool IsShortText(Bytes blob) noexcept {
  return blob.size() <= kShortBlob && std::all_of(blob.begin(), blob.end(), [](std::byte b) {
           const auto c = static_cast<std::uint8_t>(b);
           return (c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t' || c == '\r';
         });
}

// In any of the charsets: between the letters of UTF-16 stand zeros.
bool SaysWithoutRowid(Bytes sql) noexcept {
  constexpr std::string_view kWords = "WITHOUT ROWID";
  std::size_t matched = 0;
  for (const std::byte b : sql) {
    auto c = static_cast<char>(b);
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 0x20);
    if (c == '\0') continue;
    matched = c == kWords[matched] ? matched + 1 : c == kWords[0] ? 1 : 0;
    if (matched == kWords.size()) return true;
  }
  return false;
}

}  // namespace

void SqliteLayer::GiveBack() noexcept { body().pool->Give(this); }

void SqliteLayer::Begin() noexcept {
  gathered_.Begin(body().pool->memory, SqliteFormat::kMaxPage + SqliteFormat::kHeaderBytes);
  tables_.Begin(body().pool->memory);
  table_ = SqliteTables::kUnknown;
  rows_.Begin(body(), meta().name);
  overflow_.Begin(body(), meta().name);
  wanted_ = FirstBytes();
  number_ = 0;
  blob_count_ = 0;
  reads_indexes_ = false;
  format_ = {};
}

Uninspected SqliteLayer::Read(Bytes in) noexcept {
  Uninspected total;
  while (!in.empty() && wanted_ != kNoMore) {
    bool kept = false;
    if (gathered_.empty() && in.size() >= wanted_ && format_.page_bytes > 0) {
      wanted_ = Take(TakeFront(in, wanted_), kept, total);
      continue;
    }
    const Bytes more = TakeFront(in, wanted_ - gathered_.size());
    if (!gathered_.Append(more)) {
      ++body().counters->cap_memory;
      body().sink->OnAnomaly("decompression_memory_cap");
      Leaf(gathered_.bytes(), total);
      Leaf(more, total);
      GiveUp();
      break;
    }
    if (gathered_.size() < wanted_) break;
    wanted_ = Take(gathered_.bytes(), kept, total);
    if (!kept) gathered_.Clear();
  }
  if (!in.empty()) Leaf(in, total);
  return total;
}

std::size_t SqliteLayer::GiveUp() noexcept {
  gathered_.Release();
  wanted_ = kNoMore;
  return kNoMore;
}

std::size_t SqliteLayer::Take(Bytes gathered, bool& kept, Uninspected& total) noexcept {
  if (format_.page_bytes == 0) {
    const std::optional<SqliteFormat> format = ReadSqliteHeader(gathered);
    if (!format) {
      Leaf(gathered, total);
      return GiveUp();
    }
    format_ = *format;
    kept = true;
    return format_.page_bytes;
  }
  ReadPage(gathered, ++number_, total);
  return format_.page_bytes;
}

void SqliteLayer::ReadPage(Bytes page, std::uint32_t number, Uninspected& total) noexcept {
  const SqlitePage tree(page, number, format_);
  const SqlitePage::Kind kind = tree.kind();
  if (number == 1 && kind != SqlitePage::Kind::kLeafTable) reads_indexes_ = true;
  if (kind == SqlitePage::Kind::kOther) {
    rows_.Close();
    CloseLeaf();
    if (page[0] != std::byte{0}) return Leaf(page, total);  // so many pages no database has
    return overflow_.Take(number, page.first(format_.usable()), total);
  }
  const SqliteTables::Id table = tables_.TableOf(number);
  if (kind == SqlitePage::Kind::kInteriorTable || kind == SqlitePage::Kind::kInteriorIndex)
    tables_.AddChildren(tree, table);
  if (kind == SqlitePage::Kind::kInteriorTable) return;
  if (kind != SqlitePage::Kind::kLeafTable && !reads_indexes_) return;
  if (!tree.Sound()) return Stretches(page, total);
  CloseLeaf();
  overflow_.Pause();
  ReadRows(tree, table, total);
  Stretches(tree.Unallocated(), total);
}

// Each stretch of bytes between zeros is judged for itself.
void SqliteLayer::Stretches(Bytes bytes, Uninspected& total) noexcept {
  while (true) {
    const auto used = std::find_if(bytes.begin(), bytes.end(), [](std::byte b) { return b != std::byte{0}; });
    bytes = bytes.subspan(static_cast<std::size_t>(used - bytes.begin()));
    if (bytes.empty()) return;
    const auto end = std::search_n(bytes.begin(), bytes.end(), kGapZeros, std::byte{0});
    CloseLeaf();
    Leaf(TakeFront(bytes, static_cast<std::size_t>(end - bytes.begin())), total);
  }
}

void SqliteLayer::ReadRows(const SqlitePage& page, SqliteTables::Id table, Uninspected& total) noexcept {
  if (page.cells() > 0) BeginTable(page, table);
  for (std::size_t i = 0; i < page.cells(); ++i) {
    const std::optional<SqliteCell> cell = page.Cell(i);
    if (!cell) continue;
    if (table == SqliteTables::kSchema) {
      if (SaysWithoutRowid(cell->payload)) reads_indexes_ = true;
      tables_.AddSchemaRow(SqliteRecord(cell->payload));
    }
    ReadRow(*cell, total);
  }
}

// Pages of a table follow each other in one text.
void SqliteLayer::BeginTable(const SqlitePage& page, SqliteTables::Id table) noexcept {
  if (table == SqliteTables::kUnknown) {
    const std::optional<SqliteCell> cell = page.Cell(0);
    std::size_t columns = 0;
    for (SqliteRecord record(cell ? cell->payload : Bytes()); record.Next(); ++columns) {
    }
    table = tables_.TableWith(columns);
  }
  if (table == table_) return;
  table_ = table;
  rows_.SetColumns(tables_.Names(table));
}

void SqliteLayer::ReadRow(const SqliteCell& cell, Uninspected& total) noexcept {
  SqliteRecord record(cell.payload);
  bool first = true;
  while (const std::optional<SqliteValue> value = record.Next()) {
    if (value->missing > 0) {
      ReadOverflow(*value, cell, record, total);
      break;
    }
    // A column that is the row's number stands as nothing in the record (section 2.3).
    if (value->type == SqliteValue::Type::kNull && first && cell.has_row) {
      rows_.Integer(cell.row);
    } else {
      ReadValue(*value, total);
    }
    first = false;
  }
  rows_.EndRow();
  OpenBlobs(total);
}

// A value that goes on elsewhere: it is read there, or here with as much of it as came before.
void SqliteLayer::ReadOverflow(const SqliteValue& value, const SqliteCell& cell, SqliteRecord& record,
                               Uninspected& total) noexcept {
  if (const Bytes passed = overflow_.Passed(cell.overflow); !passed.empty()) {
    ReadValue(value, total);
    return rows_.Piece(passed, format_.charset);
  }
  SqliteOverflow::Values values;
  values.Add(value.type, value.missing);
  while (const std::optional<SqliteValue> next = record.Next()) values.Add(next->type, next->missing);
  if (overflow_.Expect(cell.overflow, value.bytes, values)) {
    rows_.Nothing();
  } else {
    ReadValue(value, total);
  }
}

void SqliteLayer::ReadValue(const SqliteValue& value, Uninspected& total) noexcept {
  switch (value.type) {
    case SqliteValue::Type::kNull:
      return rows_.Nothing();
    case SqliteValue::Type::kInteger:
      return rows_.Integer(value.integer);
    case SqliteValue::Type::kReal:
      return rows_.Real(value.real);
    case SqliteValue::Type::kText:
      return rows_.Text(value.bytes, format_.charset);
    case SqliteValue::Type::kBlob:
      return ReadBlob(value.bytes, total);
  }
}

void SqliteLayer::ReadBlob(Bytes blob, Uninspected& total) noexcept {
  if (IsShortText(blob)) return rows_.Text(blob);
  rows_.Nothing();
  if (blob_count_ < kMaxBlobs && (!MagicOf(blob).empty() || protocol::ReadsAsText(blob))) {
    blobs_[blob_count_++] = blob;
  } else {
    total.opaque += blob.size();
  }
}

void SqliteLayer::OpenBlobs(Uninspected& total) noexcept {
  if (blob_count_ == 0) return;
  rows_.Close();
  for (const Bytes blob : std::span(blobs_).first(blob_count_)) {
    EntityMeta meta;
    meta.name = this->meta().name;
    meta.is_file = !MagicOf(blob).empty();
    const LayerPtr entity = OpenEntity(body(), meta);
    total += entity->Feed(blob);
    entity->End(protocol::BodyEnd::kComplete);
  }
  blob_count_ = 0;
}

void SqliteLayer::Leaf(Bytes bytes, Uninspected& total) noexcept {
  if (bytes.empty()) return;
  rows_.Close();
  overflow_.Pause();
  if (leaf_ == nullptr) leaf_ = OpenLeaf(body(), meta().name);
  total += leaf_->Feed(bytes);
}

void SqliteLayer::CloseLeaf() noexcept {
  if (leaf_ != nullptr) leaf_->End(protocol::BodyEnd::kComplete);
  leaf_.reset();
}

void SqliteLayer::Finish(protocol::BodyEnd) noexcept {
  Uninspected untold;
  Leaf(gathered_.bytes(), untold);
  rows_.Close();
  CloseLeaf();
  overflow_.Finish(untold);
  tables_.Release();
  gathered_.Release();
}

void SqliteLogLayer::GiveBack() noexcept { body().pool->Give(this); }

void SqliteLogLayer::Begin() noexcept {
  SqliteLayer::Begin();
  begun_ = false;
  reads_indexes_ = true;
}

std::size_t SqliteLogLayer::Take(Bytes gathered, bool&, Uninspected& total) noexcept {
  if (!begun_) {
    begun_ = true;
    ByteReader reader(gathered.subspan(8));
    format_.page_bytes = reader.U32();
    const bool sound = std::has_single_bit(format_.page_bytes) &&
                       format_.page_bytes >= SqliteFormat::kMinPage &&
                       format_.page_bytes <= SqliteFormat::kMaxPage;
    if (!sound) {
      Leaf(gathered, total);
      return GiveUp();
    }
    return kFrameHeaderBytes + format_.page_bytes;
  }
  const std::uint32_t number = ByteReader(gathered).U32();
  const Bytes page = gathered.subspan(kFrameHeaderBytes);
  if (number == 1) {
    const std::optional<SqliteFormat> format = ReadSqliteHeader(page.first(SqliteFormat::kHeaderBytes));
    if (format && format->page_bytes == format_.page_bytes) format_ = *format;
  }
  ReadPage(page, number, total);
  return kFrameHeaderBytes + format_.page_bytes;
}

}  // namespace gander::content

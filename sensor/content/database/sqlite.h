// SPDX-License-Identifier: Apache-2.0
// SQLite databases and their write-ahead logs, page by page as they stream by: rows as lines, values in them
// that are files as files (sqlite.org/fileformat2.html). Trees are not walked; a page is read wherever it
// belongs, so that what was deleted and is still there is found too.
#ifndef GANDER_CONTENT_SQLITE_H_
#define GANDER_CONTENT_SQLITE_H_

#include <array>

#include "content/database/sqlite_overflow.h"
#include "content/database/sqlite_page.h"
#include "content/database/sqlite_tables.h"
#include "content/format_layer.h"

namespace gander::content {

class SqliteLayer : public FormatLayer {
 public:
  static constexpr std::string_view kSegment = "sqlite";

  void GiveBack() noexcept override;

 protected:
  void Begin() noexcept override;
  Uninspected Read(Bytes in) noexcept override;
  void Finish(protocol::BodyEnd end) noexcept override;

  // What has been gathered is complete: reads it and says how many bytes are wanted next, including it when
  // `kept`.
  virtual std::size_t Take(Bytes gathered, bool& kept, Uninspected& total) noexcept;
  virtual std::size_t FirstBytes() const noexcept { return SqliteFormat::kHeaderBytes; }

  void ReadPage(Bytes page, std::uint32_t number, Uninspected& total) noexcept;
  // Nothing of it can be read: text in it is found.
  void Leaf(Bytes bytes, Uninspected& total) noexcept;
  // All that follows is a leaf.
  std::size_t GiveUp() noexcept;

  SqliteFormat format_;
  // Pages of indexes repeat what tables have, but for tables that are one.
  bool reads_indexes_ = false;

 private:
  // Values of one row that are looked into when the row is written.
  static constexpr std::size_t kMaxBlobs = 8;
  static constexpr std::size_t kNoMore = 0;

  void Stretches(Bytes bytes, Uninspected& total) noexcept;
  void ReadRows(const SqlitePage& page, SqliteTables::Id table, Uninspected& total) noexcept;
  void BeginTable(const SqlitePage& page, SqliteTables::Id table) noexcept;
  void ReadRow(const SqliteCell& cell, Uninspected& total) noexcept;
  void ReadOverflow(const SqliteValue& value, const SqliteCell& cell, SqliteRecord& record,
                    Uninspected& total) noexcept;
  void ReadValue(const SqliteValue& value, Uninspected& total) noexcept;
  void ReadBlob(Bytes blob, Uninspected& total) noexcept;
  void OpenBlobs(Uninspected& total) noexcept;
  void CloseLeaf() noexcept;

  HeldBytes gathered_;
  std::size_t wanted_ = 0;  // kNoMore: everything is a leaf
  std::uint32_t number_ = 0;
  SqliteTables tables_;
  SqliteTables::Id table_ = SqliteTables::kUnknown;  // that `rows_` names the columns of
  RowWriter rows_;
  SqliteOverflow overflow_;
  LayerPtr leaf_;
  std::array<Bytes, kMaxBlobs> blobs_;
  std::size_t blob_count_ = 0;
};

// Section 4: frames of a page each behind a header of its own.
class SqliteLogLayer final : public SqliteLayer {
 public:
  static constexpr std::string_view kSegment = "sqlite-wal";

  void GiveBack() noexcept override;

 protected:
  void Begin() noexcept override;
  std::size_t Take(Bytes gathered, bool& kept, Uninspected& total) noexcept override;
  std::size_t FirstBytes() const noexcept override { return kHeaderBytes; }

 private:
  static constexpr std::size_t kHeaderBytes = 32, kFrameHeaderBytes = 24;

  bool begun_ = false;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_SQLITE_H_

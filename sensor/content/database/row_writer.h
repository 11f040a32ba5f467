// SPDX-License-Identifier: Apache-2.0
// Rows of a table as lines of text, columns parted by tabs: what the readers of databases hand on.
#ifndef GANDER_CONTENT_ROW_WRITER_H_
#define GANDER_CONTENT_ROW_WRITER_H_

#include <array>
#include <cstdint>

#include "content/layer.h"

namespace gander::content {

class RowWriter {
 public:
  enum class Charset : std::uint8_t { kUtf8, kUtf16Little, kUtf16Big };

  // `name`: of the file.
  void Begin(Body& body, std::string_view name) noexcept;

  // Names of the columns of the rows that follow, a tab between two; the view lives while rows are written. They are
  // the first line of each text, as a table's reader expects them. Empty: not known.
  void SetColumns(std::string_view names) noexcept;

  // The next column of the row, whole.
  void Text(Bytes text, Charset charset = Charset::kUtf8) noexcept;
  void Integer(std::int64_t value) noexcept;
  void Unsigned(std::uint64_t value) noexcept;
  void Real(double value) noexcept;
  void Nothing() noexcept;
  // The next column in pieces.
  void BeginColumn() noexcept;
  void Piece(Bytes text, Charset charset = Charset::kUtf8) noexcept;

  void EndRow() noexcept;
  // Ends the text: something else is handed on next.
  void Close() noexcept;

 private:
  void Append(Bytes text) noexcept;
  void AppendUtf16(Bytes text, bool big) noexcept;
  void Flush() noexcept;
  void WriteNames() noexcept;

  Body* body_ = nullptr;
  std::string_view name_, columns_;
  LayerPtr text_;
  bool in_row_ = false;
  std::size_t used_ = 0;
  std::array<std::byte, 512> buffer_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_ROW_WRITER_H_

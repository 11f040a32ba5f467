// SPDX-License-Identifier: Apache-2.0
// The strings of a workbook (ECMA-376 part 1, 18.4). Sheets hold numbers of strings, and the strings come before the
// sheets or, more often, behind them. People are rows: so the strings are kept for rows to come, and rows are held
// until the strings have come.
#ifndef GANDER_CONTENT_SHARED_STRINGS_H_
#define GANDER_CONTENT_SHARED_STRINGS_H_

#include <cstdint>

#include "content/memory.h"

namespace gander::content {

class SharedStrings {
 public:
  static constexpr std::size_t kMaxBytes = 1u << 20;    // of all strings
  static constexpr std::size_t kMaxStrings = 1u << 18;  // of them
  static constexpr std::size_t kMaxRows = 1u << 20;     // bytes of rows that wait

  void Begin(Memory& memory) noexcept;
  void Release() noexcept;

  // More of the string being read. Returns what does not fit; no further string is kept then.
  Bytes Append(Bytes piece) noexcept;
  // The string being read is complete; where it did not fit, it is forgotten.
  void EndString() noexcept;
  // What was kept of the string being read.
  Bytes partial() const noexcept { return text_.bytes().subspan(start_); }
  bool full() const noexcept { return full_; }

  // All strings have come.
  void Complete() noexcept { complete_ = true; }
  bool complete() const noexcept { return complete_; }
  std::size_t count() const noexcept { return ends_.size() / sizeof(std::uint32_t); }
  // Empty where there is none.
  Bytes At(std::uint64_t index) const noexcept;
  // It was handed on: who is not asked for is handed on at the end.
  void SetTaken(std::uint64_t index) noexcept;
  bool taken(std::uint64_t index) const noexcept;

  // More of the rows that wait. Returns what does not fit.
  Bytes HoldRows(Bytes piece) noexcept;
  // A string's number in them; false when it does not fit.
  bool HoldNumber(std::uint64_t index) noexcept;
  bool rows_held() const noexcept { return !rows_.empty(); }
  // Rows from `at` on up to the next number, which is told with them; moves `at` behind it. Empty and without a number
  // at the end.
  struct RowPiece {
    Bytes text;
    bool has_number = false;
    std::uint32_t number = 0;
  };
  RowPiece NextPiece(std::size_t& at) const noexcept;
  void DropRows() noexcept { rows_.Release(); }

  bool told = false;  // that something did not fit

  // Stands in front of a number in the rows that wait; no other text has it.
  static constexpr char kMark = '\x01';

 private:
  std::uint32_t EndOf(std::uint64_t index) const noexcept;

  HeldBytes text_;
  HeldBytes ends_;  // where each string ends, and whether it was taken
  HeldBytes rows_;
  std::size_t start_ = 0;  // of the string being read
  bool full_ = false;
  bool complete_ = false;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_SHARED_STRINGS_H_

// SPDX-License-Identifier: Apache-2.0
// The latest values of a text that stand in a row of an operator's table: whether two of them belong to one row.
#ifndef GANDER_IDENTIFY_OWN_ROW_FIELDS_H_
#define GANDER_IDENTIFY_OWN_ROW_FIELDS_H_

#include <algorithm>
#include <array>
#include <cstdint>

#include "identify/finding.h"

namespace gander::identify {

class RowFields {
 public:
  static constexpr std::uint64_t kWithin = 512;  // bytes in which two fields of a row stand (DETECTION.md, D18)

  struct Field {
    std::uint64_t table = 0;  // RowTable::id()
    std::uint32_t row = 0;
    IdType rule = 0;          // of its column
    std::uint32_t length = 0;
    std::uint64_t offset = 0;
  };

  // True when another column of its row was met close by.
  bool Add(const Field& field) noexcept {
    const bool met = std::any_of(fields_.begin(), fields_.end(),
                                 [&](const Field& other) { return BelongTogether(other, field); });
    fields_[next_++ % kKept] = field;
    return met;
  }

 private:
  static constexpr std::size_t kKept = 16;

  // One value that two registers know is one field.
  static bool BelongTogether(const Field& a, const Field& b) noexcept {
    if (a.length == 0 || a.table != b.table || a.row != b.row || a.rule == b.rule) return false;
    const Field& first = a.offset <= b.offset ? a : b;
    const Field& second = a.offset <= b.offset ? b : a;
    return first.offset + first.length <= second.offset && second.offset + second.length - first.offset <= kWithin;
  }

  std::array<Field, kKept> fields_;
  std::uint32_t next_ = 0;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_OWN_ROW_FIELDS_H_

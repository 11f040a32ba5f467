// SPDX-License-Identifier: Apache-2.0
// The values of a row that each have their length before them, cut anyhow (PostgreSQL's DataRow, MySQL's text rows).
#ifndef GANDER_PROTOCOL_ROWSET_PREFIXED_VALUES_H_
#define GANDER_PROTOCOL_ROWSET_PREFIXED_VALUES_H_

#include <array>
#include <cstdint>

#include "protocol/rowset/row_text.h"

namespace gander::protocol::rowset {

class PrefixedValues {
 public:
  static constexpr std::size_t kMaxPrefix = 9;
  static constexpr std::uint64_t kNull = UINT64_MAX;  // no value, nothing follows its prefix

  // Reads a length prefix of `n` octets so far; returns its octets, 0 when more are needed.
  using Measure = std::size_t (*)(const std::uint8_t* prefix, std::size_t n, std::uint64_t* length) noexcept;

  void Begin() noexcept {
    left_ = prefix_size_ = 0;
    value_open_ = false;
  }
  // Hands the values in `in` to `rows`; returns the bytes of values among them.
  std::uint64_t Feed(Bytes in, Measure measure, RowText& rows, MessageSink& sink) noexcept;
  // The row is over, its last value with it.
  void End(RowText& rows, MessageSink& sink) noexcept;

 private:
  std::uint64_t left_ = 0;  // of the value at hand
  bool value_open_ = false;
  std::uint8_t prefix_size_ = 0;
  std::array<std::uint8_t, kMaxPrefix> prefix_{};
};

}  // namespace gander::protocol::rowset

#endif  // GANDER_PROTOCOL_ROWSET_PREFIXED_VALUES_H_

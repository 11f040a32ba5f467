// SPDX-License-Identifier: Apache-2.0
#include "protocol/mysql/result.h"

#include "base/renew.h"
#include "protocol/framing/date_text.h"
#include "protocol/mysql/mysql.h"
#include "protocol/plain_text/plain_text.h"

namespace gander::protocol::mysql {
namespace {

constexpr std::uint16_t kUnsigned = 0x20;

// Types of columns (field_types.h).
enum : std::uint8_t {
  kTiny = 1,
  kShort = 2,
  kLong = 3,
  kFloat = 4,
  kDouble = 5,
  kNull = 6,
  kTimestamp = 7,
  kLongLong = 8,
  kInt24 = 9,
  kDate = 10,
  kTime = 11,
  kDateTime = 12,
  kYear = 13
};

std::size_t MeasureValue(const std::uint8_t* p, std::size_t n, std::uint64_t* length) noexcept {
  const std::size_t size = p[0] < 0xfb ? 1 : p[0] == 0xfb ? 1 : p[0] == 0xfc ? 3 : p[0] == 0xfd ? 4 : 9;
  if (n < size) return 0;
  if (p[0] == 0xfb || p[0] == 0xff) {
    *length = rowset::PrefixedValues::kNull;
    return 1;
  }
  WireReader in(AsBytes({reinterpret_cast<const char*>(p), size}));
  *length = in.Encoded();
  return size;
}

void AppendInteger(std::uint64_t value, std::size_t octets, bool is_unsigned, std::string& text) {
  if (is_unsigned) {
    text += std::to_string(value);
    return;
  }
  const int unused = 64 - 8 * static_cast<int>(octets);
  text += std::to_string(static_cast<std::int64_t>(value << unused) >> unused);
}

}  // namespace

void ReadBinaryValue(ColumnType column, WireReader& in, std::string& text) noexcept {
  text.clear();
  switch (column.type) {
    case kTiny: return AppendInteger(in.Integer(1), 1, column.is_unsigned, text);
    case kShort:
    case kYear: return AppendInteger(in.Integer(2), 2, column.is_unsigned, text);
    case kLong:
    case kInt24: return AppendInteger(in.Integer(4), 4, column.is_unsigned, text);
    case kLongLong: return AppendInteger(in.Integer(8), 8, column.is_unsigned, text);
    case kFloat: in.Take(4); return;
    case kDouble: in.Take(8); return;
    case kNull: return;
    case kDate:
    case kDateTime:
    case kTimestamp: {
      WireReader date(in.Take(in.Integer(1)));
      if (date.remaining() < 4) return;
      const int year = static_cast<int>(date.Integer(2)), month = static_cast<int>(date.Integer(1));
      framing::AppendDate(year, month, static_cast<int>(date.Integer(1)), text);
      return;
    }
    case kTime: in.Take(in.Integer(1)); return;
    default: break;
  }
  const std::string_view value = in.EncodedString();
  if (!value.empty() && ReadsAsText(AsBytes(value))) text.assign(value);
}

void Result::Begin(Direction server, std::uint32_t tx_id) noexcept {
  columns_.clear();
  count_ = 0;
  rows_.Begin("mysql.rows", server, tx_id);
}

bool Result::Column(Bytes packet) noexcept {
  WireReader in(packet);
  for (int i = 0; i < 4; ++i) in.EncodedString();  // catalog, schema, table, original table
  const std::string_view name = in.EncodedString();
  in.EncodedString();  // original name
  in.Encoded();        // length of what follows
  in.Take(2 + 4);      // character set, width
  ColumnType column;
  column.type = static_cast<std::uint8_t>(in.Integer(1));
  column.is_unsigned = (in.Integer(2) & kUnsigned) != 0;
  if (in.failed()) return false;
  rows_.Column(name);
  if (columns_.size() < kMaxColumns) columns_.push_back(column);
  return true;
}

void Result::Row(Bytes packet, bool binary, bool whole, MessageSink& sink) noexcept {
  if (!rows_.begun()) rows_.Begin("mysql.rows", Direction::kToClient, 0);
  ++count_;
  if (binary) return BinaryRow(packet, sink);
  values_.Begin();
  values_.Feed(packet, MeasureValue, rows_, sink);
  if (whole) values_.End(rows_, sink);
}

void Result::RowPart(Bytes part, bool last, MessageSink& sink) noexcept {
  values_.Feed(part, MeasureValue, rows_, sink);
  if (last) values_.End(rows_, sink);
}

void Result::BinaryRow(Bytes packet, MessageSink& sink) noexcept {
  WireReader in(packet);
  in.Take(1);
  constexpr std::size_t kFirstBit = 2;  // of a result's NULL bitmap
  const Bytes nulls = in.Take((columns_.size() + kFirstBit + 7) / 8);
  for (std::size_t i = 0; i < columns_.size() && !in.failed(); ++i) {
    const std::size_t bit = i + kFirstBit;
    const bool null = (Octets(nulls)[bit / 8] >> (bit % 8) & 1) != 0;
    text_.clear();
    if (!null) ReadBinaryValue(columns_[i], in, text_);
    if (!in.failed()) rows_.Value(text_, sink);
  }
  rows_.EndRow(sink);
}

void Result::End(BodyEnd end, MessageSink& sink) noexcept {
  rows_.End(end, sink);
  values_.Begin();
  count_ = 0;
}

void Result::Reset() noexcept { Renew(*this, {}, &Result::rows_, &Result::text_); }

}  // namespace gander::protocol::mysql

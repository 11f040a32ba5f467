// SPDX-License-Identifier: Apache-2.0
#include "protocol/cassandra/result.h"

#include <string>
#include <vector>

#include "base/byte_reader.h"
#include "protocol/cassandra/cassandra.h"
#include "protocol/framing/date_text.h"
#include "protocol/plain_text/plain_text.h"
#include "protocol/rowset/row_text.h"

namespace gander::protocol::cassandra {
namespace {

constexpr std::uint32_t kRows = 2;  // kind of result
constexpr std::uint32_t kGlobalTable = 1, kMorePages = 2, kNoMetadata = 4;
enum Type : std::uint16_t {
  kCustom = 0x00,
  kAscii = 0x01,
  kBigint = 0x02,
  kCounter = 0x05,
  kInt = 0x09,
  kText = 0x0a,
  kTimestamp = 0x0b,
  kVarchar = 0x0d,
  kDate = 0x11,
  kSmallint = 0x13,
  kList = 0x20,
  kMap = 0x21,
  kSet = 0x22,
  kUdt = 0x30,
  kTuple = 0x31
};
constexpr std::int64_t kMillisecondsADay = 86'400'000;
constexpr std::int64_t kDateEpoch = std::int64_t{1} << 31;  // days are counted from there

std::string_view ReadString(ByteReader& in) noexcept { return AsText(in.Take(in.U16())); }

bool SkipType(ByteReader& in, int depth, std::uint16_t* type) noexcept {
  *type = in.U16();
  std::uint16_t inner = 0;
  if (in.failed() || depth == kMaxTypeDepth) return false;
  switch (*type) {
    case kCustom: ReadString(in); break;
    case kList:
    case kSet: return SkipType(in, depth + 1, &inner);
    case kMap: return SkipType(in, depth + 1, &inner) && SkipType(in, depth + 1, &inner);
    case kUdt: {
      ReadString(in);
      ReadString(in);
      const int count = in.U16();
      for (int i = 0; i < count && !in.failed(); ++i) {
        ReadString(in);
        if (!SkipType(in, depth + 1, &inner)) return false;
      }
      break;
    }
    case kTuple: {
      const int count = in.U16();
      for (int i = 0; i < count && !in.failed(); ++i) {
        if (!SkipType(in, depth + 1, &inner)) return false;
      }
      break;
    }
    default: break;
  }
  return !in.failed();
}

void Say(std::uint16_t type, Bytes value, std::string& text) {
  text.clear();
  std::int64_t number = value.empty() || (Octets(value)[0] & 0x80) == 0 ? 0 : -1;
  for (const std::byte b : value.first(value.size() < 8 ? value.size() : 8)) {
    number = static_cast<std::int64_t>(static_cast<std::uint64_t>(number) << 8 | static_cast<std::uint8_t>(b));
  }
  switch (type) {
    case kInt:
    case kBigint:
    case kCounter:
    case kSmallint:
      if (!value.empty() && value.size() <= 8) text = std::to_string(number);
      return;
    case kTimestamp:
      if (value.size() == 8)
        framing::AppendDate(number / kMillisecondsADay - (number % kMillisecondsADay < 0 ? 1 : 0), text);
      return;
    case kDate:
      if (value.size() == 4) framing::AppendDate((number & 0xffffffff) - kDateEpoch, text);
      return;
    default: break;
  }
  if (!value.empty() && ReadsAsText(value)) text.assign(AsText(value));
}

}  // namespace

std::int64_t ReadResult(Bytes body, Direction direction, std::uint32_t tx_id, MessageSink& sink) noexcept {
  ByteReader in(body);
  if (in.U32() != kRows) return in.failed() ? -1 : 0;
  const std::uint32_t flags = in.U32(), count = in.U32();
  if ((flags & kMorePages) != 0) in.Skip(in.U32());
  if (in.failed() || count > kMaxColumns) return -1;
  std::vector<std::uint16_t> types(count, kText);
  rowset::RowText rows;
  rows.Begin("cassandra.rows", direction, tx_id);
  if ((flags & kNoMetadata) == 0) {
    if ((flags & kGlobalTable) != 0) {
      ReadString(in);
      ReadString(in);
    }
    for (std::uint16_t& type : types) {
      if ((flags & kGlobalTable) == 0) {
        ReadString(in);
        ReadString(in);
      }
      const std::string_view name = ReadString(in);
      if (!SkipType(in, 0, &type)) return -1;
      rows.Column(name);
    }
  }
  const std::uint32_t total = in.U32();
  std::string text;
  std::int64_t read = 0;
  bool good = !in.failed();
  for (; good && read < total && count > 0; ++read) {
    for (const std::uint16_t type : types) {
      const std::uint32_t length = in.U32();
      const Bytes value = length > INT32_MAX ? Bytes{} : in.Take(length);
      if (in.failed()) break;
      Say(type, value, text);
      rows.Value(text, sink);
    }
    rows.EndRow(sink);
    good = !in.failed();
  }
  rows.End(good ? BodyEnd::kComplete : BodyEnd::kTruncated, sink);
  return good ? read : -1;
}

}  // namespace gander::protocol::cassandra

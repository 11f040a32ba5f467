// SPDX-License-Identifier: Apache-2.0
#include "protocol/pgsql/value.h"

#include <charconv>

#include "base/byte_reader.h"
#include "protocol/framing/date_text.h"
#include "protocol/plain_text/plain_text.h"

namespace gander::protocol::pgsql {
namespace {

constexpr std::uint32_t kBool = 16, kInt8 = 20, kInt2 = 21, kInt4 = 23, kOid = 26, kFloat4 = 700, kFloat8 = 701,
                        kDate = 1082, kTime = 1083, kTimestamp = 1114, kTimestampTz = 1184;
constexpr std::int64_t kEpochDays = 10957;  // 2000-01-01 counted from 1970-01-01
constexpr std::int64_t kMicrosecondsADay = 86'400'000'000;

void AppendInteger(std::int64_t value, std::string& text) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  text.append(digits, end);
}

std::int64_t Integer(Bytes value) noexcept {
  std::int64_t v = value.empty() || (Octets(value)[0] & 0x80) == 0 ? 0 : -1;
  for (const std::byte b : value)
    v = static_cast<std::int64_t>(static_cast<std::uint64_t>(v) << 8 | static_cast<std::uint8_t>(b));
  return v;
}

}  // namespace

bool BinaryAsText(std::uint32_t type, Bytes value, std::string& text) noexcept {
  text.clear();
  if (value.empty()) return true;
  switch (type) {
    case kInt2:
    case kInt4:
    case kInt8:
    case kOid:
      if (value.size() > 8) return false;
      AppendInteger(Integer(value), text);
      return true;
    case kDate:
      if (value.size() != 4) return false;
      framing::AppendDate(Integer(value) + kEpochDays, text);
      return true;
    case kTimestamp:
    case kTimestampTz: {
      if (value.size() != 8) return false;
      const std::int64_t v = Integer(value);
      const std::int64_t days = v / kMicrosecondsADay - (v % kMicrosecondsADay < 0 ? 1 : 0);
      framing::AppendDate(days + kEpochDays, text);
      return true;
    }
    case kBool:
    case kFloat4:
    case kFloat8:
    case kTime: return true;  // says nothing of a person
    default: break;
  }
  if (!ReadsAsText(value)) return false;
  text.assign(AsText(value));
  return true;
}

}  // namespace gander::protocol::pgsql

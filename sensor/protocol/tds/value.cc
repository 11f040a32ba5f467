// SPDX-License-Identifier: Apache-2.0
#include "protocol/tds/value.h"

#include "protocol/framing/date_text.h"
#include "protocol/framing/utf16_text.h"

namespace gander::protocol::tds {
namespace {

enum : std::uint8_t {
  kNull = 0x1f,
  kImage = 0x22,
  kText = 0x23,
  kGuid = 0x24,
  kVarBinary = 0x25,
  kIntN = 0x26,
  kVarChar = 0x27,
  kDateN = 0x28,
  kTimeN = 0x29,
  kDateTime2N = 0x2a,
  kDateTimeOffsetN = 0x2b,
  kBinary = 0x2d,
  kChar = 0x2f,
  kInt1 = 0x30,
  kBit = 0x32,
  kInt2 = 0x34,
  kDecimal = 0x37,
  kInt4 = 0x38,
  kDateTime4 = 0x3a,
  kFloat4 = 0x3b,
  kMoney = 0x3c,
  kDateTime = 0x3d,
  kFloat8 = 0x3e,
  kNumeric = 0x3f,
  kVariant = 0x62,
  kNText = 0x63,
  kBitN = 0x68,
  kDecimalN = 0x6a,
  kNumericN = 0x6c,
  kFloatN = 0x6d,
  kMoneyN = 0x6e,
  kDateTimeN = 0x6f,
  kMoney4 = 0x7a,
  kInt8 = 0x7f,
  kBigVarBinary = 0xa5,
  kBigVarChar = 0xa7,
  kBigBinary = 0xad,
  kBigChar = 0xaf,
  kNVarChar = 0xe7,
  kNChar = 0xef,
  kUdt = 0xf0,
  kXml = 0xf1
};
constexpr std::uint64_t kMaxLength = 0xffff;  // of a type: its values come in chunks; of a value: NULL
constexpr std::size_t kCollation = 5;
constexpr std::int64_t kDaysTo1900 = -25567;  // from 1970-01-01
constexpr std::int64_t kDaysTo0001 = -719162;

int FixedSize(std::uint8_t id) noexcept {
  switch (id) {
    case kNull: return 0;
    case kInt1:
    case kBit: return 1;
    case kInt2: return 2;
    case kInt4:
    case kDateTime4:
    case kFloat4:
    case kMoney4: return 4;
    case kMoney:
    case kDateTime:
    case kFloat8:
    case kInt8: return 8;
    default: return -1;
  }
}

bool IsUtf16(std::uint8_t id) noexcept { return id == kNVarChar || id == kNChar || id == kNText || id == kXml; }
bool IsCharacters(std::uint8_t id) noexcept {
  return id == kBigVarChar || id == kBigChar || id == kText || id == kVarChar || id == kChar;
}

// 10^-scale seconds of a day take so many octets ([MS-TDS] §2.2.5.5.1.8).
std::size_t TimeOctets(std::uint8_t scale) noexcept { return scale <= 2 ? 3 : scale <= 4 ? 4 : 5; }

void AppendSigned(Bytes value, std::string& text) {
  LittleReader in(value);
  const std::uint64_t raw = in.Integer(value.size());
  if (value.size() == 1) {
    text += std::to_string(raw);  // tinyint has no sign
    return;
  }
  const int unused = 64 - 8 * static_cast<int>(value.size());
  text += std::to_string(static_cast<std::int64_t>(raw << unused) >> unused);
}

// DECIMAL: a sign, then the digits as one number; with a scale of zero it is an identifier as likely as a sum.
void AppendDecimal(Bytes value, std::uint8_t scale, std::string& text) {
  if (scale != 0 || value.size() < 2 || value.size() > 9) return;
  LittleReader in(value.subspan(1));
  if (Octets(value)[0] == 0) text += '-';
  text += std::to_string(in.Integer(value.size() - 1));
}

void Say(const Type& type, Bytes value, std::string& text) {
  LittleReader in(value);
  switch (type.id) {
    case kInt1:
    case kInt2:
    case kInt4:
    case kInt8:
    case kIntN:
      if (!value.empty() && value.size() <= 8) AppendSigned(value, text);
      return;
    case kDecimal:
    case kNumeric:
    case kDecimalN:
    case kNumericN: return AppendDecimal(value, type.scale, text);
    case kDateN:
      if (value.size() == 3) framing::AppendDate(static_cast<std::int64_t>(in.Integer(3)) + kDaysTo0001, text);
      return;
    case kDateTime2N:
    case kDateTimeOffsetN:
      in.Take(TimeOctets(type.scale));
      if (in.remaining() >= 3) framing::AppendDate(static_cast<std::int64_t>(in.Integer(3)) + kDaysTo0001, text);
      return;
    case kDateTime:
    case kDateTime4:
    case kDateTimeN:
      if (value.size() == 8) framing::AppendDate(static_cast<std::int32_t>(in.Integer(4)) + kDaysTo1900, text);
      if (value.size() == 4) framing::AppendDate(static_cast<std::int64_t>(in.Integer(2)) + kDaysTo1900, text);
      return;
    default: break;
  }
  if (IsUtf16(type.id)) {
    framing::Utf16Text().Feed(value, text);
  } else if (IsCharacters(type.id)) {
    text += AsText(value);
  }
}

void ReadChunks(const Type& type, LittleReader& in, std::string& text) {
  constexpr std::uint64_t kNullLength = UINT64_MAX;
  if (in.Integer(8) == kNullLength) return;
  framing::Utf16Text utf16;
  while (!in.failed()) {
    const std::uint64_t n = in.Integer(4);
    if (n == 0) return;
    const Bytes chunk = in.Take(n);
    if (IsUtf16(type.id)) {
      utf16.Feed(chunk, text);
    } else if (IsCharacters(type.id)) {
      text += AsText(chunk);
    }
  }
}

void SkipNames(LittleReader& in, int count) noexcept {
  for (int i = 0; i < count; ++i) in.Take(2 * in.Integer(1));
}

}  // namespace

std::string ReadString(LittleReader& in, std::size_t octets) noexcept {
  return framing::FromUtf16(in.Take(2 * in.Integer(octets)));
}

bool NamesTable(const Type& type) noexcept { return type.id == kText || type.id == kNText || type.id == kImage; }

bool ReadType(LittleReader& in, Type& type) noexcept {
  type = Type();
  type.id = static_cast<std::uint8_t>(in.Integer(1));
  if (in.failed() || FixedSize(type.id) >= 0) return true;
  switch (type.id) {
    case kDateN: return true;
    case kTimeN:
    case kDateTime2N:
    case kDateTimeOffsetN: type.scale = static_cast<std::uint8_t>(in.Integer(1)); return true;
    case kGuid:
    case kIntN:
    case kBitN:
    case kFloatN:
    case kMoneyN:
    case kDateTimeN:
    case kVarBinary:
    case kBinary:
    case kVarChar:
    case kChar: in.Take(1); return true;
    case kDecimal:
    case kNumeric:
    case kDecimalN:
    case kNumericN:
      in.Take(2);
      type.scale = static_cast<std::uint8_t>(in.Integer(1));
      return true;
    case kBigVarBinary:
    case kBigBinary: type.chunked = in.Integer(2) == kMaxLength; return true;
    case kBigVarChar:
    case kBigChar:
    case kNVarChar:
    case kNChar:
      type.chunked = in.Integer(2) == kMaxLength;
      in.Take(kCollation);
      return true;
    case kText:
    case kNText: in.Take(4 + kCollation); return true;
    case kImage:
    case kVariant: in.Take(4); return true;
    case kXml:
      type.chunked = true;
      if (in.Integer(1) == 0) return true;
      SkipNames(in, 2);
      in.Take(2 * in.Integer(2));
      return true;
    case kUdt:
      type.chunked = true;
      in.Take(2);
      SkipNames(in, 3);
      in.Take(2 * in.Integer(2));
      return true;
    default: return false;
  }
}

void ReadValue(const Type& type, LittleReader& in, std::string& text) noexcept {
  text.clear();
  if (type.chunked) return ReadChunks(type, in, text);
  std::uint64_t length = 0;
  if (const int fixed = FixedSize(type.id); fixed >= 0) {
    length = static_cast<std::uint64_t>(fixed);
  } else {
    switch (type.id) {
      case kBigVarBinary:
      case kBigBinary:
      case kBigVarChar:
      case kBigChar:
      case kNVarChar:
      case kNChar:
        length = in.Integer(2);
        if (length == kMaxLength) length = 0;
        break;
      case kText:
      case kNText:
      case kImage: {
        const std::uint64_t pointer = in.Integer(1);
        if (pointer == 0) return;
        constexpr std::size_t kTimestamp = 8;
        in.Take(pointer + kTimestamp);
        length = in.Integer(4);
        break;
      }
      case kVariant: length = in.Integer(4); break;
      default: length = in.Integer(1);
    }
  }
  const Bytes value = in.Take(length);
  if (!in.failed()) Say(type, value, text);
}

}  // namespace gander::protocol::tds

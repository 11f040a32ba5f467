// SPDX-License-Identifier: Apache-2.0
#include "content/mail/mapi_properties.h"

#include <algorithm>
#include <cstring>

namespace gander::content {
namespace {

constexpr std::uint16_t kFirstNamed = 0x8000, kManyValues = 0x1000;
constexpr std::uint32_t kGuidBytes = 16;

// Bytes of a value of the type, padded to four; 0 = its length stands in front of it, or there is no such type.
constexpr std::uint32_t FixedBytes(std::uint16_t type) noexcept {
  switch (type) {
    case 0x02:  // 16 bits
    case 0x03:  // 32 bits
    case 0x04:  // float
    case 0x0a:  // an error
    case 0x0b:  // yes or no
      return 4;
    case 0x05:  // double
    case 0x06:  // currency
    case 0x07:  // application time
    case 0x14:  // 64 bits
    case 0x40:  // time
      return 8;
    case 0x48:  // GUID
      return kGuidBytes;
    default:
      return 0;
  }
}

constexpr bool HasLength(std::uint16_t type) noexcept {
  return type == kMapiObject || type == kMapiString8 || type == kMapiUnicode || type == kMapiBinary;
}

constexpr std::uint32_t PaddingOf(std::uint32_t bytes) noexcept { return (4 - bytes % 4) % 4; }

}  // namespace

void MapiProperties::Begin(bool rows) noexcept {
  rows_ = rows ? 0 : 1;
  in_value_ = false;
  Expect(rows ? At::kRows : At::kCount, 4);
}

std::uint32_t MapiProperties::Number(std::size_t at) const noexcept {
  const std::uint8_t* const p = Octets(field_) + at;
  return p[0] | std::uint32_t{p[1]} << 8 | std::uint32_t{p[2]} << 16 | std::uint32_t{p[3]} << 24;
}

void MapiProperties::Expect(At at, std::uint32_t bytes) noexcept {
  at_ = at;
  left_ = bytes;
  held_ = 0;
}

bool MapiProperties::Feed(Bytes in, MapiSink& sink, Uninspected& total, std::size_t& read) noexcept {
  const std::size_t size = in.size();
  read = size;
  while (!in.empty()) {
    if (at_ == At::kOver) {
      read = size - in.size();
      return false;
    }
    const Bytes more = TakeFront(in, left_);
    left_ -= static_cast<std::uint32_t>(more.size());
    if (at_ == At::kBytes) {
      total += sink.OnValueBytes(more);
      if (left_ == 0) BytesRead(sink);
    } else if (at_ == At::kNameBytes || at_ == At::kFixed || at_ == At::kPadding) {
      if (left_ == 0 && !FieldRead(sink)) at_ = At::kOver;
    } else {
      std::memcpy(field_.data() + held_, more.data(), more.size());
      held_ += more.size();
      if (left_ == 0 && !FieldRead(sink)) at_ = At::kOver;
    }
  }
  return true;
}

// What was expected is there. False when it cannot be.
bool MapiProperties::FieldRead(MapiSink& sink) noexcept {
  switch (at_) {
    case At::kRows:
      rows_ = Number();
      if (rows_ > 0) Expect(At::kCount, 4);
      return rows_ > 0;
    case At::kCount:
      properties_ = Number();
      --rows_;
      NextProperty();
      return true;
    case At::kTag:
      return TagRead();
    case At::kName: {
      const std::uint32_t kind = Number(kGuidBytes);
      if (kind > 1) return false;
      Expect(kind == 0 ? At::kNameNumber : At::kNameLength, 4);
      return true;
    }
    case At::kNameLength: {
      const std::uint32_t bytes = Number();
      if (bytes > UINT16_MAX) return false;
      Expect(At::kNameBytes, bytes + PaddingOf(bytes));
      if (left_ == 0) ValueFollows();
      return true;
    }
    case At::kNameNumber:
    case At::kNameBytes:
      ValueFollows();
      return true;
    case At::kValues:
      values_ = Number();
      NextValue();
      return true;
    case At::kLength: {
      const std::uint32_t bytes = Number();
      padding_ = PaddingOf(bytes);
      Expect(At::kBytes, bytes);
      in_value_ = true;
      sink.OnValue(id_, type_, bytes);
      if (bytes == 0) BytesRead(sink);
      return true;
    }
    case At::kFixed:
    case At::kPadding:
      NextValue();
      return true;
    case At::kBytes:
    case At::kOver:
      break;
  }
  return false;
}

bool MapiProperties::TagRead() noexcept {
  type_ = static_cast<std::uint16_t>(Number());
  id_ = static_cast<std::uint16_t>(Number() >> 16);
  const auto single = static_cast<std::uint16_t>(type_ & ~kManyValues);
  if (!HasLength(single) && FixedBytes(single) == 0) return false;
  if (id_ >= kFirstNamed) {
    Expect(At::kName, kGuidBytes + 4);
  } else {
    ValueFollows();
  }
  return true;
}

void MapiProperties::ValueFollows() noexcept {
  const bool many = (type_ & kManyValues) != 0;
  type_ = static_cast<std::uint16_t>(type_ & ~kManyValues);
  values_ = 1;
  if (many || HasLength(type_)) {
    Expect(At::kValues, 4);
  } else {
    NextValue();
  }
}

void MapiProperties::NextValue() noexcept {
  if (values_ == 0) return NextProperty();
  --values_;
  if (HasLength(type_)) {
    Expect(At::kLength, 4);
  } else {
    Expect(At::kFixed, FixedBytes(type_));
  }
}

void MapiProperties::NextProperty() noexcept {
  if (properties_ > 0) {
    --properties_;
    Expect(At::kTag, 4);
  } else if (rows_ > 0) {
    Expect(At::kCount, 4);
  } else {
    at_ = At::kOver;
  }
}

void MapiProperties::BytesRead(MapiSink& sink) noexcept {
  in_value_ = false;
  sink.OnValueEnd();
  if (padding_ == 0) return NextValue();
  Expect(At::kPadding, padding_);
}

void MapiProperties::End(MapiSink& sink) noexcept {
  if (in_value_) sink.OnValueEnd();
  in_value_ = false;
  at_ = At::kOver;
}

}  // namespace gander::content

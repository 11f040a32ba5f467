// SPDX-License-Identifier: Apache-2.0
#include "content/notation/item_formats.h"

#include <algorithm>

namespace gander::content {
namespace {

std::uint64_t BigEndian(const std::uint8_t* p, std::size_t n) noexcept {
  std::uint64_t v = 0;
  for (std::size_t i = 0; i < n; ++i) v = v << 8 | p[i];
  return v;
}

// Types from 0xc0 on: what it is, and how many bytes its number has; an extension has a byte of type behind that.
struct PackedType {
  ItemKind kind;
  std::uint8_t bytes;
  std::uint8_t fixed = 0;  // extensions whose size is in the type
};
constexpr PackedType kPackedTypes[] = {
    {ItemKind::kOther, 0},     {ItemKind::kInvalid, 0},  {ItemKind::kOther, 0},
    {ItemKind::kOther, 0},                                                       // nil, -, bool
    {ItemKind::kBytes, 1},     {ItemKind::kBytes, 2},    {ItemKind::kBytes, 4},  // bin
    {ItemKind::kBytes, 1},     {ItemKind::kBytes, 2},    {ItemKind::kBytes, 4},  // ext
    {ItemKind::kOther, 4},     {ItemKind::kOther, 8},                            // float
    {ItemKind::kNumber, 1},    {ItemKind::kNumber, 2},   {ItemKind::kNumber, 4},
    {ItemKind::kNumber, 8},  // uint
    {ItemKind::kNegative, 1},  {ItemKind::kNegative, 2}, {ItemKind::kNegative, 4},
    {ItemKind::kNegative, 8},  // int
    {ItemKind::kBytes, 0, 1},  {ItemKind::kBytes, 0, 2}, {ItemKind::kBytes, 0, 4},
    {ItemKind::kBytes, 0, 8},  // fixext
    {ItemKind::kBytes, 0, 16}, {ItemKind::kText, 1},     {ItemKind::kText, 2},
    {ItemKind::kText, 4},  // str
    {ItemKind::kArray, 2},     {ItemKind::kArray, 4},    {ItemKind::kMap, 2},
    {ItemKind::kMap, 4},
};
static_assert(std::size(kPackedTypes) == 32);

constexpr bool IsExtension(std::uint8_t c) noexcept { return (c >= 0xc7 && c <= 0xc9) || (c >= 0xd4 && c <= 0xd8); }

std::size_t PackHead(std::uint8_t c) noexcept {
  if (c < 0xc0 || c >= 0xe0) return 1;
  const PackedType& type = kPackedTypes[c - 0xc0];
  if (type.kind == ItemKind::kInvalid) return 0;
  return 1u + type.bytes + (IsExtension(c) ? 1u : 0u);
}

Item ReadPack(const std::uint8_t* head) noexcept {
  const std::uint8_t c = head[0];
  if (c < 0x80) return {ItemKind::kNumber, c};
  if (c < 0x90) return {ItemKind::kMap, c & 0x0fu};
  if (c < 0xa0) return {ItemKind::kArray, c & 0x0fu};
  if (c < 0xc0) return {ItemKind::kText, c & 0x1fu};
  if (c >= 0xe0) return {ItemKind::kOther};
  const PackedType& type = kPackedTypes[c - 0xc0];
  const std::uint64_t value = type.fixed > 0 ? type.fixed : BigEndian(head + 1, type.bytes);
  if (type.kind != ItemKind::kNegative) return {type.kind, value};
  // A signed number that is none: two's complement of its size.
  const bool negative = (head[1] & 0x80) != 0;
  return negative ? Item{ItemKind::kOther} : Item{ItemKind::kNumber, value};
}

std::size_t CborHead(std::uint8_t c) noexcept {
  const unsigned info = c & 0x1f, major = c >> 5;
  if (info < 24) return 1;
  if (info < 28) return 1u + (1u << (info - 24));
  const bool may_be_open = major >= 2 && major != 6;
  return info == 31 && may_be_open ? 1 : 0;
}

Item ReadCbor(const std::uint8_t* head) noexcept {
  constexpr ItemKind kMajor[] = {ItemKind::kNumber, ItemKind::kNegative, ItemKind::kBytes, ItemKind::kText,
                                 ItemKind::kArray,  ItemKind::kMap,      ItemKind::kTag,   ItemKind::kOther};
  const unsigned info = head[0] & 0x1f;
  Item item{kMajor[head[0] >> 5]};
  item.open = info == 31;
  if (item.open && item.kind == ItemKind::kOther) return {ItemKind::kEnd};
  item.value = info < 24 ? info : item.open ? 0 : BigEndian(head + 1, std::size_t{1} << (info - 24));
  return item;
}

constexpr ItemFormat kPack = {"msgpack", PackHead, ReadPack};
constexpr ItemFormat kCbor = {"cbor", CborHead, ReadCbor};

bool Contains(std::string_view type, std::string_view lower) noexcept {
  const auto equal = [](char a, char b) { return (a | 0x20) == b; };
  return std::search(type.begin(), type.end(), lower.begin(), lower.end(), equal) != type.end();
}

}  // namespace

const ItemFormat* FindItemFormat(std::string_view type, Bytes prefix) noexcept {
  const ItemFormat* const format = Contains(type, "msgpack") ? &kPack : Contains(type, "cbor") ? &kCbor : nullptr;
  if (format == nullptr || prefix.size() < kMaxItemHead) return nullptr;
  const std::uint8_t* const head = Octets(prefix);
  const std::size_t size = format->head_size(head[0]);
  return size > 0 && BeginsStream(format->read(head).kind) ? format : nullptr;
}

}  // namespace gander::content

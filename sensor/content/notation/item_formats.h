// SPDX-License-Identifier: Apache-2.0
// MessagePack (github.com/msgpack/msgpack/blob/master/spec.md) and CBOR (RFC 8949): binary JSON. Both write items one
// behind the other, each a head of one to ten bytes, then what it counts.
#ifndef GANDER_CONTENT_ITEM_FORMATS_H_
#define GANDER_CONTENT_ITEM_FORMATS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace gander::content {

enum class ItemKind : std::uint8_t {
  kInvalid,
  kNumber,    // `value`
  kNegative,  // -1 - `value`
  kOther,     // nothing, true, a number with a point: no text
  kText,      // `value` bytes follow
  kBytes,     // so here
  kArray,     // `value` items follow
  kMap,       // `value` keys and values follow
  kTag,       // says what the next item is: no item itself
  kEnd,       // of the innermost array, map, text that did not say its length
};

struct Item {
  ItemKind kind = ItemKind::kInvalid;
  std::uint64_t value = 0;
  bool open = false;  // does not say its length, but ends with kEnd
};

inline constexpr std::size_t kMaxItemHead = 10;

struct ItemFormat {
  std::string_view segment;
  // Bytes of the head that begins with `first`; 0 = no head begins so.
  std::size_t (*head_size)(std::uint8_t first) noexcept;
  // `head` has all bytes of it.
  Item (*read)(const std::uint8_t* head) noexcept;
};

// Null when the type is none of them, or when what begins with `prefix` is no map, array or tag: text under a wrong
// label.
const ItemFormat* FindItemFormat(std::string_view type, Bytes prefix) noexcept;
// Whether a stream may begin a value with `kind`.
constexpr bool BeginsStream(ItemKind kind) noexcept {
  return kind == ItemKind::kArray || kind == ItemKind::kMap || kind == ItemKind::kTag;
}

}  // namespace gander::content

#endif  // GANDER_CONTENT_ITEM_FORMATS_H_

// SPDX-License-Identifier: Apache-2.0
// Views over memory somebody else owns. A view lives for the call that received it.
#ifndef GANDER_BASE_BYTES_H_
#define GANDER_BASE_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace gander {

using Bytes = std::span<const std::byte>;

inline std::string_view AsText(Bytes b) noexcept {
  return {reinterpret_cast<const char*>(b.data()), b.size()};
}

inline Bytes AsBytes(std::string_view s) noexcept {
  return {reinterpret_cast<const std::byte*>(s.data()), s.size()};
}

inline const std::uint8_t* Octets(Bytes b) noexcept {
  return reinterpret_cast<const std::uint8_t*>(b.data());
}

// Up to `n` bytes from the front of `b`, removed from it.
inline Bytes TakeFront(Bytes& b, std::size_t n) noexcept {
  const Bytes front = b.first(n < b.size() ? n : b.size());
  b = b.subspan(front.size());
  return front;
}

}  // namespace gander

#endif  // GANDER_BASE_BYTES_H_

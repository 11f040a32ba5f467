// SPDX-License-Identifier: Apache-2.0
// The first bytes of what follows a coded stream, gathered until they tell whether another stream begins.
#ifndef GANDER_CONTENT_STREAM_START_H_
#define GANDER_CONTENT_STREAM_START_H_

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/bytes.h"

namespace gander::content {

class StreamStart {
 public:
  static constexpr std::size_t kMax = 8;  // the longest magic number

  void Clear() noexcept { size_ = 0; }
  // Takes bytes off `in` until there are `wanted`. False while there are fewer.
  bool Gather(Bytes& in, std::size_t wanted) noexcept {
    const Bytes more = TakeFront(in, wanted - std::min(wanted, size_));
    std::copy(more.begin(), more.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += more.size();
    return size_ >= wanted;
  }
  Bytes bytes() const noexcept { return {bytes_.data(), size_}; }
  bool StartsWith(std::string_view magic) const noexcept { return AsText(bytes()).starts_with(magic); }

 private:
  std::array<std::byte, kMax> bytes_;
  std::size_t size_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_STREAM_START_H_

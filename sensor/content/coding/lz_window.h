// SPDX-License-Identifier: Apache-2.0
// What block compressors of the LZ77 kind copy from: the last 64 KiB that came out. Neither Snappy's nor
// LZ4's writers look further back.
#ifndef GANDER_CONTENT_LZ_WINDOW_H_
#define GANDER_CONTENT_LZ_WINDOW_H_

#include <span>

#include "content/memory.h"

namespace gander::content {

class LzWindow {
 public:
  static constexpr std::size_t kBytes = 64 * 1024;

  // False when there is no memory for it.
  bool Begin(Memory& memory) noexcept;
  void Release() noexcept;
  bool ready() const noexcept { return ring_ != nullptr; }

  // Each writes to `out` and to the window, from `out[n]` on, as far as there is room, and returns the new
  // `n`.
  std::size_t Literal(Bytes& in, std::size_t& left, std::span<std::byte> out, std::size_t n) noexcept;
  // From `back` bytes ago: MayCopy(back).
  std::size_t Copy(std::size_t back, std::size_t& left, std::span<std::byte> out, std::size_t n) noexcept;
  bool MayCopy(std::size_t back) const noexcept { return back > 0 && back <= kBytes && back <= written_; }

 private:
  Memory* memory_ = nullptr;
  std::byte* ring_ = nullptr;
  std::size_t written_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_LZ_WINDOW_H_

// SPDX-License-Identifier: Apache-2.0
#include "content/coding/lz_window.h"

#include <algorithm>

namespace gander::content {
namespace {

constexpr std::size_t kMask = LzWindow::kBytes - 1;

}  // namespace

bool LzWindow::Begin(Memory& memory) noexcept {
  memory_ = &memory;
  if (ring_ == nullptr) ring_ = static_cast<std::byte*>(memory.Allocate(kBytes));
  written_ = 0;
  return ring_ != nullptr;
}

void LzWindow::Release() noexcept {
  if (ring_ != nullptr) memory_->Free(ring_);
  ring_ = nullptr;
}

std::size_t LzWindow::Literal(Bytes& in, std::size_t& left, std::span<std::byte> out,
                              std::size_t n) noexcept {
  const Bytes some = TakeFront(in, std::min(left, out.size() - n));
  for (const std::byte b : some) out[n++] = ring_[written_++ & kMask] = b;
  left -= some.size();
  return n;
}

// Byte by byte: what is copied may be what was just written.
std::size_t LzWindow::Copy(std::size_t back, std::size_t& left, std::span<std::byte> out,
                           std::size_t n) noexcept {
  const std::size_t count = std::min(left, out.size() - n);
  for (std::size_t i = 0; i < count; ++i, ++written_)
    out[n++] = ring_[written_ & kMask] = ring_[(written_ - back) & kMask];
  left -= count;
  return n;
}

}  // namespace gander::content

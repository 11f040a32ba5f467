// SPDX-License-Identifier: Apache-2.0
#include "content/decoder_pool.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "content/brotli.h"
#include "content/entity.h"
#include "content/form.h"
#include "content/inflate.h"
#include "content/mime_part.h"
#include "content/multipart.h"
#include "content/transfer_encoding.h"
#include "content/unknown_coding.h"
#include "content/utf16.h"

namespace gander::content {
namespace {

// Stands before each block given to brotli, so that freeing knows how much. Keeps the block's alignment.
struct alignas(std::max_align_t) BlockHead {
  std::size_t bytes;
};

}  // namespace

DecoderPool::DecoderPool(const PoolLimits& limits)
    : inflaters(limits.inflaters), brotli_budget_(limits.brotli_bytes) {}

DecoderPool::~DecoderPool() = default;

std::span<std::byte> DecoderPool::Buffer(std::size_t depth) {
  while (buffers_.size() <= depth) {
    buffers_.push_back(std::make_unique<std::array<std::byte, kBufferBytes>>());
  }
  return *buffers_[depth];
}

void* DecoderPool::AllocateBrotli(std::size_t bytes) noexcept {
  if (bytes > brotli_budget_ - brotli_in_use_) return nullptr;
  auto* const head = static_cast<BlockHead*>(std::malloc(sizeof(BlockHead) + bytes));
  if (head == nullptr) return nullptr;
  head->bytes = bytes;
  brotli_in_use_ += bytes;
  return head + 1;
}

void DecoderPool::FreeBrotli(void* memory) noexcept {
  if (memory == nullptr) return;
  BlockHead* const head = static_cast<BlockHead*>(memory) - 1;
  brotli_in_use_ -= head->bytes;
  std::free(head);
}

}  // namespace gander::content

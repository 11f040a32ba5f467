// SPDX-License-Identifier: Apache-2.0
#include "content/coding/brotli.h"

#include <cstring>

#include "content/decoder_pool.h"

namespace gander::content {
namespace {

// What the library allocates behind a window is less.
constexpr std::size_t kBehindWindow = 4096;

}  // namespace

void BrotliLayer::GiveBack() noexcept { body().pool->Give(this); }

void BrotliLayer::Close() noexcept {
  if (decoder_ != nullptr) BrotliDecoderDestroyInstance(decoder_);
  decoder_ = nullptr;
  ready_ = {};
}

bool BrotliLayer::Start(std::size_t max_window) noexcept {
  Close();
  max_window_ = max_window;
  decoder_ = BrotliDecoderCreateInstance(
      Allocate, [](void* self, void* block) { static_cast<BrotliLayer*>(self)->memory().Free(block); }, this);
  return decoder_ != nullptr;
}

void* BrotliLayer::Allocate(void* self, std::size_t bytes) noexcept {
  auto* const layer = static_cast<BrotliLayer*>(self);
  if (bytes > layer->max_window_ + kBehindWindow) return nullptr;
  layer->body().Spend(bytes / BurstBudget::kBytesAllocated);
  return layer->memory().Allocate(bytes);
}

// A window that is too large for a trial comes behind a header and prefix codes that make sense: a label is believed
// then.
CodingLayer::Guess BrotliLayer::Recognise(Bytes prefix, bool all) noexcept {
  if (!member() && !all && prefix.size() < kPrefixBytes) return Guess::kNeedMore;
  const bool started = Start(member() ? kMaxWindow : kMaxTrialWindow);
  if (!started || member()) return Guess::kCoded;  // Decode() then says that the budget is used up
  const Guess guess = Try(prefix, all, declared());
  if (guess == Guess::kCoded) Start(kMaxWindow);
  return guess;
}

CodingLayer::Step BrotliLayer::Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  *produced = 0;
  if (decoder_ == nullptr) return Step::kNoMemory;
  Step step = Step::kMore;
  while (*produced < out.size()) {
    if (ready_.empty()) step = StepOf(Refill(in));
    if (ready_.empty()) return step;
    const Bytes some = TakeFront(ready_, out.size() - *produced);
    std::memcpy(out.data() + *produced, some.data(), some.size());
    *produced += some.size();
  }
  return Step::kMore;
}

// What comes out of one call, which is paid for before it is handed on: a cap may end the body meanwhile.
BrotliDecoderResult BrotliLayer::Refill(Bytes& in) noexcept {
  std::size_t in_left = in.size(), no_room = 0, size = 0;
  const std::uint8_t* from = Octets(in);
  const BrotliDecoderResult result =
      BrotliDecoderDecompressStream(decoder_, &in_left, &from, &no_room, nullptr, nullptr);
  in = in.last(in_left);
  const std::uint8_t* const data = BrotliDecoderTakeOutput(decoder_, &size);
  ready_ = Bytes(reinterpret_cast<const std::byte*>(data), size);
  body().Spend(size);
  return result;
}

CodingLayer::Step BrotliLayer::StepOf(BrotliDecoderResult result) const noexcept {
  if (result == BROTLI_DECODER_RESULT_SUCCESS) return Step::kEnd;
  if (result != BROTLI_DECODER_RESULT_ERROR) return Step::kMore;
  const int code = BrotliDecoderGetErrorCode(decoder_);
  const bool no_memory =
      code <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES && code >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES;
  return no_memory ? Step::kNoMemory : Step::kCorrupt;
}

}  // namespace gander::content

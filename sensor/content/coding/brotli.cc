// SPDX-License-Identifier: Apache-2.0
#include "content/coding/brotli.h"

#include "content/decoder_pool.h"

namespace gander::content {
void BrotliLayer::GiveBack() noexcept { body().pool->Give(this); }

void BrotliLayer::Close() noexcept {
  if (decoder_ != nullptr) BrotliDecoderDestroyInstance(decoder_);
  decoder_ = nullptr;
}

bool BrotliLayer::Start() noexcept {
  Close();
  decoder_ = BrotliDecoderCreateInstance(CodingMemory::AllocateFor, CodingMemory::FreeFor, &memory());
  return decoder_ != nullptr;
}

CodingLayer::Guess BrotliLayer::Recognise(Bytes prefix, bool all) noexcept {
  if (!member() && !all && prefix.size() < kPrefixBytes) return Guess::kNeedMore;
  if (!Start() || member()) return Guess::kCoded;  // Decode() then says that the budget is used up
  const Guess guess = Try(prefix, all, declared());
  if (guess == Guess::kCoded) Start();
  return guess;
}

CodingLayer::Step BrotliLayer::Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  *produced = 0;
  if (decoder_ == nullptr) return Step::kNoMemory;
  std::size_t in_left = in.size(), out_left = out.size();
  const std::uint8_t* from = Octets(in);
  auto* to = reinterpret_cast<std::uint8_t*>(out.data());
  const BrotliDecoderResult result =
      BrotliDecoderDecompressStream(decoder_, &in_left, &from, &out_left, &to, nullptr);
  *produced = out.size() - out_left;
  in = in.last(in_left);
  if (result == BROTLI_DECODER_RESULT_SUCCESS) return Step::kEnd;
  if (result != BROTLI_DECODER_RESULT_ERROR) return Step::kMore;
  const int code = BrotliDecoderGetErrorCode(decoder_);
  const bool no_memory =
      code <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES && code >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES;
  return no_memory ? Step::kNoMemory : Step::kCorrupt;
}

}  // namespace gander::content

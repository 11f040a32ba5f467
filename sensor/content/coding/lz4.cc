// SPDX-License-Identifier: Apache-2.0
#include "content/coding/lz4.h"

// The allocator of one's own, exported by the shared library since 1.9.4.
#define LZ4F_STATIC_LINKING_ONLY
#include <lz4frame.h>

#include <algorithm>

#include "content/decoder_pool.h"

namespace gander::content {
namespace {

// Frame format, "General Structure" and "Skippable Frames": 0x184D2204 and 0x184D2A50 to 0x184D2A5F, little-endian.
constexpr std::size_t kMagicBytes = 4;
constexpr std::size_t kBlockHead = 4;
bool IsFrame(Bytes four) noexcept { return AsText(four) == "\x04\x22\x4d\x18"; }
bool IsSkippable(Bytes four) noexcept {
  return (Octets(four)[0] & 0xf0) == 0x50 && AsText(four).substr(1) == "\x2a\x4d\x18";
}

}  // namespace

void Lz4Layer::GiveBack() noexcept { body().pool->Give(this); }

void Lz4Layer::Drop() noexcept {
  if (decoder_ != nullptr) LZ4F_freeDecompressionContext(decoder_);
  decoder_ = nullptr;
}

void Lz4Layer::Close() noexcept {
  if (memory().in_use() > kKeepBytes) Drop();
}

bool Lz4Layer::Start() noexcept {
  begun_ = false;
  between_ = true;
  next_.Clear();
  if (decoder_ == nullptr) {
    decoder_ = LZ4F_createDecompressionContext_advanced(
        {CodingMemory::AllocateFor, nullptr, CodingMemory::FreeFor, &memory()}, LZ4F_VERSION);
  }
  if (decoder_ != nullptr) LZ4F_resetDecompressionContext(decoder_);
  return decoder_ != nullptr;
}

CodingLayer::Guess Lz4Layer::Recognise(Bytes prefix, bool all) noexcept {
  if (prefix.size() < kMagicBytes) return all ? Guess::kPlain : Guess::kNeedMore;
  const Bytes magic = prefix.first(kMagicBytes);
  if (!IsFrame(magic) && !IsSkippable(magic)) return Guess::kPlain;
  Start();
  return Guess::kCoded;  // Decode() says it when the memory for it is used up
}

CodingLayer::Step Lz4Layer::Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  *produced = 0;
  if (decoder_ == nullptr) return Step::kNoMemory;
  if (!between_) return Read(in, out, produced);
  if (begun_ && member()) return Step::kEnd;
  if (!next_.Gather(in, kMagicBytes)) return Step::kMore;
  if (!IsFrame(next_.bytes()) && !IsSkippable(next_.bytes())) return Step::kEnd;
  begun_ = true;
  between_ = false;
  wanted_ = kMagicBytes + kBlockHead;
  Bytes magic = next_.bytes();
  next_.Clear();
  return Read(magic, out, produced);
}

CodingLayer::Step Lz4Layer::Read(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  // A block without the head of the next: what is found damaged there would take the block along.
  const std::size_t most = wanted_ > kBlockHead ? wanted_ - kBlockHead : wanted_;
  std::size_t read = std::min(in.size(), most), written = out.size();
  LZ4F_decompressOptions_t options{};
  options.skipChecksums = 1;  // a wrong one takes nothing away from who reads the text
  const std::size_t result = LZ4F_decompress(decoder_, out.data(), &written, in.data(), &read, &options);
  if (LZ4F_isError(result) != 0) {
    return LZ4F_getErrorCode(result) == LZ4F_ERROR_allocation_failed ? Step::kNoMemory : Step::kCorrupt;
  }
  *produced = written;
  in = in.subspan(read);
  wanted_ = result;
  if (result == 0) between_ = true;
  return Step::kMore;
}

}  // namespace gander::content

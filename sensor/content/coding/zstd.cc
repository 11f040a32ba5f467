// SPDX-License-Identifier: Apache-2.0
#include "content/coding/zstd.h"

// The allocator of one's own, and not to verify checksums; both are exported by the shared library.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>

#include "content/decoder_pool.h"

namespace gander::content {
namespace {

// RFC 8878 §3.1.1 and §3.1.2: 0xFD2FB528 and 0x184D2A50 to 0x184D2A5F, little-endian.
constexpr std::size_t kMagicBytes = 4;
constexpr std::size_t kBlockHead = 3;  // RFC 8878 §3.1.1.2
bool IsMagic(Bytes four) noexcept {
  using namespace std::string_view_literals;
  const std::string_view s = AsText(four);
  return s == "\x28\xb5\x2f\xfd"sv || ((Octets(four)[0] & 0xf0) == 0x50 && s.substr(1) == "\x2a\x4d\x18"sv);
}

}  // namespace

void ZstdLayer::GiveBack() noexcept { body().pool->Give(this); }

void ZstdLayer::Drop() noexcept {
  if (decoder_ != nullptr) ZSTD_freeDCtx(decoder_);
  decoder_ = nullptr;
}

void ZstdLayer::Close() noexcept {
  if (memory().in_use() > kKeepBytes) Drop();
}

bool ZstdLayer::Start() noexcept {
  begun_ = false;
  between_ = true;
  next_.Clear();
  if (decoder_ != nullptr) return ZSTD_isError(ZSTD_DCtx_reset(decoder_, ZSTD_reset_session_only)) == 0;
  decoder_ = ZSTD_createDCtx_advanced({CodingMemory::AllocateFor, CodingMemory::FreeFor, &memory()});
  if (decoder_ == nullptr) return false;
  ZSTD_DCtx_setParameter(decoder_, ZSTD_d_windowLogMax, kMaxWindowLog);
  // A wrong checksum takes nothing away from who reads the text.
  ZSTD_DCtx_setParameter(decoder_, ZSTD_d_forceIgnoreChecksum, ZSTD_d_ignoreChecksum);
  return true;
}

CodingLayer::Guess ZstdLayer::Recognise(Bytes prefix, bool all) noexcept {
  if (!member()) {
    if (prefix.size() < kMagicBytes) return all ? Guess::kPlain : Guess::kNeedMore;
    if (!IsMagic(prefix.first(kMagicBytes))) return Guess::kPlain;
  }
  Start();
  return Guess::kCoded;  // Decode() says it when the memory for it is used up
}

CodingLayer::Step ZstdLayer::Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  *produced = 0;
  if (decoder_ == nullptr) return Step::kNoMemory;
  if (!between_) return Read(in, out, produced);
  if (begun_ && member()) return Step::kEnd;
  if (!next_.Gather(in, kMagicBytes)) return Step::kMore;
  if (!IsMagic(next_.bytes())) return member() ? Step::kCorrupt : Step::kEnd;
  begun_ = true;
  between_ = false;
  // By itself: from a whole frame in one piece the library makes all or nothing, whatever is damaged.
  wanted_ = kMagicBytes + kBlockHead;
  Bytes magic = next_.bytes();
  next_.Clear();
  return Read(magic, out, produced);
}

CodingLayer::Step ZstdLayer::Read(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  // A block without the head of the next: what is found damaged there would take the block along.
  const std::size_t most = wanted_ > kBlockHead ? wanted_ - kBlockHead : wanted_;
  ZSTD_inBuffer from = {in.data(), std::min(in.size(), most), 0};
  ZSTD_outBuffer to = {out.data(), out.size(), 0};
  const std::size_t result = ZSTD_decompressStream(decoder_, &to, &from);
  *produced = to.pos;
  in = in.subspan(from.pos);
  wanted_ = result;
  if (result == 0) between_ = true;
  switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_no_error:
      return Step::kMore;
    case ZSTD_error_memory_allocation:
    case ZSTD_error_frameParameter_windowTooLarge:
      return Step::kNoMemory;
    default:
      return Step::kCorrupt;
  }
}

}  // namespace gander::content

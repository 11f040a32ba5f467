// SPDX-License-Identifier: Apache-2.0
#include "content/coding/bzip2.h"

#include "content/decoder_pool.h"

namespace gander::content {
namespace {

// "BZh" and the size of blocks in 100 kB, 1 to 9.
constexpr std::size_t kMagicBytes = 4;
bool IsMagic(Bytes four) noexcept {
  const char level = AsText(four)[3];
  return AsText(four).starts_with("BZh") && level >= '1' && level <= '9';
}

void* Allocate(void* memory, int items, int size) {
  return CodingMemory::AllocateFor(memory, static_cast<std::size_t>(items) * static_cast<std::size_t>(size));
}

// What a decoder takes for blocks of 900 kB, anew for each stream. Memory that is kept for the next body is not
// counted: a cap must not depend on what came before.
constexpr std::size_t kMemory = 3'700'000;

}  // namespace

void Bzip2Layer::GiveBack() noexcept { body().pool->Give(this); }

void Bzip2Layer::Close() noexcept {
  if (made_) BZ2_bzDecompressEnd(&stream_);
  made_ = false;
}

bool Bzip2Layer::Start() noexcept {
  Close();
  between_ = false;
  next_.Clear();
  stream_ = {};
  stream_.bzalloc = Allocate;
  stream_.bzfree = CodingMemory::FreeFor;
  stream_.opaque = &memory();
  body().Spend(kMemory / BurstBudget::kBytesAllocated);
  made_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK;
  return made_;
}

CodingLayer::Guess Bzip2Layer::Recognise(Bytes prefix, bool all) noexcept {
  if (!member()) {
    if (prefix.size() < kMagicBytes) return all ? Guess::kPlain : Guess::kNeedMore;
    if (!IsMagic(prefix.first(kMagicBytes))) return Guess::kPlain;
  }
  Start();
  return Guess::kCoded;  // Decode() says it when the memory for it is used up
}

CodingLayer::Step Bzip2Layer::Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  *produced = 0;
  if (between_) {
    if (member()) return Step::kEnd;
    if (!next_.Gather(in, kMagicBytes)) return Step::kMore;
    if (!IsMagic(next_.bytes())) return Step::kEnd;
    Bytes magic = next_.bytes();
    if (!Start()) return Step::kNoMemory;
    return Read(magic, out, produced);
  }
  return made_ ? Read(in, out, produced) : Step::kNoMemory;
}

CodingLayer::Step Bzip2Layer::Read(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  stream_.next_in = const_cast<char*>(AsText(in).data());
  stream_.avail_in = static_cast<unsigned>(in.size());
  stream_.next_out = reinterpret_cast<char*>(out.data());
  stream_.avail_out = static_cast<unsigned>(out.size());
  const int result = BZ2_bzDecompress(&stream_);
  *produced = out.size() - stream_.avail_out;
  in = in.last(stream_.avail_in);
  switch (result) {
    case BZ_OK:
      return Step::kMore;
    case BZ_STREAM_END:
      between_ = true;
      return Step::kMore;
    case BZ_MEM_ERROR:
      return Step::kNoMemory;
    default:
      return Step::kCorrupt;
  }
}

}  // namespace gander::content

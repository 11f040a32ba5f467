// SPDX-License-Identifier: Apache-2.0
#include "content/archive/zip_methods.h"

#include "content/coding/bzip2.h"
#include "content/coding/inflate.h"
#include "content/coding/inflate64.h"
#include "content/coding/lzma.h"
#include "content/coding/xz.h"
#include "content/coding/zstd.h"
#include "content/decoder_pool.h"

namespace gander::content {
namespace {

// 4.4.4, bit 1: the stream says where it ends. Else it has as many bytes as the header says, if it does.
std::uint64_t LzmaLength(const ZipEntry& entry) noexcept {
  const bool told = !entry.size_follows() || entry.size > 0;
  return entry.has_end_marker() || !told ? LzmaLayer::kUnknownLength : entry.size;
}

}  // namespace

CodingLayer* TakeZipDecoder(DecoderPool& pool, const ZipEntry& entry) noexcept {
  constexpr std::uint16_t kDeflate = 8, kDeflate64 = 9, kBzip2 = 12, kLzma = 14, kOldZstd = 20, kZstd = 93, kXz = 95;
  switch (entry.method) {
    case kDeflate: {
      InflateLayer* const inflate = pool.Take<InflateLayer>();
      inflate->ExpectRaw();
      return inflate;
    }
    case kDeflate64:
      return pool.Take<Inflate64Layer>();
    case kLzma: {
      LzmaLayer* const lzma = pool.Take<LzmaLayer>();
      lzma->ExpectZip(LzmaLength(entry));
      return lzma;
    }
    case kBzip2:
      return pool.Take<Bzip2Layer>();
    case kZstd:
    case kOldZstd:
      return pool.Take<ZstdLayer>();
    case kXz:
      return pool.Take<XzLayer>();
    default:
      return nullptr;
  }
}

}  // namespace gander::content

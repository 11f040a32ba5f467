// SPDX-License-Identifier: Apache-2.0
#include "content/archive/zip_methods.h"

#include "content/coding/bzip2.h"
#include "content/coding/inflate.h"
#include "content/coding/xz.h"
#include "content/coding/zstd.h"
#include "content/decoder_pool.h"

namespace gander::content {

CodingLayer* TakeZipDecoder(DecoderPool& pool, std::uint16_t method) noexcept {
  constexpr std::uint16_t kDeflate = 8, kBzip2 = 12, kOldZstd = 20, kZstd = 93, kXz = 95;
  switch (method) {
    case kDeflate: {
      InflateLayer* const inflate = pool.Take<InflateLayer>();
      inflate->ExpectRaw();
      return inflate;
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

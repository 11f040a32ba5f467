// SPDX-License-Identifier: Apache-2.0
#include "content/zip_methods.h"

#include "content/decoder_pool.h"
#include "content/inflate.h"

namespace gander::content {

CodingLayer* TakeZipDecoder(DecoderPool& pool, std::uint16_t method) noexcept {
  constexpr std::uint16_t kDeflate = 8;
  if (method != kDeflate) return nullptr;
  InflateLayer* const inflate = pool.Take<InflateLayer>();
  inflate->ExpectRaw();
  return inflate;
}

}  // namespace gander::content

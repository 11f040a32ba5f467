// SPDX-License-Identifier: Apache-2.0
#include "content/coding/block_codec.h"

#include "content/coding/brotli.h"
#include "content/coding/bzip2.h"
#include "content/coding/inflate.h"
#include "content/coding/lz4_block.h"
#include "content/coding/snappy.h"
#include "content/coding/xz.h"
#include "content/coding/zstd.h"
#include "content/decoder_pool.h"
#include "content/open.h"

namespace gander::content {
namespace {

CodingLayer* TakeDecoder(DecoderPool& pool, BlockCodec codec) noexcept {
  switch (codec) {
    case BlockCodec::kDeflate: {
      InflateLayer* const inflate = pool.Take<InflateLayer>();
      inflate->ExpectRaw();
      return inflate;
    }
    case BlockCodec::kGzip:
      return pool.Take<InflateLayer>();
    case BlockCodec::kSnappy:
      return pool.Take<SnappyLayer>();
    case BlockCodec::kZstd:
      return pool.Take<ZstdLayer>();
    case BlockCodec::kBzip2:
      return pool.Take<Bzip2Layer>();
    case BlockCodec::kXz:
      return pool.Take<XzLayer>();
    case BlockCodec::kBrotli:
      return pool.Take<BrotliLayer>();
    case BlockCodec::kLz4:
      return pool.Take<Lz4BlockLayer>();
    default:
      return nullptr;
  }
}

}  // namespace

LayerPtr OpenBlockCodec(Body& body, BlockCodec codec, LayerPtr inner, std::string_view name) noexcept {
  if (codec == BlockCodec::kNone) return inner;
  CodingLayer* const decoder = TakeDecoder(*body.pool, codec);
  if (decoder == nullptr) {
    ++body.counters->undecodable;
    inner->End(protocol::BodyEnd::kTruncated);
    return OpenLeaf(body, name);
  }
  decoder->OpenMember(body, std::move(inner));
  return LayerPtr(decoder);
}

}  // namespace gander::content

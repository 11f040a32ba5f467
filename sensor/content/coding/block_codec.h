// SPDX-License-Identifier: Apache-2.0
// How the blocks of databases are compressed (Avro, Parquet).
#ifndef GANDER_CONTENT_BLOCK_CODEC_H_
#define GANDER_CONTENT_BLOCK_CODEC_H_

#include "content/layer.h"

namespace gander::content {

enum class BlockCodec : std::uint8_t {
  kNone,
  kDeflate,  // bare
  kGzip,
  kSnappy,
  kZstd,
  kBzip2,
  kXz,
  kBrotli,
  kLz4,  // bare block
  kUnknown,
};

// The decoder around `inner`; what no decoder is known for is a leaf, and counted.
LayerPtr OpenBlockCodec(Body& body, BlockCodec codec, LayerPtr inner, std::string_view name) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_BLOCK_CODEC_H_

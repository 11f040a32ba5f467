// SPDX-License-Identifier: Apache-2.0
// Avro object container files as they stream by (Apache Avro 1.11, "Object Container Files"): metadata and
// schema as text, then block after block, decompressed, each object a row.
#ifndef GANDER_CONTENT_AVRO_H_
#define GANDER_CONTENT_AVRO_H_

#include <array>

#include "content/coding/block_codec.h"
#include "content/database/avro_block.h"
#include "content/format_layer.h"

namespace gander::content {

class AvroLayer final : public FormatLayer {
 public:
  static constexpr std::string_view kSegment = "avro";

  void GiveBack() noexcept override;

 protected:
  void Begin() noexcept override;
  Uninspected Read(Bytes in) noexcept override;
  void Finish(protocol::BodyEnd end) noexcept override;

 private:
  enum class State : std::uint8_t {
    kMagic,
    kPairs,      // of the metadata, how many
    kPairsSize,  // in bytes
    kKeyLength,
    kKey,
    kValueLength,
    kValue,
    kSync,
    kObjects,  // of a block, how many
    kSize,     // in bytes
    kBlock,
    kTail,  // of a block, that is not of its codec
    kBlockSync,
    kLeaf,
  };
  static constexpr std::size_t kSyncBytes = 16;
  static constexpr std::size_t kMaxKey = 32;

  static bool IsNumber(State state) noexcept;
  void Number(std::int64_t value) noexcept;
  void Skip(std::uint64_t bytes, State state) noexcept;
  void Take(Bytes some, Uninspected& total) noexcept;
  void Taken(Uninspected& total) noexcept;
  void EndHeader() noexcept;
  void BeginBlock() noexcept;
  void GiveUp() noexcept;
  std::string_view key() const noexcept { return {key_.data(), key_size_}; }

  State state_ = State::kMagic;
  AvroLong long_;
  std::uint64_t left_ = 0;  // of what is at hand
  std::int64_t pairs_left_ = 0;
  std::array<char, kMaxKey> key_;
  std::size_t key_size_ = 0;
  std::array<char, kMaxKey> codec_name_;
  std::size_t codec_size_ = 0;
  BlockCodec codec_ = BlockCodec::kNone;
  std::array<std::byte, kSyncBytes> sync_;
  bool in_step_ = true;  // the marker behind a block is that of the file

  HeldBytes schema_text_;
  bool schema_whole_ = true;
  AvroSchema schema_;
  RowWriter rows_;
  AvroBlock block_;
  LayerPtr chain_;
  LayerPtr leaf_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_AVRO_H_

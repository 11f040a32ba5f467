// SPDX-License-Identifier: Apache-2.0
#include "content/database/avro.h"

#include <algorithm>
#include <cstring>

namespace gander::content {
namespace {

constexpr std::size_t kMagicBytes = 4;
// Behind a block of Snappy stands a sum over what is in it.
constexpr std::size_t kSnappySum = 4;

struct Codec {
  std::string_view name;
  BlockCodec codec;
};
constexpr Codec kCodecs[] = {
    {"", BlockCodec::kNone},         {"null", BlockCodec::kNone},      {"deflate", BlockCodec::kDeflate},
    {"snappy", BlockCodec::kSnappy}, {"zstandard", BlockCodec::kZstd}, {"bzip2", BlockCodec::kBzip2},
    {"xz", BlockCodec::kXz},
};

BlockCodec CodecNamed(std::string_view name) noexcept {
  for (const Codec& c : kCodecs) {
    if (c.name == name) return c.codec;
  }
  return BlockCodec::kUnknown;
}

}  // namespace

void AvroLayer::GiveBack() noexcept { body().pool->Give(this); }

void AvroLayer::Begin() noexcept {
  schema_text_.Begin(body().pool->memory, AvroSchema::kMaxText);
  schema_.Begin(body().pool->memory);
  schema_whole_ = true;
  rows_.Begin(body(), meta().name);
  block_.Open(body(), schema_, rows_, meta().name);
  codec_size_ = key_size_ = 0;
  codec_ = BlockCodec::kNone;
  in_step_ = true;
  pairs_left_ = 0;
  Skip(kMagicBytes, State::kMagic);
}

bool AvroLayer::IsNumber(State state) noexcept {
  return state == State::kPairs || state == State::kPairsSize || state == State::kKeyLength ||
         state == State::kValueLength || state == State::kObjects || state == State::kSize;
}

void AvroLayer::Skip(std::uint64_t bytes, State state) noexcept {
  state_ = state;
  left_ = bytes;
  long_.Begin();
}

Uninspected AvroLayer::Read(Bytes in) noexcept {
  Uninspected total;
  while (!in.empty() && state_ != State::kLeaf) {
    if (IsNumber(state_)) {
      if (long_.Take(Octets(TakeFront(in, 1))[0])) Number(long_.value());
    } else {
      const Bytes some = TakeFront(in, static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size())));
      left_ -= some.size();
      Take(some, total);
    }
    // What is empty is complete at once.
    while (!IsNumber(state_) && state_ != State::kLeaf && left_ == 0) Taken(total);
  }
  if (in.empty()) return total;
  if (leaf_ == nullptr) leaf_ = OpenLeaf(body(), meta().name);
  total += leaf_->Feed(in);
  return total;
}

void AvroLayer::GiveUp() noexcept {
  rows_.Close();
  state_ = State::kLeaf;
}

void AvroLayer::Number(std::int64_t value) noexcept {
  const State state = state_;
  if (value < 0 && state != State::kPairs && state != State::kPairsSize) return GiveUp();
  const auto size = static_cast<std::uint64_t>(value);
  switch (state) {
    case State::kPairs:
      if (value == 0) return EndHeader();
      if (value == INT64_MIN) return GiveUp();
      pairs_left_ = value < 0 ? -value : value;
      return Skip(0, value < 0 ? State::kPairsSize : State::kKeyLength);
    case State::kPairsSize:
      return Skip(0, State::kKeyLength);
    case State::kKeyLength:
      key_size_ = 0;
      rows_.BeginColumn();
      return Skip(size, State::kKey);
    case State::kValueLength:
      rows_.BeginColumn();
      return Skip(size, State::kValue);
    case State::kObjects:
      return Skip(0, State::kSize);
    default:
      left_ = size;
      return BeginBlock();
  }
}

void AvroLayer::EndHeader() noexcept {
  rows_.EndRow();
  codec_ = CodecNamed({codec_name_.data(), codec_size_});
  if (schema_whole_) schema_.Parse(AsText(schema_text_.bytes()));
  Skip(kSyncBytes, State::kSync);
}

void AvroLayer::Take(Bytes some, Uninspected& total) noexcept {
  switch (state_) {
    case State::kKey: {
      const std::size_t n = std::min(some.size(), kMaxKey - key_size_);
      std::memcpy(key_.data() + key_size_, some.data(), n);
      key_size_ += n;
      return rows_.Piece(some);
    }
    case State::kValue: {
      if (key() == "avro.schema") schema_whole_ = schema_whole_ && schema_text_.Append(some);
      const std::size_t n = key() == "avro.codec" ? std::min(some.size(), kMaxKey - codec_size_) : 0;
      std::memcpy(codec_name_.data() + codec_size_, some.data(), n);
      codec_size_ += n;
      return rows_.Piece(some);
    }
    case State::kSync:
      std::memcpy(sync_.data() + kSyncBytes - left_ - some.size(), some.data(), some.size());
      return;
    case State::kBlockSync: {
      const std::byte* const expected = sync_.data() + kSyncBytes - left_ - some.size();
      in_step_ = in_step_ && std::equal(some.begin(), some.end(), expected);
      return;
    }
    case State::kBlock:
      total += chain_->Feed(some);
      return;
    default:
      return;
  }
}

void AvroLayer::Taken(Uninspected&) noexcept {
  switch (state_) {
    case State::kMagic:
      return Skip(0, State::kPairs);
    case State::kKey:
      return Skip(0, State::kValueLength);
    case State::kValue:
      rows_.EndRow();
      return Skip(0, --pairs_left_ > 0 ? State::kKeyLength : State::kPairs);
    case State::kBlock:
      chain_->End(protocol::BodyEnd::kComplete);
      chain_.reset();
      return Skip(codec_ == BlockCodec::kSnappy ? kSnappySum : 0, State::kTail);
    case State::kTail:
      return Skip(kSyncBytes, State::kBlockSync);
    case State::kSync:
    case State::kBlockSync:
      return in_step_ ? Skip(0, State::kObjects) : GiveUp();
    default:
      return;
  }
}

void AvroLayer::BeginBlock() noexcept {
  if (codec_ == BlockCodec::kSnappy) left_ = left_ > kSnappySum ? left_ - kSnappySum : 0;
  Skip(left_, State::kBlock);
  block_.Begin();
  if (codec_ == BlockCodec::kUnknown) rows_.Close();  // the block is a text of its own, if it is any
  chain_ = OpenBlockCodec(body(), codec_, LayerPtr(&block_), meta().name);
}

void AvroLayer::Finish(protocol::BodyEnd end) noexcept {
  if (chain_ != nullptr) chain_->End(end);
  chain_.reset();
  rows_.Close();
  if (leaf_ != nullptr) leaf_->End(end);
  leaf_.reset();
  schema_.Release();
  schema_text_.Release();
}

}  // namespace gander::content

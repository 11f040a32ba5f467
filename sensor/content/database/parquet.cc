// SPDX-License-Identifier: Apache-2.0
#include "content/database/parquet.h"

#include <algorithm>
#include <cstring>

namespace gander::content {

void ParquetLayer::GiveBack() noexcept { body().pool->Give(this); }

void ParquetLayer::Begin() noexcept {
  holding_ = true;
  held_.Begin(body().pool->memory, kMaxHeld);
  footer_.Begin(body().pool->memory);
  chunk_ = nullptr;
  state_ = State::kMagic;
  offset_ = 0;
  left_ = ParquetFooter::kMagicBytes;
  rows_.Begin(body(), meta().name);
  values_.Open(body(), rows_, meta().name);
}

Uninspected ParquetLayer::Read(Bytes in) noexcept {
  if (!holding_) return Walk(in);
  if (held_.Append(in)) return {};
  holding_ = false;
  body().GrantAwaited(held_.size());
  Uninspected total = Walk(held_.bytes());
  held_.Release();
  total += Walk(in);
  return total;
}

void ParquetLayer::Finish(protocol::BodyEnd end) noexcept {
  if (holding_) {
    footer_.Read(held_.bytes());
    body().GrantAwaited(held_.size());
    body().late += Walk(held_.bytes());
    holding_ = false;
  }
  EndPage(end);
  if (state_ == State::kHeader || state_ == State::kLook) Leaf(Bytes(gather_.data(), gathered_));
  rows_.Close();
  CloseLeaf();
  held_.Release();
  footer_.Release();
}

Uninspected ParquetLayer::Walk(Bytes in) noexcept {
  total_ = {};
  while (!in.empty()) {
    const std::size_t before = in.size();
    switch (state_) {
      case State::kHeader:
        TakeHeader(in);
        break;
      case State::kLook: {
        const Bytes some = TakeFront(in, std::min<std::uint64_t>(left_, kCodecLook) - gathered_);
        std::memcpy(gather_.data() + gathered_, some.data(), some.size());
        gathered_ += some.size();
        if (gathered_ == std::min<std::uint64_t>(left_, kCodecLook)) BeginPayload(Bytes(gather_.data(), gathered_));
        break;
      }
      default:
        TakePage(in);
    }
    offset_ += before - in.size();
    if (left_ > 0) continue;
    if (state_ == State::kMagic || state_ == State::kBetween) BeginHeader();
    if (state_ == State::kPage || state_ == State::kPassed) {
      EndPage(protocol::BodyEnd::kComplete);
      BeginHeader();
    }
  }
  return total_;
}

// At the begin of a page, or of what is none.
void ParquetLayer::BeginHeader() noexcept {
  gathered_ = 0;
  state_ = State::kHeader;
  left_ = 1;  // nobody knows how long it is
  if (footer_.empty() || (chunk_ != nullptr && offset_ < chunk_->end)) return;
  chunk_ = footer_.ChunkFrom(offset_);
  if (chunk_ == nullptr) return SkipTo(kForEver);
  rows_.SetColumns(footer_.NameOf(*chunk_));
  if (chunk_->begin > offset_) SkipTo(chunk_->begin);
}

// What stands there is read as a leaf.
void ParquetLayer::SkipTo(std::uint64_t offset) noexcept {
  rows_.Close();
  state_ = State::kBetween;
  left_ = offset - offset_;
}

// Few bytes at a time: those behind the header are given back.
void ParquetLayer::TakeHeader(Bytes& in) noexcept {
  const Bytes all = in;
  const Bytes some = TakeFront(in, std::min(kHeaderStep, kMaxHeader - gathered_));
  std::memcpy(gather_.data() + gathered_, some.data(), some.size());
  const std::size_t gathered = gathered_ + some.size();
  std::size_t size = 0;
  const ThriftReader::State state = ReadParquetPage(Bytes(gather_.data(), gathered), page_, &size);
  if (state == ThriftReader::State::kShort && gathered < kMaxHeader) {
    gathered_ = gathered;
    return;
  }
  if (state != ThriftReader::State::kGood) {
    const std::size_t before = std::exchange(gathered_, 0);
    Leaf(Bytes(gather_.data(), before));
    in = all;
    // The rest of the column is none; without a footer, all of it is.
    return SkipTo(chunk_ != nullptr ? std::max(chunk_->end, offset_ + 1) : kForEver);
  }
  in = all.subspan(size - gathered_);
  gathered_ = 0;
  OnHeader();
}

void ParquetLayer::OnHeader() noexcept {
  CloseLeaf();
  left_ = page_.compressed;
  const ParquetType type = chunk_ != nullptr ? chunk_->type : ParquetType::kUnknown;
  const bool strings = page_.encoding == ParquetEncoding::kStrings;
  const bool plain = page_.encoding == ParquetEncoding::kPlain || page_.kind == ParquetPage::Kind::kDictionary;
  const bool shows = type != ParquetType::kOtherNumber && page_.kind != ParquetPage::Kind::kOther && (strings || plain);
  state_ = State::kPassed;
  if (!shows) return;
  if (page_.kind == ParquetPage::Kind::kDataV2 && page_.level_bytes > 0) {
    page_.level_bytes = std::min(page_.level_bytes, page_.compressed);
    page_.compressed -= page_.level_bytes;
    page_.uncompressed -= std::min(page_.level_bytes, page_.uncompressed);
    left_ = page_.level_bytes;
    state_ = State::kLevels;
    return;
  }
  state_ = State::kLook;
}

// `look`: the first bytes of the page, taken.
void ParquetLayer::BeginPayload(Bytes look) noexcept {
  const ParquetType type = chunk_ != nullptr ? chunk_->type : ParquetType::kUnknown;
  BlockCodec codec = chunk_ != nullptr ? chunk_->codec : GuessPageCodec(look, page_);
  if (page_.kind == ParquetPage::Kind::kDataV2 && !page_.is_compressed) codec = BlockCodec::kNone;
  LayerPtr inner;
  if (page_.encoding == ParquetEncoding::kStrings || type == ParquetType::kFixed) {
    rows_.Close();
    inner = OpenLeaf(body(), meta().name);
  } else {
    values_.Begin(type, page_.uncompressed, page_.values);
    inner = LayerPtr(&values_);
  }
  if (codec == BlockCodec::kUnknown) rows_.Close();  // what follows is a text of its own, if it is any
  chain_ = OpenBlockCodec(body(), codec, std::move(inner), meta().name);
  gathered_ = 0;
  state_ = State::kPage;
  const std::size_t header = codec == BlockCodec::kLz4 ? HadoopHeaderBytes(look, page_) : 0;
  left_ -= look.size();
  total_ += chain_->Feed(look.subspan(header));
}

void ParquetLayer::TakePage(Bytes& in) noexcept {
  const Bytes some = TakeFront(in, static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size())));
  left_ -= some.size();
  if (state_ == State::kPage) total_ += chain_->Feed(some);
  if (state_ == State::kBetween) Leaf(some);
  if (state_ != State::kLevels || left_ > 0) return;
  left_ = page_.compressed;
  state_ = left_ > 0 ? State::kLook : State::kPassed;
}

void ParquetLayer::EndPage(protocol::BodyEnd end) noexcept {
  if (chain_ != nullptr) chain_->End(end);
  chain_.reset();
}

void ParquetLayer::Leaf(Bytes bytes) noexcept {
  if (bytes.empty()) return;
  rows_.Close();
  if (leaf_ == nullptr) leaf_ = OpenLeaf(body(), meta().name);
  total_ += leaf_->Feed(bytes);
}

void ParquetLayer::CloseLeaf() noexcept {
  if (leaf_ != nullptr) leaf_->End(protocol::BodyEnd::kComplete);
  leaf_.reset();
}

}  // namespace gander::content

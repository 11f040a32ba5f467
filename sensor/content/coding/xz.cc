// SPDX-License-Identifier: Apache-2.0
#include "content/coding/xz.h"

#include <algorithm>
#include <utility>

#include "content/decoder_pool.h"

namespace gander::content {
namespace {

// §2.1.1, §2.1.2: magic, flags, checksum; the footer of a stream is as long.
constexpr std::string_view kMagic{"\xfd" "7zXZ\0", 6};
// §4: an index is padded to a multiple of 4 bytes, its checksum aside.
constexpr std::uint64_t kIndexUnit = 4, kIndexChecksum = 4;

lzma_options_lzma* DictionaryOf(lzma_filter& filter) noexcept {
  return filter.id == LZMA_FILTER_LZMA2 ? static_cast<lzma_options_lzma*>(filter.options) : nullptr;
}

}  // namespace

void XzLayer::GiveBack() noexcept { body().pool->Give(this); }

void XzLayer::Close() noexcept {
  if (memory().in_use() > kKeepBytes) stream_.Drop();
}

CodingLayer::Guess XzLayer::Recognise(Bytes prefix, bool all) noexcept {
  const Guess guess = member() ? Guess::kCoded : StartsWith(prefix, all, kMagic);
  next_.Clear();
  Enter(Part::kStreamHeader);
  return guess;
}

void XzLayer::Enter(Part part) noexcept {
  part_ = part;
  held_ = number_bytes_ = 0;
  number_ = 0;
}

CodingLayer::Step XzLayer::Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  *produced = 0;
  Step step = Step::kMore;
  while (step == Step::kMore && !in.empty() && *produced == 0) {
    switch (part_) {
      case Part::kStreamHeader: step = StreamHeader(in); break;
      case Part::kBlockHeader: step = BlockHeader(in); break;
      case Part::kBlock: return Block(in, out, produced);
      case Part::kRecordCount:
      case Part::kRecords: step = Index(in); break;
      case Part::kIndexEnd: step = Skip(in, Part::kFooter, LZMA_STREAM_HEADER_SIZE); break;
      case Part::kFooter: step = Skip(in, Part::kPadding, 0); break;
      case Part::kPadding: step = Padding(in); break;
    }
  }
  // What was decoded of a block whose input is used up.
  return step == Step::kMore && in.empty() && *produced == 0 && part_ == Part::kBlock ? Block(in, out, produced) : step;
}

bool XzLayer::Gather(Bytes& in, std::size_t size) noexcept {
  const Bytes more = TakeFront(in, size - held_);
  std::copy_n(Octets(more), more.size(), header_.begin() + static_cast<std::ptrdiff_t>(held_));
  held_ += more.size();
  return held_ == size;
}

CodingLayer::Step XzLayer::StreamHeader(Bytes& in) noexcept {
  if (!Gather(in, LZMA_STREAM_HEADER_SIZE)) return Step::kMore;
  lzma_stream_flags flags;
  if (lzma_stream_header_decode(&flags, header_.data()) != LZMA_OK) return Step::kCorrupt;
  check_ = flags.check;
  Enter(Part::kBlockHeader);
  return Step::kMore;
}

CodingLayer::Step XzLayer::BlockHeader(Bytes& in) noexcept {
  if (held_ == 0) {
    Gather(in, 1);
    if (header_[0] == 0) {  // no block but the index
      Enter(Part::kRecordCount);
      index_bytes_ = 1;
      return Step::kMore;
    }
  }
  if (!Gather(in, lzma_block_header_size_decode(header_[0]))) return Step::kMore;
  return OpenBlock();
}

CodingLayer::Step XzLayer::OpenBlock() noexcept {
  std::array<lzma_filter, LZMA_FILTERS_MAX + 1> filters;
  lzma_stream* const stream = stream_.Use(memory());
  block_ = {};
  block_.version = 1;
  block_.header_size = static_cast<std::uint32_t>(held_);
  block_.check = check_;
  block_.filters = filters.data();
  const lzma_ret header = lzma_block_header_decode(&block_, &stream_.allocator(), header_.data());
  if (header != LZMA_OK) return header == LZMA_MEM_ERROR ? Step::kNoMemory : Step::kCorrupt;
  block_.ignore_check = 1;  // a wrong one takes nothing away from who reads the text
  shrunk_ = false;
  for (lzma_filter& filter : filters) {
    if (filter.id == LZMA_VLI_UNKNOWN) break;
    lzma_options_lzma* const lzma = DictionaryOf(filter);
    if (lzma == nullptr) continue;
    const std::uint32_t declared = std::exchange(lzma->dict_size, LzmaDictionary(lzma->dict_size, memory()));
    shrunk_ = lzma->dict_size < declared;
  }
  const lzma_ret ready = lzma_block_decoder(stream, &block_);
  lzma_filters_free(filters.data(), &stream_.allocator());
  block_.filters = nullptr;  // read by the initialiser only
  Enter(Part::kBlock);
  if (ready == LZMA_MEM_ERROR) return Step::kNoMemory;
  return ready == LZMA_OK ? Step::kMore : Step::kCorrupt;
}

CodingLayer::Step XzLayer::Block(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  switch (stream_.Code(in, out, produced)) {
    case LZMA_OK:
    case LZMA_BUF_ERROR:  // nothing to do just now
      return Step::kMore;
    case LZMA_STREAM_END:
      Enter(Part::kBlockHeader);
      return Step::kMore;
    case LZMA_MEM_ERROR:
      return Step::kNoMemory;
    case LZMA_DATA_ERROR:
      return shrunk_ ? Step::kNoMemory : Step::kCorrupt;
    default:
      return Step::kCorrupt;
  }
}

// §4.2, §4.3: the number of records, then two numbers for each.
CodingLayer::Step XzLayer::Index(Bytes& in) noexcept {
  while (!in.empty()) {
    std::size_t read = 0;
    const lzma_ret result = lzma_vli_decode(&number_, &number_bytes_, Octets(in), &read, in.size());
    in = in.subspan(read);
    index_bytes_ += read;
    if (result == LZMA_OK) return Step::kMore;
    if (result != LZMA_STREAM_END) return Step::kCorrupt;
    const bool count = part_ == Part::kRecordCount;
    numbers_left_ = count ? number_ * 2 : numbers_left_ - 1;
    Enter(Part::kRecords);
    if (numbers_left_ > 0) continue;
    Enter(Part::kIndexEnd);
    skip_ = static_cast<std::size_t>((kIndexUnit - index_bytes_ % kIndexUnit) % kIndexUnit + kIndexChecksum);
    return Step::kMore;
  }
  return Step::kMore;
}

CodingLayer::Step XzLayer::Skip(Bytes& in, Part then, std::size_t then_skip) noexcept {
  skip_ -= TakeFront(in, skip_).size();
  if (skip_ > 0) return Step::kMore;
  Enter(then);
  skip_ = then_skip;
  return Step::kMore;
}

CodingLayer::Step XzLayer::Padding(Bytes& in) noexcept {
  if (member()) return Step::kEnd;
  if (next_.bytes().empty()) {
    while (!in.empty() && in.front() == std::byte{0}) in = in.subspan(1);
  }
  if (!next_.Gather(in, kMagic.size())) return Step::kMore;
  if (!next_.StartsWith(kMagic)) return Step::kEnd;
  Enter(Part::kStreamHeader);
  Bytes magic = next_.bytes();
  next_.Clear();
  return StreamHeader(magic);
}

}  // namespace gander::content

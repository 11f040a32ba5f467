// SPDX-License-Identifier: Apache-2.0
#include "content/archive/seven_zip_layer.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "content/open.h"
#include "protocol/plain_text/plain_text.h"

namespace gander::content {
namespace {

constexpr std::size_t kSumAt = 8, kSummedFrom = 12, kOffsetAt = 12, kSizeAt = 20;

std::uint64_t LittleEndian(Bytes bytes) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) value = value << 8 | Octets(bytes)[i - 1];
  return value;
}

// The first byte of an LZMA2 stream: a chunk that needs nothing that came before it.
bool BeginsLzma2(Bytes in) noexcept {
  const std::uint8_t control = Octets(in)[0];
  return control == 1 || control >= 0xe0;
}

}  // namespace

void SevenZipLayer::GiveBack() noexcept { body().pool->Give(this); }

void SevenZipLayer::Begin() noexcept {
  BeginArchive();
  Memory& memory = body().pool->memory;
  at_ = At::kStart;
  stream_ = Stream::kBegins;
  holds_decoded_ = all_decoded_ = true;
  first_stream_ = true;
  whole_ = handed_on_ = lzma1_ = told_memory_ = false;
  started_ = 0;
  position_ = kStartBytes;
  kept_from_ = kNothingKept;
  files_ = 0;
  left_ = 0;
  cost_ = 0;
  buffer_ = body().buffers++;
  kept_.Begin(memory, kMaxWhole + kMaxHeader);
  decoded_.Begin(memory, kMaxDecoded);
}

Uninspected SevenZipLayer::Read(Bytes in) noexcept {
  Uninspected total;
  while (!in.empty()) {
    switch (at_) {
      case At::kStart:
        total += Start(in);
        break;
      case At::kPacked:
        total += Packed(in);
        break;
      case At::kHeader:
        Header(in);
        break;
      case At::kBehind:
        total += Leaf(TakeFront(in, in.size()));
        break;
    }
  }
  return total;
}

Uninspected SevenZipLayer::Start(Bytes& in) noexcept {
  const Bytes more = TakeFront(in, kStartBytes - started_);
  std::memcpy(start_.data() + started_, more.data(), more.size());
  started_ += more.size();
  if (started_ < kStartBytes) return {};
  const Bytes start(start_);
  const Bytes summed = start.subspan(kSummedFrom);
  const bool good =
      crc32(0, Octets(summed), static_cast<uInt>(summed.size())) == LittleEndian(start.subspan(kSumAt, 4));
  const std::uint64_t size = LittleEndian(start.subspan(kSizeAt, 8));
  at_ = At::kPacked;
  if (!good || __builtin_add_overflow(LittleEndian(start.subspan(kOffsetAt, 8)), kStartBytes, &header_at_) ||
      __builtin_add_overflow(header_at_, size, &header_end_)) {
    at_ = At::kBehind;
    TellDamaged();
    return Leaf(start);
  }
  whole_ = header_end_ <= kMaxWhole;
  kept_from_ =
      whole_ ? 0 : std::max<std::uint64_t>(kStartBytes, header_at_ - std::min<std::uint64_t>(header_at_, kMaxTail));
  if (whole_) Keep(start, 0);
  if (position_ == header_at_) at_ = size > 0 ? At::kHeader : At::kBehind;
  return {};
}

// Of what begins at `position`, the part that is wanted when the header has come.
void SevenZipLayer::Keep(Bytes bytes, std::uint64_t position) noexcept {
  if (kept_from_ == kNothingKept || position + bytes.size() <= kept_from_) return;
  if (position < kept_from_) bytes = bytes.subspan(static_cast<std::size_t>(kept_from_ - position));
  if (kept_.Append(bytes)) return;
  TellMemory();
  kept_from_ = kNothingKept;
  whole_ = false;
  kept_.Release();
}

Uninspected SevenZipLayer::Packed(Bytes& in) noexcept {
  Bytes piece = in.first(static_cast<std::size_t>(std::min<std::uint64_t>(in.size(), header_at_ - position_)));
  in = in.subspan(piece.size());
  Keep(piece, position_);
  position_ += piece.size();
  Uninspected total;
  while (!piece.empty()) {
    if (stream_ == Stream::kBegins) BeginStream(piece);
    total += stream_ == Stream::kLzma ? Decode(piece) : Unread(TakeFront(piece, piece.size()));
  }
  if (position_ == header_at_) at_ = header_end_ > header_at_ ? At::kHeader : At::kBehind;
  return total;
}

// LZMA1 can only be the first: it does not say where it ends. What 7-Zip writes has the parameters guessed here, and
// begins with a zero as all LZMA1 does; the header tells whether it was.
void SevenZipLayer::BeginStream(Bytes in) noexcept {
  stream_ = Stream::kUnknown;
  const bool lzma1 = first_stream_ && in[0] == std::byte{0};
  first_stream_ = false;
  if (body().capped) stream_ = Stream::kLost;
  if (body().capped || (!lzma1 && !BeginsLzma2(in))) return;
  Memory& memory = body().pool->memory;
  RawLzma::Step step = RawLzma::Step::kNoMemory;
  for (std::uint32_t dictionary = Dictionary(); dictionary >= kMinDictionary; dictionary /= 2) {
    step = lzma1 ? lzma_.StartLzma1(memory, kUsualProperties, dictionary) : lzma_.StartLzma2(memory, dictionary);
    if (step != RawLzma::Step::kNoMemory) break;
  }
  if (step == RawLzma::Step::kMore) {
    stream_ = Stream::kLzma;
    lzma1_ = lzma1;
  } else {
    stream_ = Stream::kLost;
    all_decoded_ = false;
    TellMemory();
  }
}

// No more than it is likely to reach back.
std::uint32_t SevenZipLayer::Dictionary() const noexcept {
  constexpr std::uint64_t kLikelyRatio = 64;
  const std::uint64_t packed = std::min<std::uint64_t>(header_at_ - kStartBytes, kMaxDictionary);
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(packed * kLikelyRatio, 2 * kMaxDecoded, kMaxDictionary));
}

Uninspected SevenZipLayer::Decode(Bytes& in) noexcept {
  const std::span<std::byte> out = body().pool->Buffer(buffer_);
  const std::size_t size = in.size();
  Uninspected within;  // in decoded bytes
  std::uint64_t decoded = 0;
  while (stream_ == Stream::kLzma) {
    std::size_t produced = 0;
    const RawLzma::Step step = lzma_.Decode(in, out, &produced);
    decoded += produced;
    within += TakeDecoded(Bytes(out.data(), produced));
    if (!body().MayOutput(produced, kLzmaCost)) {
      EndStream(Stream::kLost);
    } else if (step == RawLzma::Step::kEnd) {
      EndStream(Stream::kBegins);
    } else if (step != RawLzma::Step::kMore) {
      EndStream(Stream::kUnknown);
    } else if (in.empty() && produced < out.size()) {
      break;
    }
  }
  return within.Scaled(decoded, size - in.size());
}

void SevenZipLayer::EndStream(Stream next) noexcept {
  stream_ = next;
  lzma_.Release();
  if (!holds_decoded_) CloseLeaf();
  if (next != Stream::kBegins) all_decoded_ = false;
}

// What is held is judged as a leaf would be: it can only be told now.
Uninspected SevenZipLayer::TakeDecoded(Bytes bytes) noexcept {
  if (bytes.empty()) return {};
  if (holds_decoded_) {
    if (decoded_.Append(bytes)) {
      body().Spend(bytes.size() + TextWork(bytes));
      const Bytes look = bytes.first(std::min<std::size_t>(bytes.size(), 128));
      return {.opaque = protocol::ReadsAsText(look) ? 0 : bytes.size()};
    }
    HandOnDecoded();
  }
  return Leaf(bytes);
}

// Too much to be held: what is in it is read without knowing where a file ends, so that only what is text there is
// found.
void SevenZipLayer::HandOnDecoded() noexcept {
  holds_decoded_ = false;
  handed_on_ = handed_on_ || !decoded_.empty();
  const PaidBefore paid(body().pool->burst);
  Bytes bytes = decoded_.bytes();
  while (!bytes.empty()) Leaf(TakeFront(bytes, kPieceBytes));
  decoded_.Release();
}

// Packed otherwise, as far as is known, or given up.
Uninspected SevenZipLayer::Unread(Bytes bytes) noexcept {
  if (stream_ == Stream::kLost) return {.lost = bytes.size()};
  if (whole_) return {.opaque = bytes.size()};
  return {.undecodable = Leaf(bytes).opaque};
}

void SevenZipLayer::Header(Bytes& in) noexcept {
  const Bytes piece = in.first(static_cast<std::size_t>(std::min<std::uint64_t>(in.size(), header_end_ - position_)));
  in = in.subspan(piece.size());
  if (header_end_ - header_at_ <= kMaxHeader) Keep(piece, position_);
  position_ += piece.size();
  if (position_ < header_end_) return;
  at_ = At::kBehind;
  CloseLeaf();
  ReadHeader();
  CloseLeaf();
  DropAll();
}

void SevenZipLayer::TellMemory() noexcept {
  if (told_memory_) return;
  told_memory_ = true;
  ++body().counters->cap_memory;
  body().sink->OnAnomaly("decompression_memory_cap");
}

void SevenZipLayer::DropAll() noexcept {
  lzma_.Release();
  kept_.Release();
  decoded_.Release();
  unpacked_header_.Release();
}

// Without a header what was decoded is read as one, and what was held as it stands.
void SevenZipLayer::Finish(protocol::BodyEnd end) noexcept {
  if (at_ == At::kStart) Leaf(Bytes(start_).first(started_));
  if (at_ == At::kPacked || at_ == At::kHeader) {
    if (end == protocol::BodyEnd::kComplete) TellTruncated();
    ReadWithoutHeader();
  }
  CloseLeaf();
  DropAll();
  --body().buffers;
}

}  // namespace gander::content

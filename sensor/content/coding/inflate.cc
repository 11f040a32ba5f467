// SPDX-License-Identifier: Apache-2.0
#include "content/coding/inflate.h"

#include "content/decoder_pool.h"

namespace gander::content {
namespace {

constexpr std::uint8_t kMagic0 = GzipHeader::kMagic0, kMagic1 = GzipHeader::kMagic1;
// Checksum and length behind a member. Not verified: whoever reads the file has its text by then.
constexpr std::uint8_t kTrailerBytes = 8;
constexpr int kZlibBits = MAX_WBITS;
constexpr int kRawBits = -MAX_WBITS;

void* Allocate(void* memory, uInt items, uInt size) {
  return static_cast<CodingMemory*>(memory)->Allocate(std::size_t{items} * size);
}

}  // namespace

// RFC 1950 §2.2: method 8, window at most 32 KiB, the two bytes a multiple of 31, no preset dictionary.
bool InflateLayer::HasZlibHeader(Bytes prefix) noexcept {
  if (prefix.size() < 2) return false;
  const std::uint8_t cmf = Octets(prefix)[0], flags = Octets(prefix)[1];
  return (cmf & 0x0f) == 8 && cmf >> 4 <= 7 && (cmf << 8 | flags) % 31 == 0 && (flags & 0x20) == 0;
}

InflateLayer::~InflateLayer() {
  if (made_) inflateEnd(&stream_);
}

void InflateLayer::GiveBack() noexcept { body().pool->Give(this); }

bool InflateLayer::Start(int window_bits) noexcept {
  member_ = Member::kInside;
  gzip_ = false;
  next_.Clear();
  if (!made_) {
    made_ = Make(window_bits);
  } else if (inflateReset2(&stream_, window_bits) != Z_OK) {
    return false;
  }
  // A wrong checksum takes nothing away from who reads the text, and summing takes time.
  if (made_) inflateValidate(&stream_, 0);
  return made_;
}

bool InflateLayer::Make(int window_bits) noexcept {
  stream_ = {};
  stream_.zalloc = Allocate;
  stream_.zfree = CodingMemory::FreeFor;
  stream_.opaque = &memory();
  return inflateInit2(&stream_, window_bits) == Z_OK;
}

bool InflateLayer::StartGzip(bool magic_seen) noexcept {
  if (!Start(kRawBits)) return false;
  gzip_ = true;
  header_.Begin(magic_seen);
  member_ = Member::kHeader;
  return true;
}

CodingLayer::Guess InflateLayer::Recognise(Bytes prefix, bool all) noexcept {
  if (raw_only_) {
    Start(kRawBits);
    return Guess::kCoded;
  }
  const std::uint8_t* p = Octets(prefix);
  if (prefix.size() < 2) {
    return all ? Guess::kPlain : Guess::kNeedMore;
  }
  if (p[0] == kMagic0 && p[1] == kMagic1) {
    StartGzip(false);
    return Guess::kCoded;  // Decode() says it when the memory for it is used up
  }
  // Two letters can look like a zlib header ("x" and a newline is no text's beginning, "HG" is): on trial
  // too.
  if (HasZlibHeader(prefix)) {
    if (!Start(kZlibBits)) return Guess::kCoded;
    const Guess zlib = Try(prefix, all, true);
    if (zlib == Guess::kCoded) Start(kZlibBits);
    if (zlib != Guess::kPlain) return zlib;
  }
  if (!Start(kRawBits)) return Guess::kCoded;
  const Guess raw = Try(prefix, all, declared());
  if (raw == Guess::kCoded) Start(kRawBits);
  return raw;
}

CodingLayer::Step InflateLayer::Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  *produced = 0;
  if (!made_) return Step::kNoMemory;
  if (member_ >= Member::kTrailer) {
    const Step step = Between(in);
    if (step != Step::kMore || member_ != Member::kHeader) return step;
  }
  if (member_ == Member::kHeader) {
    if (!header_.Feed(in)) return Step::kMore;
    member_ = Member::kInside;
  }
  stream_.next_in = const_cast<Bytef*>(Octets(in));
  stream_.avail_in = static_cast<uInt>(in.size());
  stream_.next_out = reinterpret_cast<Bytef*>(out.data());
  stream_.avail_out = static_cast<uInt>(out.size());
  const int result = inflate(&stream_, Z_NO_FLUSH);
  *produced = out.size() - stream_.avail_out;
  in = in.last(stream_.avail_in);
  switch (result) {
    case Z_OK:
    case Z_BUF_ERROR:
      return Step::kMore;
    case Z_STREAM_END:
      member_ = gzip_ ? Member::kTrailer : Member::kBetween;
      trailer_left_ = kTrailerBytes;
      return Step::kMore;
    case Z_MEM_ERROR:
      return Step::kNoMemory;
    default:
      return Step::kCorrupt;
  }
}

// Behind a member: another one begins, or the stream is over.
CodingLayer::Step InflateLayer::Between(Bytes& in) noexcept {
  if (member_ == Member::kTrailer) {
    trailer_left_ = static_cast<std::uint8_t>(trailer_left_ - TakeFront(in, trailer_left_).size());
    if (trailer_left_ > 0) return Step::kMore;
    member_ = Member::kBetween;
  }
  if (!gzip_ && !in.empty()) return Step::kEnd;
  if (!next_.Gather(in, 2)) return Step::kMore;
  const std::uint8_t* const magic = Octets(next_.bytes());
  if (magic[0] != kMagic0 || magic[1] != kMagic1) return Step::kEnd;
  return StartGzip(true) ? Step::kMore : Step::kNoMemory;
}

// Whether the stream stands between two blocks and at an octet's border, where a sender stops that flushes its encoder
// (RFC 7692 §7.2.1) and never closes it. A gzip member has a trailer to be complete with.
bool InflateLayer::Flushed() const noexcept {
  constexpr int kBehindBlock =
      128;  // of z_stream::data_type as inflate() leaves it: no bits left over, not the last block
  return member_ == Member::kInside && !gzip_ && stream_.total_out > 0 && stream_.data_type == kBehindBlock;
}

void InflateLayer::CountBody(Counters& counters) const noexcept {
  ++(gzip_ ? counters.gzip : counters.deflate);
}

}  // namespace gander::content

// SPDX-License-Identifier: Apache-2.0
#include "content/coding/lzma.h"

#include <algorithm>
#include <bit>

#include "content/decoder_pool.h"

namespace gander::content {
namespace {

constexpr std::string_view kLzipMagic = "LZIP";
constexpr std::size_t kDictionaryAt = 1, kLengthAt = 5, kLzipDictionaryAt = 5;
// As XZ Utils: a larger one is no length but bytes of something else.
constexpr std::uint64_t kMaxLength = std::uint64_t{1} << 38;
constexpr std::uint32_t kMinDictionary = 4096;

std::uint64_t Little(const std::byte* p, std::size_t bytes) noexcept {
  std::uint64_t v = 0;
  for (std::size_t i = bytes; i-- > 0;) v = v << 8 | static_cast<std::uint8_t>(p[i]);
  return v;
}

void PutLittle(std::byte* p, std::uint64_t v, std::size_t bytes) noexcept {
  for (std::size_t i = 0; i < bytes; ++i) p[i] = static_cast<std::byte>(v >> 8 * i);
}

bool IsUsualDictionary(std::uint32_t size) noexcept {
  const std::uint32_t lowest_bit = size & ~(size - 1), others = size - lowest_bit;
  return size == ~std::uint32_t{0} || (size >= kMinDictionary && (others == 0 || others == 2 * lowest_bit));
}

bool IsPossibleHeader(const std::byte* h) noexcept {
  const auto properties = static_cast<std::uint8_t>(h[0]);  // (pb * 5 + lp) * 9 + lc
  const std::uint64_t length = Little(h + kLengthAt, 8);
  return properties < 9 * 5 * 5 && properties % 9 + properties / 9 % 5 <= 4 &&
         (length == LzmaLayer::kUnknownLength || length < kMaxLength);
}

}  // namespace

void LzmaLayer::GiveBack() noexcept { body().pool->Give(this); }

void LzmaLayer::Close() noexcept {
  if (memory().in_use() > kKeepBytes) stream_.Drop();
  zip_only_ = false;
}

bool LzmaLayer::HasUsualHeader(Bytes prefix) noexcept {
  if (prefix.size() <= kAloneHeader) return false;
  const std::byte* const h = prefix.data();
  return h[0] == std::byte{0x5d} && IsPossibleHeader(h) && h[kAloneHeader] == std::byte{0} &&
         IsUsualDictionary(static_cast<std::uint32_t>(Little(h + kDictionaryAt, 4)));
}

bool LzmaLayer::Start(bool lzip) noexcept {
  lzip_ = lzip;
  shrunk_ = between_ = false;
  header_size_ = 0;
  next_.Clear();
  lzma_stream* const stream = stream_.Use(memory());
  // The dictionary is bounded by the header that is handed on, all memory by the allocator.
  const lzma_ret result = lzip ? lzma_lzip_decoder(stream, UINT64_MAX, LZMA_IGNORE_CHECK)
                               : lzma_alone_decoder(stream, UINT64_MAX);
  made_ = result == LZMA_OK;
  return made_;
}

CodingLayer::Guess LzmaLayer::Recognise(Bytes prefix, bool all) noexcept {
  if (zip_only_) {
    Start(false);
    return Guess::kCoded;
  }
  const Guess lzip = StartsWith(prefix, all, kLzipMagic);
  if (lzip == Guess::kCoded) Start(true);  // Decode() says it when the memory for it is used up
  if (lzip != Guess::kPlain) return lzip;
  if (prefix.size() <= kAloneHeader) return all ? Guess::kPlain : Guess::kNeedMore;
  if (!IsPossibleHeader(prefix.data()) || prefix[kAloneHeader] != std::byte{0}) return Guess::kPlain;
  if (!Start(false)) return declared() ? Guess::kCoded : Guess::kPlain;
  const Guess alone = Try(prefix, all, declared() || HasUsualHeader(prefix));
  if (alone == Guess::kCoded) Start(false);
  return alone;
}

CodingLayer::Step LzmaLayer::Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  *produced = 0;
  if (between_) {
    if (!lzip_) return in.empty() ? Step::kMore : Step::kEnd;
    if (!next_.Gather(in, kLzipMagic.size())) return Step::kMore;
    if (!next_.StartsWith(kLzipMagic)) return Step::kEnd;
    Bytes magic = next_.bytes();
    if (!Start(true)) return Step::kNoMemory;
    return Header(magic);
  }
  if (!made_) return Step::kNoMemory;
  if (header_size_ < HeaderBytes()) return Header(in);
  return Verdict(stream_.Code(in, out, produced));
}

// Gathers the header and hands it on with a dictionary that is not too large.
CodingLayer::Step LzmaLayer::Header(Bytes& in) noexcept {
  for (const std::byte b : TakeFront(in, HeaderBytes() - header_size_)) header_[header_size_++] = b;
  if (header_size_ < HeaderBytes()) return Step::kMore;
  if (zip_only_ && !FromZip()) return Step::kCorrupt;
  shrunk_ = ShrinkDictionary();
  Bytes header(header_.data(), lzip_ ? kLzipHeader : kAloneHeader);
  std::byte unused[1];  // liblzma reads nothing when there is nowhere to write
  std::size_t produced = 0;
  return Verdict(stream_.Code(header, unused, &produced));
}

// Makes .lzma's header of a ZIP member's. False when it is none.
bool LzmaLayer::FromZip() noexcept {
  constexpr std::size_t kSizeAt = 2, kPropertiesAt = 4, kPropertyBytes = 5;
  if (Little(&header_[kSizeAt], 2) != kPropertyBytes) return false;
  std::copy_n(header_.begin() + kPropertiesAt, kPropertyBytes, header_.begin());
  PutLittle(&header_[kLengthAt], zip_length_, 8);
  return IsPossibleHeader(header_.data());
}

// True when a distance that the stream may hold could not be followed.
bool LzmaLayer::ShrinkDictionary() noexcept {
  if (lzip_) {
    std::byte& log = header_[kLzipDictionaryAt];  // of the base size in bits 0 to 4, sixteenths to take off it above
    const std::uint64_t declared = std::uint64_t{1} << static_cast<unsigned>(log & std::byte{0x1f});
    const std::uint32_t given = std::bit_floor(LzmaDictionary(declared, memory()));
    if (given < declared) log = static_cast<std::byte>(std::bit_width(given) - 1);
    return given < declared;
  }
  // Nothing reaches back behind the beginning.
  const std::uint64_t declared = Little(&header_[kDictionaryAt], 4), length = Little(&header_[kLengthAt], 8);
  const std::uint64_t reach = std::min(declared, std::max<std::uint64_t>(length, kMinDictionary));
  const std::uint32_t given = LzmaDictionary(reach, memory());
  PutLittle(&header_[kDictionaryAt], given, 4);
  return given < reach;
}

CodingLayer::Step LzmaLayer::Verdict(lzma_ret result) noexcept {
  switch (result) {
    case LZMA_OK:
    case LZMA_BUF_ERROR:  // nothing to do just now
      return Step::kMore;
    case LZMA_STREAM_END:
      between_ = true;
      return Step::kMore;
    case LZMA_MEM_ERROR:
    case LZMA_MEMLIMIT_ERROR:
      return Step::kNoMemory;
    case LZMA_DATA_ERROR:
      return shrunk_ ? Step::kNoMemory : Step::kCorrupt;
    default:
      return Step::kCorrupt;
  }
}

}  // namespace gander::content

// SPDX-License-Identifier: Apache-2.0
#include "content/document/pdf_filters.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "content/coding/inflate.h"
#include "content/decoder_pool.h"
#include "content/document/pdf_lexer.h"
#include "content/document/pdf_lzw.h"
#include "content/hex.h"
#include "content/open.h"

namespace gander::content {
namespace {

bool IsNotation(PdfName name) noexcept {
  return name == PdfName::kASCIIHexDecode || name == PdfName::kASCII85Decode;
}
bool IsCoding(PdfName name) noexcept {
  return name == PdfName::kFlateDecode || name == PdfName::kLZWDecode || name == PdfName::kRunLengthDecode;
}

// Pixels and outlines of letters: no text comes of decompressing them.
bool HoldsNoText(const PdfStreamFacts& facts) noexcept {
  return facts.subtype == PdfName::kImage || facts.is_font_file || facts.subtype == PdfName::kType1C ||
         facts.subtype == PdfName::kCIDFontType0C || facts.subtype == PdfName::kOpenType;
}

template <class T>
LayerPtr Notation(Body& body, LayerPtr inner) noexcept {
  T* const layer = body.pool->Take<T>();
  layer->Open(body, std::move(inner), {});
  return LayerPtr(layer);
}

LayerPtr Lost(Body& body, LayerPtr inner) noexcept {
  inner->End(protocol::BodyEnd::kTruncated);
  return OpenLost(body);
}

LayerPtr Predictor(Body& body, const PdfFilter& filter, LayerPtr inner) noexcept {
  PredictorLayer* const layer = body.pool->Take<PredictorLayer>();
  if (!layer->Prepare(body.pool->memory, filter)) {
    body.pool->Give(layer);
    body.sink->OnAnomaly("pdf_predictor_cap");
    return Lost(body, std::move(inner));
  }
  layer->Open(body, std::move(inner), {});
  return LayerPtr(layer);
}

LayerPtr Coding(Body& body, const PdfFilter& filter, LayerPtr inner) noexcept {
  if (!body.MayNest()) return Lost(body, std::move(inner));
  CodingLayer* layer = nullptr;
  const char* name = "flate";
  if (filter.name == PdfName::kLZWDecode) {
    PdfLzwLayer* const lzw = body.pool->Take<PdfLzwLayer>();
    lzw->SetEarlyChange(filter.early_change);
    layer = lzw;
    name = "lzw";
  } else if (filter.name == PdfName::kRunLengthDecode) {
    layer = body.pool->Take<RunLengthLayer>();
    name = "runlength";
  } else {
    layer = body.pool->Take<InflateLayer>();
  }
  layer->Open(body, std::move(inner), name, false);
  return LayerPtr(layer);
}

constexpr std::uint32_t kTiff = 2, kFirstPng = 10;

}  // namespace

std::size_t DecodedFilters(const PdfStreamFacts& facts) noexcept {
  const std::size_t kept = std::min(facts.filter_count, PdfStreamFacts::kMaxFilters);
  const bool no_text = HoldsNoText(facts);
  std::size_t n = 0;
  while (n < kept && (IsNotation(facts.filters[n].name) || (!no_text && IsCoding(facts.filters[n].name))))
    ++n;
  return n;
}

LayerPtr OpenPdfFilters(Body& body, const PdfStreamFacts& facts, LayerPtr inner) noexcept {
  for (std::size_t i = DecodedFilters(facts); i-- > 0;) {
    const PdfFilter& filter = facts.filters[i];
    if (filter.name == PdfName::kASCIIHexDecode) {
      inner = Notation<AsciiHexLayer>(body, std::move(inner));
    } else if (filter.name == PdfName::kASCII85Decode) {
      inner = Notation<Ascii85Layer>(body, std::move(inner));
    } else {
      if (filter.predictor > 1) inner = Predictor(body, filter, std::move(inner));
      inner = Coding(body, filter, std::move(inner));
    }
  }
  return inner;
}

void AsciiHexLayer::GiveBack() noexcept { body().pool->Give(this); }

void AsciiHexLayer::Start() noexcept { half_ = ended_ = false; }

std::size_t AsciiHexLayer::Convert(Bytes& in, std::span<std::byte> out) noexcept {
  std::size_t n = 0;
  while (!in.empty() && out.size() - n >= kMaxExpansion) {
    const std::uint8_t c = Octets(TakeFront(in, 1))[0];
    const int digit = HexDigit(c);
    ended_ = ended_ || c == '>';
    if (ended_ || digit < 0) continue;
    if (half_) out[n++] = static_cast<std::byte>(first_ << 4 | digit);
    first_ = static_cast<std::uint8_t>(digit);
    half_ = !half_;
  }
  return n;
}

std::size_t AsciiHexLayer::Finish(std::span<std::byte> out) noexcept {
  if (!half_) return 0;
  out[0] = static_cast<std::byte>(first_ << 4);
  half_ = false;
  return 1;
}

void Ascii85Layer::GiveBack() noexcept { body().pool->Give(this); }

void Ascii85Layer::Start() noexcept {
  ended_ = false;
  digits_ = 0;
  value_ = 0;
}

// 7.4.3: five characters are four bytes; n characters at the end are n - 1.
std::size_t Ascii85Layer::Group(std::span<std::byte> out) noexcept {
  const std::size_t bytes = digits_ - 1;
  for (; digits_ < 5; ++digits_) value_ = value_ * 85 + 84;
  for (std::size_t i = 0; i < bytes; ++i) out[i] = static_cast<std::byte>(value_ >> (24 - 8 * i));
  digits_ = 0;
  value_ = 0;
  return bytes;
}

std::size_t Ascii85Layer::Convert(Bytes& in, std::span<std::byte> out) noexcept {
  std::size_t n = 0;
  while (!in.empty() && out.size() - n >= kMaxExpansion) {
    const std::uint8_t c = Octets(TakeFront(in, 1))[0];
    ended_ = ended_ || c == '~';
    if (ended_) continue;
    if (c == 'z' && digits_ == 0) {
      std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(n), 4, std::byte{0});
      n += 4;
    } else if (c >= '!' && c <= 'u') {
      value_ = value_ * 85 + (c - std::uint32_t{'!'});
      if (++digits_ == 5) n += Group(out.subspan(n));
    }
  }
  return n;
}

std::size_t Ascii85Layer::Finish(std::span<std::byte> out) noexcept { return digits_ > 1 ? Group(out) : 0; }

void RunLengthLayer::GiveBack() noexcept { body().pool->Give(this); }

CodingLayer::Guess RunLengthLayer::Recognise(Bytes, bool) noexcept {
  copy_ = repeat_ = 0;
  return Guess::kCoded;
}

CodingLayer::Step RunLengthLayer::Decode(Bytes& in, std::span<std::byte> out,
                                         std::size_t* produced) noexcept {
  constexpr std::uint8_t kEndOfData = 128;
  std::size_t n = 0;
  Step step = Step::kMore;
  while (step == Step::kMore && !in.empty() && n < out.size()) {
    if (copy_ > 0) {
      const Bytes some = TakeFront(in, std::min(copy_, out.size() - n));
      std::memcpy(out.data() + n, some.data(), some.size());
      copy_ -= some.size();
      n += some.size();
    } else if (repeat_ > 0) {
      const std::size_t some = std::min(repeat_, out.size() - n);
      std::memset(out.data() + n, static_cast<int>(in[0]), some);
      repeat_ -= some;
      n += some;
      if (repeat_ == 0) in = in.subspan(1);
    } else {
      const std::uint8_t length = Octets(TakeFront(in, 1))[0];
      if (length == kEndOfData) step = Step::kEnd;
      if (length < kEndOfData) copy_ = std::size_t{length} + 1;
      if (length > kEndOfData) repeat_ = 257 - std::size_t{length};
    }
  }
  *produced = n;
  return step;
}

bool PredictorLayer::Prepare(Memory& memory, const PdfFilter& filter) noexcept {
  const std::uint64_t pixel_bits = std::uint64_t{filter.colors} * filter.bits;
  if (pixel_bits == 0 || pixel_bits > kMaxRow || filter.columns == 0 || filter.columns > kMaxRow * 8)
    return false;
  pixel_bytes_ = static_cast<std::size_t>((pixel_bits + 7) / 8);
  row_bytes_ = static_cast<std::size_t>((pixel_bits * filter.columns + 7) / 8);
  if (row_bytes_ > kMaxRow) return false;
  memory_ = &memory;
  rows_ = static_cast<std::uint8_t*>(memory.AllocateZeroed(2, pixel_bytes_ + row_bytes_));
  if (rows_ == nullptr) return false;
  above_ = rows_ + pixel_bytes_;
  row_ = above_ + row_bytes_ + pixel_bytes_;
  at_ = 0;
  png_ = filter.predictor >= kFirstPng;
  // TIFF's differences of other than whole bytes are of images.
  filter_ = filter.predictor == kTiff && filter.bits == 8 ? 1 : 0;
  at_tag_ = png_;
  return true;
}

void PredictorLayer::End(protocol::BodyEnd end) noexcept {
  ConvertingLayer::End(end);
  memory_->Free(rows_);
  rows_ = nullptr;
}

void PredictorLayer::GiveBack() noexcept { body().pool->Give(this); }

std::uint8_t PredictorLayer::Restored(std::uint8_t raw) const noexcept {
  const auto i = static_cast<std::ptrdiff_t>(at_), pixel = static_cast<std::ptrdiff_t>(pixel_bytes_);
  const int left = row_[i - pixel], up = above_[i], corner = above_[i - pixel];
  switch (filter_) {
    case 1:
      return static_cast<std::uint8_t>(raw + left);
    case 2:
      return static_cast<std::uint8_t>(raw + up);
    case 3:
      return static_cast<std::uint8_t>(raw + (left + up) / 2);
    case 4: {  // Paeth: the neighbour nearest to their sum less the corner
      const int sum = left + up - corner;
      const int to_left = std::abs(sum - left), to_up = std::abs(sum - up),
                to_corner = std::abs(sum - corner);
      const int nearest = to_left <= to_up && to_left <= to_corner ? left : to_up <= to_corner ? up : corner;
      return static_cast<std::uint8_t>(raw + nearest);
    }
    default:
      return raw;
  }
}

std::size_t PredictorLayer::Convert(Bytes& in, std::span<std::byte> out) noexcept {
  std::size_t n = 0;
  while (!in.empty() && out.size() - n >= kMaxExpansion) {
    const std::uint8_t c = Octets(TakeFront(in, 1))[0];
    if (at_tag_) {
      filter_ = c;
      at_tag_ = false;
      continue;
    }
    row_[at_] = Restored(c);
    out[n++] = static_cast<std::byte>(row_[at_]);
    if (++at_ < row_bytes_) continue;
    at_ = 0;
    std::swap(above_, row_);
    at_tag_ = png_;
  }
  return n;
}

}  // namespace gander::content

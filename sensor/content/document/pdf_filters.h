// SPDX-License-Identifier: Apache-2.0
// What PDF does to the bytes of a stream (ISO 32000-1, 7.4), as layers: notations, run lengths, LZW,
// predictors.
#ifndef GANDER_CONTENT_PDF_FILTERS_H_
#define GANDER_CONTENT_PDF_FILTERS_H_

#include <array>

#include "content/coding/coding.h"
#include "content/converting_layer.h"
#include "content/document/pdf_object.h"

namespace gander::content {

// The filters of a stream around `inner`, the first outermost; of those that can be taken off, which is all
// up to the first that DecodedFilters() does not count.
LayerPtr OpenPdfFilters(Body& body, const PdfStreamFacts& facts, LayerPtr inner) noexcept;
std::size_t DecodedFilters(const PdfStreamFacts& facts) noexcept;

class AsciiHexLayer final : public ConvertingLayer {
 public:
  void GiveBack() noexcept override;

 protected:
  void Start() noexcept override;
  std::size_t Convert(Bytes& in, std::span<std::byte> out) noexcept override;
  std::size_t Finish(std::span<std::byte> out) noexcept override;

 private:
  bool half_ = false;
  bool ended_ = false;
  std::uint8_t first_ = 0;
};

class Ascii85Layer final : public ConvertingLayer {
 public:
  void GiveBack() noexcept override;

 protected:
  void Start() noexcept override;
  std::size_t Convert(Bytes& in, std::span<std::byte> out) noexcept override;
  std::size_t Finish(std::span<std::byte> out) noexcept override;

 private:
  std::size_t Group(std::span<std::byte> out) noexcept;

  bool ended_ = false;
  std::size_t digits_ = 0;
  std::uint32_t value_ = 0;
};

class RunLengthLayer final : public CodingLayer {
 public:
  void GiveBack() noexcept override;

 protected:
  Guess Recognise(Bytes prefix, bool all) noexcept override;
  Step Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept override;
  bool Complete() const noexcept override { return true; }
  void CountBody(Counters&) const noexcept override {}
  void Close() noexcept override {}

 private:
  std::size_t copy_ = 0;    // bytes to take as they are
  std::size_t repeat_ = 0;  // times the next byte is to be written
};

// 7.4.4.4: PNG's row filters (RFC 2083, section 6) and TIFF's differences of bytes.
class PredictorLayer final : public ConvertingLayer {
 public:
  // Longest row.
  static constexpr std::size_t kMaxRow = 64 * 1024;

  // To be called before Open(). False: rows are longer than that, or there is no memory for them.
  bool Prepare(Memory& memory, const PdfFilter& filter) noexcept;
  void End(protocol::BodyEnd end) noexcept override;
  void GiveBack() noexcept override;

 protected:
  void Start() noexcept override {}
  std::size_t Convert(Bytes& in, std::span<std::byte> out) noexcept override;
  std::size_t Finish(std::span<std::byte>) noexcept override { return 0; }

 private:
  std::uint8_t Restored(std::uint8_t raw) const noexcept;

  Memory* memory_ = nullptr;
  std::uint8_t* rows_ = nullptr;  // the one above and the one at hand, each behind a pixel of zeros
  std::size_t row_bytes_ = 0, pixel_bytes_ = 0;
  std::uint8_t *above_ = nullptr, *row_ = nullptr;
  std::size_t at_ = 0;
  std::uint8_t filter_ = 0;
  bool png_ = false;
  bool at_tag_ = false;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PDF_FILTERS_H_

// SPDX-License-Identifier: Apache-2.0
// A text whose character set is known, on its way to UTF-8.
#ifndef GANDER_CONTENT_CHARSET_CONVERTER_H_
#define GANDER_CONTENT_CHARSET_CONVERTER_H_

#include "content/charset/transcoder.h"
#include "content/converting_layer.h"

namespace gander::content {

class CharsetConverter final : public ConvertingLayer {
 public:
  void GiveBack() noexcept override;

 protected:
  void Start() noexcept override {}
  std::size_t Convert(Bytes& in, std::span<std::byte> out) noexcept override;
  std::size_t Finish(std::span<std::byte> out) noexcept override;

 private:
  friend LayerPtr OpenConverter(Body& body, const Charset& charset, LayerPtr inner) noexcept;
  Transcoder transcoder_;
  std::uint64_t work_per_byte_ = 0;
};

// A layer that converts what it is fed for `inner`; `inner` itself when there are no more converters, so that the text
// is at least read as it stands.
LayerPtr OpenConverter(Body& body, const Charset& charset, LayerPtr inner) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_CHARSET_CONVERTER_H_

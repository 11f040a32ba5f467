// SPDX-License-Identifier: Apache-2.0
#include "content/charset/charset_converter.h"

#include "content/decoder_pool.h"

namespace gander::content {

void CharsetConverter::GiveBack() noexcept {
  transcoder_.End();
  body().pool->Give(this);
}

std::size_t CharsetConverter::Convert(Bytes& in, std::span<std::byte> out) noexcept {
  return transcoder_.Convert(in, out);
}

std::size_t CharsetConverter::Finish(std::span<std::byte> out) noexcept {
  const std::size_t n = transcoder_.Finish(out);
  if (transcoder_.malformed() > 0) ++body().counters->charset_malformed;
  return n;
}

LayerPtr OpenConverter(Body& body, const Charset& charset, LayerPtr inner) noexcept {
  CharsetConverter* const layer = body.pool->Take<CharsetConverter>();
  if (!layer->transcoder_.Begin(body.pool->converters, charset)) {
    ++body.counters->cap_memory;
    body.pool->Give(layer);
    return inner;
  }
  ++body.counters->charset;
  layer->Open(body, std::move(inner), charset.name);
  return LayerPtr(layer);
}

}  // namespace gander::content

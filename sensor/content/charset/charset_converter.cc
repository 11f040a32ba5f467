// SPDX-License-Identifier: Apache-2.0
#include "content/charset/charset_converter.h"

#include "content/decoder_pool.h"

namespace gander::content {
namespace {

// What converting a byte costs (BurstBudget): UTF-16 and UTF-32 are put together, others looked up in tables.
constexpr std::uint64_t kUnitsWork = 1, kTableWork = 5;

}  // namespace

void CharsetConverter::GiveBack() noexcept {
  transcoder_.End();
  body().pool->Give(this);
}

std::size_t CharsetConverter::Convert(Bytes& in, std::span<std::byte> out) noexcept {
  const std::size_t before = in.size();
  const std::size_t n = transcoder_.Convert(in, out);
  body().Spend(work_per_byte_ * (before - in.size()));
  return n;
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
  layer->work_per_byte_ = charset.kind == CharsetKind::kUnits ? kUnitsWork : kTableWork;
  layer->Open(body, std::move(inner), charset.name);
  return LayerPtr(layer);
}

}  // namespace gander::content

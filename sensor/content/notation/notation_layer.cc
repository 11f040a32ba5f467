// SPDX-License-Identifier: Apache-2.0
#include "content/notation/notation_layer.h"

#include <algorithm>
#include <utility>

#include "content/decoder_pool.h"
#include "content/notation/escape_layer.h"
#include "content/notation/text_marks.h"

namespace gander::content {
namespace {

constexpr std::size_t kFew = 64;  // bytes in which an escape ends, mostly

}  // namespace

void NotationLayer::Open(Body& body, Escapes escapes, EmbeddedValues& values) noexcept {
  body_ = &body;
  escapes_ = std::move(escapes);
  values_ = &values;
  open_ = false;
}

void NotationLayer::GiveBack() noexcept { body_->pool->Give(this); }

Uninspected NotationLayer::Feed(Bytes in) noexcept {
  Uninspected total;
  while (!in.empty()) {
    if (open_) {
      total += FeedEscapes(TakeFront(in, kFew));
      continue;
    }
    TextMarks marks = LookForMarks(in);
    if (marks.unmarked >= kWorthAStep || marks.unmarked == in.size()) {
      total += values_->Feed(TakeFront(in, marks.unmarked), marks.plain);
      marks.unmarked = 0;
    }
    if (!in.empty()) total += FeedEscapes(TakeFront(in, MarkedSize(in, marks.unmarked)));
  }
  return total;
}

Uninspected NotationLayer::FeedEscapes(Bytes in) noexcept {
  const Uninspected within = escapes_.outermost->Feed(in);
  open_ = std::any_of(escapes_.layers.begin(), escapes_.layers.end(),
                      [](const EscapeLayer* layer) { return layer != nullptr && layer->IsOpen(); });
  return within;
}

void NotationLayer::End(protocol::BodyEnd end) noexcept {
  escapes_.outermost->End(end);
  escapes_ = {};
}

LayerPtr OpenNotation(Body& body, Notation notation, bool declared_text, std::string_view name) noexcept {
  EmbeddedValues* const values = body.pool->Take<EmbeddedValues>();
  values->Open(body, declared_text, BreaksValues(notation), name);
  Escapes escapes = OpenEscapes(body, notation, LayerPtr(values));
  if (escapes.layers[0] == nullptr) return std::move(escapes.outermost);
  NotationLayer* const layer = body.pool->Take<NotationLayer>();
  layer->Open(body, std::move(escapes), *values);
  return LayerPtr(layer);
}

}  // namespace gander::content

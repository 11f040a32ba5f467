// SPDX-License-Identifier: Apache-2.0
// A text in a notation: stands in front of the layers that undo its escapes and decode its values, looks once at what
// comes, and lets them see only the stretches that may hold something of theirs. The rest goes to the leaf where it
// lies.
#ifndef GANDER_CONTENT_NOTATION_NOTATION_LAYER_H_
#define GANDER_CONTENT_NOTATION_NOTATION_LAYER_H_

#include "content/layer.h"
#include "content/notation/embedded_values.h"
#include "content/notation/notation.h"

namespace gander::content {

class NotationLayer final : public Layer {
 public:
  // `values` is what the layers of `escapes` stand around.
  void Open(Body& body, Escapes escapes, EmbeddedValues& values) noexcept;
  Uninspected Feed(Bytes in) noexcept override;
  void End(protocol::BodyEnd end) noexcept override;
  void GiveBack() noexcept override;

 private:
  Uninspected FeedEscapes(Bytes in) noexcept;

  Body* body_ = nullptr;
  Escapes escapes_;
  EmbeddedValues* values_ = nullptr;
  bool open_ = false;  // an escape has begun and is not over
};

// The layers for a text in `notation`, which is not plain, and its leaf. `declared_text`, `name`: see EmbeddedValues.
LayerPtr OpenNotation(Body& body, Notation notation, bool declared_text, std::string_view name) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_NOTATION_NOTATION_LAYER_H_

// SPDX-License-Identifier: Apache-2.0
// What stands between the bytes of a text and the text: its character set, the escapes of its notation.
#ifndef GANDER_CONTENT_TEXT_LAYERS_H_
#define GANDER_CONTENT_TEXT_LAYERS_H_

#include "content/layer.h"

namespace gander::content {

// The layers for a text of the declared type whose first bytes are `prefix` (no magic number known). Null when it may be
// handed on as it stands, or is no text.
LayerPtr OpenTextLayers(Body& body, const EntityMeta& meta, Bytes prefix) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_TEXT_LAYERS_H_

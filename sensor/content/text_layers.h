// SPDX-License-Identifier: Apache-2.0
// What stands between the bytes of a text and the text: its character set, the escapes of its notation.
#ifndef GANDER_CONTENT_TEXT_LAYERS_H_
#define GANDER_CONTENT_TEXT_LAYERS_H_

#include "content/layer.h"

namespace gander::content {

// The layers for a text of the declared type whose first bytes are `prefix` (no magic number known). Null when it is no
// text by its type, or by its bytes.
LayerPtr OpenTextLayers(Body& body, const EntityMeta& meta, Bytes prefix) noexcept;
// The layers for text found in something that is not text as a whole; it begins at `offset` with `prefix`.
LayerPtr OpenTextRun(Body& body, const EntityMeta& meta, Bytes prefix, std::uint64_t offset) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_TEXT_LAYERS_H_

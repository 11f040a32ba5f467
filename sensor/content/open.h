// SPDX-License-Identifier: Apache-2.0
// Makes chains of layers out of what is declared. Each function hands back a layer of the body's pool; where
// a cap or an empty pool forbids one, the layer handed back counts what it is fed as lost.
#ifndef GANDER_CONTENT_OPEN_H_
#define GANDER_CONTENT_OPEN_H_

#include "content/layer.h"

namespace gander::content {

LayerPtr OpenEntity(Body& body, const EntityMeta& meta) noexcept;
// A text. `offset`: where it begins within its file.
LayerPtr OpenText(Body& body, std::string_view segment, std::string_view name, std::uint64_t offset = 0) noexcept;
// Judged block by block, text or not: for what a format could not read. `content_type` as in Entity::OpenLeaf().
LayerPtr OpenLeaf(Body& body, std::string_view name, std::string_view content_type = {}) noexcept;
LayerPtr OpenLost(Body& body) noexcept;

// The transfer encoding of a MIME part around `inner`.
LayerPtr OpenTransferEncoding(Body& body, std::string_view declared, LayerPtr inner) noexcept;

// For a type that says what is inside (RFC 2046 §5): multipart/*, message/*. Null for others, for a multipart without a
// usable boundary, and for what is not the first fragment of a message in several.
LayerPtr OpenComposite(Body& body, std::string_view content_type) noexcept;
// Headers, an empty line, a body: one part of a multipart (`default_type`: static, when it says none), or a whole
// message (one wrapping more).
LayerPtr OpenMimePart(Body& body, std::string_view default_type) noexcept;
LayerPtr OpenMessage(Body& body) noexcept;
LayerPtr OpenForm(Body& body, LayerPtr inner) noexcept;
// A text leaf before which values of base64 are decoded; see embedded_values.h.
LayerPtr OpenEmbeddedValues(Body& body, bool declared_text, bool lines, std::string_view name) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_OPEN_H_

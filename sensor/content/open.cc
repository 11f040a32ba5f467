// SPDX-License-Identifier: Apache-2.0
#include "content/open.h"

#include "content/decoder_pool.h"
#include "content/entity.h"
#include "content/mail/mime_part.h"
#include "content/mail/multipart.h"
#include "content/mail/transfer_encoding.h"
#include "content/notation/embedded_values.h"
#include "content/notation/form.h"
#include "protocol/mime/header_value.h"

namespace gander::content {

using protocol::mime::EqualsIgnoreCase;

LayerPtr OpenEntity(Body& body, const EntityMeta& meta) noexcept {
  Entity* const entity = body.pool->Take<Entity>();
  entity->Open(body, meta);
  return LayerPtr(entity);
}

LayerPtr OpenText(Body& body, std::string_view segment, std::string_view name, std::uint64_t offset) noexcept {
  Entity* const entity = body.pool->Take<Entity>();
  entity->OpenText(body, segment, name, offset);
  return LayerPtr(entity);
}

LayerPtr OpenLeaf(Body& body, std::string_view name) noexcept {
  Entity* const entity = body.pool->Take<Entity>();
  entity->OpenLeaf(body, name);
  return LayerPtr(entity);
}

LayerPtr OpenLost(Body& body) noexcept {
  Entity* const entity = body.pool->Take<Entity>();
  entity->OpenLost(body);
  return LayerPtr(entity);
}

LayerPtr OpenTransferEncoding(Body& body, std::string_view declared, LayerPtr inner) noexcept {
  const std::string_view token = protocol::mime::MainValue(declared);
  ConvertingLayer* layer = nullptr;
  if (EqualsIgnoreCase(token, "base64")) {
    layer = body.pool->Take<Base64Layer>();
  } else if (EqualsIgnoreCase(token, "quoted-printable")) {
    layer = body.pool->Take<QuotedPrintableLayer>();
    ++body.counters->quoted_printable;
  }
  if (layer == nullptr) return inner;
  layer->Open(body, std::move(inner), {});
  return LayerPtr(layer);
}

LayerPtr OpenMultipart(Body& body, std::string_view content_type) noexcept {
  std::string& boundary = body.pool->boundary;
  if (!protocol::mime::FindParameter(content_type, "boundary", boundary) || boundary.empty() ||
      boundary.size() > Multipart::kMaxBoundary) {
    body.sink->OnAnomaly("mime_no_boundary");
    return nullptr;
  }
  if (!body.MayNest()) return OpenLost(body);
  Multipart* const layer = body.pool->Take<Multipart>();
  layer->Open(body, boundary);
  return LayerPtr(layer);
}

LayerPtr OpenMimePart(Body& body) noexcept {
  MimePart* const part = body.pool->Take<MimePart>();
  part->Open(body, false);
  return LayerPtr(part);
}

LayerPtr OpenMessage(Body& body) noexcept {
  if (!body.MayNest()) return OpenLost(body);
  MimePart* const part = body.pool->Take<MimePart>();
  part->Open(body, true);
  return LayerPtr(part);
}

LayerPtr OpenForm(Body& body, LayerPtr inner) noexcept {
  FormLayer* const layer = body.pool->Take<FormLayer>();
  layer->Open(body, std::move(inner), {});
  return LayerPtr(layer);
}

LayerPtr OpenEmbeddedValues(Body& body, bool declared_text, bool lines, std::string_view name) noexcept {
  EmbeddedValues* const layer = body.pool->Take<EmbeddedValues>();
  layer->Open(body, declared_text, lines, name);
  return LayerPtr(layer);
}

}  // namespace gander::content

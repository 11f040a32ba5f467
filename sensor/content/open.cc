// SPDX-License-Identifier: Apache-2.0
#include "content/open.h"

#include "content/decoder_pool.h"
#include "content/entity.h"
#include "content/mail/encoded_files.h"
#include "content/mail/mime_part.h"
#include "content/mail/multipart.h"
#include "content/mail/transfer_encoding.h"
#include "content/notation/embedded_values.h"
#include "content/notation/form.h"
#include "protocol/mime/header_value.h"

namespace gander::content {

using protocol::mime::EqualsIgnoreCase;

namespace {

LayerPtr OpenMultipart(Body& body, std::string_view content_type) noexcept {
  std::string& boundary = body.pool->boundary;
  if (!protocol::mime::FindParameter(content_type, "boundary", boundary) || boundary.empty() ||
      boundary.size() > Multipart::kMaxBoundary) {
    body.sink->OnAnomaly("mime_no_boundary");
    return nullptr;
  }
  if (!body.MayNest()) return OpenLost(body);
  Multipart* const layer = body.pool->Take<Multipart>();
  const bool digest = EqualsIgnoreCase(protocol::mime::MainValue(content_type), "multipart/digest");
  layer->Open(body, boundary, digest ? "message/rfc822" : "");
  return LayerPtr(layer);
}

// RFC 2046 §5.2.2: fragments come in messages of their own and are not joined. The first has the header of the whole.
LayerPtr OpenFragment(Body& body, std::string_view content_type) noexcept {
  body.sink->OnAnomaly("mime_partial_message");
  std::string& number = body.pool->boundary;
  const bool first = protocol::mime::FindParameter(content_type, "number", number) && number == "1";
  return first ? OpenMessage(body) : nullptr;
}

}  // namespace

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

LayerPtr OpenLeaf(Body& body, std::string_view name, std::string_view content_type) noexcept {
  Entity* const entity = body.pool->Take<Entity>();
  entity->OpenLeaf(body, name, content_type);
  return LayerPtr(entity);
}

LayerPtr OpenLost(Body& body) noexcept {
  Entity* const entity = body.pool->Take<Entity>();
  entity->OpenLost(body);
  return LayerPtr(entity);
}

LayerPtr OpenTransferEncoding(Body& body, std::string_view declared, LayerPtr inner) noexcept {
  const std::string_view token = protocol::mime::MainValue(declared);
  if (NamesEncodedFile(token)) return OpenDeclaredFile(body, std::move(inner));
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

LayerPtr OpenComposite(Body& body, std::string_view content_type) noexcept {
  const std::string_view type = protocol::mime::MainValue(content_type);
  if (protocol::mime::StartsWithIgnoreCase(type, "multipart/")) return OpenMultipart(body, content_type);
  if (EqualsIgnoreCase(type, "message/rfc822") || EqualsIgnoreCase(type, "message/global") ||
      EqualsIgnoreCase(type, "message/news")) {
    return OpenMessage(body);
  }
  if (EqualsIgnoreCase(type, "message/partial")) return OpenFragment(body, content_type);
  if (!EqualsIgnoreCase(type, "message/external-body")) return nullptr;
  // The fields of something that lies elsewhere.
  body.sink->OnAnomaly("mime_external_body");
  return OpenMessage(body);
}

LayerPtr OpenMimePart(Body& body, std::string_view default_type) noexcept {
  MimePart* const part = body.pool->Take<MimePart>();
  part->Open(body, false, default_type);
  return LayerPtr(part);
}

LayerPtr OpenMessage(Body& body) noexcept {
  if (!body.MayNest()) return OpenLost(body);
  MimePart* const part = body.pool->Take<MimePart>();
  part->Open(body, true, {});
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

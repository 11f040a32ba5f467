// SPDX-License-Identifier: Apache-2.0
#include "content/open.h"

#include <iterator>

#include "content/brotli.h"
#include "content/decoder_pool.h"
#include "content/entity.h"
#include "content/form.h"
#include "content/inflate.h"
#include "content/mime_part.h"
#include "content/multipart.h"
#include "content/transfer_encoding.h"
#include "content/unknown_coding.h"
#include "protocol/mime/header_value.h"

namespace gander::content {
namespace {

using protocol::mime::EqualsIgnoreCase;
using protocol::mime::Trim;

CodingLayer* NewInflate(DecoderPool& pool) { return pool.Take<InflateLayer>(); }
CodingLayer* NewBrotli(DecoderPool& pool) { return pool.Take<BrotliLayer>(); }
CodingLayer* NewUnknown(DecoderPool& pool) { return pool.Take<UnknownCoding>(); }

// One line a content coding: its name on the wire, its name in paths, who decodes it.
struct Coding {
  std::string_view token;
  const char* name;
  CodingLayer* (*make)(DecoderPool& pool);
};
constexpr Coding kCodings[] = {
    {"gzip", "gzip", NewInflate},
    {"x-gzip", "gzip", NewInflate},
    {"deflate", "deflate", NewInflate},
    {"x-deflate", "deflate", NewInflate},
    {"br", "br", NewBrotli},
};
constexpr Coding kUnknownCoding = {"", "unknown", NewUnknown};

const Coding& FindCoding(std::string_view token) noexcept {
  for (const Coding& c : kCodings) {
    if (EqualsIgnoreCase(c.token, token)) return c;
  }
  return kUnknownCoding;
}

void Discard(LayerPtr layer) noexcept { layer->End(protocol::BodyEnd::kTruncated); }

LayerPtr Wrap(Body& body, CodingLayer* layer, LayerPtr inner, const char* name, bool declared) noexcept {
  layer->Open(body, std::move(inner), name, declared);
  return LayerPtr(layer);
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

LayerPtr OpenCodings(Body& body, std::string_view declared, LayerPtr inner) noexcept {
  while (!declared.empty()) {
    const std::size_t comma = declared.find(',');
    const std::string_view token = Trim(declared.substr(0, comma));
    declared.remove_prefix(comma == std::string_view::npos ? declared.size() : comma + 1);
    if (token.empty() || EqualsIgnoreCase(token, "identity")) continue;
    if (!body.MayNest()) {
      Discard(std::move(inner));
      return OpenLost(body);
    }
    const Coding& coding = FindCoding(token);
    inner = Wrap(body, coding.make(*body.pool), std::move(inner), coding.name, true);
  }
  return inner;
}

LayerPtr OpenGzip(Body& body, LayerPtr inner) noexcept {
  if (!body.MayNest()) {
    Discard(std::move(inner));
    return OpenLost(body);
  }
  return Wrap(body, NewInflate(*body.pool), std::move(inner), "gzip", false);
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

}  // namespace gander::content

// SPDX-License-Identifier: Apache-2.0
#include "content/text_layers.h"

#include "content/charset/charset_layer.h"
#include "content/charset/unicode_form.h"
#include "content/document/office_text.h"
#include "content/mail/encoded_files.h"
#include "content/notation/grpc_frames.h"
#include "content/notation/item_layer.h"
#include "content/notation/notation.h"
#include "content/notation/notation_layer.h"
#include "content/open.h"
#include "content/sniff.h"
#include "protocol/mime/header_value.h"

namespace gander::content {
namespace {

using protocol::mime::MainValue;

LayerPtr OpenDocument(Body& body, const EntityMeta& meta, Bytes prefix) noexcept {
  if (!LooksLikeText(prefix)) return nullptr;
  return OpenCharset(body, meta.content_type, prefix, OpenOfficePart(body, *meta.document, meta.name));
}

}  // namespace

LayerPtr OpenTextLayers(Body& body, const EntityMeta& meta, Bytes prefix) noexcept {
  if (meta.document != nullptr) return OpenDocument(body, meta, prefix);
  const std::string_view type = MainValue(meta.content_type);
  if (IsProtobufType(type)) {
    if (LayerPtr protobuf = OpenProtobuf(body, meta, prefix)) return protobuf;
  }
  if (const ItemFormat* const items = FindItemFormat(type, prefix)) return OpenItems(body, meta, *items);
  const Notation notation = NotationOf(type, prefix);
  const bool readable = LooksLikeText(prefix);
  const bool unknown = type.empty() || type == "application/octet-stream";
  const bool text = (IsTextType(type) && readable) || (unknown && GuessUnicode(prefix) != nullptr);
  const bool plain = notation == Notation::kPlain;
  // A notation is taken off whatever the label. What is not declared as text may turn into something else further on.
  if (!text && !readable && !BeginsEncodedFile(prefix)) return nullptr;
  if (!text && plain) return OpenEncodedFiles(body, meta, prefix, OpenLeaf(body, meta.name, meta.content_type));
  // From the text outwards: what was done to it first is taken off last.
  LayerPtr layer = plain
                       ? OpenText(body, {}, meta.name)
                       : OpenNotation(body, notation, text, meta.name);
  // A form's escapes stand for bytes of its character set.
  const bool form = notation == Notation::kForm;
  layer = OpenCharset(body, meta.content_type, form ? Bytes{} : prefix, std::move(layer));
  if (plain) return OpenEncodedFiles(body, meta, prefix, std::move(layer));
  if (form) ++body.counters->form;
  return form ? OpenForm(body, std::move(layer)) : std::move(layer);
}

LayerPtr OpenTextRun(Body& body, const EntityMeta& meta, Bytes prefix, std::uint64_t offset) noexcept {
  return OpenCharset(body, meta.content_type, prefix, OpenText(body, {}, meta.name, offset));
}

}  // namespace gander::content

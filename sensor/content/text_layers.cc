// SPDX-License-Identifier: Apache-2.0
#include "content/text_layers.h"

#include "content/office_text.h"
#include "content/open.h"
#include "content/sniff.h"
#include "content/utf16.h"
#include "protocol/mime/header_value.h"
#include "protocol/plain_text/plain_text.h"

namespace gander::content {
namespace {

using protocol::mime::EqualsIgnoreCase;
using protocol::mime::MainValue;

// curl and scripts send JSON and XML under the type of forms; decoding those would turn "+49" into " 49".
bool LooksLikeForm(Bytes prefix) noexcept {
  const std::string_view s = protocol::mime::Trim(AsText(prefix));
  return s.empty() || (s.front() != '{' && s.front() != '[' && s.front() != '<');
}

// XML may be UTF-16 too.
LayerPtr OpenDocument(Body& body, const EntityMeta& meta, Bytes prefix) noexcept {
  const Utf16Order order = GuessUtf16(prefix);
  if (order == Utf16Order::kNone && !protocol::ReadsAsText(prefix)) return nullptr;
  LayerPtr text = OpenOfficePart(body, *meta.document, meta.name);
  return order == Utf16Order::kNone ? std::move(text) : OpenUtf16(body, order == Utf16Order::kBig, std::move(text));
}

}  // namespace

LayerPtr OpenTextLayers(Body& body, const EntityMeta& meta, Bytes prefix) noexcept {
  if (meta.document != nullptr) return OpenDocument(body, meta, prefix);
  const std::string_view type = MainValue(meta.content_type);
  if (IsTextType(type) || type.empty() || type == "application/octet-stream") {
    const Utf16Order order = GuessUtf16(prefix);
    if (order != Utf16Order::kNone) {
      return OpenUtf16(body, order == Utf16Order::kBig, OpenText(body, "utf-16", meta.name));
    }
  }
  if (!protocol::ReadsAsText(prefix)) return nullptr;
  if (EqualsIgnoreCase(type, "application/x-www-form-urlencoded") && LooksLikeForm(prefix)) {
    ++body.counters->form;
    return OpenForm(body, OpenText(body, {}, meta.name));
  }
  return nullptr;
}

}  // namespace gander::content

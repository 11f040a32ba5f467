// SPDX-License-Identifier: Apache-2.0
#include "content/text_layers.h"

#include "content/charset_layer.h"
#include "content/office_text.h"
#include "content/open.h"
#include "content/sniff.h"
#include "content/unicode_form.h"
#include "protocol/mime/header_value.h"

namespace gander::content {
namespace {

using protocol::mime::EqualsIgnoreCase;
using protocol::mime::MainValue;

// curl and scripts send JSON and XML under the type of forms; decoding those would turn "+49" into " 49".
bool LooksLikeForm(Bytes prefix) noexcept {
  const std::string_view s = protocol::mime::Trim(AsText(prefix));
  return s.empty() || (s.front() != '{' && s.front() != '[' && s.front() != '<');
}

LayerPtr OpenDocument(Body& body, const EntityMeta& meta, Bytes prefix) noexcept {
  if (!LooksLikeText(prefix)) return nullptr;
  return OpenCharset(body, meta.content_type, prefix, OpenOfficePart(body, *meta.document, meta.name));
}

}  // namespace

LayerPtr OpenTextLayers(Body& body, const EntityMeta& meta, Bytes prefix) noexcept {
  if (meta.document != nullptr) return OpenDocument(body, meta, prefix);
  const std::string_view type = MainValue(meta.content_type);
  const bool text = IsTextType(type) && LooksLikeText(prefix);
  const bool unknown = type.empty() || type == "application/octet-stream";
  if (!text && !(unknown && GuessUnicode(prefix) != nullptr)) return nullptr;
  LayerPtr layer = OpenText(body, {}, meta.name);
  // From the text outwards: what was done to it first is taken off last.
  if (EqualsIgnoreCase(type, "application/x-www-form-urlencoded") && LooksLikeForm(prefix)) {
    ++body.counters->form;
    // A form's escapes stand for bytes of its character set.
    return OpenForm(body, OpenCharset(body, meta.content_type, {}, std::move(layer)));
  }
  return OpenCharset(body, meta.content_type, prefix, std::move(layer));
}

LayerPtr OpenTextRun(Body& body, const EntityMeta& meta, Bytes prefix, std::uint64_t offset) noexcept {
  return OpenCharset(body, meta.content_type, prefix, OpenText(body, {}, meta.name, offset));
}

}  // namespace gander::content

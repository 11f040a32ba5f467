// SPDX-License-Identifier: Apache-2.0
// The notation a text is written in, and the layers that undo its escapes.
#ifndef GANDER_CONTENT_NOTATION_H_
#define GANDER_CONTENT_NOTATION_H_

#include <array>
#include <string_view>

#include "content/layer.h"

namespace gander::content {

enum class Notation : std::uint8_t {
  kPlain,
  kJson,    // and scripts, lines of JSON, events of a stream
  kMarkup,  // HTML, XML
  kForm,    // URL-encoded
  kCard,    // vCard, iCalendar
  kLdif,
};

// Whether a value of it may be broken into lines; else a line is a value.
constexpr bool BreaksValues(Notation n) noexcept { return n == Notation::kJson || n == Notation::kMarkup; }

// What a text of the media type `type` that begins with `prefix` is written in. Either says it: much JSON comes as
// text/plain, and curl sends JSON and XML as a form.
Notation NotationOf(std::string_view type, Bytes prefix) noexcept;

class EscapeLayer;

struct Escapes {
  LayerPtr outermost;
  std::array<const EscapeLayer*, 3> layers{};  // it and those within, if they look for marks; nulls behind
};

// The layers that undo the escapes of `notation` around `inner`; for a form, of what its values may be. The escapes of
// the others are undone as well, one inside the other: pages hold scripts, JSON holds pieces of pages and addresses,
// forms hold JSON.
Escapes OpenEscapes(Body& body, Notation notation, LayerPtr inner) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_NOTATION_H_

// SPDX-License-Identifier: Apache-2.0
// The content codings that are taken off, by label, by magic number, and on trial. A new one is a file of its own and a
// line in codings.cc.
#ifndef GANDER_CONTENT_CODINGS_H_
#define GANDER_CONTENT_CODINGS_H_

#include "content/layer.h"

namespace gander::content {

// The content codings of `declared` ("gzip, br": applied in this order) around `inner`.
LayerPtr OpenCodings(Body& body, std::string_view declared, LayerPtr inner) noexcept;

// The coding whose magic number (MagicOf()) is `magic` around `inner`; null, and `inner` is gone, when there is none.
LayerPtr OpenCodingOf(Body& body, std::string_view magic, LayerPtr inner) noexcept;

// For a body whose declared coding does not fit its first bytes: puts the coding that does before `inner`. False when
// none does. `all`: the prefix is the whole body.
bool OpenFitting(Body& body, LayerPtr& inner, Bytes prefix, bool all) noexcept;

// Name of the coded file that begins like `prefix`, among those that have no magic number but a header that little else
// begins with: "zlib", "lzma", empty when none.
std::string_view UnmarkedFormat(Bytes prefix) noexcept;
// What has no magic number at all: it is told by a name or a type, or on trial.
inline constexpr std::string_view kBrotliFormat = "brotli";
// The coding of either around `inner`; null, and `inner` is gone, when the prefix does not decode. `surely`: something
// but the prefix speaks for it.
LayerPtr OpenUnmarked(Body& body, std::string_view format, LayerPtr inner, Bytes prefix, bool all,
                      bool surely) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_CODINGS_H_

// SPDX-License-Identifier: Apache-2.0
// The file formats that are looked into. A new one is a file of its own and a line in formats.cc.
#ifndef GANDER_CONTENT_FORMATS_H_
#define GANDER_CONTENT_FORMATS_H_

#include "content/layer.h"

namespace gander::content {

// A layer for the file whose first bytes are `prefix`, of the format `magic` (MagicOf()). It is fed from the first byte
// on. Null when the format is not looked into: the file is a leaf.
LayerPtr OpenFile(Body& body, const EntityMeta& meta, std::string_view magic, Bytes prefix) noexcept;

// The same for a file that has no magic number; then `*format` is its name. `all`: the prefix is the whole file.
LayerPtr OpenUnmarkedFile(Body& body, const EntityMeta& meta, Bytes prefix, bool all,
                          std::string_view* format) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_FORMATS_H_

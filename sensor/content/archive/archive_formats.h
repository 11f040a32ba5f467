// SPDX-License-Identifier: Apache-2.0
// The archive formats that libarchive reads. A new one is a line in archive_formats.cc.
#ifndef GANDER_CONTENT_ARCHIVE_FORMATS_H_
#define GANDER_CONTENT_ARCHIVE_FORMATS_H_

#include <string_view>

#include "content/layer.h"

namespace gander::content {

// Null when `magic` (MagicOf()) is none of them.
LayerPtr OpenArchive(Body& body, const EntityMeta& meta, std::string_view magic, Bytes prefix) noexcept;
// Known by what stands 32 KiB further in (iso_probe.h).
LayerPtr OpenIso9660(Body& body, const EntityMeta& meta) noexcept;
// Reads a 7z archive of which all is there, as part of the layer that holds it. `cost`: of a
// decoded byte, against one of deflate.
void ReadSevenZipWhole(Body& body, const EntityMeta& meta, Bytes whole, std::uint32_t cost) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_ARCHIVE_FORMATS_H_

// SPDX-License-Identifier: Apache-2.0
#include "content/archive/archive_formats.h"

#include "content/archive/libarchive_layer.h"
#include "content/open.h"

namespace gander::content {
namespace {

using Format = ArchiveRun::Format;

constexpr ArchiveKind kKinds[] = {
    {"rar", Format::kRar, 6},  {"cab", Format::kCab, 4}, {"lha", Format::kLha, 4},   {"cpio", Format::kCpio, 0},
    {"ar", Format::kAr, 0},    {"xar", Format::kXar, 8}, {"warc", Format::kWarc, 0},
};
constexpr ArchiveKind kRar5 = {"rar", Format::kRar5, 6};
constexpr ArchiveKind kSevenZip = {"7z", Format::kSevenZip, 1};
constexpr ArchiveKind kIso9660 = {"iso9660", Format::kIso9660, 0};

// The seventh byte tells the version.
bool IsRar5(Bytes prefix) noexcept { return prefix.size() > 6 && prefix[6] == std::byte{1}; }

LayerPtr Open(Body& body, const EntityMeta& meta, const ArchiveKind& kind) noexcept {
  if (!body.MayNest()) return OpenLost(body);
  LibarchiveLayer* const layer = body.pool->Take<LibarchiveLayer>();
  layer->SetKind(kind, kind.cost);
  layer->Open(body, meta, kind.magic);
  return LayerPtr(layer);
}

}  // namespace

LayerPtr OpenArchive(Body& body, const EntityMeta& meta, std::string_view magic, Bytes prefix) noexcept {
  for (const ArchiveKind& kind : kKinds) {
    if (kind.magic != magic) continue;
    return Open(body, meta, kind.format == Format::kRar && IsRar5(prefix) ? kRar5 : kind);
  }
  return nullptr;
}

LayerPtr OpenIso9660(Body& body, const EntityMeta& meta) noexcept { return Open(body, meta, kIso9660); }

void ReadSevenZipWhole(Body& body, const EntityMeta& meta, Bytes whole, std::uint32_t cost) noexcept {
  ++body.depth;  // the layer takes it off again; it is no wrapping more
  LibarchiveLayer* const layer = body.pool->Take<LibarchiveLayer>();
  layer->SetKind(kSevenZip, cost);
  layer->Open(body, meta, {});
  const LayerPtr owner(layer);
  body.GrantAwaited(whole.size());
  owner->Feed(whole);
  owner->End(protocol::BodyEnd::kComplete);
}

}  // namespace gander::content

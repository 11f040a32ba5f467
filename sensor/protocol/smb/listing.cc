// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/listing.h"

namespace gander::protocol::smb {
namespace {

// Where an entry has the length of its name, and its name.
struct Places {
  std::size_t length = 0, name = 0;
};
Places PlacesOf(Layout layout) noexcept {
  switch (layout) {
    case Layout::kDirectory: return {60, 64};
    case Layout::kFull: return {60, 68};
    case Layout::kBoth: return {60, 94};
    case Layout::kNames: return {8, 12};
    case Layout::kIdBoth: return {60, 104};
    case Layout::kIdFull: return {60, 80};
    case Layout::kNotify: return {8, 12};
    case Layout::kNone: break;
  }
  return {};
}

}  // namespace

void ReadListing(Bytes entries, Layout layout, bool unicode, Direction direction, MessageSink& sink) {
  const Places places = PlacesOf(layout);
  if (places.name == 0) return;
  while (entries.size() > places.name) {
    const Bytes raw = Range(entries, places.name, Field(entries, places.length, 4));
    const std::string_view name = NameOf(raw, unicode);
    if (name != "." && name != "..") OnName("smb.filename", {}, name, direction, sink);
    const std::uint64_t next = Field(entries, 0, 4);
    if (next < places.name || next >= entries.size()) return;
    entries = entries.subspan(static_cast<std::size_t>(next));
  }
}

}  // namespace gander::protocol::smb

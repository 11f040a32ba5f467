// SPDX-License-Identifier: Apache-2.0
#include "detect/state/saved_state.h"

#include <algorithm>
#include <cstring>

#include "base/snapshot_io.h"

namespace gander::detect {
namespace {

constexpr std::size_t kMaxId = 64;
constexpr const char* kBook = "book";

void AppendPart(const char* id, std::string part, SnapshotWriter& out) {
  out.String(id);
  out.U64(part.size());
  out.Raw(part.data(), part.size());
}

Failure Unreadable(const char* what) {
  return Fail("", 0, std::string("holds ") + what, "the run begins without it and replaces it");
}

}  // namespace

std::string SaveState(Timestamp until, const TransferBook& book, std::span<const SavedPart> parts) {
  SnapshotWriter out;
  out.Time(until);
  out.U32(static_cast<std::uint32_t>(parts.size() + 1));
  SnapshotWriter of_book;
  book.Save(of_book);
  AppendPart(kBook, of_book.Take(), out);
  for (const SavedPart& p : parts) {
    SnapshotWriter part;
    p.detector->Save(part);
    AppendPart(p.id, part.Take(), out);
  }
  return out.Take();
}

Result<LoadedState> LoadState(std::string_view state, TransferBook& book, std::span<const SavedPart> parts) {
  SnapshotReader in(AsBytes(state));
  LoadedState out;
  out.until = in.Time();
  for (std::size_t n = in.Count(sizeof(std::uint32_t) + sizeof(std::uint64_t)), i = 0; i < n; ++i) {
    const std::string id = in.String(kMaxId);
    const std::uint64_t size = in.U64();
    if (in.failed() || size > in.remaining()) return Unreadable("parts that are cut short");
    SnapshotReader part = in.Part(size);
    if (i == 0) {
      if (id != kBook || !book.Load(part) || part.remaining() > 0) return Unreadable("transfers that cannot be read");
      continue;
    }
    const auto at = std::find_if(parts.begin(), parts.end(), [&](const SavedPart& p) { return id == p.id; });
    if (at == parts.end() || size == 0) continue;  // of a detector this gander does not have, or that keeps nothing
    if (!at->detector->Load(part) || part.failed() || part.remaining() > 0) out.refused.push_back(id);
  }
  if (in.failed() || in.remaining() > 0) return Unreadable("something else than state");
  return out;
}

}  // namespace gander::detect

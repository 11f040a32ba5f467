// SPDX-License-Identifier: Apache-2.0
#include "detect/state/saved_state.h"

#include <algorithm>
#include <map>

#include "base/snapshot_io.h"
#include "detect/state/state_reader.h"

namespace gander::detect {
namespace {

constexpr std::size_t kMaxId = 64, kMaxName = 4096;
constexpr std::size_t kMaxZones = policy::kOutside, kMaxEntries = std::size_t{1} << 20;
constexpr const char* kBook = "book";

void AppendPart(const char* id, std::string part, SnapshotWriter& out) {
  out.String(id);
  out.U64(part.size());
  out.Raw(part.data(), part.size());
}

template <class Named>
void SaveNames(const std::vector<Named>& all, SnapshotWriter& out) {
  out.U32(static_cast<std::uint32_t>(all.size()));
  for (const Named& one : all) out.String(std::string_view(one.id).substr(0, kMaxName));
}

// Where each name written stands in `all` now, or `gone`.
template <class Named, class Number>
std::vector<Number> LoadNames(const std::vector<Named>& all, Number gone, std::size_t most, SnapshotReader& in) {
  std::map<std::string_view, Number> places;
  for (std::size_t i = 0; i < all.size(); ++i) places.emplace(all[i].id, static_cast<Number>(i));
  const std::size_t n = in.Count(sizeof(std::uint32_t));
  if (n > most) in.Fail();
  std::vector<Number> numbers;
  for (std::size_t i = 0; i < n && !in.failed(); ++i) {
    const auto at = places.find(in.String(kMaxName));
    numbers.push_back(at == places.end() ? gone : at->second);
  }
  return numbers;
}

Failure Unreadable(const char* what) {
  return Fail("", 0, std::string("holds ") + what, "the run begins without it and replaces it");
}

}  // namespace

std::string SaveState(Timestamp until, const TransferBook& book, std::span<const SavedPart> parts) {
  SnapshotWriter out;
  out.Time(until);
  SaveNames(book.policy().zones(), out);
  SaveNames(book.policy().transfers(), out);
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
  SavedNumbers numbers;
  numbers.zones = LoadNames(book.policy().zones(), policy::kOutside, kMaxZones, in);
  numbers.entries = LoadNames(book.policy().transfers(), -1, kMaxEntries, in);
  for (std::size_t n = in.Count(sizeof(std::uint32_t) + sizeof(std::uint64_t)), i = 0; i < n; ++i) {
    const std::string id = in.String(kMaxId);
    const std::uint64_t size = in.U64();
    if (in.failed() || size > in.remaining()) return Unreadable("parts that are cut short");
    StateReader part(in.Part(size), numbers);
    if (i == 0) {
      if (id != kBook || !book.Load(part) || part.remaining() > 0) return Unreadable("transfers that cannot be read");
      numbers.types = book.types().size();
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

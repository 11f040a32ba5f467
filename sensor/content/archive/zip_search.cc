// SPDX-License-Identifier: Apache-2.0
#include "content/archive/zip_search.h"

#include <algorithm>
#include <cstring>

#include "content/archive/zip_entry.h"

namespace gander::content {
namespace {

// A descriptor without a signature is only seen from the record behind it.
constexpr std::size_t kBehind = 20;
constexpr std::size_t kNarrow = 4, kWide = 8;  // bytes a size

}  // namespace

static_assert(kBehind + kMaxDescriptorBytes <= ZipSearch::kMaxHeld);

void ZipSearch::Begin(bool stored, bool wide) noexcept {
  stored_ = stored;
  wide_ = wide;
  archive_ = false;
  done_ = 0;
  looked_ = held_ = 0;
}

CountedSizes ZipSearch::Counted(std::size_t in_window) const noexcept {
  CountedSizes counted;
  counted.packed = done_ + in_window;
  if (stored_) counted.size = counted.packed;
  counted.wide = wide_;
  return counted;
}

ZipSearch::Found ZipSearch::Look(Bytes& in, std::span<std::byte> scratch) noexcept {
  std::memcpy(scratch.data(), hold_.data(), held_);
  const Bytes more = TakeFront(in, scratch.size() - held_);
  std::memcpy(scratch.data() + held_, more.data(), more.size());
  const Bytes window(scratch.data(), held_ + more.size());
  std::size_t p = looked_;
  while (p < window.size()) {
    const void* const found = std::memchr(window.data() + p, 'P', window.size() - p);
    if (found == nullptr) break;
    p = static_cast<std::size_t>(static_cast<const std::byte*>(found) - window.data());
    const Place place = At(window, p);
    if (place.is == Place::Is::kEnd) return Stop(window, place, more.size(), in);
    if (place.is == Place::Is::kUnknown) return HandOn(window, p);
    ++p;
  }
  return HandOn(window, window.size());
}

// Everything before `p` was looked at.
ZipSearch::Found ZipSearch::HandOn(Bytes window, std::size_t p) noexcept {
  const std::size_t end = p - std::min(p, kBehind);
  looked_ = p - end;
  held_ = window.size() - end;
  std::memcpy(hold_.data(), window.data() + end, held_);
  done_ += end;
  return {window.first(end)};
}

ZipSearch::Found ZipSearch::Stop(Bytes window, const Place& place, std::size_t taken, Bytes& in) noexcept {
  const Bytes behind = window.subspan(place.end + place.descriptor.length);
  const std::size_t untaken = std::min(behind.size(), taken);
  in = Bytes(in.data() - untaken, in.size() + untaken);
  held_ = behind.size() - untaken;
  std::memcpy(hold_.data(), behind.data(), held_);
  done_ += place.end;
  return {window.first(place.end), true, place.descriptor.length > 0, place.descriptor.size};
}

ZipSearch::Place ZipSearch::At(Bytes window, std::size_t p) noexcept {
  const Bytes here = window.subspan(p);
  if (here.size() >= 2 && here[1] != std::byte{'K'}) return {};
  if (here.size() < kZipSignatureBytes) return {Place::Is::kUnknown};
  switch (ZipRecordOf(here)) {
    case ZipRecord::kNone:
    case ZipRecord::kLocator64:
      return {};
    case ZipRecord::kDescriptor: {
      const std::optional<Descriptor> descriptor = ReadDescriptor(here, Counted(p));
      if (!descriptor.has_value()) return {Place::Is::kUnknown};
      if (descriptor->length == 0) return {};
      return {Place::Is::kEnd, p, *descriptor};
    }
    case ZipRecord::kLocal:
      if (done_ + p == 0) archive_ = true;
      break;
    default:
      break;
  }
  return archive_ ? Place{} : BeforeRecord(window, p);
}

// The archive goes on at `p`: what stands before may be a descriptor without a signature.
ZipSearch::Place ZipSearch::BeforeRecord(Bytes window, std::size_t p) const noexcept {
  const std::size_t order[2] = {wide_ ? kWide : kNarrow, wide_ ? kNarrow : kWide};
  for (const std::size_t octets : order) {
    const std::size_t length = 4 + 2 * octets;
    if (p < length) continue;
    const Descriptor descriptor = ReadBareDescriptor(window.subspan(p - length), octets, Counted(p - length));
    if (descriptor.length > 0) return {Place::Is::kEnd, p - length, descriptor};
  }
  return {Place::Is::kEnd, p, {}};
}

}  // namespace gander::content

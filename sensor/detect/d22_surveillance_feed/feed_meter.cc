// SPDX-License-Identifier: Apache-2.0
#include "detect/d22_surveillance_feed/feed_meter.h"

#include <algorithm>
#include <iterator>

namespace gander::detect {
namespace {

// Those that carry whole conversations of others. Tunnels that a host makes for itself (Teredo, L2TP) or a link needs
// (GTP, PPPoE, MPLS) are not copies.
constexpr const char* kFeedKinds[] = {"erspan", "geneve", "gre", "ip_in_ip", "nvgre", "tzsp", "vxlan", "other"};
constexpr std::uint8_t kOther = std::size(kFeedKinds) - 1;

}  // namespace

std::uint8_t FeedKindOf(std::string_view name) noexcept {
  const auto at = std::find(std::begin(kFeedKinds), std::end(kFeedKinds) - 1, name);
  return static_cast<std::uint8_t>(at - std::begin(kFeedKinds));
}

const char* FeedKindName(std::uint8_t kind) noexcept { return kFeedKinds[std::min(kind, kOther)]; }

void FeedEntry::Keep(const Inner& one) noexcept {
  if (inners == kSample && inner[kSample - 1] <= one) return;
  std::size_t at = inners < kSample ? inners++ : kSample - 1;
  for (; at > 0 && one < inner[at - 1]; --at) inner[at] = inner[at - 1];
  inner[at] = one;
}

void FeedMeter::OnTunnelled(const TunnelledSeen& seen) noexcept {
  const FeedKey key{seen.outer_source, seen.outer_destination, FeedKindOf(seen.kind)};
  if (key.kind == kOther) return;
  FeedEntry* entry = feeds_.Find(key);
  if (entry == nullptr) {
    FeedEntry fresh;
    fresh.key = key;
    entry = feeds_.Add(fresh);
    if (entry == nullptr) return;
  }
  ++entry->packets;
  entry->bytes += seen.bytes;
  entry->first_seen = std::min(entry->first_seen, seen.time);
  entry->last_seen = std::max(entry->last_seen, seen.time);
  entry->Keep({seen.time, seen.inner.source, seen.inner.destination});
}

void FeedMeter::Merge(const Meter& other) { feeds_.Merge(static_cast<const FeedMeter&>(other).feeds_); }

void FeedMeter::Clear() noexcept { feeds_.Clear(); }

}  // namespace gander::detect

// SPDX-License-Identifier: Apache-2.0
#include "detect/d23_software_census/software_meter.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <tuple>

namespace gander::detect {
namespace {

constexpr std::uint16_t kUpgradeRequired = 426;  // RFC 9110 section 15.5.22

auto RankOf(const SoftwareMeter::Entry& e) noexcept {
  return std::tie(e.host, e.refused, e.name, e.peer, e.peer_name);
}

}  // namespace

std::uint64_t SoftwareMeter::HashOf(const Entry& e) const noexcept {
  std::array<std::byte, 16 + 16 + 8 + SoftwareName::kMaxProduct + SoftwareName::kMaxVersion> packed;
  std::byte* at = packed.data();
  const auto put = [&](const void* from, std::size_t n) {
    std::memcpy(at, from, n);
    at += n;
  };
  put(e.host.octets.data(), 16);
  put(e.peer.octets.data(), 16);
  const std::uint64_t rest = e.peer_name + e.refused;
  put(&rest, 8);
  put(e.name.product_text.data(), SoftwareName::kMaxProduct);
  put(e.name.version_text.data(), SoftwareName::kMaxVersion);
  return SipHash13(key_, packed);
}

bool SoftwareMeter::SaidBefore(const IpAddress& host, std::string_view text) noexcept {
  HashKey key = key_;
  key.k0 ^= SipHash13(key_, std::as_bytes(std::span(host.octets)));
  const std::uint64_t tag = SipHash13(key, AsBytes(text)) | 1;
  std::uint64_t& place = recent_[tag / 2 % kRecent];
  if (place == tag) return true;
  place = tag;
  return false;
}

void SoftwareMeter::OnSoftware(const FlowFacts& flow, const SoftwareSeen& seen) noexcept {
  const bool from_client = seen.direction == Direction::kToServer;
  Entry entry;
  entry.host = from_client ? flow.tuple.source : flow.tuple.destination;
  if (SaidBefore(entry.host, seen.text)) return;
  std::array<SoftwareName, kMaxNamesOfText> names;
  const bool has_comments = std::string_view(seen.where).starts_with("http");
  const std::size_t count = ReadSoftwareNames(seen.text, has_comments, names);
  for (std::size_t i = 0; i < count; ++i) {
    entry.name = names[i];
    Add(entry, flow);
  }
}

void SoftwareMeter::OnRequest(const FlowFacts& flow, const RequestSeen& seen) noexcept {
  if (seen.status != kUpgradeRequired) return;
  Entry entry;
  entry.refused = true;
  entry.host = flow.tuple.source;
  entry.peer = flow.tuple.destination;
  entry.peer_name = flow.server_name;
  Add(entry, flow);
}

void SoftwareMeter::Join(Entry& to, const Entry& from) noexcept {
  to.first_seen = std::min(to.first_seen, from.first_seen);
  to.sample.KeepEarlier(from.sample);
}

void SoftwareMeter::Add(Entry entry, const FlowFacts& flow) noexcept {
  entry.first_seen = flow.time;
  entry.sample = {flow.time, flow.tuple, flow.flow_id};
  const std::uint64_t hash = HashOf(entry);
  const auto at = entries_.Find(hash, [&](const Entry& e) { return RankOf(e) == RankOf(entry); });
  if (at != EpochTable<Entry>::kNone) return Join(entries_.entries()[at], entry);
  if (entries_.full()) {
    ++overflow_;
    return;
  }
  entries_.Add(hash, entry);
}

void SoftwareMeter::Merge(const Meter& other) {
  const auto& o = static_cast<const SoftwareMeter&>(other);
  for (const Entry& entry : o.entries_.entries()) {
    const std::uint64_t hash = HashOf(entry);
    const auto at = entries_.Find(hash, [&](const Entry& e) { return RankOf(e) == RankOf(entry); });
    if (at != EpochTable<Entry>::kNone) {
      Join(entries_.entries()[at], entry);
      continue;
    }
    if (entries_.full()) entries_.Grow([this](const Entry& e) { return HashOf(e); });
    entries_.Add(hash, entry);
  }
  overflow_ += o.overflow_;
}

void SoftwareMeter::Clear() noexcept {
  entries_.Clear();
  recent_.fill(0);
  overflow_ = 0;
}

std::vector<const SoftwareMeter::Entry*> SoftwareMeter::Sorted() const {
  std::vector<const Entry*> out;
  for (const Entry& e : entries_.entries()) out.push_back(&e);
  std::sort(out.begin(), out.end(), [](const Entry* a, const Entry* b) { return RankOf(*a) < RankOf(*b); });
  return out;
}

}  // namespace gander::detect

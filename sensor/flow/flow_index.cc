// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_index.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace gander::flow {
namespace {

constexpr std::uint16_t kFirstUnprivilegedPort = 1024;
constexpr std::uint8_t kSyn = 2, kAck = 16;

// Both halves of a 64 x 64 bit product folded into one word: the mixing step of wyhash (Wang Yi, public
// domain). With secret operands, colliding inputs cannot be computed without the key.
std::uint64_t FoldedProduct(std::uint64_t a, std::uint64_t b) noexcept {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t Word(const IpAddress& a, std::size_t half) noexcept {
  std::uint64_t word;
  std::memcpy(&word, a.octets.data() + 8 * half, sizeof word);
  return word;
}

std::uint32_t Hash(const FiveTuple& t, const HashKey& key) noexcept {
  const std::uint64_t ports = std::uint64_t{t.source_port} << 32 | std::uint64_t{t.destination_port} << 16 |
                              std::uint64_t{t.source.v4} << 8 | t.protocol;
  const std::uint64_t k2 = std::rotl(key.k0, 32) ^ 0x9e3779b97f4a7c15ULL;
  const std::uint64_t k3 = std::rotl(key.k1, 32) ^ 0xd1b54a32d192ed03ULL;
  const std::uint64_t low = FoldedProduct(Word(t.source, 1) ^ key.k0, Word(t.destination, 1) ^ key.k1);
  const std::uint64_t high = FoldedProduct(Word(t.source, 0) ^ k2, Word(t.destination, 0) ^ k3);
  const std::uint64_t both = FoldedProduct(low ^ ports ^ k2, std::rotl(high, 17) ^ key.k1);
  return static_cast<std::uint32_t>(both ^ both >> 32);
}

bool MustSwap(const FiveTuple& t) noexcept {
  const int order = std::memcmp(t.source.octets.data(), t.destination.octets.data(), t.source.octets.size());
  return order != 0 ? order > 0 : t.source_port > t.destination_port;
}

}  // namespace

Direction FirstDirection(const FiveTuple& packet, std::uint8_t tcp_flags) noexcept {
  if (packet.protocol != ip_proto::kTcp) return Direction::kToServer;
  if ((tcp_flags & kSyn) != 0) return (tcp_flags & kAck) != 0 ? Direction::kToClient : Direction::kToServer;
  const bool from_service =
      packet.source_port < kFirstUnprivilegedPort && packet.destination_port >= kFirstUnprivilegedPort;
  return from_service ? Direction::kToClient : Direction::kToServer;
}

FlowIndex::FlowIndex(const Options& options, const HashKey& key)
    : key_(key),
      timeouts_{{{Duration::Seconds(options.tcp_new_s), Duration::Seconds(options.tcp_established_s),
                  Duration::Seconds(options.tcp_closed_s)},
                 {Duration::Seconds(options.udp_new_s), Duration::Seconds(options.udp_established_s),
                  Duration::Seconds(options.udp_new_s)},
                 {Duration::Seconds(options.icmp_s), Duration::Seconds(options.icmp_s),
                  Duration::Seconds(options.icmp_s)},
                 {Duration::Seconds(options.other_s), Duration::Seconds(options.other_s),
                  Duration::Seconds(options.other_s)}}},
      capacity_(std::clamp(options.max_flows, 16u, 1u << 24)),
      bucket_mask_(std::bit_ceil(capacity_) - 1),
      buckets_(std::size_t{bucket_mask_} + 1, kNone),
      entries_(new Entry[capacity_]),
      wheel_(kWheelSlots, kNone) {}

FlowIndex::Key FlowIndex::KeyOf(const FiveTuple& packet) const noexcept {
  Key key;
  key.swapped = MustSwap(packet);
  key.tuple = key.swapped ? packet.Reversed() : packet;
  key.hash = Hash(key.tuple, key_);
  return key;
}

std::uint32_t FlowIndex::Find(const Key& key) const noexcept {
  std::uint32_t slot = buckets_[key.hash & bucket_mask_];
  while (slot != kNone) {
    const Entry& e = entries_[slot];
    if (e.hash == key.hash && e.tuple == key.tuple) return slot;
    slot = e.next_in_chain;
  }
  return kNone;
}

std::uint32_t FlowIndex::Insert(const Key& key, Direction first, Timestamp now) noexcept {
  std::uint32_t slot = free_;
  if (slot != kNone) {
    free_ = entries_[slot].next_in_chain;
  } else {
    slot = touched_++;
    entries_[slot].generation = 0;
  }
  Entry& e = entries_[slot];
  std::uint32_t& bucket = buckets_[key.hash & bucket_mask_];
  e.tuple = key.tuple;
  e.hash = key.hash;
  e.next_in_chain = bucket;
  bucket = slot;
  e.last = Sane(now);
  e.phase = Phase::kNew;
  e.client_is_destination = key.swapped == (first == Direction::kToServer);
  e.live = true;
  ++size_;
  if (tick_ == INT64_MIN) tick_ = TickOf(now);
  Link(slot);
  return slot;
}

void FlowIndex::Remove(std::uint32_t slot) noexcept {
  Entry& e = entries_[slot];
  Unlink(slot);
  std::uint32_t* link = &buckets_[e.hash & bucket_mask_];
  while (*link != slot) link = &entries_[*link].next_in_chain;
  *link = e.next_in_chain;
  e.live = false;
  ++e.generation;
  e.next_in_chain = free_;
  free_ = slot;
  --size_;
}

void FlowIndex::SetPhase(std::uint32_t slot, Phase phase) noexcept {
  Entry& e = entries_[slot];
  if (e.phase == phase) return;
  e.phase = phase;
  // The wheel must not look at a flow later than its deadline; a later deadline is found when its turn comes.
  Unlink(slot);
  Link(slot);
}

std::uint32_t FlowIndex::Victim() noexcept {
  std::uint32_t victim = kNone;
  for (std::uint32_t i = 0; i < kVictimSample; ++i) {
    const std::uint32_t slot = hand_;
    hand_ = hand_ + 1 == capacity_ ? 0 : hand_ + 1;
    if (victim == kNone || Deadline(entries_[slot]) < Deadline(entries_[victim])) victim = slot;
  }
  return victim;
}

std::size_t FlowIndex::TimeoutRow(std::uint8_t protocol) noexcept {
  switch (protocol) {
    case ip_proto::kTcp:
      return 0;
    case ip_proto::kUdp:
      return 1;
    case ip_proto::kIcmp:
    case ip_proto::kIcmp6:
      return 2;
    default:
      return 3;
  }
}

std::int64_t FlowIndex::TickOf(Timestamp t) noexcept {
  const std::int64_t quotient = t.ns / kNanosPerSecond;
  return t.ns % kNanosPerSecond < 0 ? quotient - 1 : quotient;
}

void FlowIndex::Link(std::uint32_t slot) noexcept {
  Entry& e = entries_[slot];
  const std::int64_t tick = std::max(TickOf(Deadline(e)), tick_);
  e.wheel_slot = static_cast<std::uint16_t>(static_cast<std::uint64_t>(tick) % kWheelSlots);
  std::uint32_t& head = wheel_[e.wheel_slot];
  e.earlier = kNone;
  e.later = head;
  if (head != kNone) entries_[head].earlier = slot;
  head = slot;
}

void FlowIndex::Unlink(std::uint32_t slot) noexcept {
  const Entry& e = entries_[slot];
  if (e.earlier == kNone) {
    wheel_[e.wheel_slot] = e.later;
  } else {
    entries_[e.earlier].later = e.later;
  }
  if (e.later != kNone) entries_[e.later].earlier = e.earlier;
}

}  // namespace gander::flow

// SPDX-License-Identifier: Apache-2.0
#include "runtime/handover_ring.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

namespace gander::runtime {

HandoverRing::HandoverRing(std::size_t packets, std::size_t bytes)
    : lines_(std::bit_floor(std::max<std::size_t>(bytes, 4096)) / sizeof(Line)),
      max_packets_(packets),
      ring_(std::make_unique_for_overwrite<Line[]>(lines_)) {}

bool HandoverRing::HasRoom(std::size_t lines) noexcept {
  if (write_ + lines - producer_.head_seen > lines_)
    producer_.head_seen = head_.load(std::memory_order_acquire);
  if (producer_.packets - producer_.taken_seen >= max_packets_) {
    producer_.taken_seen = taken_.load(std::memory_order_relaxed);
  }
  return write_ + lines - producer_.head_seen <= lines_ &&
         producer_.packets - producer_.taken_seen < max_packets_;
}

bool HandoverRing::Push(const MovedPacket& packet) noexcept {
  const Bytes payload = packet.decoded.payload;
  const std::size_t lines = kEntryLines + (payload.size() + sizeof(Line) - 1) / sizeof(Line);
  const std::size_t at = write_ & (lines_ - 1);
  const std::size_t filler = at + lines > lines_ ? lines_ - at : 0;
  if (!HasRoom(filler + lines)) {
    refused_.store(refused_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    return false;
  }
  if (filler > 0) {
    // Less than an entry may be left: only its first two fields are written.
    auto* entry = reinterpret_cast<Entry*>(&ring_[at]);
    entry->lines = static_cast<std::uint32_t>(filler);
    entry->filler = true;
    write_ += filler;
  }
  Line* line = &ring_[write_ & (lines_ - 1)];
  std::byte* copy = line[kEntryLines].bytes;
  auto* entry = new (line) Entry{static_cast<std::uint32_t>(lines), false, packet};
  if (!payload.empty()) std::memcpy(copy, payload.data(), payload.size());
  entry->packet.decoded.payload = {copy, payload.size()};
  write_ += lines;
  ++producer_.packets;
  return true;
}

std::size_t HandoverRing::Take(std::span<const MovedPacket*> out) noexcept {
  const std::size_t tail = tail_.load(std::memory_order_acquire);
  std::size_t n = 0;
  while (n < out.size() && consumer_.read != tail) {
    const auto* entry = reinterpret_cast<const Entry*>(&ring_[consumer_.read & (lines_ - 1)]);
    if (!entry->filler) out[n++] = &entry->packet;
    consumer_.read += entry->lines;
  }
  consumer_.packets += n;
  return n;
}

void HandoverRing::Release() noexcept {
  taken_.store(consumer_.packets, std::memory_order_relaxed);
  head_.store(consumer_.read, std::memory_order_release);
}

}  // namespace gander::runtime

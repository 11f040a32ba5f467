// SPDX-License-Identifier: Apache-2.0
#include "base/ledger.h"

#include <string_view>

namespace gander {
namespace {

// In the order of ByteFate.
constexpr ByteFateName kNames[] = {
    {"headers", "headers", "link to transport headers, padding and trailers"},
    {"inspected", "inspected", "read by a parser or scanned as text"},
    {"encrypted", "encrypted", "ciphertext: only volume, rhythm and peer are known"},
    {"opaque", "binary", "clear but not text"},
    {"opaque", "undecodable", "a coding that is corrupt or not supported"},
    {"opaque", "locked", "files that want a password or a key, in clear traffic"},
    {"opaque", "not_ip", "frames that carry no IP"},
    {"opaque", "transport", "an IP protocol without a parser"},
    {"skipped", "configuration", "excluded by the operator"},
    {"duplicate", "duplicate", "retransmitted or overlapping bytes already counted"},
    {"lost", "truncated", "cut by the snap length of the capture"},
    {"lost", "malformed", "headers that cannot be read"},
    {"lost", "checksum", "transport checksum wrong"},
    {"lost", "fragment", "fragments that never completed"},
    {"lost", "fragment_cap", "fragment memory cap reached"},
    {"lost", "flow_table", "no flow slot free"},
    {"lost", "stream_cap", "reassembly memory cap reached"},
    {"lost", "out_of_window", "segment outside the receive window"},
    {"lost", "parser_cap", "a parser's own cap reached"},
    {"lost", "unwrap_cap", "a content coding's cap reached"},
    {"lost", "shed", "not scanned under overload"},
    {"lost", "ring", "hand-over ring full"},
    {"lost", "poison", "of flows that killed the sensor before"},
};
static_assert(sizeof kNames / sizeof kNames[0] == kByteFates);

}  // namespace

const ByteFateName& NameOf(ByteFate fate) noexcept { return kNames[static_cast<std::size_t>(fate)]; }

std::uint64_t ByteLedger::Sum() const noexcept {
  std::uint64_t sum = 0;
  for (std::uint64_t n : bytes) sum += n;
  return sum;
}

std::uint64_t ByteLedger::Lost() const noexcept {
  std::uint64_t lost = 0;
  for (std::size_t i = 0; i < kByteFates; ++i) {
    if (std::string_view(kNames[i].category) == "lost") lost += bytes[i];
  }
  return lost;
}

double ByteLedger::Coverage() const noexcept {
  const std::uint64_t all = received + gap_bytes;
  if (all == 0) return 1.0;
  const std::uint64_t seen = Of(ByteFate::kHeaders) + Of(ByteFate::kInspected) + Of(ByteFate::kDuplicate);
  return static_cast<double>(seen) / static_cast<double>(all);
}

void ByteLedger::Merge(const ByteLedger& other) noexcept {
  packets += other.packets;
  received += other.received;
  gap_bytes += other.gap_bytes;
  gaps += other.gaps;
  for (std::size_t i = 0; i < kByteFates; ++i) bytes[i] += other.bytes[i];
}

void ByteLedger::Subtract(const ByteLedger& earlier) noexcept {
  packets -= earlier.packets;
  received -= earlier.received;
  gap_bytes -= earlier.gap_bytes;
  gaps -= earlier.gaps;
  for (std::size_t i = 0; i < kByteFates; ++i) bytes[i] -= earlier.bytes[i];
}

}  // namespace gander

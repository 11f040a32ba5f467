// SPDX-License-Identifier: Apache-2.0
// Reading of classic pcap records; the loop runs once a packet and is instantiated for each byte order.
#include "capture/pcap_format.h"

#include <fmt/format.h>

#include <utility>

namespace gander::capture {
namespace {

constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;
// Kuznetsov's patched libpcap: microseconds, and 8 more bytes (interface, protocol, packet type) a record.
constexpr std::uint32_t kKuznetsov = 0xa1b2cd34;

// Of three records: below it the processor's own prefetching keeps up, above it they do not follow each other.
constexpr std::ptrdiff_t kLeastAhead = 512, kMostAhead = 64 << 10;
constexpr std::size_t kCacheLine = 64;

}  // namespace

bool PcapFormat::LayoutOf(std::uint32_t magic, Layout& out) noexcept {
  const std::uint32_t other_order = __builtin_bswap32(magic);
  for (const std::uint32_t known : {kMicroseconds, kNanoseconds, kKuznetsov}) {
    if (magic != known && other_order != known) continue;
    out.swapped = magic != known;
    out.nanos_per_tick = known == kNanoseconds ? 1 : 1000;
    out.record_header = known == kKuznetsov ? 24 : 16;
    return true;
  }
  return false;
}

bool PcapFormat::Recognises(Bytes head) noexcept {
  Layout ignored;
  return LayoutOf(LoadAs<std::uint32_t>(false, head.data()), ignored);
}

Result<std::unique_ptr<RecordFormat>> PcapFormat::Open(Bytes head) {
  if (head.size() < kFileHeader) {
    return Fail("", 0,
                fmt::format("the file ends after {} bytes, within the 24 of a pcap file header", head.size()),
                "capture again; the writer was stopped before it had written anything");
  }
  Layout layout;
  LayoutOf(LoadAs<std::uint32_t>(false, head.data()), layout);
  const auto major = LoadAs<std::uint16_t>(layout.swapped, head.data() + 4);
  const auto minor = LoadAs<std::uint16_t>(layout.swapped, head.data() + 6);
  // Before 2.3 the two lengths of a record stood the other way round.
  if (major != 2 || minor > 4 || minor < 1) {
    return Fail("", 0, fmt::format("pcap version {}.{} is not known; 2.1 to 2.4 are", major, minor),
                "convert it: editcap -F pcap OLD NEW");
  }
  layout.old_order = minor < 4;
  const auto link = LoadAs<std::uint32_t>(layout.swapped, head.data() + 20);
  return std::unique_ptr<RecordFormat>(new PcapFormat(layout, LinkTypeFromFile(link)));
}

RecordFormat::Outcome PcapFormat::Read(Bytes& unread, Burst& burst) noexcept {
  return layout_.swapped ? ReadAs<true>(unread, burst) : ReadAs<false>(unread, burst);
}

void PcapFormat::FetchAhead(const std::byte* record) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(record);
  const auto distance =
      static_cast<std::ptrdiff_t>(address - reinterpret_cast<std::uintptr_t>(std::exchange(latest_[turn_], record)));
  turn_ = turn_ + 1 < kPeriod ? turn_ + 1 : 0;
  if (distance < kLeastAhead || distance > kMostAhead) return;
  const auto* guess = reinterpret_cast<const std::byte*>(address + static_cast<std::uintptr_t>(distance));
  __builtin_prefetch(guess);
  __builtin_prefetch(guess + kCacheLine);
}

template <bool kSwapped>
RecordFormat::Outcome PcapFormat::ReadAs(Bytes& unread, Burst& burst) noexcept {
  const std::size_t header = layout_.record_header;
  while (!burst.full()) {
    if (unread.size() < header) return {Stop::kNeedMore, header};
    const std::byte* record = unread.data();
    const auto seconds = LoadAs<std::uint32_t>(kSwapped, record);
    const auto ticks = LoadAs<std::uint32_t>(kSwapped, record + 4);
    auto captured = LoadAs<std::uint32_t>(kSwapped, record + 8);
    auto on_wire = LoadAs<std::uint32_t>(kSwapped, record + 12);
    if (captured > on_wire && layout_.old_order) std::swap(captured, on_wire);
    if (captured > kMaxCaptured) {
      return Broken(fmt::format("its header claims {} captured bytes, more than {}", captured, kMaxCaptured));
    }
    if (on_wire > kMaxOnWire) {
      return Broken(fmt::format("its header claims {} bytes on the wire, more than {}", on_wire, kMaxOnWire));
    }
    if (unread.size() - header < captured) return {Stop::kNeedMore, header + captured};
    const Timestamp time{std::int64_t{seconds} * kNanosPerSecond +
                         std::int64_t{ticks} * std::int64_t{layout_.nanos_per_tick}};
    burst.Add(unread.subspan(header, captured), time, on_wire, link_, 0);
    FetchAhead(record);
    unread = unread.subspan(header + captured);
  }
  return {};
}

}  // namespace gander::capture

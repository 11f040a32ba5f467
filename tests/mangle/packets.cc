// SPDX-License-Identifier: Apache-2.0
#include "mangle/packets.h"

#include <algorithm>
#include <fstream>
#include <map>

#include "capture/packet_source.h"
#include "support/pcap_builder.h"

namespace gander::mangle {
namespace {

std::string AsPcapng(const Packets& packets) {
  constexpr std::uint8_t kNanoseconds = 9;
  test::PcapngWriter writer;
  writer.Section();
  std::map<LinkType, std::uint32_t> interfaces;
  for (const TimedPacket& p : packets) {
    const auto [at, added] = interfaces.try_emplace(p.link, static_cast<std::uint32_t>(interfaces.size()));
    if (added) writer.Interface(static_cast<std::uint16_t>(p.link), 0, kNanoseconds);
    writer.Enhanced(at->second, static_cast<std::uint64_t>(p.time.ns), p.frame, p.wire_length);
  }
  return writer.bytes();
}

std::string AsPcap(const Packets& packets, Format format) {
  test::PcapOptions options;
  if (format == Format::kNanoseconds) options.magic = 0xa1b23c4d;
  options.big_endian = format == Format::kBigEndian;
  if (!packets.empty()) options.link = static_cast<std::uint32_t>(packets.front().link);
  test::PcapWriter writer(options);
  for (const TimedPacket& p : packets) writer.Add(p.time, p.frame, p.wire_length);
  return writer.bytes();
}

}  // namespace

Result<Packets> ReadPackets(const std::string& path) {
  auto source = capture::OpenFile(path);
  if (!source) return Failure(source.error());
  Packets packets;
  while (!(*source)->exhausted()) {
    for (const capture::Packet& p : (*source)->Poll()) {
      packets.push_back({p.time, std::string(AsText(p.frame)), p.wire_length, p.link});
    }
  }
  if (const Error* problem = (*source)->problem()) return Failure(*problem);
  return packets;
}

Result<bool> WritePackets(const std::string& path, const Packets& packets, Format format) {
  const std::string bytes = format == Format::kPcapng ? AsPcapng(packets) : AsPcap(packets, format);
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) return Failure(Error{path, 0, "cannot be written", "name a file in a folder that is there"});
  return true;
}

void SortByTime(Packets& packets) {
  std::stable_sort(packets.begin(), packets.end(),
                   [](const TimedPacket& a, const TimedPacket& b) { return a.time < b.time; });
}

bool InOrderOfTime(const Packets& packets) {
  return std::is_sorted(packets.begin(), packets.end(),
                        [](const TimedPacket& a, const TimedPacket& b) { return a.time < b.time; });
}

}  // namespace gander::mangle

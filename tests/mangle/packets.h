// SPDX-License-Identifier: Apache-2.0
// A capture in memory, to be changed and written again.
#ifndef GANDER_TESTS_MANGLE_PACKETS_H_
#define GANDER_TESTS_MANGLE_PACKETS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/link_type.h"
#include "base/result.h"
#include "base/time.h"

namespace gander::mangle {

struct TimedPacket {
  Timestamp time;
  std::string frame;              // as captured
  std::uint32_t wire_length = 0;  // >= frame.size(); more where the capture cut it
  LinkType link = LinkType::kEthernet;

  bool operator==(const TimedPacket&) const = default;
};
using Packets = std::vector<TimedPacket>;

enum class Format : std::uint8_t { kMicroseconds, kNanoseconds, kBigEndian, kPcapng };

// Errors: those of capture::OpenFile; a file that breaks off.
Result<Packets> ReadPackets(const std::string& path);

// All are of the first packet's link type, but for kPcapng, which has an interface for each. Error: cannot be written.
Result<bool> WritePackets(const std::string& path, const Packets& packets, Format format);

// In the order of their times; equal times keep theirs.
void SortByTime(Packets& packets);
bool InOrderOfTime(const Packets& packets);

}  // namespace gander::mangle

#endif  // GANDER_TESTS_MANGLE_PACKETS_H_

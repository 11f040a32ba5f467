// SPDX-License-Identifier: Apache-2.0
#include "flow/duplicate_filter.h"

#include <gtest/gtest.h>

#include <string>

namespace gander::flow {
namespace {

constexpr std::uint32_t kWindow = 5000;
Timestamp At(std::int64_t us) { return {1'700'000'000 * kNanosPerSecond + us * 1000}; }

PacketIdentity Packet(std::string_view payload) {
  return {0x1234'5678'9abc'def0ULL, true, 77, 1000, 2000, AsBytes(payload)};
}

TEST(DuplicateFilter, FindsASecondCopyWithinTheWindow) {
  DuplicateFilter filter(kWindow);
  const std::uint64_t print = FingerprintOf(Packet("a datagram"));
  EXPECT_FALSE(filter.SeenBefore(print, At(0)));
  EXPECT_TRUE(filter.SeenBefore(print, At(40)));
  // The pair is told; the next is the first of another pair.
  EXPECT_FALSE(filter.SeenBefore(print, At(80)));
  EXPECT_FALSE(filter.SeenBefore(print, At(80 + kWindow + 1)));
  EXPECT_TRUE(filter.SeenBefore(print, At(80 + 2 * kWindow)));
}

TEST(DuplicateFilter, ACopyFromAnotherQueueMayComeFirst) {
  DuplicateFilter filter(kWindow);
  const std::uint64_t print = FingerprintOf(Packet("a datagram"));
  EXPECT_FALSE(filter.SeenBefore(print, At(100)));
  EXPECT_TRUE(filter.SeenBefore(print, At(60)));
}

TEST(DuplicateFilter, EveryPartOfAPacketTellsItApart) {
  const PacketIdentity packet = Packet("twelve bytes and more");
  const std::uint64_t print = FingerprintOf(packet);
  PacketIdentity other = packet;
  other.flow ^= 1;
  EXPECT_NE(FingerprintOf(other), print);
  other = packet;
  other.from_low_end = false;
  EXPECT_NE(FingerprintOf(other), print);
  other = packet;
  other.ip_id = 78;
  EXPECT_NE(FingerprintOf(other), print);
  other = packet;
  other.sequence = 1001;
  EXPECT_NE(FingerprintOf(other), print);
  other = packet;
  other.acknowledgement = 2001;
  EXPECT_NE(FingerprintOf(other), print);
  EXPECT_NE(FingerprintOf(Packet("Twelve bytes and more")), print);
  EXPECT_NE(FingerprintOf(Packet("twelve bytes and morE")), print);
  EXPECT_NE(FingerprintOf(Packet("twelve bytes and a more")), print);
  EXPECT_NE(FingerprintOf(Packet("")), print);
}

TEST(DuplicateFilter, RemembersAllPacketsOfABusyWindow) {
  DuplicateFilter filter(kWindow);
  PacketIdentity packet = Packet("the same text each time");
  constexpr std::uint32_t kPackets = 1000;
  for (std::uint32_t i = 0; i < kPackets; ++i) {
    packet.sequence = i;
    EXPECT_FALSE(filter.SeenBefore(FingerprintOf(packet), At(i)));
  }
  for (std::uint32_t i = 0; i < kPackets; ++i) {
    packet.sequence = i;
    EXPECT_TRUE(filter.SeenBefore(FingerprintOf(packet), At(kPackets + i))) << i;
  }
}

TEST(DuplicateFilter, AWindowOfNothingFindsNothing) {
  DuplicateFilter filter(0);
  const std::uint64_t print = FingerprintOf(Packet("a datagram"));
  EXPECT_FALSE(filter.SeenBefore(print, At(0)));
  EXPECT_FALSE(filter.SeenBefore(print, At(0)));
}

}  // namespace
}  // namespace gander::flow

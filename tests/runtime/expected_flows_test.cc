// SPDX-License-Identifier: Apache-2.0
#include "runtime/expected_flows.h"

#include <gtest/gtest.h>

#include "support/pcap_builder.h"

namespace gander::runtime {
namespace {

constexpr Timestamp kBegin{1'700'000'000 * kNanosPerSecond};

IpAddress Address(std::uint32_t n) { return IpAddress::FromV4(0x0a000000 + n); }

protocol::ExpectedFlow Announce(const IpAddress& listener, std::uint16_t port, std::string_view file,
                                bool listener_is_client = false) {
  return {listener, port, listener_is_client, "ftp-data", file, "RETR"};
}

const FiveTuple kData = test::Tuple("10.0.0.9", 40000, "10.0.0.1", 2020);

TEST(ExpectedFlows, FindsWhatWasAnnouncedFromEitherSide) {
  ExpectedFlows flows;
  ASSERT_TRUE(flows.Add(Announce(Address(1), 2020, "people.csv"), kBegin));
  for (const FiveTuple& tuple : {kData, kData.Reversed()}) {
    const auto* found = flows.Find(tuple, kBegin);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->file_name, "people.csv");
    EXPECT_STREQ(found->View().protocol, "ftp-data");
    EXPECT_EQ(found->View().command, "RETR");
  }
}

TEST(ExpectedFlows, AsksForAddressAndPortOfOneEnd) {
  ExpectedFlows flows;
  ASSERT_TRUE(flows.Add(Announce(Address(1), 2020, ""), kBegin));
  EXPECT_EQ(flows.Find(test::Tuple("10.0.0.9", 40000, "10.0.0.1", 2021), kBegin), nullptr);
  EXPECT_EQ(flows.Find(test::Tuple("10.0.0.9", 40000, "10.0.0.2", 2020), kBegin), nullptr);
  EXPECT_EQ(flows.Find(test::Tuple("10.0.0.1", 40000, "10.0.0.9", 2020), kBegin), nullptr);
}

TEST(ExpectedFlows, ALaterAnnouncementReplacesTheEarlier) {
  ExpectedFlows flows;
  ASSERT_TRUE(flows.Add(Announce(Address(1), 2020, ""), kBegin));
  ASSERT_TRUE(flows.Add(Announce(Address(1), 2020, "people.csv", true), kBegin + Duration::Seconds(1)));
  const auto* found = flows.Find(kData, kBegin + Duration::Seconds(1));
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->file_name, "people.csv");
  EXPECT_TRUE(found->listener_is_client);
}

TEST(ExpectedFlows, TheReplacedOneLeavesNoTraceBehindAnExpiredPlace) {
  ExpectedFlows flows;
  ASSERT_TRUE(flows.Add(Announce(Address(5), 1, "gone"), kBegin));
  const Timestamp later = kBegin + ExpectedFlows::kLifetime;
  ASSERT_TRUE(flows.Add(Announce(Address(1), 2020, "old"), later));
  const Timestamp latest = later + Duration::Seconds(1);  // the first place is free again
  ASSERT_TRUE(flows.Add(Announce(Address(1), 2020, "new"), latest));
  const auto* found = flows.Find(kData, latest);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->file_name, "new");
}

TEST(ExpectedFlows, StaysForItsLifetimeAndNotLonger) {
  ExpectedFlows flows;
  ASSERT_TRUE(flows.Add(Announce(Address(1), 2020, ""), kBegin));
  const Timestamp end = kBegin + ExpectedFlows::kLifetime;
  EXPECT_NE(flows.Find(kData, end), nullptr);
  EXPECT_EQ(flows.Find(kData, end + Duration{1}), nullptr);
}

TEST(ExpectedFlows, ANewAnnouncementBeginsANewLifetime) {
  ExpectedFlows flows;
  ASSERT_TRUE(flows.Add(Announce(Address(1), 2020, ""), kBegin));
  const Timestamp renewed = kBegin + Duration::Seconds(50);
  ASSERT_TRUE(flows.Add(Announce(Address(1), 2020, ""), renewed));
  EXPECT_NE(flows.Find(kData, renewed + ExpectedFlows::kLifetime), nullptr);
}

TEST(ExpectedFlows, RefusesBeyondItsCapacityAndKeepsWhatItHas) {
  ExpectedFlows flows;
  for (std::uint32_t i = 0; i < ExpectedFlows::kCapacity; ++i) {
    ASSERT_TRUE(flows.Add(Announce(Address(i), 2020, ""), kBegin)) << i;
  }
  EXPECT_FALSE(flows.Add(Announce(Address(1), 2021, ""), kBegin));
  EXPECT_TRUE(flows.Add(Announce(Address(1), 2020, "replaces"), kBegin));
  EXPECT_NE(flows.Find(kData, kBegin), nullptr);
}

TEST(ExpectedFlows, ExpiredPlacesServeAgain) {
  ExpectedFlows flows;
  for (std::uint32_t i = 0; i < ExpectedFlows::kCapacity; ++i) {
    ASSERT_TRUE(flows.Add(Announce(Address(i), 2020, ""), kBegin));
  }
  const Timestamp later = kBegin + ExpectedFlows::kLifetime + Duration{1};
  for (std::uint32_t i = 0; i < ExpectedFlows::kCapacity; ++i) {
    ASSERT_TRUE(flows.Add(Announce(Address(i), 2021, ""), later)) << i;
  }
  EXPECT_FALSE(flows.Add(Announce(Address(0), 2022, ""), later));
}

}  // namespace
}  // namespace gander::runtime

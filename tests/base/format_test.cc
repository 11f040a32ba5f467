// SPDX-License-Identifier: Apache-2.0
// Held against the C library, which takes longer over the same text.
#include "base/format.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <ctime>
#include <random>
#include <string>

namespace gander {
namespace {

std::string TimeByLibrary(std::int64_t ns) {
  std::int64_t rest = ns % kNanosPerSecond;
  const std::time_t seconds = ns / kNanosPerSecond - (rest < 0 ? 1 : 0);
  if (rest < 0) rest += kNanosPerSecond;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64], fraction[32];
  const std::size_t n = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(fraction, sizeof fraction, ".%06lld+0000", static_cast<long long>(rest / 1000));
  return std::string(text, n) + fraction;
}

TEST(FormatTest, TimesAreTheLibrarys) {
  std::mt19937_64 random(1);
  TimeText text;
  for (std::int64_t ns : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{-1'000'000'000}, INT64_MIN, INT64_MAX}) {
    EXPECT_EQ(WriteEveTime({ns}, text), TimeByLibrary(ns)) << ns;
  }
  for (int i = 0; i < 20'000; ++i) {
    const auto ns = static_cast<std::int64_t>(random());
    ASSERT_EQ(WriteEveTime({ns}, text), TimeByLibrary(ns)) << ns;
  }
}

TEST(FormatTest, AddressesAreTheLibrarys) {
  std::mt19937 random(2);
  AddressText text;
  char expected[INET6_ADDRSTRLEN];
  for (int i = 0; i < 2000; ++i) {
    std::uint8_t octets[16] = {};
    for (std::uint8_t& o : octets) o = random() % 3 == 0 ? 0 : static_cast<std::uint8_t>(random());
    EXPECT_EQ(WriteAddress(IpAddress::FromV4Octets(octets), text),
              inet_ntop(AF_INET, octets, expected, sizeof expected));
    EXPECT_EQ(WriteAddress(IpAddress::FromV6Octets(octets), text),
              inet_ntop(AF_INET6, octets, expected, sizeof expected));
  }
}

TEST(FormatTest, ProtocolsWithoutANameAreNumbers) {
  ProtocolText text;
  EXPECT_EQ(WriteProtocol(ip_proto::kTcp, text), "TCP");
  EXPECT_EQ(WriteProtocol(47, text), "GRE");
  EXPECT_EQ(WriteProtocol(89, text), "89");
  EXPECT_EQ(WriteProtocol(255, text), "255");
}

TEST(FormatTest, HexHasTwoDigitsForEachByte) {
  const std::uint8_t bytes[] = {0x00, 0x0f, 0xa5, 0xff};
  char out[8];
  EXPECT_EQ(WriteHex(bytes, 4, out), "000fa5ff");
}

}  // namespace
}  // namespace gander

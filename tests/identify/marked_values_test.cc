// SPDX-License-Identifier: Apache-2.0
// Hardware addresses, credentials in addresses, magnetic stripes: what their finders take and where it ends.
#include <gtest/gtest.h>

#include <string>

#include "identify/span_finders.h"

namespace gander::identify {
namespace {

std::string Taken(std::string_view text, Span s) { return std::string(text.substr(s.begin, s.end - s.begin)); }

std::string Mac(const std::string& text) { return Taken(text, FindMac(text, text.find_first_not_of(" x"))); }

TEST(MarkedValuesTest, SixPairsWithOneJointAreAHardwareAddress) {
  EXPECT_EQ(Mac(" 70:09:0f:14:48:48,"), "70:09:0f:14:48:48");
  EXPECT_EQ(Mac("D0-50-99-84-A2-A0"), "D0-50-99-84-A2-A0");
  for (const char* wrong : {"00:00:00:00:00:00", "10:2F:33-AC-29-C3", "01:02:03:04:05:06:07", "01:02:03:04:05:z0",
                            "01:02:03:04:05", "x01:02:03:04:05:06", "01:02:03:04:05:06::ab", "01 02 03 04 05 06"}) {
    EXPECT_EQ(Mac(wrong), "") << wrong;
  }
}

std::string Userinfo(const std::string& text) { return Taken(text, FindUserinfo(text, text.rfind('@'))); }

TEST(MarkedValuesTest, ANameAndAPasswordBeforeAHostAreCredentials) {
  EXPECT_EQ(Userinfo("see postgres://anna:x8!k@db.example.org/shop."), "postgres://anna:x8!k@db.example.org");
  EXPECT_EQ(Userinfo("mongodb+srv://a:b1c2@h"), "mongodb+srv://a:b1c2@h");
  for (const char* wrong : {"https://example.org/a@b", "mailto:anna@example.org", "https://anna@example.org", "tp://a:b@h",
                            "https://user:password@h", "https://user:$PASS@h", "https://:x8k@h", "https://a:x8k@", "@"}) {
    EXPECT_EQ(Userinfo(wrong), "") << wrong;
  }
}

std::string Track(const std::string& text) {
  const auto begin = text.find('4'), end = begin + 16;
  return Taken(text, FindCardTrack(text, begin, end));
}

TEST(MarkedValuesTest, TheSecondTrackHasAMonthAndAnEnd) {
  EXPECT_EQ(Track(" ;4111111111111111=29011010000012300000? "), ";4111111111111111=29011010000012300000?");
  EXPECT_EQ(Track(";4111111111111111=29131010000012300000?"), "");
  EXPECT_EQ(Track(";4111111111111111=2901"), "");
  EXPECT_EQ(Track("4111111111111111=29011010000012300000?"), "");
  EXPECT_EQ(Track(";4111111111111111=29011010000012300000"), "");
}

// Whatever is cut off, nothing beyond the end is read and nothing false is taken.
TEST(MarkedValuesTest, CutValuesAreTakenWholeOrNotAtAll) {
  const std::string mac = "70:09:0f:14:48:48", url = "ftp://anna:x8k@h.example",
                    track = ";4111111111111111=29011010000012300000?";
  for (std::size_t n = 0; n < mac.size(); ++n) EXPECT_FALSE(FindMac(mac.substr(0, n), 0).found()) << n;
  for (std::size_t n = url.find('@') + 2; n <= url.size(); ++n)
    EXPECT_TRUE(FindUserinfo(url.substr(0, n), url.find('@')).found()) << n;
  for (std::size_t n = 17; n < track.size(); ++n) EXPECT_FALSE(FindCardTrack(track.substr(0, n), 1, 17).found()) << n;
}

}  // namespace
}  // namespace gander::identify

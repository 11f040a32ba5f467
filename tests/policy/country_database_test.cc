// SPDX-License-Identifier: Apache-2.0
// Countries from a MaxMind DB file; the smallest ones that can be are written here, byte by byte after the format's
// specification 2.0: one node, whose left half (0.0.0.0/1) is in Germany and whose right half names no country.
#include "policy/country_database.h"

#include <fstream>

#include "policy/sources.h"

namespace gander::policy {
namespace {

using test::Built;
using test::Ip;
using test::State;
using test::World;

// Control bytes: type in the upper three bits, size in the lower five.
std::string Text(const std::string& s) { return std::string(1, static_cast<char>(0x40 | s.size())) + s; }
std::string Map(int pairs) { return std::string(1, static_cast<char>(0xe0 | pairs)); }
std::string U16(int n) { return {static_cast<char>(0xa1), static_cast<char>(n)}; }
std::string U32(int n) { return {static_cast<char>(0xc1), static_cast<char>(n)}; }
std::string U64(int n) { return {0x01, 0x02, static_cast<char>(n)}; }
std::string EmptyArray() { return {0x00, 0x04}; }

// Removes its file at the end.
class TemporaryDatabase {
 public:
  TemporaryDatabase(const std::string& type, const std::string& code)
      : path_(::testing::TempDir() + "gander_" + ::testing::UnitTest::GetInstance()->current_test_info()->name() +
              ".mmdb") {
    const std::string germany = Map(1) + Text("country") + Map(1) + Text("iso_code") + Text(code);
    const std::string nowhere = Map(1) + Text("note") + Text("x");
    constexpr std::size_t kNodes = 1, kSeparator = 16;
    const auto record = [](std::size_t n) { return std::string{0, static_cast<char>(n >> 8), static_cast<char>(n)}; };
    std::ofstream out(path_, std::ios::binary);
    out << record(kNodes + kSeparator) << record(kNodes + kSeparator + germany.size());
    out << std::string(kSeparator, '\0') << germany << nowhere;
    out << "\xab\xcd\xefMaxMind.com" << Map(9);
    out << Text("node_count") << U32(kNodes) << Text("record_size") << U16(24) << Text("ip_version") << U16(4);
    out << Text("database_type") << Text(type) << Text("languages") << EmptyArray();
    out << Text("binary_format_major_version") << U16(2) << Text("binary_format_minor_version") << U16(0);
    out << Text("build_epoch") << U64(1) << Text("description") << Map(0);
  }
  ~TemporaryDatabase() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(CountryDatabaseTest, FindsCountries) {
  const TemporaryDatabase file("Test-Country", "DE");
  const auto db = CountryDatabase::Open(file.path());
  ASSERT_TRUE(db.has_value()) << db.error().ToString();
  EXPECT_EQ((*db)->Find(Ip("9.9.9.9")), State("DE"));
  EXPECT_FALSE((*db)->Find(Ip("203.0.113.1")).known());
  EXPECT_FALSE((*db)->Find(Ip("2001:db8::1")).known());  // the file holds IPv4 only
}

TEST(CountryDatabaseTest, OverridesAndZonesWin) {
  const TemporaryDatabase file("Test-City", "FR");
  PolicySource source = World();
  source.geoip_file = file.path();
  IpPrefix leased = test::Net("9.9.9.0/24");
  source.overrides.push_back({{leased}, "", State("US"), "", 40});
  const auto policy = Built(source);
  const Party found = policy->Locate(Ip("8.8.8.8"));
  EXPECT_EQ(found.jurisdiction, State("FR"));
  EXPECT_EQ(found.source, Party::Source::kDatabase);
  EXPECT_EQ(policy->Locate(Ip("9.9.9.9")).jurisdiction, State("US"));
  EXPECT_EQ(policy->Locate(Ip("10.20.0.1")).jurisdiction, State("NO"));
}

TEST(CountryDatabaseTest, WhatIsNoCountryCodeIsUnknown) {
  const TemporaryDatabase file("Test-Country", "d1");
  const auto db = CountryDatabase::Open(file.path());
  ASSERT_TRUE(db.has_value());
  EXPECT_FALSE((*db)->Find(Ip("9.9.9.9")).known());
}

TEST(CountryDatabaseTest, ADatabaseOfAnotherKindIsRefused) {
  const TemporaryDatabase file("Test-ASN", "DE");
  const auto db = CountryDatabase::Open(file.path());
  ASSERT_FALSE(db.has_value());
  EXPECT_NE(db.error().cause.find("Test-ASN"), std::string::npos);
  EXPECT_FALSE(db.error().remedy.empty());
}

}  // namespace
}  // namespace gander::policy

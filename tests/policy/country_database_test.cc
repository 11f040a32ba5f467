// SPDX-License-Identifier: Apache-2.0
// Countries and autonomous systems from MaxMind DB files; the smallest ones that can be are written here, byte by byte
// after the format's specification 2.0: one node, whose left half (0.0.0.0/1) is in Germany and whose right half names
// no country.
#include "policy/country_database.h"

#include <filesystem>
#include <fstream>

#include "policy/sources.h"
#include "policy/system_database.h"

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
    const std::string germany = type.ends_with("ASN")
                                    ? Map(1) + Text("autonomous_system_number") + U32(kSystem)
                                    : Map(1) + Text("country") + Map(1) + Text("iso_code") + Text(code);
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
  static constexpr int kSystem = 112;

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

TEST(SystemDatabaseTest, FindsSystemsForEntriesRolesAndOverrides) {
  const TemporaryDatabase file("Test-ASN", "");
  PolicySource source = World();
  source.asn_file = file.path();
  PolicySource::Override cloud{{}, "", State("XA"), "", 40};
  cloud.asn = TemporaryDatabase::kSystem;
  source.overrides.push_back(cloud);
  Recipient fleet;
  fleet.id = "fleet";
  fleet.asns = {TemporaryDatabase::kSystem};
  fleet.roles.Add(Role::kUpdateHost);
  source.recipients = {fleet};
  const auto policy = Built(source);
  const Party found = policy->Locate(Ip("9.9.9.9"));
  EXPECT_EQ(found.asn, 112u);
  EXPECT_EQ(found.jurisdiction, State("XA"));
  EXPECT_TRUE(HasRole(found, Role::kUpdateHost));
  EXPECT_EQ(policy->Locate(Ip("203.0.113.1")).asn, 0u);
  EXPECT_EQ(policy->Locate(Ip("2001:db8::1")).asn, 0u);  // the file holds IPv4 only
}

TEST(SystemDatabaseTest, CountriesAreNoSystemsNorTheOtherWayRound) {
  const TemporaryDatabase countries("Test-Country", "DE");
  const auto systems = SystemDatabase::Open(countries.path());
  ASSERT_FALSE(systems.has_value());
  EXPECT_NE(systems.error().cause.find("Test-Country"), std::string::npos);
  EXPECT_NE(systems.error().remedy.find("under `geoip`"), std::string::npos) << systems.error().remedy;
  PolicySource source = World();
  source.geoip_file = "/nonexistent/a.mmdb";
  source.asn_file = countries.path();
  std::vector<Error> errors;
  EXPECT_EQ(Policy::Build(source, errors, nullptr), nullptr);
  ASSERT_EQ(errors.size(), 2u);  // both are told
  EXPECT_EQ(errors[0].file, source.geoip_file);
  EXPECT_EQ(errors[1].file, source.asn_file);
}

TEST(CountryDatabaseTest, AFileCutShortIsRefused) {
  const TemporaryDatabase file("Test-Country", "DE");
  const auto whole = std::filesystem::file_size(file.path());
  for (const auto size : {whole - 200, std::uintmax_t{20}, std::uintmax_t{0}}) {
    std::filesystem::resize_file(file.path(), size);
    const auto db = CountryDatabase::Open(file.path());
    ASSERT_FALSE(db.has_value()) << size;
    EXPECT_NE(db.error().cause.find("`geoip`"), std::string::npos) << db.error().cause;
    EXPECT_FALSE(db.error().remedy.empty());
  }
}

TEST(CountryDatabaseTest, ADatabaseOfAnotherKindIsRefused) {
  const TemporaryDatabase file("Test-ASN", "DE");
  const auto db = CountryDatabase::Open(file.path());
  ASSERT_FALSE(db.has_value());
  EXPECT_NE(db.error().cause.find("Test-ASN"), std::string::npos);
  EXPECT_NE(db.error().remedy.find("under `asn`"), std::string::npos) << db.error().remedy;
}

}  // namespace
}  // namespace gander::policy

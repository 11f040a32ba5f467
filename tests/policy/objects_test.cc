// SPDX-License-Identifier: Apache-2.0
// Assets, roles, recipients, classes, meters and lives of entries: what detectors ask a policy for.
#include <gtest/gtest.h>

#include "policy/canary.h"
#include "policy/register_words.h"

namespace gander::policy {
namespace {

using test::Built;
using test::Day;
using test::Ip;
using test::Net;
using test::State;
using test::WideWorld;

TEST(RolesTest, NamesAreAClosedList) {
  for (std::size_t i = 0; i < kRoles; ++i) {
    Role back;
    ASSERT_TRUE(ParseRole(NameOf(static_cast<Role>(i)), back));
    EXPECT_EQ(back, static_cast<Role>(i));
    EXPECT_NE(KnownRoles().find(NameOf(back)), std::string::npos);
  }
  Role ignored;
  EXPECT_FALSE(ParseRole("boss", ignored));
}

TEST(RolesTest, ComeFromZoneAssetAddressAndName) {
  PolicySource s = WideWorld();
  s.zones[0].roles.Add(Role::kMonitor);
  s.assets[0].roles.Add(Role::kBackup);     // patient-api, 10.20.4.8
  s.recipients[0].roles.Add(Role::kRelay);  // 192.0.2.25, mx.example.org, AS64500
  Recipient around;
  around.id = "around";
  around.nets = {Net("192.0.2.0/24")};
  around.roles.Add(Role::kCollector);
  s.recipients.push_back(around);
  const auto policy = Built(s);
  const Party api = policy->Locate(Ip("10.20.4.8"));
  EXPECT_TRUE(HasRole(api, Role::kMonitor) && HasRole(api, Role::kBackup));
  EXPECT_FALSE(HasRole(policy->Locate(Ip("10.20.4.7")), Role::kBackup));
  const Party mail = policy->Locate(Ip("192.0.2.25"));
  EXPECT_TRUE(HasRole(mail, Role::kRelay) &&
              HasRole(mail, Role::kCollector));  // the longest prefix does not hide others
  EXPECT_FALSE(HasRole(policy->Locate(Ip("192.0.2.26")), Role::kRelay));
  EXPECT_TRUE(HasRole(policy->Locate(Ip("198.18.0.9")), Role::kRelay));  // by its system
  const Party nobody = policy->Locate(Ip("9.9.9.9"));
  EXPECT_TRUE(nobody.roles.empty());
  EXPECT_TRUE(HasRole(policy->Locate(nobody, "a.MX.example.org."), Role::kRelay));
  EXPECT_FALSE(HasRole(policy->Locate(nobody, "example.org"), Role::kRelay));
}

TEST(AssetTest, IsFoundByHostAndPort) {
  PolicySource s = WideWorld();
  Asset rack{"rack", "", {Net("10.20.4.0/24")}, 33};
  Asset web{"web", "", {Net("10.20.4.9")}, 34};
  s.assets.push_back(rack);
  s.assets.push_back(web);
  const auto policy = Built(s);
  const auto at = [&](const char* address, std::uint16_t port) -> std::string {
    const int asset = policy->AssetAt(Ip(address), port);
    return asset < 0 ? "" : policy->assets()[static_cast<std::size_t>(asset)].id;
  };
  EXPECT_EQ(at("10.20.4.9", 8080), "api");
  EXPECT_EQ(at("10.20.4.9", 22), "web");
  EXPECT_EQ(at("10.20.4.10", 22), "rack");
  EXPECT_EQ(at("10.20.5.1", 22), "");
}

TEST(AssetTest, SaysWhatItHoldsAndWhereIdsStand) {
  const auto policy = Built(WideWorld());
  const Asset& api = policy->assets()[1];
  EXPECT_TRUE(policy->Holds(api, "health", identify::Sensitivity::kSensitive));
  EXPECT_FALSE(policy->Holds(api, "contact", identify::Sensitivity::kContact));
  EXPECT_TRUE(policy->Holds(policy->assets()[0], "contact", identify::Sensitivity::kContact));  // says nothing
  Asset paths;
  paths.id_paths = {"/patient/{id}", "/v*/x/{id}/visits", "/any/*/{id}"};
  EXPECT_EQ(RecordIdIn(paths, "/patient/4711?full=1"), "4711");
  EXPECT_EQ(RecordIdIn(paths, "/patient/4711/visits"), "4711");
  EXPECT_EQ(RecordIdIn(paths, "/any/thing/9"), "9");
  EXPECT_EQ(RecordIdIn(paths, "/patient/"), "");
  EXPECT_EQ(RecordIdIn(paths, "/patients/4711"), "");
  EXPECT_EQ(RecordIdIn(paths, ""), "");
}

TEST(AssetTest, ACanaryIsAtHomeBetweenItsHostsOnly) {
  PolicySource s = WideWorld();
  Asset canary{"seven", "canary", {Net("10.20.4.8"), Net("10.20.4.100")}, 35};
  canary.tag_file = "seven.bin";
  s.assets.push_back(canary);
  const auto policy = Built(s);
  EXPECT_EQ(CanaryRule(canary), "canary.seven");
  EXPECT_TRUE(AtHome(*policy, "canary.seven", Ip("10.20.4.8"), Ip("10.20.4.100")));
  EXPECT_FALSE(AtHome(*policy, "canary.seven", Ip("10.20.4.8"), Ip("203.0.113.5")));
  EXPECT_FALSE(AtHome(*policy, "canary.eight", Ip("10.20.4.8"), Ip("10.20.4.100")));
  EXPECT_FALSE(AtHome(*policy, "canary.api", Ip("10.20.4.9"), Ip("10.20.4.9")));  // an asset of another kind
}

TEST(LegalMeterTest, CountsWhatLeavesItsStates) {
  PolicySource s = WideWorld();
  LegalMeter no;
  no.id = "no";
  no.from = {State("NO")};
  no.tiers = {{500, {"sensitive"}, "notify"}, {1000, {}, ""}};
  LegalMeter listed = no;
  listed.id = "listed";
  listed.from.clear();
  listed.zones = {"branch"};
  listed.to = {State("US")};
  LegalMeter anyone = no;
  anyone.id = "anyone";
  anyone.anywhere = true;
  s.meters = {no, listed, anyone};
  const auto policy = Built(s);
  const auto counts = [&](int meter, const char* from, const char* to) {
    return policy->Counts(policy->meters()[static_cast<std::size_t>(meter)], policy->Locate(Ip(from)),
                          policy->Locate(Ip(to)));
  };
  EXPECT_TRUE(counts(0, "10.20.0.1", "203.0.113.5"));
  EXPECT_TRUE(counts(0, "10.20.0.1", "10.30.0.1"));  // an own branch abroad is abroad
  EXPECT_TRUE(counts(0, "10.20.0.1", "9.9.9.9"));    // unknown counts as foreign
  EXPECT_FALSE(counts(0, "10.20.0.1", "10.20.9.1"));
  EXPECT_FALSE(counts(0, "10.30.0.1", "203.0.113.5"));   // Sweden's
  EXPECT_FALSE(counts(0, "198.51.100.1", "192.0.2.1"));  // not an own zone
  EXPECT_TRUE(counts(1, "10.30.0.1", "192.0.2.1"));
  EXPECT_FALSE(counts(1, "10.30.0.1", "203.0.113.5"));
  EXPECT_FALSE(counts(1, "10.20.0.1", "192.0.2.1"));
  EXPECT_FALSE(counts(2, "10.20.0.1", "10.30.0.1"));  // the operator's own
  EXPECT_TRUE(counts(2, "10.20.0.1", "9.9.9.9"));
  const auto& tiers = policy->meters()[0].tiers;
  EXPECT_TRUE(policy->Counts(tiers[0], "health", identify::Sensitivity::kSensitive));
  EXPECT_FALSE(policy->Counts(tiers[0], "contact", identify::Sensitivity::kContact));
  EXPECT_TRUE(policy->Counts(tiers[1], "contact", identify::Sensitivity::kContact));
}

TEST(LegalMeterTest, WindowsBegin) {
  using Window = LegalMeter::Window;
  EXPECT_EQ(WindowBegin(Window::kSinceNewYear, Day("2026-11-24T10:30:00Z")), Day("2026-01-01"));
  EXPECT_EQ(WindowBegin(Window::kSinceNewYear, Day("2026-01-01")), Day("2026-01-01"));
  EXPECT_EQ(WindowBegin(Window::kTwelveMonths, Day("2026-11-24T10:30:00Z")), Day("2025-11-24"));
  EXPECT_EQ(WindowBegin(Window::kTwelveMonths, Day("2028-02-29")), Day("2027-03-01"));
}

TEST(LegalMeterTest, NamesWhatIsNotThere) {
  PolicySource s = WideWorld();
  LegalMeter m;
  m.id = "m";
  m.line = 50;
  m.zones = {"nowhere", "partner"};
  m.tiers = {{1, {"helth"}, ""}};
  LegalMeter idle = m;
  idle.id = "idle";
  idle.zones.clear();
  idle.from = {State("CN")};
  s.meters = {m, idle};
  s.known_classes = {"health", "national_id"};
  std::vector<Error> errors, warnings;
  EXPECT_EQ(Policy::Build(s, errors, &warnings), nullptr);
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_NE(errors[0].cause.find("unknown zone `nowhere`"), std::string::npos);
  EXPECT_NE(errors[1].cause.find("not your own"), std::string::npos);
  ASSERT_EQ(warnings.size(), 3u);
  EXPECT_NE(warnings[0].cause.find("class `helth`"), std::string::npos);
  EXPECT_NE(warnings[2].cause.find("counts nobody"), std::string::npos);
}

TEST(LifeTest, EntriesThatEndSoonAreToldAndListed) {
  PolicySource s = WideWorld();
  s.transfers = test::RegisterOf(
      "late state=DE until=2026-12-01\nsoon state=US until=2026-11-25\n"
      "over state=JP until=2026-11-01\nnever deny net=9.9.9.9 until=2026-11-26\nfar state=GB");
  s.read_at = Day("2026-11-24");
  std::vector<Error> warnings;
  const auto policy = Built(s, &warnings);
  std::string said;
  for (const Error& w : warnings) said += w.cause + "\n";
  EXPECT_NE(said.find("`soon`: ends on 2026-11-25, within 7 days"), std::string::npos) << said;
  EXPECT_NE(said.find("`late`: ends on 2026-12-01, within 7 days"), std::string::npos) << said;
  EXPECT_NE(said.find("`over`: ended on"), std::string::npos) << said;
  EXPECT_EQ(said.find("`far`"), std::string::npos) << said;
  EXPECT_EQ(said.find("`never`"), std::string::npos) << said;
  EXPECT_EQ(policy->EndingBefore(Day("2026-12-01"), Day("2026-11-24")), (std::vector<int>{1, 0}));
  EXPECT_EQ(policy->EndingBefore(Day("2026-11-25")), (std::vector<int>{2, 1}));
}

std::vector<std::string> WarningsOf(const char* entries, PolicySource source = WideWorld()) {
  source.transfers = test::RegisterOf(entries);
  int line = 100;
  for (TransferEntry& e : source.transfers) e.line = line++;
  std::vector<Error> warnings;
  Built(std::move(source), &warnings);
  std::vector<std::string> out;
  for (const Error& w : warnings) {
    EXPECT_FALSE(w.remedy.empty());
    EXPECT_GT(w.line, 0);
    out.push_back(w.cause);
  }
  return out;
}

struct Rivalry {
  const char* entries;
  const char* warning;  // part of the only one; nullptr = none
};

TEST(RivalsTest, WhatGetsInTheWayIsTold) {
  static constexpr Rivalry kRivalries[] = {
      {"a state=DE\nb state=US", nullptr},
      {"a state=DE\nb state=DE", "`b`: matches the same movements as `a` (line 100)"},
      {"a state=DE until=2026-11-01\nb state=DE begin=2026-11-01", nullptr},  // a renewal
      {"a state=DE,US\nb state=DE,FR", "`b`: overlaps `a` (line 100) at equal rank"},
      {"a state=DE\nb deny state=DE", "`a`: is unreachable: `b` (line 101) forbids all that it permits"},
      {"a deny state=DE,US\nb state=DE,FR", "`b`: contradicts `a` (line 100)"},
      {"a net=203.0.113.5\nb deny state=DE", nullptr},  // not of equal rank
      {"a state=DE class=health\nb state=DE class=contact", nullptr},
      {"a state=DE push\nb state=DE pull", nullptr},
      {"a from=wards state=DE\nb from=branch state=DE", nullptr},
      {"a domain=lab.example.de encrypted\nb domain=example.de", "`a`: demands encryption, yet `b` (line 101) permits"},
      {"a net=203.0.113.5 hours=6-20\nb net=203.0.113.0/24", "`a`: names hours, yet"},
      {"a domain=lab.example.de encrypted\nb domain=example.de encrypted", nullptr},
      {"a deny state=DE encrypted", "its quota and transport do nothing"},
      {"a state=XA", "matches nothing"},
      {"a from=wards zone=lab", "never cited"},
      {"a from=api state=DE push", "matches nothing"},
      {"a from=api state=DE class=financial", "names no class that asset `api` holds"},
      {"a state=DE basis=judicial", "without a reference"},
  };
  for (const Rivalry& r : kRivalries) {
    SCOPED_TRACE(r.entries);
    const std::vector<std::string> said = WarningsOf(r.entries);
    ASSERT_EQ(said.size(), r.warning == nullptr ? 0u : 1u) << (said.empty() ? "" : said.front());
    if (r.warning == nullptr) continue;
    EXPECT_NE(said.front().find(r.warning), std::string::npos) << said.front();
  }
}

TEST(ErrorsTest, AreAllToldInOnePass) {
  PolicySource s = WideWorld();
  s.zones.push_back(s.zones[0]);
  s.transfers = test::RegisterOf("a from=nowhere state=DE\nb zone=nowhere\na state=DE");
  s.purposes = {"billing"};
  s.transfers[2].purpose = "fun";
  std::vector<Error> errors;
  EXPECT_EQ(Policy::Build(s, errors, nullptr), nullptr);
  std::string said;
  for (const Error& e : errors) said += e.cause + "\n";
  EXPECT_EQ(errors.size(), 5u) << said;
  EXPECT_NE(said.find("zone `wards` is declared twice"), std::string::npos) << said;
  EXPECT_NE(said.find("purpose `fun`, which is not declared"), std::string::npos) << said;
}

TEST(ClassesTest, ThatNoRuleFindsAreTold) {
  PolicySource s = WideWorld();
  s.known_classes = {"health", "national_id", "contact"};
  const std::vector<std::string> said = WarningsOf("a state=DE class=helth,sensitive,health,criminal_record", s);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_NE(said[0].find("transfer `a`: no rule finds the class `helth`"), std::string::npos) << said[0];
}

TEST(CountriesTest, KnowsIso3166) {
  for (const char* known : {"NO", "DE", "XA", "ZZ", "XK", "AD", "ZW"})
    EXPECT_TRUE(IsKnownCountry(State(known))) << known;
  for (const char* wrong : {"UK", "QQ", "EU", "aa", "OD"}) EXPECT_FALSE(IsKnownCountry(State(wrong))) << wrong;
}

}  // namespace
}  // namespace gander::policy

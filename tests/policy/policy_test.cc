// SPDX-License-Identifier: Apache-2.0
// Building a policy: what is refused, what is warned about, where an address stands.
#include "policy/policy.h"

#include <algorithm>
#include <functional>
#include <random>

#include "policy/domain_name.h"
#include "policy/prefix_map.h"
#include "policy/sources.h"

namespace gander::policy {
namespace {

using test::Built;
using test::Day;
using test::Entry;
using test::Ip;
using test::MakeZone;
using test::Net;
using test::State;
using test::World;

std::string Refused(PolicySource source) {
  const auto policy = Policy::Build(std::move(source), nullptr);
  EXPECT_FALSE(policy.has_value());
  if (policy) return {};
  EXPECT_FALSE(policy.error().remedy.empty());
  EXPECT_EQ(policy.error().file, "policy.yaml");
  return policy.error().cause;
}

TEST(PolicyTest, LocatesByLongestPrefix) {
  const auto policy = Built(World());
  EXPECT_EQ(policy->ZoneName(policy->Locate(Ip("10.20.8.255")).zone), "wards");
  EXPECT_EQ(policy->ZoneName(policy->Locate(Ip("10.20.9.0")).zone), "lab");
  EXPECT_EQ(policy->ZoneName(policy->Locate(Ip("10.20.10.0")).zone), "wards");
  EXPECT_EQ(policy->ZoneName(policy->Locate(Ip("fd20::1")).zone), "wards");
  EXPECT_EQ(policy->ZoneName(policy->Locate(Ip("fd21::1")).zone), "outside");
  EXPECT_EQ(policy->Locate(Ip("10.20.9.1")).jurisdiction, State("NO"));
}

TEST(PolicyTest, OverridesPlaceAddressesAndDomains) {
  const auto policy = Built(World());
  const Party leased = policy->Locate(Ip("203.0.113.7"));
  EXPECT_EQ(leased.zone, kOutside);
  EXPECT_EQ(leased.jurisdiction, State("DE"));
  EXPECT_EQ(leased.source, Party::Source::kOverride);
  EXPECT_EQ(policy->Locate(leased, "a.cdn.example.net.").jurisdiction, State("XA"));
  EXPECT_EQ(policy->Locate(leased, "cdn.example.net.evil.example").jurisdiction, State("DE"));
  EXPECT_FALSE(policy->Locate(Ip("9.9.9.9")).jurisdiction.known());
  const Party own = policy->Locate(Ip("10.20.0.1"));
  EXPECT_EQ(policy->Locate(own, "cdn.example.net"), own);  // a zone knows where it stands
}

TEST(PolicyTest, EqualPrefixInTwoZonesNamesBoth) {
  PolicySource s = World();
  s.zones.push_back(MakeZone("copy", {Net("10.30.0.0/16")}, "SE"));
  const std::string cause = Refused(s);
  EXPECT_NE(cause.find("branch"), std::string::npos) << cause;
  EXPECT_NE(cause.find("copy"), std::string::npos) << cause;
  EXPECT_NE(cause.find("10.30.0.0/16"), std::string::npos) << cause;
}

TEST(PolicyTest, RefusesWhatCannotBeMeant) {
  const auto with = [](const std::function<void(TransferEntry&)>& change) {
    PolicySource s = World();
    TransferEntry e = Entry("x");
    e.to_jurisdictions = {State("DE")};
    change(e);
    s.transfers.push_back(e);
    return Refused(s);
  };
  const auto expect = [](const std::string& cause, const char* part) {
    EXPECT_NE(cause.find(part), std::string::npos) << cause;
    EXPECT_NE(cause.find("`"), std::string::npos) << cause;
  };
  expect(with([](TransferEntry& e) { e.until = kDistantFuture; }), "no end date");
  expect(with([](TransferEntry& e) { e.until = Day("2027-08-01"); }), "max_entry_days = 400");
  expect(with([](TransferEntry& e) { e.not_before = e.until; }), "ends before it begins");
  expect(with([](TransferEntry& e) { e.from = "wardz"; }), "neither a zone nor an asset");
  expect(with([](TransferEntry& e) { e.to_zone = "nowhere"; }), "unknown zone");
  expect(with([](TransferEntry& e) { e.to_jurisdictions.clear(); }), "no recipient");
  expect(with([](TransferEntry& e) { e.basis.agreement = "NO-XX"; }), "unknown agreement");
  expect(with([](TransferEntry& e) { e.id.clear(); }), "no id");
  expect(with([](TransferEntry& e) { e.to_recipient = "nobody"; }), "unknown recipient");
  PolicySource twice = World();
  twice.transfers = {Entry("x"), Entry("x")};
  for (TransferEntry& e : twice.transfers) e.to_zone = "partner";
  expect(Refused(twice), "declared twice");
}

TEST(PolicyTest, AFullTermOfMaxEntryDaysIsAllowed) {
  PolicySource s = World();
  TransferEntry e = Entry("x");
  e.to_zone = "partner";
  e.until = {e.not_before.ns + 400 * 86'400 * kNanosPerSecond};
  s.transfers = {e};
  Built(s);
}

TEST(PolicyTest, Warns) {
  PolicySource s = World();
  s.read_at = Day("2026-11-24");
  s.notes.push_back({"policy.yaml", 3, "said by the reader", "do"});
  TransferEntry ended = Entry("ended");
  ended.line = 41;
  ended.to_zone = "partner";
  ended.until = Day("2026-11-01");
  TransferEntry same = Entry("same");
  same.line = 42;
  same.to_zone = "partner";
  s.transfers = {ended, same};
  std::vector<Error> warnings;
  Built(s, &warnings);
  ASSERT_EQ(warnings.size(), 3u);
  EXPECT_EQ(warnings[0].cause, "said by the reader");
  EXPECT_EQ(warnings[1].cause, "transfer `ended`: ended on 2026-11-01");
  EXPECT_NE(warnings[2].cause.find("same movements as `ended`"), std::string::npos);
}

TEST(PolicyTest, DigestFollowsMeaning) {
  PolicySource s = World();
  const std::string before = Built(s)->digest();
  EXPECT_EQ(before.size(), 64u);
  EXPECT_EQ(Built(s)->digest(), before);
  s.zones[0].jurisdiction = State("SE");
  EXPECT_NE(Built(s)->digest(), before);
}

TEST(PolicyTest, ABadCountryDatabaseIsRefused) {
  PolicySource s = World();
  s.geoip_file = "/nonexistent/countries.mmdb";
  const auto policy = Policy::Build(s, nullptr);
  ASSERT_FALSE(policy.has_value());
  EXPECT_EQ(policy.error().file, s.geoip_file);
}

TEST(PrefixMapTest, EqualsTheSlowWay) {
  std::mt19937 random(17);
  for (int round = 0; round < 200; ++round) {
    PrefixMap map;
    std::vector<IpPrefix> prefixes;
    for (int i = 0; i < 12; ++i) {
      IpPrefix p;
      // A narrow corner of the space, so that prefixes nest and touch; sometimes its very end.
      const bool end = round % 2 == 0;
      const unsigned length = 24 + random() % 9;
      const std::uint32_t base = (end ? 0xffffff00u : 0x0a000000u) | (random() & 0xff);
      p.address = IpAddress::FromV4(base & (0xffffffffu << (32 - length)));
      p.length = static_cast<std::uint8_t>(96 + length);
      if (std::find(prefixes.begin(), prefixes.end(), p) != prefixes.end()) continue;
      map.Add(p, static_cast<int>(prefixes.size()));
      prefixes.push_back(p);
    }
    map.Build();
    for (std::uint32_t host = 0; host < 256; ++host) {
      for (std::uint32_t base : {0xffffff00u, 0x0a000000u}) {
        const IpAddress a = IpAddress::FromV4(base | host);
        int best = PrefixMap::kNone;
        for (std::size_t i = 0; i < prefixes.size(); ++i) {
          if (!prefixes[i].Contains(a)) continue;
          if (best < 0 || prefixes[i].length > prefixes[static_cast<std::size_t>(best)].length)
            best = static_cast<int>(i);
        }
        ASSERT_EQ(map.Find(a), best) << a.ToString();
      }
    }
  }
}

TEST(PrefixMapTest, EdgesOfTheSpace) {
  PrefixMap empty;
  empty.Build();
  EXPECT_EQ(empty.Find(Ip("1.2.3.4")), PrefixMap::kNone);
  PrefixMap map;
  map.Add(Net("::/0"), 0);
  map.Add(Net("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), 1);
  map.Add(Net("8000::/1"), 2);
  map.Build();
  EXPECT_EQ(map.Find(Ip("::")), 0);
  EXPECT_EQ(map.Find(Ip("1.2.3.4")), 0);
  EXPECT_EQ(map.Find(Ip("9000::")), 2);
  EXPECT_EQ(map.Find(Ip("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")), 1);
  EXPECT_EQ(map.Find(Ip("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe")), 2);
}

TEST(DomainNameTest, Compares) {
  EXPECT_EQ(NormalDomain("*.Example.DE.:443"), "example.de");
  EXPECT_EQ(NormalDomain("*.Example.DE."), "example.de");
  EXPECT_TRUE(InDomain("a.example.de", "example.de"));
  EXPECT_TRUE(InDomain("example.de", "example.de"));
  EXPECT_FALSE(InDomain("badexample.de", "example.de"));
  EXPECT_FALSE(InDomain("de", "example.de"));
  EXPECT_FALSE(InDomain("", "example.de"));
  EXPECT_FALSE(InDomain("example.de", ""));
}

}  // namespace
}  // namespace gander::policy

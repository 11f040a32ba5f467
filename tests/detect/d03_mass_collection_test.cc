// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>

#include "detect/account/registrable_domain.h"
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

struct Flood {
  std::uint64_t people = 1200, first = 0, sources = 60, receivers = 1;
  std::string net = "203.0.113.", host, country;
  Rule rule = kNationalId;
};

// Each person is sent by one source to one receiver, all in the epoch at hand.
void Send(Script& script, const Flood& f) {
  for (std::uint64_t i = f.first; i < f.first + f.people; ++i) {
    script.See({.from = "10.20.0." + std::to_string(i % f.sources + 1),
                .to = f.net + std::to_string(i / f.sources % f.receivers + 1),
                .person = i,
                .rule = f.rule,
                .host = f.host,
                .country = f.country,
                .encrypted = true,
                .bytes = 100'000});
  }
}

std::vector<std::string> KeysOf(const std::vector<Alert>& alerts) {
  std::vector<std::string> keys;
  for (const Alert& a : alerts) keys.push_back(a.dedup_key);
  return keys;
}

using Keys = std::vector<std::string>;

TEST(MassCollectionTest, ManyPeopleFromManySources) {
  Script script;
  Send(script, {.people = 600});
  script.Next();
  EXPECT_TRUE(script.Of("D03").empty());
  Send(script, {.people = 600, .first = 600});
  script.Next();
  const auto alerts = script.Of("D03");
  ASSERT_EQ(KeysOf(alerts), (Keys{"D03|203.0.113.1"}));  // neither its /24 nor its State beside it
  EXPECT_EQ(alerts[0].sid, 2090003u);
  EXPECT_NE(alerts[0].signature.find("from 60 sources to 203.0.113.1 (outside, DE)"), std::string::npos);
  EXPECT_NE(alerts[0].explanation.find("Threshold: 1,000 people and 20 sources in 60 min"), std::string::npos)
      << alerts[0].explanation;
}

TEST(MassCollectionTest, BothThresholdsAreNeeded) {
  Script few_sources;
  Send(few_sources, {.people = 3000, .sources = 19});
  few_sources.Next();
  EXPECT_TRUE(few_sources.Of("D03").empty());
  Script few_people;
  Send(few_people, {.people = 900});
  for (int i = 0; i < 3; ++i) Send(few_people, {.people = 900});  // the same again and again
  few_people.Next();
  EXPECT_TRUE(few_people.Of("D03").empty());
}

TEST(MassCollectionTest, RotatingAddressesAreSeenAsANetwork) {
  Script script;
  Send(script, {.people = 1920, .receivers = 16});
  script.Next();
  EXPECT_EQ(KeysOf(script.Of("D03")), (Keys{"D03|203.0.113.0/24"}));
}

TEST(MassCollectionTest, SpreadAddressesAreSeenAsADomain) {
  Script script;
  for (int net = 0; net < 8; ++net) {
    Send(script, {.people = 180,
                  .first = static_cast<std::uint64_t>(net) * 180,
                  .net = "192.0." + std::to_string(net + 10) + ".",
                  .host = "n" + std::to_string(net) + ".collect.example.co.uk"});
  }
  script.Next();
  EXPECT_EQ(KeysOf(script.Of("D03")), (Keys{"D03|example.co.uk"}));
}

TEST(MassCollectionTest, SeamsOfWindowsDoNotShow) {
  // 1,250 people within an hour, however the hour lies on the grid of windows.
  for (int phase = 0; phase < 4; ++phase) {
    Script script;
    script.Pass(phase * 900);
    for (std::uint64_t part = 0; part < 10; ++part) {
      Send(script, {.people = 125, .first = part * 125});
      script.Pass(350);
    }
    EXPECT_EQ(script.Of("D03").size(), 1u) << phase;
  }
}

TEST(MassCollectionTest, SlowerThanEveryWindowStaysBelow) {
  Script script;
  for (std::uint64_t hour = 0; hour < 30; ++hour) {
    Send(script, {.people = 100, .first = hour * 100});
    script.Pass(3600);
  }
  EXPECT_TRUE(script.Of("D03").empty());  // 3,000 in 30 h: below 5,000 a day
}

TEST(MassCollectionTest, ADayFillsToo) {
  Script script;
  for (std::uint64_t hour = 0; hour < 20; ++hour) {
    Send(script, {.people = 300, .first = hour * 300});
    script.Pass(3660);
  }
  ASSERT_GE(script.Of("D03").size(), 1u);
  EXPECT_NE(script.Of("D03")[0].explanation.find("5,000 people and 50 sources in 24 h"), std::string::npos);
}

TEST(MassCollectionTest, PeopleOfOneForeignState) {
  Script script;
  Send(script, {.people = 99, .sources = 5, .country = "FR"});
  Send(script, {.people = 150, .first = 1000, .sources = 5, .country = "DE"});  // the receiver's own people
  script.Next();
  EXPECT_TRUE(script.Of("D03").empty());
  Send(script, {.people = 1, .first = 99, .sources = 5, .country = "FR"});
  script.Next();
  const auto alerts = script.Of("D03");
  ASSERT_EQ(KeysOf(alerts), (Keys{"D03|203.0.113.1|FR"}));
  EXPECT_NE(alerts[0].signature.find("of foreign people's data: 100 people of FR"), std::string::npos)
      << alerts[0].signature;
}

TEST(MassCollectionTest, AMassOfOneForeignStateIsSaidOnce) {
  Script script;
  Send(script, {.people = 1200, .country = "FR"});
  script.Next();
  EXPECT_EQ(KeysOf(script.Of("D03")), (Keys{"D03|203.0.113.1"}));
}

TEST(MassCollectionTest, ForeignPeopleNeedFiveSources) {
  Script script;
  Send(script, {.people = 300, .sources = 4, .country = "FR"});
  script.Next();
  EXPECT_TRUE(script.Of("D03").empty());
}

TEST(MassCollectionTest, RegisteredCollectorsAreSilent) {
  policy::PolicySource world = TestWorld();
  policy::TransferEntry e;
  e.id = "collector-line-9";
  e.to_domains = {"telemetry.example.com"};
  e.basis = {"consent", "notice v3", ""};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  world.transfers = {e};
  Script script(world);
  Send(script, {.people = 1500, .host = "eu.telemetry.example.com"});
  script.Next();
  EXPECT_TRUE(script.Of("D03").empty());
  Send(script, {.people = 1500, .net = "203.0.113.", .host = "elsewhere.example.org"});
  script.Next();
  EXPECT_EQ(script.Of("D03").size(), 1u);
}

TEST(MassCollectionTest, CompaniesAreNoPeople) {
  Script script;
  Send(script, {.people = 1500, .rule = kCompany});
  script.Next();
  EXPECT_TRUE(script.Of("D03").empty());
}

TEST(MassCollectionTest, AMonthFillsToo) {
  Script script;
  for (std::uint64_t day = 0; day < 28; ++day) {
    Send(script, {.people = 400, .first = day * 400});
    script.Next(86'400);
  }
  const auto alerts = script.Of("D03");
  ASSERT_GE(alerts.size(), 1u);
  EXPECT_NE(alerts[0].explanation.find("10,000 people and 50 sources in 30 days"), std::string::npos)
      << alerts[0].explanation;
}

TEST(MassCollectionTest, NewPeopleOfTheWeekAreTold) {
  Script script;
  for (int day = 0; day < 5; ++day) {
    Send(script, {.people = 200});  // its own people again and again
    script.Next(86'400);
  }
  Send(script, {.people = 1200, .first = 100});
  script.Next();
  ASSERT_EQ(script.Of("D03").size(), 1u);
  const std::string words = script.Of("D03")[0].explanation;
  const std::size_t at = words.find("New here within 7 days: about ");
  ASSERT_NE(at, std::string::npos) << words;
  unsigned thousands = 0, rest = 0;
  ASSERT_EQ(std::sscanf(words.c_str() + at, "New here within 7 days: about %u,%u people", &thousands, &rest), 2)
      << words;
  EXPECT_NEAR(1000 * thousands + rest, 1300, 90);
}

TEST(MassCollectionTest, OneCollectorInTwoCoats) {
  Script script;
  for (std::uint64_t part = 0; part < 4; ++part) {
    Send(script, {.people = 300, .first = part * 300});
    Send(script, {.people = 300, .first = part * 300 + 150, .net = "198.51.100."});
    Send(script, {.people = 300, .first = 50'000 + part * 300, .net = "192.0.2."});
    script.Next();
  }
  std::size_t told = 0;
  for (const Alert& a : script.Of("D03")) {
    const bool twin = a.explanation.find("in common with") != std::string::npos;
    EXPECT_EQ(twin, a.dedup_key.find("192.0.2") == std::string::npos) << a.explanation;
    told += a.dedup_key == "D03|203.0.113.1" &&
            a.explanation.find(
                "in common with 198.51.100.1 (of those of either): a pattern consistent with one collector "
                "in two coats") != std::string::npos;
  }
  EXPECT_EQ(told, 1u);
}

// Eight receivers get 600 people each, from sixty sources; in common: 1,304 in all, three quarters of each with a
// neighbour.
void SendToCoats(Script& script, bool in_common) {
  for (std::uint64_t coat = 0; coat < 8; ++coat) {
    for (std::uint64_t i = 0; i < 600; ++i) {
      const std::uint64_t person = in_common ? (coat * 163 + i) % 1304 : coat * 10'000 + i;
      script.See({.from = "10.20.0." + std::to_string(i % 60 + 1),
                  .to = "192.0." + std::to_string(coat) + ".80",
                  .person = person,
                  .rule = kEmail,
                  .host = "www.front" + std::to_string(coat) + "-example.com",
                  .encrypted = true});
    }
    script.Next();
  }
}

TEST(MassCollectionTest, ReceiversThatHoldTooFewAndTheSamePeopleAreOne) {
  Script script;
  SendToCoats(script, true);
  EXPECT_TRUE(script.Of("D03").empty());  // compared once an hour
  script.Pass(3600);
  const auto alerts = script.Of("D03");
  ASSERT_EQ(alerts.size(), 1u) << alerts.back().signature << "\n" << alerts.back().dedup_key;
  EXPECT_NE(alerts[0].signature.find(" and 7 others "), std::string::npos) << alerts[0].signature;
  EXPECT_NE(alerts[0].explanation.find("one collector in several coats"), std::string::npos) << alerts[0].explanation;
  script.Pass(7200);
  EXPECT_EQ(script.Of("D03").size(), 1u);  // said once
}

TEST(MassCollectionTest, ReceiversOfDifferentPeopleAreNoCoats) {
  Script script;
  SendToCoats(script, false);
  script.Pass(7200);
  EXPECT_TRUE(script.Of("D03").empty());
}

TEST(MassCollectionTest, ARestartInTheMiddleCountsOn) {
  Script script;
  Send(script, {.people = 600});
  script.Next();
  script.Restart(30);
  Send(script, {.people = 500, .first = 200});  // 400 of them once more
  script.Next();
  EXPECT_TRUE(script.Of("D03").empty());  // 700
  Send(script, {.people = 600, .first = 600});
  script.Next();
  EXPECT_EQ(KeysOf(script.Of("D03")), (Keys{"D03|203.0.113.1"}));
  script.Restart(30);
  Send(script, {.people = 100, .first = 600});
  script.Next();
  EXPECT_EQ(script.Of("D03").size(), 1u);  // said already
}

TEST(MassCollectionTest, KeyFloodIsHeldAtTheCapAndTheCollectorSurvives) {
  Options options;
  options.max_keys = 200;
  Script script(TestWorld(), options);
  Send(script, {.people = 700});
  script.Next();
  for (std::uint64_t i = 0; i < 2000; ++i) {
    script.See(
        {.to = "192.0." + std::to_string(i / 200) + "." + std::to_string(i % 200 + 1), .person = i, .encrypted = true});
    if (i % 100 == 99) script.Next();
  }
  Send(script, {.people = 700, .first = 700});
  script.Next();
  const auto keys = KeysOf(script.Of("D03"));
  EXPECT_EQ(std::count(keys.begin(), keys.end(), "D03|203.0.113.1"), 1);
  EXPECT_LE(script.book().sessions().size(), 200u);
}

TEST(RegistrableDomainTest, LastTwoLabelsOrThree) {
  EXPECT_EQ(RegistrableDomain("a.b.example.com"), "example.com");
  EXPECT_EQ(RegistrableDomain("Example.COM."), "example.com");
  EXPECT_EQ(RegistrableDomain("x.example.co.uk:8443"), "example.co.uk");
  EXPECT_EQ(RegistrableDomain("co.uk"), "co.uk");
  EXPECT_EQ(RegistrableDomain("example.com.br"), "example.com.br");
  EXPECT_EQ(RegistrableDomain("com.example.org"), "example.org");
  EXPECT_EQ(RegistrableDomain("localhost"), "");
  EXPECT_EQ(RegistrableDomain("10.1.2.3"), "");
  EXPECT_EQ(RegistrableDomain("[2001:db8::1]:80"), "");
  EXPECT_EQ(RegistrableDomain(".com"), "");
  EXPECT_EQ(RegistrableDomain(""), "");
}

}  // namespace
}  // namespace gander::detect

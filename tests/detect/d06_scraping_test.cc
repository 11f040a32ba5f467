// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <random>

#include "base/hash.h"
#include "detect/d06_scraping/request_meter.h"
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

constexpr const char* kServer = "10.20.4.8";

policy::PolicySource World() {
  policy::PolicySource world = TestWorld();
  policy::Asset api;
  api.id = "patient-api";
  EXPECT_TRUE(IpPrefix::Parse(kServer, api.hosts.emplace_back()));
  api.ports = {8080};
  api.records = {"health"};
  world.assets = {api};
  return world;
}

struct Ask {
  std::string client = "198.51.100.5", agent = "curl/8", credential;
  std::string path = "/patient/";
  std::string server = kServer;
  std::uint16_t status = 200, port = 8080;
};

void Request(Script& script, std::uint64_t id, const Ask& ask = {}) {
  const Flow flow{.from = ask.client, .to = ask.server, .server_port = ask.port, .app_proto = "http"};
  const std::string target = ask.path + std::to_string(id);
  RequestSeen seen;
  seen.method = "GET";
  seen.target = target;
  seen.status = ask.status;
  seen.user_agent = ask.agent;
  seen.credential = std::as_bytes(std::span(ask.credential.data(), ask.credential.size()));
  const FlowFacts facts = script.Facts(flow);
  script.Observe(Observation::kRequest, [&](Meter& m) { m.OnRequest(facts, seen); });
}

std::vector<std::uint64_t> Numbers(std::uint64_t first, std::uint64_t last, std::uint64_t step = 1) {
  std::vector<std::uint64_t> out;
  for (std::uint64_t i = first; i < last; i += step) out.push_back(i);
  return out;
}

std::vector<std::uint64_t> Shuffled(std::vector<std::uint64_t> v, unsigned seed = 7) {
  std::shuffle(v.begin(), v.end(), std::mt19937(seed));
  return v;
}

std::vector<Alert> Walk(const std::vector<std::uint64_t>& ids, const Ask& ask = {},
                        policy::PolicySource world = World(),
                        std::int64_t seconds = 5) {
  Script script(std::move(world));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    Request(script, ids[i], ask);
    if (i % 20 == 19) script.Next(seconds);
  }
  script.Next();
  return script.Of("D06");
}

TEST(ScrapingTest, AWalkFiresAtTwoHundredRecords) {
  EXPECT_TRUE(Walk(Numbers(1000, 1199)).empty());
  const auto alerts = Walk(Numbers(1000, 1200));
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].sid, 2090006u);
  EXPECT_EQ(alerts[0].severity, Severity::kHigh);
  EXPECT_EQ(alerts[0].mitre, (std::vector<std::string>{"T1213", "T1119"}));
  EXPECT_NE(alerts[0].explanation.find("locality"), std::string::npos);
  EXPECT_NE(alerts[0].signature.find("asset patient-api"), std::string::npos) << alerts[0].signature;
}

TEST(ScrapingTest, OrderDoesNotMatter) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    auto ids = Shuffled(Numbers(1000, 1400), seed);
    ids.resize(300);
    EXPECT_EQ(Walk(ids).size(), 1u) << seed;
  }
}

TEST(ScrapingTest, AThinWalkNeedsFiveHundred) {
  EXPECT_TRUE(Walk(Numbers(0, 4500, 10)).empty());  // 450 records, 6.4 a block
  const auto alerts = Walk(Numbers(0, 6000, 10));
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_NE(alerts[0].explanation.find("thin walk"), std::string::npos);
}

TEST(ScrapingTest, AStrideOfSixtyFourIsFoundByItsVolume) {
  EXPECT_TRUE(Walk(Numbers(0, 64 * 900, 64)).empty());
  const auto alerts = Walk(Numbers(0, 64 * 1200, 64));
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_NE(alerts[0].explanation.find("far more than others"), std::string::npos);
}

TEST(ScrapingTest, VolumeIsMeasuredAgainstTheOtherClients) {
  Script script(World());
  for (std::uint64_t i = 0; i < 1200; ++i) {
    Request(script, i * 64);
    if (i >= 100) continue;
    for (int other = 1; other <= 5; ++other) {
      Request(script, (i * 5 + static_cast<std::uint64_t>(other)) * 640'001,
              {.client = "203.0.113." + std::to_string(other)});
    }
    if (i % 20 == 0) script.Next();
  }
  script.Next();
  EXPECT_TRUE(script.Of("D06").empty());  // twelve times the median
}

TEST(ScrapingTest, GuessingIsToldByItsFailures) {
  std::vector<std::uint64_t> ids;
  for (std::uint64_t i = 0; i < 100; ++i) ids.push_back(Mix64(i) % 100'000'000);
  for (const std::size_t wrong : {29u, 30u}) {
    Script script(World());
    for (std::size_t i = 0; i < ids.size(); ++i) Request(script, ids[i],
                                                         {.status = static_cast<std::uint16_t>(i < wrong ? 404 : 200)});
    script.Next();
    EXPECT_EQ(script.Of("D06").size(), wrong == 30 ? 1u : 0u) << wrong;
  }
}

TEST(ScrapingTest, AnswersToldApartFromRequestsAreCounted) {
  Script script(World());
  const Flow flow{.from = "198.51.100.5", .to = kServer, .server_port = 8080, .app_proto = "http"};
  for (std::uint64_t i = 0; i < 120; ++i) {
    const std::string target = "/patient/" + std::to_string(Mix64(i) % 100'000'000);
    const FlowFacts facts = script.Facts(flow);
    RequestSeen request, answer;
    request.method = "GET";
    request.target = answer.target = target;
    answer.status = i % 2 == 0 ? 404 : 200;
    for (const RequestSeen* seen : {&request, &answer}) {
      script.Observe(Observation::kRequest, [&](Meter& m) { m.OnRequest(facts, *seen); });
    }
  }
  script.Next();
  EXPECT_EQ(script.Of("D06").size(), 1u);
}

TEST(ScrapingTest, FiveThousandInAMonth) {
  Script script(World());
  for (std::uint64_t day = 0; day < 29; ++day) {
    for (std::uint64_t i = 0; i < 195; ++i) Request(script, Mix64(day * 1000 + i) % 1'000'000'000);
    script.Next(86'400);
  }
  const auto alerts = script.Of("D06");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_NE(alerts[0].explanation.find("within 30 days"), std::string::npos);
}

// DETECTION.md: 40 clients with 25 ids each.
TEST(ScrapingTest, AWalkSharedByFortyClients) {
  for (const bool one_network : {true, false}) {
    const auto ids = Shuffled(Numbers(1000, 2000));
    Script script(World());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const std::size_t client = i / 25;
      Request(script, ids[i],
              {.client = one_network ? "198.51.100." + std::to_string(client + 1)
                                     : (client % 2 == 0 ? "203.0.113." : "198.51.100.") + std::to_string(client + 1),
               .agent = one_network ? "curl/8" : "agent/" + std::to_string(client)});
      if (i % 50 == 49) script.Next();
    }
    const auto alerts = script.Of("D06");
    ASSERT_EQ(alerts.size(), 1u) << one_network;
    EXPECT_NE(alerts[0].explanation.find("shared among"), std::string::npos);
    EXPECT_NE(alerts[0].explanation.find("clients"), std::string::npos);
  }
}

TEST(ScrapingTest, OneCredentialFromManyAddresses) {
  Script script(World());
  for (std::uint64_t i = 0; i < 300; ++i) {
    Request(script, 5000 + i, {.client = "203.0." + std::to_string(100 + i % 40) + ".7", .agent = "a" +
                               std::to_string(i % 9),
                               .credential = "Bearer abc"});
  }
  script.Next();
  const auto alerts = script.Of("D06");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_NE(alerts[0].signature.find("one credential from 40 addresses"), std::string::npos) << alerts[0].signature;
}

// Eight hours of forty people who work on recent cases, some of them behind one address.
TEST(ScrapingTest, AgentsAtWorkAreSilent) {
  Script script(World());
  std::mt19937 random(3);
  for (int minute = 0; minute < 8 * 60; ++minute) {
    for (int agent = 0; agent < 40; ++agent) {
      if (random() % 2 != 0) continue;
      // Of the latest cases rather the newer; each is looked at and saved.
      const std::uint64_t newest = 100'000 + static_cast<std::uint64_t>(minute) / 2;
      const std::uint64_t age = static_cast<std::uint64_t>(random() % 600) * (random() % 600) / 600;
      const Ask ask{.client = "10.20.1." + std::to_string(agent % 10 + 1), .agent = "Browser/1",
                    .credential = "agent" + std::to_string(agent), .path = "/case/"};
      Request(script, newest - age, ask);
      Request(script, newest - age, ask);
    }
    script.Next(60);
  }
  EXPECT_TRUE(script.Of("D06").empty()) << script.Of("D06").front().explanation;
}

TEST(ScrapingTest, PublicPagesAreNoRecords) {
  EXPECT_TRUE(Walk(Numbers(1000, 3000), {.server = "10.20.4.9"}).empty());
  EXPECT_TRUE(Walk(Numbers(1000, 3000), {.port = 80}).empty());  // another service of the same host
}

TEST(ScrapingTest, AServiceThatAnswersWithPeopleIsARecordStore) {
  Script script(World());
  for (std::uint64_t i = 0; i < 400; ++i) {
    Request(script, 1000 + i, {.server = "10.20.4.9", .port = 80});
    script.See({.from = "10.20.4.9", .to = "198.51.100.5", .person = i, .pull = true});
    if (i % 20 == 19) script.Next();
  }
  EXPECT_EQ(script.Of("D06").size(), 1u);
}

TEST(ScrapingTest, PollersAndSlowReadersAreSilent) {
  EXPECT_TRUE(Walk(std::vector<std::uint64_t>(3000, 17)).empty());                     // the same record
  EXPECT_TRUE(Walk(Numbers(1000, 1190), {}, World(), 3600).empty());
  policy::PolicySource world = World();
  policy::TransferEntry e;
  e.id = "mirror";
  e.to_jurisdictions = {{{'U', 'S'}}};
  e.classes = {"health"};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  world.transfers = {e};
  EXPECT_TRUE(Walk(Numbers(1000, 3000), {}, world).empty());                          // a registered reader
  policy::PolicySource roles = World();
  policy::Recipient monitor;
  monitor.id = "watch";
  EXPECT_TRUE(IpPrefix::Parse("198.51.100.5", monitor.nets.emplace_back()));
  monitor.roles.Add(policy::Role::kMonitor);
  roles.recipients = {monitor};
  EXPECT_TRUE(Walk(Numbers(1000, 3000), {}, roles).empty());
}

TEST(ScrapingTest, ATrustedProxyNamesTheClient) {
  policy::PolicySource world = World();
  policy::Recipient proxy;
  proxy.id = "gate";
  EXPECT_TRUE(IpPrefix::Parse("198.51.100.5", proxy.nets.emplace_back()));
  proxy.roles.Add(policy::Role::kRelay);
  world.recipients = {proxy};
  Script script(world);
  const FlowFacts facts = script.Facts({.from = "198.51.100.5", .to = kServer, .server_port = 8080,
                                        .app_proto = "http"});
  for (std::uint64_t i = 0; i < 250; ++i) {
    const std::string target = "/patient/" + std::to_string(i);
    RequestSeen seen;
    seen.method = "GET";
    seen.target = target;
    seen.forwarded_for = "203.0.113.77";
    script.Observe(Observation::kRequest, [&](Meter& m) { m.OnRequest(facts, seen); });
  }
  script.Next();
  ASSERT_EQ(script.Of("D06").size(), 1u);
  EXPECT_NE(script.Of("D06")[0].signature.find("by 203.0.113.77"), std::string::npos) << script.Of("D06")[0].signature;
}

TEST(RequestMeterTest, MergeIsCommutativeAndKeepsWithinItsCaps) {
  Options options;
  options.epoch_requests = 4;
  options.epoch_ids = 32;
  const auto fill = [&](RequestMeter& meter, std::uint64_t first, const char* client) {
    FlowFacts facts;
    facts.tuple = {Ip(client), Ip(kServer), 40000, 8080, ip_proto::kTcp};
    for (std::uint64_t i = first; i < first + 10; ++i) {
      const std::string target = "/p/" + std::to_string(i);
      RequestSeen seen;
      seen.method = "GET";
      seen.target = target;
      facts.flow_id = i;
      facts.time = {static_cast<std::int64_t>(i)};
      meter.OnRequest(facts, seen);
    }
  };
  const auto show = [](const RequestMeter& meter) {
    std::vector<std::string> rows;
    for (const RequestMeter::Stream& s : meter.streams()) {
      rows.push_back(s.client.ToString() + "/" + std::to_string(s.requests) + "/" + std::to_string(s.sample.flow_id));
    }
    for (const RequestMeter::Asked& a : meter.asked()) {
      rows.push_back(meter.streams()[a.stream].client.ToString() + std::to_string(static_cast<int>(a.kind)) +
                     std::to_string(a.tag));
    }
    std::sort(rows.begin(), rows.end());
    return rows;
  };
  RequestMeter a(options), b(options), ab(options), ba(options), all(options);
  fill(a, 0, "198.51.100.1");
  fill(b, 5, "198.51.100.1");
  fill(b, 5, "198.51.100.2");
  ab.Merge(a);
  ab.Merge(b);
  ba.Merge(b);
  ba.Merge(a);
  EXPECT_EQ(show(ab), show(ba));
  fill(all, 0, "198.51.100.1");
  fill(all, 5, "198.51.100.1");
  fill(all, 5, "198.51.100.2");
  EXPECT_EQ(show(ab), show(all));
  for (int client = 3; client < 20; ++client) fill(all, 0, ("198.51.100." + std::to_string(client)).c_str());
  EXPECT_EQ(all.streams().size(), 4u);
  EXPECT_LE(all.asked().size(), 32u);
  EXPECT_GT(all.overflow(), 0u);
  all.Clear();
  EXPECT_TRUE(all.streams().empty());
  EXPECT_EQ(all.overflow(), 0u);
}

}  // namespace
}  // namespace gander::detect

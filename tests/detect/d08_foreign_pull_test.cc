// SPDX-License-Identifier: Apache-2.0
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

constexpr const char* kStore = "10.20.4.8";

policy::PolicySource PullWorld() {
  policy::PolicySource world = TestWorld();
  policy::Asset store;
  store.id = "member-store";
  EXPECT_TRUE(IpPrefix::Parse(kStore, store.hosts.emplace_back()));
  store.records = {"national_id"};
  world.assets = {store};
  return world;
}

// Clients number `first` .. `last - 1` of 198.51.100/24 and on fetch `each` records of their own.
void Fetch(Script& script, int first, int last, std::uint64_t each, const std::string& server,
           const std::string& net = "198.51.100.") {
  for (int client = first; client < last; ++client) {
    for (std::uint64_t i = 0; i < each; ++i) {
      script.See({.from = server, .to = net + std::to_string(client + 1),
                  .person = static_cast<std::uint64_t>(client) * 1000 + i,
                  .pull = true, .bytes = 100'000});
    }
  }
}

TEST(ForeignPullTest, AHundredPeopleFromAnyService) {
  Script below(PullWorld()), at(PullWorld());
  Fetch(below, 0, 1, 99, "10.20.0.3");
  below.Next();
  EXPECT_TRUE(below.Of("D08").empty());
  Fetch(at, 0, 1, 100, "10.20.0.3");
  at.Next();
  const auto alerts = at.Of("D08");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].sid, 2090008u);
  EXPECT_EQ(alerts[0].severity, Severity::kHigh);
  EXPECT_EQ(alerts[0].mitre, (std::vector<std::string>{"T1213", "T1530"}));
  EXPECT_NE(alerts[0].signature.find("pull"), std::string::npos);
}

TEST(ForeignPullTest, TenFromARecordStoreAreNotedAndTwentyOneWeighInFull) {
  Script script(PullWorld());
  Fetch(script, 0, 1, 9, kStore);
  script.Next();
  EXPECT_TRUE(script.Of("D08").empty());
  Fetch(script, 0, 1, 10, kStore);
  script.Next();
  ASSERT_EQ(script.Of("D08").size(), 1u);
  EXPECT_EQ(script.Of("D08")[0].severity, Severity::kLow);
  EXPECT_NE(script.Of("D08")[0].signature.find("asset member-store"), std::string::npos);
  Fetch(script, 0, 1, 20, kStore);
  script.Next();
  EXPECT_EQ(script.Of("D08").size(), 1u);
  Fetch(script, 0, 1, 21, kStore);
  script.Next();
  ASSERT_EQ(script.Of("D08").size(), 2u);
  EXPECT_EQ(script.Of("D08")[1].severity, Severity::kHigh);
}

TEST(ForeignPullTest, FiveHundredCustomersWithTwoRecordsEachAreSilent) {
  Script script(PullWorld());
  for (int net = 0; net < 5; ++net) Fetch(script, 0, 100, 2, kStore, "192.0." + std::to_string(100 + net) + ".");
  Fetch(script, 0, 100, 2, kStore);  // a hundred of one network
  script.Next();
  EXPECT_TRUE(script.Of("D08").empty());
}

TEST(ForeignPullTest, ManyClientsWithAFewEachAreSeenByNetworkAndState) {
  Script network(PullWorld());
  Fetch(network, 0, 10, 8, kStore);  // nobody gets ten
  network.Next();
  ASSERT_EQ(network.Of("D08").size(), 1u);
  EXPECT_NE(network.Of("D08")[0].signature.find("10 clients of 198.51.100.0/24"), std::string::npos);
  policy::PolicySource world = PullWorld();
  EXPECT_TRUE(IpPrefix::Parse("192.0.0.0/16", world.overrides[1].nets.emplace_back()));  // US
  Script state(world);
  for (int net = 0; net < 20; ++net) Fetch(state, net, net + 1, 8, kStore, "192.0." + std::to_string(100 + net) + ".");
  state.Next();
  ASSERT_EQ(state.Of("D08").size(), 1u);
  EXPECT_NE(state.Of("D08")[0].signature.find("20 clients of jurisdiction US"), std::string::npos)
      << state.Of("D08")[0].signature;
}

TEST(ForeignPullTest, WhoTookMostSpeaksForAll) {
  Script script(PullWorld());
  Fetch(script, 0, 1, 900, kStore);
  Fetch(script, 1, 6, 2, kStore);
  script.Next();
  Fetch(script, 6, 7, 2, kStore);
  script.Next();
  EXPECT_EQ(script.Of("D08").size(), 1u);
}

TEST(ForeignPullTest, TwinsAreSilent) {
  policy::PolicySource world = PullWorld();
  policy::TransferEntry e;
  e.id = "partner";
  e.to_jurisdictions = {{{'D', 'E'}}};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  world.transfers = {e};
  policy::Recipient exit;
  exit.id = "vpn";
  EXPECT_TRUE(IpPrefix::Parse("198.51.100.200", exit.nets.emplace_back()));
  exit.roles.Add(policy::Role::kRemoteExit);
  world.recipients = {exit};
  Script script(world);
  Fetch(script, 0, 1, 300, kStore, "203.0.113.");        // registered
  Fetch(script, 199, 200, 300, kStore);                  // travelling staff
  Fetch(script, 0, 1, 300, kStore, "10.20.7.");          // at home
  Fetch(script, 0, 1, 300, "198.51.100.9", "10.20.8.");  // one's own people fetch from abroad
  for (std::uint64_t i = 0; i < 300; ++i) script.See({.from = kStore, .to = "198.51.100.50",
                                                      .person = i});  // pushed: D07
  script.Next();
  EXPECT_TRUE(script.Of("D08").empty());
}

TEST(ForeignPullTest, AWholeDayAddsUp) {
  Script script(PullWorld());
  for (std::uint64_t i = 0; i < 24; ++i) {
    for (std::uint64_t k = 0; k < 5; ++k) script.See({.from = "10.20.0.3", .to = "198.51.100.1", .person = i * 5 + k,
                                                      .pull = true});
    script.Next(3600);
  }
  EXPECT_EQ(script.Of("D08").size(), 1u);
}

constexpr std::uint64_t kMegabyte = 1'000'000;

TEST(ForeignPullTest, FiftyMegabytesByAdministration) {
  struct Row {
    const char* app;
    std::uint16_t port;
    bool encrypted, admin;
  };
  const Row rows[] = {{"ssh", 22, true, true},    {"ssh", 2222, true, true},   {"rdp", 3389, true, true},
                      {"", 3389, true, true},
                      {"smb", 445, false, true},  {"pgsql", 5432, false, true}, {"tls", 5432, true, true},
                          {"mysql", 3306, false, true},
                      {"tls", 443, true, false},  {"http", 80, false, false},  {"", 9999, true, false}};
  for (const Row& row : rows) {
    Script script(PullWorld());
    const Flow flow{.from = "198.51.100.7", .to = kStore, .server_port = row.port, .encrypted = row.encrypted,
                    .app_proto = row.app};
    for (int hour = 0; hour < 5; ++hour) {
      script.Exchange(flow, {.out = 1000, .in = hour == 4 ? 10 * kMegabyte - 1 : 10 * kMegabyte});
      script.Next(3600);
    }
    EXPECT_TRUE(script.Of("D08").empty()) << row.app << row.port;
    script.Exchange(flow, {.in = 1});
    script.Next();
    EXPECT_EQ(script.Of("D08").size(), row.admin ? 1u : 0u) << row.app << row.port;
  }
}

TEST(ForeignPullTest, AdministrationTwinsAreSilent) {
  Script script(PullWorld());
  const Flow ssh{.from = "198.51.100.7", .to = kStore, .server_port = 22, .encrypted = true, .app_proto = "ssh"};
  Flow home = ssh, other = ssh;
  home.from = "10.20.0.5";
  other.to = "10.20.0.99";                                // no record store
  script.Exchange(ssh, {.out = 900 * kMegabyte, .in = 1000});  // brought in, not taken out
  script.Exchange(home, {.in = 900 * kMegabyte});
  script.Exchange(other, {.in = 900 * kMegabyte});
  script.Next();
  EXPECT_TRUE(script.Of("D08").empty());
}

}  // namespace
}  // namespace gander::detect

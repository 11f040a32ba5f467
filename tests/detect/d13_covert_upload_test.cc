// SPDX-License-Identifier: Apache-2.0
#include <random>

#include "detect/d13_covert_upload/covert_kinds.h"
#include "detect/d13_covert_upload/covert_meter.h"
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

constexpr std::uint64_t kUploadMB = 1'000'000, kKiB = 1024;

std::string Noise(std::size_t size, std::uint64_t seed, std::string_view alphabet = {}) {
  std::mt19937_64 random(seed);
  std::string data(size, '\0');
  for (char& c : data) c = alphabet.empty() ? static_cast<char>(random()) : alphabet[random() % alphabet.size()];
  return data;
}

void Open(Script& script, const Flow& flow, const std::string& first) {
  script.Observe(Observation::kOpening, [&](Meter& m) {
    m.OnOpening(script.Facts(flow), {Direction::kToServer, AsBytes(first)});
  });
}

std::vector<Alert> After(const Flow& flow, std::uint64_t out, std::uint64_t in, const std::string& opening = {}) {
  Script script;
  if (!opening.empty()) Open(script, flow, opening);
  script.Exchange(flow, {.out = out, .in = in});
  script.Next();
  return script.Of("D13");
}

TEST(CovertUploadTest, UnknownProtocolThatBeginsLikeCiphertext) {
  const Flow nc{.server_port = 4444};
  EXPECT_TRUE(After(nc, kUploadMB - 1, 0, Noise(1400, 1)).empty());
  const auto alerts = After(nc, kUploadMB, 0, Noise(1400, 1));
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].severity, Severity::kHigh);
  EXPECT_EQ(alerts[0].sid, 2090013u);
  EXPECT_NE(alerts[0].explanation.find("pattern consistent with an upload that hides"), std::string::npos)
      << alerts[0].explanation;
  EXPECT_EQ(After(nc, kUploadMB, 0, Noise(80, 1)).size(), 1u);                                      // short and random
  EXPECT_TRUE(After(nc, 9 * kUploadMB, 0, Noise(1400, 1, "etaoin shrdlu cmfwyp vbgkqjxz")).empty());  // text
  EXPECT_TRUE(After(nc, 9 * kUploadMB, 0, Noise(20, 1)).empty());                                   // too short to tell
  EXPECT_TRUE(After(nc, 9 * kUploadMB, 0).empty());                                                 // beginning not seen
  EXPECT_TRUE(After(nc, 9 * kUploadMB, 5 * kUploadMB, Noise(1400, 1)).empty());                           // a game, a call, a VPN
}

TEST(CovertUploadTest, TheBeginningCountsHoursLater) {
  Script script;
  const Flow nc{.server_port = 4444};
  Open(script, nc, Noise(1000, 1));
  script.Exchange(nc, {.out = 1000});
  script.Next(7200);
  script.Exchange(nc, {.out = kUploadMB, .opened = false});
  script.Next();
  EXPECT_EQ(script.Of("D13").size(), 1u);
}

TEST(CovertUploadTest, SplitOverRecipientsAddsUp) {
  Script script;
  for (int i = 1; i <= 16; ++i) {
    const Flow nc{.to = "203.0.113." + std::to_string(i), .server_port = 4444};
    Open(script, nc, Noise(1000, 1));
    script.Exchange(nc, {.out = kUploadMB / 16});
  }
  script.Next();
  ASSERT_EQ(script.Of("D13").size(), 1u);
  EXPECT_NE(script.Of("D13")[0].signature.find("15 other recipients"), std::string::npos);
}

TEST(CovertUploadTest, MuchInAProtocolOfFewOctets) {
  const Flow ntp{.server_port = 123, .transport = ip_proto::kUdp};
  EXPECT_TRUE(After(ntp, 64 * kKiB - 1, 64 * kKiB).empty());
  EXPECT_EQ(After(ntp, 64 * kKiB, 64 * kKiB).size(), 1u);
  for (const char* app : {"snmp", "dhcp", "syslog"}) {
    EXPECT_EQ(After({.server_port = 9999, .transport = ip_proto::kUdp, .app_proto = app}, 64 * kKiB, 0).size(), 1u)
        << app;
  }
  EXPECT_EQ(After({.server_port = 53, .transport = ip_proto::kUdp}, 64 * kKiB, 64 * kKiB).size(), 1u);
  EXPECT_TRUE(After({.server_port = 53, .transport = ip_proto::kUdp, .app_proto = "dns"}, kUploadMB, kUploadMB).empty());
  EXPECT_TRUE(After({.server_port = 5060, .transport = ip_proto::kUdp, .app_proto = "sip"}, kUploadMB, kUploadMB).empty());
}

TEST(CovertUploadTest, AKnownProtocolWhereAnotherBelongs) {
  const auto on = [](const char* app, std::uint16_t port) {
    return After({.server_port = port, .encrypted = true, .app_proto = app}, 1000, 1000);
  };
  const auto alerts = on("ssh", 443);
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_NE(alerts[0].signature.find("ssh on port 443"), std::string::npos);
  EXPECT_EQ(on("ssh", 53).size(), 1u);
  EXPECT_EQ(on("socks", 443).size(), 1u);
  EXPECT_TRUE(on("ssh", 22).empty());
  for (const char* app : {"tls", "quic", "http", "http2", "rtp", "websocket", "mqtt", "xmpp"}) EXPECT_TRUE(on(app, 443).empty()) << app;
  EXPECT_TRUE(After({.app_proto = "ssh"}, 999, 1000).empty());
  EXPECT_TRUE(After({.app_proto = "ssh"}, 5000, 0).empty());  // nobody answered
}

TEST(CovertUploadTest, IpProtocolsThatHostsDoNotUse) {
  EXPECT_EQ(After({.server_port = 0, .transport = 254}, 4096, 0).size(), 1u);
  EXPECT_TRUE(After({.server_port = 0, .transport = 254}, 4095, 0).empty());
  for (const std::uint8_t usual : {47, 50, 51, 89, 103, 112, 132}) {
    EXPECT_TRUE(After({.server_port = 0, .transport = usual}, 9 * kUploadMB, 0).empty()) << int{usual};
  }
}

void Request(Script& script, const std::string& target, const std::string& cookie) {
  script.Observe(Observation::kRequest, [&](Meter& m) {
    RequestSeen r;
    r.method = "GET";
    r.target = target;
    r.credential = AsBytes(cookie);
    m.OnRequest(script.Facts({.server_port = 80, .app_proto = "http"}), r);
    r.status = 200;
    m.OnRequest(script.Facts({.server_port = 80, .app_proto = "http"}), r);
  });
}

TEST(CovertUploadTest, FieldsFarLongerThanAnyNeed) {
  constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto after = [&](int requests, std::size_t size, bool same, bool cookie) {
    Script script;
    for (int i = 0; i < requests; ++i) {
      const std::string field = Noise(size, same ? 1 : static_cast<std::uint64_t>(i) + 1, kBase64);
      Request(script, cookie ? "/" : "/p?" + field, cookie ? field : "");
    }
    script.Next();
    return script.Of("D13").size();
  };
  EXPECT_EQ(after(30, 4000, false, true), 1u);   // 30 x 2.98 kB
  EXPECT_EQ(after(30, 4000, false, false), 1u);
  EXPECT_EQ(after(20, 4000, false, true), 0u);
  EXPECT_EQ(after(500, 4000, true, true), 0u);   // one cookie, sent again and again
  EXPECT_EQ(after(500, 2000, false, true), 0u);
}

TEST(CovertUploadTest, InsideAndRegisteredIsSilent) {
  Flow flow{.to = "10.30.0.5", .server_port = 4444};
  EXPECT_TRUE(After(flow, 9 * kUploadMB, 0, Noise(1400, 1)).empty());
  policy::PolicySource world = TestWorld();
  policy::TransferEntry e;
  e.id = "vpn";
  IpPrefix net;
  ASSERT_TRUE(IpPrefix::Parse("203.0.113.5", net));
  e.to_nets = {net};
  e.basis = {"contract", "C-1", ""};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  world.transfers = {e};
  Script script(world);
  flow.to = "203.0.113.5";
  Open(script, flow, Noise(1400, 1));
  script.Exchange(flow, {.out = 9 * kUploadMB});
  script.Next();
  EXPECT_TRUE(script.Of("D13").empty());
}

// 18 of 20 forms of hiding within five minutes, at rates that their tools have.
TEST(CovertUploadTest, TwentyFormsWithinFiveMinutes) {
  struct Form {
    Flow flow;
    std::uint64_t out, in;  // every five seconds
    bool random = false;
  };
  std::vector<Form> forms;
  for (const char* app : {"ssh", "socks", "ftp", "smb", "irc"}) forms.push_back({{.app_proto = app}, 2000, 2000});
  for (const char* app : {"ssh", "telnet", "smtp"})
    forms.push_back({{.server_port = 53, .app_proto = app}, 2000, 2000});
  for (const std::uint16_t port : {4444, 80, 8443, 1}) forms.push_back({{.server_port = port}, 50'000, 100, true});
  for (const std::uint16_t port : {4444, 500})
    forms.push_back({{.server_port = port, .transport = ip_proto::kUdp}, 50'000, 0, true});
  for (const std::uint16_t port : {123, 161, 514, 53})
    forms.push_back({{.server_port = port, .transport = ip_proto::kUdp}, 2000, 2000});
  for (const std::uint8_t protocol : {254, 200}) forms.push_back({{.server_port = 0, .transport = protocol}, 1200, 0});
  ASSERT_EQ(forms.size(), 20u);
  int found = 0;
  for (const Form& form : forms) {
    Script script;
    if (form.random) Open(script, form.flow, Noise(1000, 5));
    for (int epoch = 0; epoch < 60; ++epoch) {
      script.Exchange(form.flow, {.out = form.out, .in = form.in, .opened = epoch == 0});
      script.Next();
    }
    found += script.Of("D13").size() == 1;
  }
  EXPECT_GE(found, 18);
}

TEST(CovertUploadTest, MergeIsTheSameWhoeverSawWhat) {
  const Options options;
  CovertMeter one(options), left(options), right(options), sum(options), reversed(options);
  for (int i = 0; i < 60; ++i) {
    FlowFacts facts;
    facts.tuple = {Ip("10.20.0." + std::to_string(i % 7)), Ip("203.0.113.5"), 4000, 4444, ip_proto::kTcp};
    facts.time = {i};
    const std::string field = Noise(3000, static_cast<std::uint64_t>(i % 20));
    RequestSeen r;
    r.target = field;
    for (CovertMeter* m : {&one, i % 3 == 0 ? &left : &right}) {
      m->OnOpening(facts, {Direction::kToServer, AsBytes(field)});
      m->OnRequest(facts, r);
    }
  }
  sum.Merge(left), sum.Merge(right), reversed.Merge(right), reversed.Merge(left);
  ASSERT_EQ(one.openings().size(), 7u);
  for (const CovertMeter* m : {&sum, &reversed}) {
    const auto a = one.openings().Sorted(), b = m->openings().Sorted();
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i]->random, b[i]->random);
    const auto c = one.stuffed().Sorted(), d = m->stuffed().Sorted();
    ASSERT_EQ(c.size(), d.size());
    for (std::size_t i = 0; i < c.size(); ++i) EXPECT_EQ(c[i]->sample, d[i]->sample);
  }
}

}  // namespace
}  // namespace gander::detect

// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "detect/d14_secret_leak/login_meter.h"
#include "detect/d14_secret_leak/secret_kinds.h"
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

// A login that a parser tells of.
struct Attempt {
  const char* kind = "ftp.pass";
  std::string user = "erika", secret = "Sommer-1987";
  Flow flow{.to = "203.0.113.5", .server_port = 21, .app_proto = "ftp"};
};

void LogIn(Script& script, const Attempt& a) {
  const CredentialSeen seen{a.kind, a.user, AsBytes(a.secret)};
  script.Observe(Observation::kCredential, [&](Meter& m) { m.OnCredential(script.Facts(a.flow), seen); });
}

std::vector<Alert> Said(const Attempt& a) {
  Script script;
  LogIn(script, a);
  script.Next();
  script.Next(5, true);
  return script.Of("D14");
}

TEST(SecretLeakTest, TheFirstTokenSpeaksAndTheSecretIsNowhere) {
  Script script;
  script.See({.rule = kToken, .evidence = identify::Evidence::kCounted});
  script.Next();
  const auto alerts = script.Of("D14");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].sid, 2090014u);
  EXPECT_EQ(alerts[0].severity, Severity::kHigh);  // medium, and it leaves the State
  EXPECT_EQ(alerts[0].signature,
            "GANDER Secret readable on the wire: 1 secret (test.token), 10.20.0.1 (zone wards, NO) to 203.0.113.5 "
            "(outside, DE)");
  EXPECT_EQ(Flat(alerts[0].context).find("sample="), std::string::npos);  // not even masked
  EXPECT_TRUE(script.Of("D01").empty());                                  // one alert for one thing
}

TEST(SecretLeakTest, EachKindOfLoginSpeaks) {
  for (const char* kind : {"http.basic", "http.bearer", "ftp.pass", "pop3.command", "imap.command", "smtp.auth",
                           "ldap.bind.password", "snmp.community", "telnet.login", "pgsql.password", "redis.auth",
                           "mqtt.connect", "socks.auth", "amqp.login", "kafka.auth", "cassandra.auth", "irc.command"}) {
    const auto alerts = Said({.kind = kind});
    ASSERT_EQ(alerts.size(), 1u) << kind;
    EXPECT_EQ(alerts[0].severity, Severity::kHigh) << kind;
    const std::string all = alerts[0].signature + alerts[0].explanation + Flat(alerts[0].context);
    EXPECT_EQ(all.find("Sommer"), std::string::npos) << all;
    EXPECT_EQ(all.find("erika"), std::string::npos) << all;
    EXPECT_NE(all.find("8 to 15 characters"), std::string::npos) << all;
  }
}

TEST(SecretLeakTest, WhatIsNoSecretStaysSilent) {
  EXPECT_TRUE(Said({.user = "anonymous", .secret = "me@example.org"}).empty());
  EXPECT_TRUE(Said({.kind = "http.bearer", .user = "", .secret = "null"}).empty());
  EXPECT_TRUE(Said({.kind = "http.bearer", .user = "", .secret = "Bearer undefined"}).empty());
  EXPECT_TRUE(Said({.secret = "********"}).empty());
  EXPECT_TRUE(Said({.kind = "http.basic", .user = "Aladdin", .secret = "open sesame"}).empty());
  Script script;
  script.See({.rule = kToken, .test_value = true});
  script.See({.rule = kToken, .evidence = identify::Evidence::kUnproven});
  script.See({.rule = kToken, .encrypted = true});
  for (std::uint64_t i = 0; i < 50; ++i) script.See({.person = i});
  script.Next();
  EXPECT_TRUE(script.Of("D14").empty());
}

TEST(SecretLeakTest, WhereWeighsMoreThanWhat) {
  const auto severity = [](Attempt a) { return Said(a).at(0).severity; };
  EXPECT_EQ(severity({.flow = {.to = "10.20.0.9"}}), Severity::kLow);                         // inside one zone
  EXPECT_EQ(severity({.flow = {.to = "10.30.0.9"}}), Severity::kHigh);                        // NO to SE
  EXPECT_EQ(severity({.kind = "snmp.community", .secret = "public"}), Severity::kMedium);  // low, and out of the State
  EXPECT_EQ(severity({.kind = "snmp.community", .secret = "public", .flow = {.to = "10.20.0.9"}}), Severity::kLow);
}

TEST(SecretLeakTest, KeysThatLastAreWorthMoreThanSessions) {
  const auto worth = [](const char* id) {
    identify::RuleInfo rule;
    rule.id = id;
    return KindOfRule(rule).worth;
  };
  EXPECT_EQ(worth("cred.private_key_pem"), Severity::kHigh);
  EXPECT_EQ(worth("cred.password_field"), Severity::kMedium);
  EXPECT_EQ(worth("cred.session_cookie"), Severity::kLow);
}

TEST(SecretLeakTest, AcceptedClearTextIsSilentAndRegisteredOnesAreLow) {
  for (const bool accepted : {true, false}) {
    policy::PolicySource world = TestWorld();
    policy::TransferEntry e;
    e.id = "mirror";
    e.to_jurisdictions = {{{'D', 'E'}}};
    e.basis = {"contract", "DPA-1", ""};
    if (accepted) e.transport = policy::TransferEntry::Transport::kClear;
    ASSERT_TRUE(ParseDate("2027-03-31", e.until));
    world.transfers = {e};
    Script script(world);
    script.See({.rule = kToken});
    LogIn(script, {});
    script.Next();
    const auto alerts = script.Of("D14");
    ASSERT_EQ(alerts.size(), accepted ? 0u : 2u);
    for (const Alert& a : alerts) EXPECT_EQ(a.severity, Severity::kLow);
  }
}

TEST(SecretLeakTest, OneAlertAKindAndServerADay) {
  Script script;
  for (int hour = 0; hour < 23; ++hour) {
    LogIn(script, {});
    script.Pass(3600);
  }
  EXPECT_EQ(script.Of("D14").size(), 1u);
  LogIn(script, {.kind = "pop3.pass"});
  LogIn(script, {.flow = {.to = "203.0.113.6"}});
  script.Next();
  EXPECT_EQ(script.Of("D14").size(), 3u);
}

TEST(SecretLeakTest, AStoreOfSecretsIsCritical) {
  const auto worst = [](int secrets) {
    Script script;
    for (int i = 0; i < secrets; ++i) LogIn(script, {.secret = "secret-" + std::to_string(i)});
    for (int i = 0; i < secrets; ++i) LogIn(script, {.secret = "secret-" + std::to_string(i)});  // again: no new ones
    script.Next();
    return script.Of("D14").at(0).severity;
  };
  EXPECT_EQ(worst(49), Severity::kHigh);
  EXPECT_EQ(worst(50), Severity::kCritical);
}

TEST(SecretLeakTest, HeaderThatScanAndParserSeeIsOneAlert) {
  EXPECT_EQ(KindOfLogin("http.basic", false).id, [] {
    identify::RuleInfo rule;
    rule.id = "cred.http_basic";
    return KindOfRule(rule).id;
  }());
}

// What meters say, in an order of its own.
std::multiset<std::string> Told(const LoginMeter& meter) {
  std::multiset<std::string> out;
  for (const auto& l : meter.logins()) {
    out.insert(l.client.ToString() + l.kind + std::to_string(l.sightings) + "/" + std::to_string(l.lengths));
  }
  for (const auto& s : meter.secrets()) out.insert(std::to_string(s.tag) + meter.logins()[s.login].kind);
  return out;
}

TEST(LoginMeterTest, MergeIsCommutativeAndBounded) {
  Script script;
  const HashKey key{1, 2};
  const auto fill = [&](LoginMeter& meter, int from, int to) {
    for (int i = from; i < to; ++i) {
      const std::string secret = "s" + std::to_string(i % 7);
      Flow flow;
      flow.from = "10.20.0." + std::to_string(1 + i % 5);
      meter.OnCredential(script.Facts(flow), {i % 2 == 0 ? "ftp.pass" : "imap.login", "u", AsBytes(secret)});
    }
  };
  LoginMeter a(64, key), b(64, key), ab(64, key), ba(64, key), one(64, key);
  fill(a, 0, 40);
  fill(b, 25, 70);
  fill(one, 0, 40);
  fill(one, 25, 70);
  ab.Merge(a);
  ab.Merge(b);
  ba.Merge(b);
  ba.Merge(a);
  EXPECT_EQ(Told(ab), Told(ba));
  EXPECT_EQ(Told(ab), Told(one));

  LoginMeter small(4, key);
  for (int i = 1; i <= 9; ++i) {
    Flow flow;
    flow.from = "10.20.0." + std::to_string(i);
    small.OnCredential(script.Facts(flow), {"ftp.pass", "u", AsBytes("pw")});
  }
  EXPECT_EQ(small.logins().size() + small.overflow(), 9u);
  small.Clear();
  EXPECT_TRUE(small.logins().empty());
}

}  // namespace
}  // namespace gander::detect

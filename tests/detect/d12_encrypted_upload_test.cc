// SPDX-License-Identifier: Apache-2.0
#include "detect/d12_encrypted_upload/hourly_history.h"
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

constexpr std::uint64_t kMB = 1'000'000;
const Flow kForeign{.encrypted = true, .app_proto = "tls"};
const Flow kDomestic{.to = "192.0.2.9", .encrypted = true, .app_proto = "tls"};

// A world in which 192.0.2/24 lies in the wards' own State.
policy::PolicySource UploadWorld() {
  policy::PolicySource world = TestWorld();
  IpPrefix net;
  EXPECT_TRUE(IpPrefix::Parse("192.0.2.0/24", net));
  world.overrides.push_back({{net}, "", {{'N', 'O'}}, "", 3});
  return world;
}

// Hours in which the host sends a little, so that it has a past.
void Live(Script& script, int hours, std::uint64_t out = kMB,
          const Flow& flow = {.to = "192.0.2.77", .encrypted = true}) {
  for (int i = 0; i < hours; ++i) {
    script.Exchange(flow, {.out = out, .in = 10 * out});
    script.Next(3600);
  }
}

std::vector<Alert> AfterUpload(int hours, const Flow& flow, std::uint64_t out, std::uint64_t in = 0) {
  Script script(UploadWorld());
  Live(script, hours);
  script.Exchange(flow, {.out = out, .in = in});
  script.Next();
  return script.Of("D12");
}

TEST(HourlyHistoryTest, PercentileOfWhatAHostDoes) {
  HourlyHistory history;
  EXPECT_EQ(history.Percentile99(), 0u);
  const auto at = [](int hour) { return Timestamp{hour * HourlyHistory::kHour}; };
  for (int hour = 0; hour < 50; ++hour) history.Add(at(hour), 1000);
  EXPECT_EQ(history.hours(), 49u);
  EXPECT_EQ(history.Percentile99(), 1024u);
  history.Add(at(60), 1 << 20);
  history.Add(at(61), 0);
  EXPECT_EQ(history.hours(), 61u);
  EXPECT_EQ(history.Percentile99(), 1u << 21);  // one hour of 61 is more than 1 %
  for (int hour = 62; hour < 400; ++hour) history.Add(at(hour), 1000);
  EXPECT_EQ(history.Percentile99(), 1024u);
  history.Add(at(400 + 10 * 24 * 14), 0);
  EXPECT_LE(history.hours(), 2 * HourlyHistory::kHours);
}

TEST(HourlyHistoryTest, IsTheSameAfterARestart) {
  HourlyHistory history, loaded;
  for (int hour = 0; hour < 90; ++hour) history.Add(Timestamp{hour * HourlyHistory::kHour}, 1u << (hour % 9));
  SnapshotWriter out;
  history.Save(out);
  SnapshotReader in(AsBytes(out.bytes()));
  loaded.Load(in);
  EXPECT_FALSE(in.failed());
  EXPECT_EQ(in.remaining(), 0u);
  EXPECT_EQ(loaded.hours(), history.hours());
  EXPECT_EQ(loaded.Percentile99(), history.Percentile99());
  const std::string wrong(out.bytes().size(), '\x7f');
  SnapshotReader hostile(AsBytes(wrong));
  loaded.Load(hostile);
  EXPECT_TRUE(hostile.failed());
}

TEST(EncryptedUploadTest, WithAPastAtTheThresholdAndNotBelow) {
  EXPECT_TRUE(AfterUpload(30, kDomestic, 100 * kMB - 1).empty());
  const auto alerts = AfterUpload(30, kDomestic, 100 * kMB);
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].severity, Severity::kMedium);
  EXPECT_EQ(alerts[0].sid, 2090012u);
  EXPECT_NE(alerts[0].explanation.find("the content was not seen"), std::string::npos) << alerts[0].explanation;
  EXPECT_NE(alerts[0].explanation.find("99 % of this host's hours stayed below 1.0 MB"), std::string::npos);
  EXPECT_NE(Flat(alerts[0].context).find("bytes_out=100000000"), std::string::npos);
}

TEST(EncryptedUploadTest, AcrossABorderAFifthIsEnough) {
  EXPECT_TRUE(AfterUpload(30, kForeign, 20 * kMB - 1).empty());
  const auto alerts = AfterUpload(30, kForeign, 20 * kMB);
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].severity, Severity::kHigh);
}

TEST(EncryptedUploadTest, WithoutAPastFiveTimesAsMuch) {
  EXPECT_TRUE(AfterUpload(23, kDomestic, 500 * kMB - 1).empty());
  const auto alerts = AfterUpload(0, kDomestic, 500 * kMB);
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].severity, Severity::kLow);
  EXPECT_NE(alerts[0].explanation.find("Still learning: watched for 0 s of 24 h"), std::string::npos)
      << alerts[0].explanation;
  EXPECT_EQ(AfterUpload(0, kForeign, 100 * kMB).size(), 1u);
}

TEST(EncryptedUploadTest, AHostThatAlwaysSendsMuchIsMeasuredByItself) {
  Script script(UploadWorld());
  Live(script, 30, 60 * kMB);  // below 2^26, of which eight times are 537 MB
  script.Exchange(kDomestic, {.out = 500 * kMB});
  script.Next();
  EXPECT_TRUE(script.Of("D12").empty());
  script.Exchange(kDomestic, {.out = 50 * kMB});
  script.Next();
  EXPECT_EQ(script.Of("D12").size(), 1u);
}

// 200 MB at 2 MB a second, as one flow and as 16 at a time to one name, within two minutes.
TEST(EncryptedUploadTest, TwoHundredMegabytesWithinTwoMinutesHoweverSplit) {
  for (const bool split : {false, true}) {
    Script script(UploadWorld());
    Live(script, 30);
    for (int epoch = 0; epoch < 24; ++epoch) {
      for (std::uint16_t stream = 0; stream < 16; ++stream) {
        Flow flow = kForeign;
        if (split) flow.to = "203.0.113." + std::to_string(10 + stream);
        flow.port = static_cast<std::uint16_t>(41000 + stream);
        script.Exchange(flow, {.out = 200 * kMB / 24 / 16, .in = 2000});
      }
      script.Next();
    }
    ASSERT_EQ(script.Of("D12").size(), 1u) << split;
    if (!split) continue;
    EXPECT_NE(script.Of("D12")[0].signature.find("16 recipients new to it"), std::string::npos)
        << script.Of("D12")[0].signature;
  }
}

TEST(EncryptedUploadTest, PaddingTheWayBackDoesNotHelp) {
  EXPECT_TRUE(AfterUpload(30, kForeign, 30 * kMB, 30 * kMB).empty());       // 32 x 2^20 = 33.6 MB
  EXPECT_EQ(AfterUpload(30, kForeign, 34 * kMB, 34 * kMB).size(), 1u);
}

TEST(EncryptedUploadTest, TwoHoursOfVideoCallAreSilent) {
  Script script(UploadWorld());
  Live(script, 30);
  Flow call{.to = "192.0.2.44", .server_port = 8801, .transport = ip_proto::kUdp};
  Flow relayed{.to = "203.0.113.9", .transport = ip_proto::kUdp, .encrypted = true, .app_proto = "dtls"};
  for (int minute = 0; minute < 120; ++minute) {
    script.Exchange(call, {.out = 18 * kMB, .in = 22 * kMB, .opened = minute == 0});
    script.Exchange(relayed, {.out = 9 * kMB, .in = 10 * kMB, .opened = minute == 0});
    script.Next(60);
  }
  EXPECT_TRUE(script.Of("D12").empty());
}

TEST(EncryptedUploadTest, SlowlyOverADayAndAMonth) {
  const auto found = [](std::uint64_t each, int hours) {
    Script script(UploadWorld());
    Live(script, 30);
    for (int i = 0; i < hours; ++i) {
      script.Exchange({.to = "192.0.2.77", .encrypted = true}, {.out = kMB, .in = 10 * kMB});
      script.Exchange(kForeign, {.out = each});
      script.Next(3600);
    }
    return script.Of("D12").size();
  };
  EXPECT_GE(found(9 * kMB, 24), 1u);        // 216 MB a day
  EXPECT_EQ(found(2 * kMB, 24), 0u);
  EXPECT_GE(found(2 * kMB, 24 * 28), 1u);   // 1.3 GB in 28 days
}

TEST(EncryptedUploadTest, DownloadsClearTextAndOwnServersAreSilent) {
  EXPECT_TRUE(AfterUpload(30, kForeign, 10 * kMB, 5000 * kMB).empty());
  EXPECT_TRUE(AfterUpload(30, {.app_proto = "http"}, 900 * kMB).empty());             // its content was read
  EXPECT_TRUE(AfterUpload(30, {.to = "10.30.0.7", .encrypted = true}, 900 * kMB).empty());
  EXPECT_TRUE(AfterUpload(30, {.from = "203.0.113.7", .to = "10.20.0.80", .encrypted = true}, 0, 900 * kMB).empty());
}

TEST(EncryptedUploadTest, ARegisteredBackupIsSilent) {
  policy::PolicySource world = UploadWorld();
  policy::TransferEntry e;
  e.id = "backup";
  e.to_domains = {"backup.example.net"};
  e.classes = {"health"};
  e.basis = {"contract", "C-1", ""};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  world.transfers = {e};
  Script script(world);
  Live(script, 30);
  Flow flow = kForeign;
  flow.host = "eu.backup.example.net";
  for (int i = 0; i < 10; ++i) script.Exchange(flow, {.out = 900 * kMB}), script.Next();
  EXPECT_TRUE(script.Of("D12").empty()) << script.Of("D12")[0].signature;
}

// So many megabytes a day to a new name below `domain` each hour, for so many days.
std::vector<Alert> AfterRotation(const std::string& domain, std::uint64_t each, int hours) {
  Script script(UploadWorld());
  Live(script, 30);
  for (int i = 0; i < hours; ++i) {
    script.Exchange({.to = "192.0.2.77", .encrypted = true}, {.out = kMB, .in = 10 * kMB});
    Flow flow = kForeign;
    flow.host = "x" + std::to_string(i * 7919) + "." + domain;
    script.Exchange(flow, {.out = each});
    script.Next(3600);
  }
  return script.Of("D12");
}

TEST(EncryptedUploadTest, RotatingNamesBelowOneDomainAddUp) {
  const auto day = AfterRotation("drop.example.net", 9 * kMB, 24);  // 216 MB a day, of which an hour sees 9
  ASSERT_EQ(day.size(), 1u);
  EXPECT_NE(day[0].signature.find("to names below example.net, first x0.drop.example.net"), std::string::npos)
      << day[0].signature;
  EXPECT_EQ(day[0].dedup_key, "D12|10.20.0.1|*.example.net");
  EXPECT_TRUE(AfterRotation("drop.example.net", 2 * kMB, 24).empty());
  EXPECT_FALSE(AfterRotation("drop.example.net", 2 * kMB, 24 * 28).empty());
}

TEST(EncryptedUploadTest, CustomersOfOneHostAreNotOneRecipient) {
  EXPECT_TRUE(AfterRotation("s3.amazonaws.com", 9 * kMB, 24).empty());
  EXPECT_TRUE(AfterRotation("blob.core.windows.net", 9 * kMB, 24).empty());
}

TEST(EncryptedUploadTest, OneNameThatHoldsTheSumSpeaksAloneForItsDomain) {
  Script script(UploadWorld());
  Live(script, 30);
  Flow flow = kForeign;
  for (const char* host : {"a.example.net", "b.example.net"}) {
    flow.host = host;
    script.Exchange(flow, {.out = flow.host == "a.example.net" ? 30 * kMB : kMB});
  }
  script.Next();
  ASSERT_EQ(script.Of("D12").size(), 1u);
  EXPECT_EQ(script.Of("D12")[0].dedup_key, "D12|10.20.0.1|a.example.net");
}

TEST(EncryptedUploadTest, WhatIsRegisteredDoesNotAddUp) {
  policy::PolicySource world = UploadWorld();
  policy::TransferEntry e;
  e.id = "backup";
  e.to_domains = {"backup.example.net"};
  e.classes = {"health"};
  e.basis = {"contract", "C-1", ""};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  world.transfers = {e};
  Script script(world);
  Live(script, 30);
  for (const char* host : {"backup.example.net", "www.example.net"}) {
    Flow flow = kForeign;
    flow.host = host;
    script.Exchange(flow, {.out = 15 * kMB});
  }
  script.Next();
  EXPECT_TRUE(script.Of("D12").empty());
}

TEST(EncryptedUploadTest, WhereManySendEightTimesAsMuchIsAskedFor) {
  Script script(UploadWorld());
  Flow flow = kDomestic;
  flow.host = "sync.example.org";
  for (int hour = 0; hour < 30; ++hour) {
    for (int host = 1; host <= 12; ++host) {
      flow.from = "10.20.0." + std::to_string(host);
      script.Exchange(flow, {.out = kMB, .in = kMB});
    }
    script.Next(3600);
  }
  script.Exchange(flow, {.out = 300 * kMB});
  script.Next();
  EXPECT_TRUE(script.Of("D12").empty());
  script.Exchange(flow, {.out = 600 * kMB});
  script.Next();
  EXPECT_EQ(script.Of("D12").size(), 1u);
}

}  // namespace
}  // namespace gander::detect

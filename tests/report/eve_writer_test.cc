// SPDX-License-Identifier: Apache-2.0
#include "report/events/eve_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "report/samples.h"

namespace gander::report {
namespace {

using test::Address;
using test::Tuple;

std::string Line(const Event& event, EveOptions options = {}) {
  std::string out;
  EveWriter(std::move(options)).Append(event, out);
  return out;
}

Event HttpEvent() {
  Event e;
  e.time = {1'795'512'600'000'123'000};
  e.type = "http";
  e.has_tuple = true;
  e.tuple = Tuple("10.20.4.8", 51234, "203.0.113.9", 80, ip_proto::kTcp);
  e.flow_id = (std::uint64_t{1} << 51) - 1;
  e.packet = 42;
  e.tx_id = 0;
  e.community_id = "1:abc=";
  e.vlans = {100, 200, 0};
  e.vlan_count = 2;
  e.body.BeginObject("http").String("hostname", "a.example").Integer("status", 200).EndObject();
  return e;
}

TEST(EveWriter, CommonFieldsComeFirstInSuricatasOrder) {
  EXPECT_EQ(Line(HttpEvent(), {"probe-1", true}),
            R"({"timestamp":"2026-11-24T09:30:00.000123+0000","flow_id":2251799813685247,"pcap_cnt":42,)"
            R"("event_type":"http","vlan":[100,200],"src_ip":"10.20.4.8","src_port":51234,)"
            R"("dest_ip":"203.0.113.9","dest_port":80,"proto":"TCP","tx_id":0,"community_id":"1:abc=",)"
            R"("host":"probe-1","http":{"hostname":"a.example","status":200}})"
            "\n");
}

TEST(EveWriter, AbsentFieldsAreLeftOut) {
  Event e;
  e.type = "stats";
  EXPECT_EQ(Line(e), "{\"timestamp\":\"1970-01-01T00:00:00.000000+0000\",\"event_type\":\"stats\"}\n");
  Event http = HttpEvent();
  http.app_proto = "http";
  const auto json = nlohmann::json::parse(Line(http, {"", false}));
  EXPECT_FALSE(json.contains("community_id"));
  EXPECT_FALSE(json.contains("host"));
  EXPECT_EQ(json["app_proto"], "http");
}

TEST(EveWriter, IcmpHasTypeAndCodeInsteadOfPorts) {
  Event e;
  e.type = "flow";
  e.has_tuple = true;
  e.flow_id = 7;
  e.tuple = Tuple("fe80::1", 128, "fe80::2", 0, ip_proto::kIcmp6);
  const auto json = nlohmann::json::parse(Line(e));
  EXPECT_EQ(json["proto"], "IPv6-ICMP");
  EXPECT_EQ(json["icmp_type"], 128);
  EXPECT_EQ(json["icmp_code"], 0);
  EXPECT_FALSE(json.contains("src_port"));
}

TEST(EveWriter, PortZeroIsShownForOneFlowAndLeftOutForMany) {
  Event e = HttpEvent();
  e.tuple.source_port = 0;
  EXPECT_EQ(nlohmann::json::parse(Line(e))["src_port"], 0);
  e.flow_id = 0;
  const auto many = nlohmann::json::parse(Line(e));
  EXPECT_FALSE(many.contains("src_port"));
  EXPECT_EQ(many["dest_port"], 80);
}

TEST(EveWriter, VlanCountBeyondTheArrayIsNotRead) {
  Event e = HttpEvent();
  e.vlan_count = 200;
  EXPECT_EQ(nlohmann::json::parse(Line(e))["vlan"].size(), 3u);
}

TEST(EveOrder, TimeThenTupleThenSequenceThenType) {
  std::vector<Event> sorted;
  for (std::int64_t time : {1, 2}) {
    for (std::uint16_t port : {10, 20}) {
      for (std::uint64_t sequence : {0, 1}) {
        for (const char* type : {"fileinfo", "http"}) {
          Event e = HttpEvent();
          e.time = {time};
          e.tuple.source_port = port;
          e.sequence = sequence;
          e.type = type;
          sorted.push_back(e);
        }
      }
    }
  }
  std::vector<Event> shuffled = sorted;
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(3));
  std::sort(shuffled.begin(), shuffled.end(), Before);
  for (std::size_t i = 0; i < sorted.size(); ++i) EXPECT_EQ(Line(shuffled[i]), Line(sorted[i])) << i;
}

TEST(EveOrder, EqualKeysAreOrderedByBody) {
  Event a = HttpEvent(), b = HttpEvent();
  b.body.Clear();
  b.body.BeginObject("http").String("hostname", "b.example").Integer("status", 200).EndObject();
  EXPECT_TRUE(Before(a, b));
  EXPECT_FALSE(Before(b, a));
  EXPECT_FALSE(Before(a, a));
  Event shorter = a;
  shorter.body.Clear();
  EXPECT_TRUE(Before(shorter, a));
}

TEST(AlertEvent, IsSuricatasAlertWithGandersContext) {
  const auto json = nlohmann::json::parse(Line(ToEvent(test::SampleAlert())));
  EXPECT_EQ(json["event_type"], "alert");
  const auto& alert = json["alert"];
  EXPECT_EQ(alert["action"], "allowed");
  EXPECT_EQ(alert["gid"], 1);
  EXPECT_EQ(alert["signature_id"], 2090002);
  EXPECT_EQ(alert["severity"], 1);
  EXPECT_EQ(alert["metadata"]["mitre_technique_id"], nlohmann::json({"T1020", "T1048"}));
  EXPECT_EQ(alert["metadata"]["gander_detector"], nlohmann::json({"D02"}));
  EXPECT_EQ(alert["context"]["pii"]["subjects"]["estimate"], 412);
  EXPECT_EQ(alert["context"]["why"], test::SampleAlert().explanation);
  EXPECT_EQ(alert["context"]["first_seen"], "2026-11-24T09:30:00.000000+0000");
  EXPECT_FALSE(json.contains("src_port")) << "many flows";
}

TEST(AlertEvent, ContextMayBringItsBracesAndItsOwnWhy) {
  detect::Alert alert = test::SampleAlert();
  alert.context.Clear();
  alert.context.BeginObject()
      .String("why", "because")
      .BeginObject("x")
      .String("first_seen", "y")
      .EndObject()
      .EndObject();
  const auto context = nlohmann::json::parse(Line(ToEvent(alert)))["alert"]["context"];
  EXPECT_EQ(context["why"], "because");
  EXPECT_EQ(context["x"]["first_seen"], "y");
  EXPECT_TRUE(context.contains("first_seen"));
}

}  // namespace
}  // namespace gander::report

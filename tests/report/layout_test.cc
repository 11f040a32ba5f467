// SPDX-License-Identifier: Apache-2.0
#include "report/layout/layout.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/events/eve_writer.h"
#include "report/layout/field_map.h"
#include "report/layout/json_tree.h"
#include "report/samples.h"

namespace gander::report {
namespace {

using Json = nlohmann::json;

std::string Mapped(Layout layout, const std::string& line) {
  std::string out;
  EXPECT_TRUE(NewLayoutMapper(layout, "0.1.0")->Append(line, out)) << line;
  return out;
}

std::string AlertLine() {
  std::string line;
  EveWriter({"sensor-1", true}).Append(ToEvent(test::SampleAlert()), line);
  return line;
}

TEST(JsonTree, ReadsWhatJsonIsAndNothingElse) {
  JsonTree tree;
  ASSERT_TRUE(tree.Parse(R"( {"a":{"b":[1,-2.5e3,"x\"y",true,null]},"c":"d"} )"));
  EXPECT_EQ(tree.at(tree.Find("a.b.1")).raw, "-2.5e3");
  EXPECT_EQ(tree.at(tree.Find("a.b.2")).text(), "x\\\"y");
  EXPECT_EQ(tree.at(tree.Find("c")).text(), "d");
  EXPECT_EQ(tree.Find("a.b.5"), 0u);
  EXPECT_EQ(tree.Find("a.x"), 0u);
  for (const char* bad : {"", "[]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":01x}", "{\"a\":\"\n\"}", "{} {}",
                          "{\"a\":1.}", "{\"a\":nul}", "{a:1}", "{\"a\":[1,]}", "{\"a\":\"\\"}) {
    EXPECT_FALSE(tree.Parse(bad)) << bad;
  }
  EXPECT_FALSE(tree.Parse("{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}"));
}

TEST(JsonTree, TheRestIsWhatNobodyTook) {
  JsonTree tree;
  ASSERT_TRUE(tree.Parse(R"({"a":1,"b":{"c":2,"d":3},"e":[{"f":4}],"g":{}})"));
  tree.Use(tree.Find("a"));
  tree.Use(tree.Find("b.c"));
  tree.Use(tree.Find("e.0.f"));
  std::string rest;
  ASSERT_TRUE(tree.AppendRest(0, rest));
  EXPECT_EQ(rest, R"({"b":{"d":3}})");
}

TEST(JsonShape, BuildsObjectsAndListsByPath) {
  JsonShape shape;
  EXPECT_TRUE(shape.Set("a.b", "1"));
  EXPECT_FALSE(shape.Set("a.b", "2")) << "the first stays";
  EXPECT_FALSE(shape.Set("a.b.c", "2"));
  EXPECT_TRUE(shape.Set("l[]", "\"x\""));
  EXPECT_FALSE(shape.Set("l[]", "\"x\"")) << "once is enough";
  EXPECT_TRUE(shape.Set("l[]", "\"y\""));
  EXPECT_TRUE(shape.Set("o[0].k", "1"));
  EXPECT_TRUE(shape.Set("o[0].m", "2"));
  std::string out;
  shape.Append(out);
  EXPECT_EQ(out, R"({"a":{"b":1},"l":["x","y"],"o":[{"k":1,"m":2}]})");
}

TEST(Layout, NamesReadBack) {
  for (int i = 0; i < kLayouts; ++i) {
    Layout read{};
    ASSERT_TRUE(ParseLayout(NameOf(static_cast<Layout>(i)), read));
    EXPECT_EQ(static_cast<int>(read), i);
  }
  Layout ignored{};
  EXPECT_FALSE(ParseLayout("cef", ignored));
}

TEST(Layout, AnAlertInEcs) {
  const Json e = Json::parse(Mapped(Layout::kEcs, AlertLine()));
  EXPECT_EQ(e["@timestamp"], "2026-11-24T09:30:20.000000Z");
  EXPECT_EQ(e["event"]["kind"], "alert");
  EXPECT_EQ(e["event"]["category"], Json({"network", "intrusion_detection"}));
  EXPECT_EQ(e["rule"]["id"], "2090002");
  EXPECT_EQ(e["source"]["ip"], "10.20.4.8");
  EXPECT_EQ(e["destination"]["ip"], "203.0.113.9");
  EXPECT_EQ(e["threat"]["technique"]["id"], Json({"T1020", "T1048"}));
  EXPECT_EQ(e["observer"]["name"], "sensor-1");
  EXPECT_EQ(e["gander"]["alert"]["context"]["pii"]["subjects"]["estimate"], 412) << "what ECS has no place for stays";
  EXPECT_FALSE(e["gander"].contains("src_ip")) << "what has one is told once";
}

TEST(Layout, AnAlertInOcsf) {
  const Json e = Json::parse(Mapped(Layout::kOcsf, AlertLine()));
  EXPECT_EQ(e["class_uid"], 2006);
  EXPECT_EQ(e["category_uid"], 2);
  EXPECT_EQ(e["activity_id"], 1);
  EXPECT_EQ(e["type_uid"], 200601);
  EXPECT_EQ(e["severity_id"], 4);
  EXPECT_EQ(e["time"], 1'795'512'620'000);
  EXPECT_EQ(e["finding_info"]["analytic"]["uid"], "2090002");
  EXPECT_EQ(e["finding_info"]["attacks"][1]["technique"]["uid"], "T1048");
  EXPECT_EQ(e["data_security"]["total"], 412);
  EXPECT_EQ(e["src_endpoint"]["ip"], "10.20.4.8");
  EXPECT_TRUE(e["is_alert"]);
}

TEST(Layout, AnAlertWithoutPeopleIsADetection) {
  detect::Alert alert = test::SampleAlert();
  alert.context.Clear();
  std::string line;
  EveWriter({"", true}).Append(ToEvent(alert), line);
  const Json e = Json::parse(Mapped(Layout::kOcsf, line));
  EXPECT_EQ(e["class_uid"], 2004);
  EXPECT_EQ(e["evidences"][0]["src_endpoint"]["ip"], "10.20.4.8");
}

TEST(Layout, HttpAndDns) {
  const std::string head = R"({"timestamp":"2026-11-24T09:30:00.250000+0000","flow_id":5,"src_ip":"10.0.0.1",)"
                           R"("src_port":1,"dest_ip":"192.0.2.1","dest_port":80,"proto":"TCP",)";
  const std::string http = head + R"("event_type":"http","http":{"hostname":"a.example","url":"/x?y=\"z\"","http_method":)"
                                  R"("POST","protocol":"HTTP/1.1","status":200,"length":12,"redirect":"/r"}})";
  const Json ecs = Json::parse(Mapped(Layout::kEcs, http));
  EXPECT_EQ(ecs["url"]["original"], "/x?y=\"z\"");
  EXPECT_EQ(ecs["http"]["version"], "1.1");
  EXPECT_EQ(ecs["gander"]["http"]["redirect"], "/r");
  const Json ocsf = Json::parse(Mapped(Layout::kOcsf, http));
  EXPECT_EQ(ocsf["type_uid"], 400206);
  EXPECT_EQ(ocsf["activity_name"], "Post");
  EXPECT_EQ(ocsf["http_response"]["code"], 200);
  EXPECT_EQ(ocsf["connection_info"]["protocol_num"], 6);
  EXPECT_EQ(ocsf["time"], 1'795'512'600'250);

  const std::string dns = head + R"("event_type":"dns","dns":{"version":3,"type":"response","id":7,"rcode":"NXDOMAIN",)"
                                 R"("rd":true,"queries":[{"rrname":"a.example","rrtype":"A"}],"answers":[{"rrname":)"
                                 R"("a.example","rrtype":"CNAME","ttl":60,"rdata":"b.example"}]}})";
  const Json answer = Json::parse(Mapped(Layout::kOcsf, dns));
  EXPECT_EQ(answer["type_uid"], 400302);
  EXPECT_EQ(answer["rcode_id"], 3);
  EXPECT_EQ(answer["answers"][0]["rdata"], "b.example");
  EXPECT_EQ(answer["unmapped"]["dns"]["rd"], true);
  const Json question = Json::parse(Mapped(Layout::kEcs, dns));
  EXPECT_EQ(question["dns"]["question"]["name"], "a.example");
  EXPECT_EQ(question["dns"]["answers"][0]["ttl"], 60);
  EXPECT_EQ(question["dns"]["header_flags"], Json({"RD"}));
}

TEST(Layout, WhatIsNoEventIsRefusedAndLeavesNothing) {
  for (const Layout layout : {Layout::kEcs, Layout::kOcsf}) {
    const auto mapper = NewLayoutMapper(layout, "0.1.0");
    std::string out;
    for (const char* bad : {"", "no json", "{}", "{\"timestamp\":\"x\"}", "{\"timestamp\":1,\"event_type\":\"dns\"}"}) {
      EXPECT_FALSE(mapper->Append(bad, out)) << bad;
    }
    EXPECT_EQ(out, "");
  }
}

TEST(Layout, TheSameLineGivesTheSameBytes) {
  const auto mapper = NewLayoutMapper(Layout::kOcsf, "0.1.0");
  std::string first, second;
  mapper->Append(AlertLine(), first);
  mapper->Append(R"({"timestamp":"2026-11-24T09:30:00.000000+0000","event_type":"stats","stats":{}})", second);
  second.clear();
  mapper->Append(AlertLine(), second);
  EXPECT_EQ(first, second);
}

TEST(FromWords, TakesTheFirstThatFits) {
  std::string out;
  EXPECT_TRUE(FromWords("b", "a=1;b=2;*=99", out));
  EXPECT_EQ(out, "2");
  EXPECT_TRUE(FromWords("x", "a=1;b=2;*=99", out));
  EXPECT_EQ(out, "99");
  EXPECT_FALSE(FromWords("x", "a=1", out));
}

}  // namespace
}  // namespace gander::report

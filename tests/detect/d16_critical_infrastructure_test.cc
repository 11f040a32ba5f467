// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "detect/d16_critical_infrastructure/control_meter.h"
#include "detect/d16_critical_infrastructure/engineering_files.h"
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

constexpr std::int64_t kDay = 86'400;

// The test world with two plants and a maker who stands in Germany and is named as a zone that is not ours.
policy::PolicySource Plants() {
  policy::PolicySource world = TestWorld();
  const auto add = [&](const char* id, const char* net, const char* state, const char* kind, bool own) {
    policy::Zone zone;
    zone.id = id;
    IpPrefix prefix;
    EXPECT_TRUE(IpPrefix::Parse(net, prefix));
    zone.nets = {prefix};
    zone.jurisdiction = {{state[0], state[1]}};
    zone.kind = kind;
    zone.own = own;
    world.zones.push_back(zone);
  };
  add("scada", "10.90.0.0/24", "NO", "ot", true);
  add("pumps", "10.91.0.0/24", "NO", "ot", true);
  add("maker", "203.0.113.128/25", "DE", "", false);
  return world;
}

policy::TransferEntry Maintenance(const char* from, const char* to_zone) {
  policy::TransferEntry e;
  e.id = std::string("maintenance-") + to_zone;
  e.from = from;
  e.to_zone = to_zone;
  e.classes = {"infrastructure"};
  e.basis = {"contract", "M-7", ""};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  return e;
}

void Ask(Script& script, const std::string& client, const std::string& server, const char* name, const char* category,
         const char* protocol = "modbus") {
  const Flow flow{.from = client, .to = server, .server_port = 502, .app_proto = protocol};
  script.Observe(Observation::kFunction, [&](Meter& m) { m.OnFunction(script.Facts(flow), {name, category}); });
}

TEST(CriticalInfrastructureTest, OneCommandFromOutsideIsCritical) {
  Script script(Plants());
  Ask(script, "203.0.113.5", "10.90.0.7", "WrSingleCoil", "write");
  script.Next();
  const auto alerts = script.Of("D16");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].sid, 2090016u);
  EXPECT_EQ(alerts[0].severity, Severity::kCritical);
  EXPECT_EQ(
      alerts[0].signature,
      "GANDER Control commands from outside the plant: modbus WrSingleCoil, 203.0.113.5 (outside, DE) to 10.90.0.7 "
      "(zone scada, NO)");
  EXPECT_NE(alerts[0].explanation.find("Threshold: one command"), std::string::npos);
}

TEST(CriticalInfrastructureTest, EachProtocolAndEachActSpeaks) {
  for (const char* protocol : {"modbus", "dnp3", "s7", "iec104", "bacnet", "opcua", "enip"}) {
    for (const char* category : {"write", "control"}) {
      Script script(Plants());
      Ask(script, "10.20.0.1", "10.90.0.7", "f", category, protocol);  // an own zone that is no plant
      script.Next();
      ASSERT_EQ(script.Of("D16").size(), 1u) << protocol << category;
      EXPECT_EQ(script.Of("D16")[0].severity, Severity::kHigh);
    }
  }
}

TEST(CriticalInfrastructureTest, ReadingAcrossTheEdgeIsLessThanActingAndSaidOnce) {
  Script script(Plants());
  Ask(script, "203.0.113.5", "10.90.0.7", "RdHoldRegs", "read");
  script.Exchange({.from = "203.0.113.5", .to = "10.90.0.7", .server_port = 502, .app_proto = "modbus"},
                  {.out = 12, .in = 60});
  script.Next();
  ASSERT_EQ(script.Of("D16").size(), 1u);
  EXPECT_NE(script.Of("D16")[0].signature.find("Control protocol across the plant's edge: modbus"), std::string::npos);
  for (int i = 0; i < 20; ++i) {
    Ask(script, "203.0.113.5", "10.90.0.8", "RdHoldRegs", "read");
    script.Next();
  }
  EXPECT_EQ(script.Of("D16").size(), 1u);
}

TEST(CriticalInfrastructureTest, AnActAfterReadingIsSaidAtOnce) {
  Script script(Plants());
  Ask(script, "10.20.0.1", "10.90.0.7", "RdHoldRegs", "read");
  script.Next();
  ASSERT_EQ(script.Of("D16").size(), 1u);
  EXPECT_EQ(script.Of("D16")[0].severity, Severity::kMedium);
  Ask(script, "10.20.0.1", "10.90.0.7", "plc_stop", "control");
  script.Next();
  ASSERT_EQ(script.Of("D16").size(), 2u);
  EXPECT_EQ(script.Of("D16")[1].severity, Severity::kHigh);
  EXPECT_EQ(script.Of("D16")[1].signature.find("RdHoldRegs"), std::string::npos);
}

TEST(CriticalInfrastructureTest, TrafficAloneShowsTheProtocol) {
  Script script(Plants());
  script.Exchange({.from = "10.90.0.7", .to = "203.0.113.5", .server_port = 20000, .app_proto = "dnp3"}, {.out = 20});
  script.Next();
  ASSERT_EQ(script.Of("D16").size(), 1u);
  EXPECT_NE(script.Of("D16")[0].signature.find("dnp3"), std::string::npos);
}

TEST(CriticalInfrastructureTest, WhatMustStaySilent) {
  Script script(Plants());
  Ask(script, "10.90.0.1", "10.90.0.7", "WrSingleCoil", "write");        // in its zone
  Ask(script, "10.90.0.1", "10.91.0.7", "WrSingleCoil", "write");        // from plant to plant
  Ask(script, "192.0.2.1", "192.0.2.2", "WrSingleCoil", "write");        // nobody of ours
  Ask(script, "10.90.0.1", "255.255.255.255", "who-Is", "diagnostic", "bacnet");
  Ask(script, "10.90.0.1", "224.0.0.9", "who-Is", "diagnostic", "bacnet");
  script.Exchange({.from = "10.90.0.1", .to = "10.90.0.7", .app_proto = "modbus"}, {.out = 90'000'000});
  script.Exchange({.from = "10.90.0.1", .to = "10.20.0.7", .app_proto = "tls"}, {.out = 90'000'000});  // own office
  script.Exchange({.from = "10.20.0.1", .to = "203.0.113.5", .app_proto = "tls"}, {.out = 90'000'000});  // no plant
  script.Next();
  script.Next(5, true);
  EXPECT_TRUE(script.Of("D16").empty());
}

TEST(CriticalInfrastructureTest, RegisteredMaintenanceIsSilentInItsDirection) {
  policy::PolicySource world = Plants();
  world.transfers = {Maintenance("scada", "maker")};
  Script reading(world);
  Ask(reading, "203.0.113.200", "10.90.0.7", "RdHoldRegs", "read");
  reading.Exchange({.from = "10.90.0.7", .to = "203.0.113.200"}, {.out = 5'000'000});
  reading.Next();
  EXPECT_TRUE(reading.Of("D16").empty());
  Ask(reading, "203.0.113.200", "10.90.0.7", "plc_stop", "control");  // data may leave; commands may not come in
  reading.Next();
  EXPECT_EQ(reading.Of("D16").size(), 1u);

  world.transfers.push_back(Maintenance("maker", "scada"));
  Script both(world);
  Ask(both, "203.0.113.200", "10.90.0.7", "plc_stop", "control");
  both.Next();
  EXPECT_TRUE(both.Of("D16").empty());
}

TEST(CriticalInfrastructureTest, OneMegabyteADayAndNotOneByteLess) {
  const auto leaves = [](std::uint64_t bytes, std::int64_t apart, bool plant_answers = false) {
    Script script(Plants());
    for (int part = 0; part < 4; ++part) {
      Flow flow{.from = "10.90.0." + std::to_string(part + 1), .to = "198.51.100.9", .app_proto = "tls"};
      if (plant_answers) std::swap(flow.from, flow.to);
      Volume volume{.out = bytes / 4, .in = 0};
      if (plant_answers) std::swap(volume.out, volume.in);
      script.Exchange(flow, volume);
      script.Pass(apart);
    }
    return script.Of("D16").size();
  };
  EXPECT_EQ(leaves(1'000'000, 5), 1u);
  EXPECT_EQ(leaves(1'000'000, 5, true), 1u);
  EXPECT_EQ(leaves(1'000'000, 6 * 3600), 1u);  // slowly, from four hosts
  EXPECT_EQ(leaves(999'996, 5), 0u);
  EXPECT_EQ(leaves(1'000'000, 2 * kDay), 0u);
}

TEST(CriticalInfrastructureTest, NewOutsidePeersSpeakOnceLearned) {
  Script script(Plants());
  const auto talk = [&](const char* peer) {
    script.Exchange({.from = "10.90.0.7", .to = peer, .app_proto = "ntp"}, {.out = 48, .in = 48});
    script.Next();
  };
  talk("198.51.100.1");
  script.Pass(6 * kDay);
  talk("198.51.100.2");  // still learned
  script.Pass(2 * kDay);
  talk("198.51.100.1");
  talk("198.51.100.2");
  EXPECT_TRUE(script.Of("D16").empty());
  talk("198.51.100.3");
  talk("198.51.100.3");
  ASSERT_EQ(script.Of("D16").size(), 1u);
  EXPECT_NE(script.Of("D16")[0].signature.find("New outside peer of the plant"), std::string::npos);
}

TEST(CriticalInfrastructureTest, WorkerCountNeverShows) {
  const auto run = [](bool turned) {
    Script script(Plants());
    for (int i = 0; i < 20; ++i) {
      const int at = turned ? 19 - i : i;
      Ask(script, "203.0.113." + std::to_string(at % 5 + 1), "10.90.0." + std::to_string(at + 1),
          at % 2 == 0 ? "RdHoldRegs" : "WrSingleReg", at % 2 == 0 ? "read" : "write");
    }
    script.Next();
    std::string out;
    for (const Alert& a : script.Of("D16")) out += a.signature + a.explanation + Flat(a.context);
    return out;
  };
  EXPECT_EQ(run(false), run(true));
}

void SendFile(Script& script, const Flow& flow, const FileSeen& file) {
  script.Observe(Observation::kFunction, [&](Meter& m) {
    if (m.reads_files()) m.OnFile(script.Facts(flow), file);
  });
}

TEST(CriticalInfrastructureTest, EngineeringFilesThatLeaveAPlant) {
  Script script(Plants());
  SendFile(script, {.from = "10.90.0.7", .to = "198.51.100.9", .app_proto = "ftp-data"}, {.name = "/up/Line4.ACD"});
  script.Next();
  const auto alerts = script.Of("D16");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].severity, Severity::kCritical);
  EXPECT_EQ(
      alerts[0].signature,
      "GANDER Engineering data leaving: project of a Rockwell controller, 10.90.0.7 (zone scada, NO) to 198.51.100.9 "
      "(outside, US)");
  EXPECT_EQ(alerts[0].explanation.find("Line4"), std::string::npos) << "names of files are not told";
  SendFile(script, {.from = "10.90.0.7", .to = "198.51.100.9", .app_proto = "ftp-data"}, {.name = "Line5.ACD"});
  script.Next();
  EXPECT_EQ(script.Of("D16").size(), 1u) << "said once";
}

TEST(CriticalInfrastructureTest, EngineeringFilesFetchedFromAPlant) {
  Script script(Plants());
  SendFile(script, {.from = "198.51.100.9", .to = "10.90.0.7", .app_proto = "smb"},
           {.name = "projects\\station.scd", .magic = "text", .direction = Direction::kToClient});
  script.Next();
  ASSERT_EQ(script.Of("D16").size(), 1u);
  EXPECT_NE(script.Of("D16")[0].signature.find("model of a substation (SCL), 10.90.0.7"), std::string::npos);
}

TEST(CriticalInfrastructureTest, FilesThatMustStaySilent) {
  Script script(Plants());
  const FileSeen model{.name = "station.scd", .magic = "text"};
  SendFile(script, {.from = "10.90.0.7", .to = "10.90.0.8"}, model);                      // in its zone
  SendFile(script, {.from = "10.90.0.7", .to = "10.91.0.8"}, model);                      // from plant to plant
  SendFile(script, {.from = "10.90.0.7", .to = "10.20.0.8"}, model);                      // to the own office
  SendFile(script, {.from = "198.51.100.9", .to = "10.90.0.7"}, model);                   // comes in
  SendFile(script, {.from = "10.20.0.7", .to = "198.51.100.9"}, model);                   // of no plant
  for (const FileSeen& other :
       {FileSeen{.name = "station.scd", .magic = "png"}, FileSeen{.name = "report.pdf", .magic = "pdf"},
        FileSeen{.name = ".project"}, FileSeen{.name = "dump.rdb"}, FileSeen{.name = "scd"}}) {
    SendFile(script, {.from = "10.90.0.7", .to = "198.51.100.9"}, other);
  }
  script.Next();
  EXPECT_TRUE(script.Of("D16").empty());

  policy::PolicySource world = Plants();
  world.transfers = {Maintenance("scada", "maker")};
  Script registered(world);
  SendFile(registered, {.from = "10.90.0.7", .to = "203.0.113.200"}, model);
  registered.Next();
  EXPECT_TRUE(registered.Of("D16").empty());
}

TEST(EngineeringFilesTest, ByNameAndFirstBytes) {
  const auto kind = [](std::string_view name, std::string_view magic = "") {
    return std::string(EngineeringFileOf(name, magic));
  };
  EXPECT_EQ(kind("plant.s7p"), "project of a Siemens controller");
  EXPECT_EQ(kind("Line.AP17"), "project of a Siemens controller");
  EXPECT_EQ(kind("Line.zap18", "zip"), "project of a Siemens controller");
  EXPECT_EQ(kind("Line.zap18", "text"), "");
  EXPECT_EQ(kind("Line.apx7"), "");
  EXPECT_EQ(kind("c:\\p\\x.L5X", "text"), "program of a Rockwell controller");
  EXPECT_EQ(kind("relay.rdb", "ole"), "settings of a protection relay");
  EXPECT_EQ(kind("town.inp", "text"), "model of a water network");
  EXPECT_EQ(kind("", "dwg"), "drawing of a site");
  EXPECT_EQ(kind("site.dwg", "jpeg"), "");
  EXPECT_EQ(kind("folder.scd/readme", "text"), "");
  EXPECT_EQ(kind(""), "");
  EXPECT_EQ(kind("."), "");
  EXPECT_EQ(kind("x."), "");
  EXPECT_EQ(kind(std::string(100'000, '.')), "");
}

TEST(ControlMeterTest, FilesAndFunctionsOfOneNameStayApart) {
  Script script(Plants());
  ControlMeter a(64, {1, 2}), b(64, {1, 2});
  const Flow flow{.from = "10.90.0.7", .to = "198.51.100.9", .app_proto = "http"};
  a.OnFile(script.Facts(flow), {.name = "x.scd"});
  a.OnFile(script.Facts(flow), {.name = "x.scd", .direction = Direction::kToClient});
  a.OnFile(script.Facts(flow), {.name = "x.txt"});
  b.OnFile(script.Facts(flow), {.name = "y.scd"});
  a.Merge(b);
  ASSERT_EQ(a.Sorted().size(), 2u);
  EXPECT_EQ(a.Sorted()[0]->times + a.Sorted()[1]->times, 3u);
}

TEST(ControlMeterTest, MergeIsCommutative) {
  Script script(Plants());
  const auto fill = [&](ControlMeter& meter, int from, int to) {
    for (int i = from; i < to; ++i) {
      const Flow flow{.from = "203.0.113.5", .to = "10.90.0." + std::to_string(i % 9 + 1), .app_proto = "modbus"};
      meter.OnFunction(script.Facts(flow), {i % 2 == 0 ? "a" : "b", i % 4 == 0 ? "read" : "write"});
    }
  };
  const auto told = [](const ControlMeter& meter) {
    std::string out;
    for (const auto* a : meter.Sorted()) {
      out += a->server.ToString() + a->function + std::to_string(a->acts) + std::to_string(a->times) + ";";
    }
    return out;
  };
  const HashKey key{1, 2};
  ControlMeter a(64, key), b(64, key), ab(64, key), ba(64, key), one(64, key);
  fill(a, 0, 30);
  fill(b, 20, 50);
  fill(one, 0, 30);
  fill(one, 20, 50);
  ab.Merge(a);
  ab.Merge(b);
  ba.Merge(b);
  ba.Merge(a);
  EXPECT_EQ(told(ab), told(ba));
  EXPECT_EQ(told(ab), told(one));
  ControlMeter small(4, key);
  fill(small, 0, 30);
  EXPECT_GT(small.overflow(), 0u);
  EXPECT_EQ(small.Sorted().size(), 4u);
}

TEST(ControlMeterTest, KnowsWhatNobodyParsesByItsFirstBytes) {
  const auto protocol = [](std::string_view opening) { return std::string(ControlProtocolOf(AsBytes(opening))); };
  using namespace std::literals;
  EXPECT_EQ(protocol("HELF\x20\x00\x00\x00rest"sv), "opcua");
  EXPECT_EQ(protocol("\x65\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00________\x00\x00\x00\x00\x01\x00\x00\x00"sv),
            "enip");
  EXPECT_EQ(protocol("HELF\x00\x00\x00\x00"sv), "");
  EXPECT_EQ(protocol("HELO mail.example.org\r\n"), "");
  EXPECT_EQ(protocol("\x65\x00\x04\x00"sv), "");
}

}  // namespace
}  // namespace gander::detect

// SPDX-License-Identifier: Apache-2.0
#include "protocol/flow_export/flow_export.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

constexpr auto kUdp = ip_proto::kUdp;

std::string U16(unsigned v) { return {static_cast<char>(v >> 8), static_cast<char>(v)}; }
std::string U32(unsigned v) { return U16(v >> 16) + U16(v & 0xffff); }
std::string Zeros(std::size_t n) { return std::string(n, '\0'); }

std::string Netflow5(unsigned records) { return U16(5) + U16(records) + Zeros(20) + Zeros(48 * records); }

std::string Set(unsigned id, const std::string& content) {
  return U16(id) + U16(static_cast<unsigned>(content.size()) + 4) + content;
}
std::string Netflow9(const std::string& sets, unsigned count = 1) { return U16(9) + U16(count) + Zeros(16) + sets; }
std::string Ipfix(const std::string& sets) {
  return U16(10) + U16(static_cast<unsigned>(sets.size()) + 16) + Zeros(12) + sets;
}
// Source and destination address, bytes: 12 octets a record.
const std::string kTemplate = U16(256) + U16(3) + U16(8) + U16(4) + U16(12) + U16(4) + U16(1) + U16(4);

std::string Sflow(unsigned samples) {
  std::string out = U32(5) + U32(1) + U32(0x0a000001) + Zeros(12) + U32(samples);
  for (unsigned i = 0; i < samples; ++i) out += U32(1) + U32(100) + Zeros(100);
  return out;
}
std::string Hep() {
  const std::string chunks =
      U16(0) + U16(1) + U16(7) + "\x02" + U16(0) + U16(15) + U16(6 + 22) + "INVITE sip:a@b SIP/2.0";
  return "HEP3" + U16(static_cast<unsigned>(chunks.size()) + 6) + chunks;
}

// What the event at the end of the flow tells.
std::string Told(const Talk& talk) {
  const RecordingSink sink = Play(kFlowExport, talk, true);
  EXPECT_EQ(sink.events.size(), 1u);
  return sink.events.empty() ? "" : sink.events[0];
}

TEST(FlowExportTest, CountsRecordsOfEachFormat) {
  EXPECT_EQ(Told({Client(Netflow5(30)), Client(Netflow5(1))}),
            R"(flow_export #0 > "flow_export":{"format":"netflow","version":5,"messages":2,"records":31})");
  EXPECT_THAT(Told({Client(Netflow9(Set(0, kTemplate) + Set(256, Zeros(36)), 4))}),
              HasSubstr(R"("version":9,"messages":1,"records":3)"));
  EXPECT_THAT(Told({Client(Ipfix(Set(2, kTemplate))), Client(Ipfix(Set(256, Zeros(120)) + Set(256, Zeros(12))))}),
              HasSubstr(R"("ipfix","version":10,"messages":2,"records":11)"));
  EXPECT_THAT(Told({Client(Ipfix(Set(300, Zeros(640))))}), HasSubstr(R"("records":10)"));  // no template seen
  EXPECT_THAT(Told({Server(Sflow(7))}),
              HasSubstr(R"(< "flow_export":{"format":"sflow","version":5,"messages":1,"records":7})"));
  EXPECT_THAT(Told({Client(Hep()), Client(Hep())}), HasSubstr(R"("hep","version":3,"messages":2,"records":2)"));
}

TEST(FlowExportTest, FieldsOfDifferingLengthAndOfMakers) {
  const std::string variable = U16(257) + U16(2) + U16(0x8000 | 5) + U16(8) + U32(29305) + U16(82) + U16(0xffff);
  const std::string fixed = U16(258) + U16(1) + U16(0x8000 | 5) + U16(8) + U32(29305);
  EXPECT_THAT(Told({Client(Ipfix(Set(2, variable + fixed) + Set(257, Zeros(128)) + Set(258, Zeros(80))))}),
              HasSubstr(R"("records":12)"));
}

TEST(FlowExportTest, ProbeWantsLengthsThatAddUp) {
  for (const std::string& good :
       {Netflow5(3), Netflow9(Set(0, kTemplate)), Ipfix(Set(2, kTemplate)), Sflow(2), Hep()}) {
    EXPECT_EQ(Ask(kFlowExport, good, 2055, Direction::kToServer, kUdp), Probe::kYes);
    for (std::size_t n = 0; n < good.size(); ++n) {
      EXPECT_EQ(Ask(kFlowExport, good.substr(0, n), 2055, Direction::kToServer, kUdp), Probe::kNo) << n;
    }
    EXPECT_EQ(Ask(kFlowExport, good + "x", 2055, Direction::kToServer, kUdp), Probe::kNo);
  }
  EXPECT_EQ(Ask(kFlowExport, U16(5) + U16(0) + Zeros(20), 2055, Direction::kToServer, kUdp), Probe::kNo);
  EXPECT_EQ(Ask(kFlowExport, Netflow9(Set(7, "1234")), 2055, Direction::kToServer, kUdp), Probe::kNo);
  EXPECT_EQ(Ask(kFlowExport, Zeros(64), 2055, Direction::kToServer, kUdp), Probe::kNo);
}

TEST(FlowExportTest, TooManyTemplatesAreForgotten) {
  std::string templates;
  for (unsigned id = 256; id < 400; ++id) templates += U16(id) + U16(1) + U16(8) + U16(4);
  EXPECT_THAT(Told({Client(Ipfix(Set(2, templates) + Set(256, Zeros(40)) + Set(399, Zeros(128))))}),
              HasSubstr(R"("records":12)"));
}

TEST(FlowExportTest, SurvivesDamage) {
  const Talk talk = {Client(Netflow9(Set(0, kTemplate) + Set(256, Zeros(36)))), Client(Sflow(2)), Client(Hep())};
  ExpectSurvivesDamage(kFlowExport, talk, 5, true);
  const RecordingSink sink =
      Play(kFlowExport, {Client(Netflow5(1)), Client(Netflow5(1).substr(0, 40)), Client(Netflow5(1))}, true);
  EXPECT_THAT(sink.anomalies, ElementsAre("malformed_data"));
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueBinary), 40u);
  EXPECT_THAT(sink.events, ElementsAre(HasSubstr(R"("messages":2)")));
}

}  // namespace
}  // namespace gander::protocol

// SPDX-License-Identifier: Apache-2.0
// What flow events tell of connections, tunnels, SCTP, ESP and ICMP; and when flows end.
#include <gmock/gmock.h>

#include "decode/frame_builder.h"
#include "runtime/replay.h"

namespace gander::runtime {
namespace {

using decode::Be16;
using decode::Be32;
using decode::Ethernet;
using decode::Hex;
using decode::Ip4;
using decode::Ip6;
using decode::Zeros;
using ::testing::HasSubstr;
using ::testing::SizeIs;

TimedFrame At(double seconds, const std::string& datagram) {
  return {kStart + Duration{static_cast<std::int64_t>(seconds * 1e9)}, Ethernet(0x0800, datagram)};
}

// A datagram between 10.0.0.1 and 10.0.0.2.
std::string There(std::uint8_t protocol, const std::string& payload) { return Ip4(protocol, payload); }
std::string Back(std::uint8_t protocol, const std::string& payload) {
  return Ip4(protocol, payload, {.source = Hex("0a000002"), .destination = Hex("0a000001")});
}

std::string Segment(std::uint16_t from, std::uint16_t to, std::uint32_t sequence, std::uint32_t acknowledged, std::uint8_t flags,
                    const std::string& payload = {}) {
  return Be16(from) + Be16(to) + Be32(sequence) + Be32(acknowledged) + "\x50" + std::string(1, static_cast<char>(flags)) +
         Be16(8192) + Zeros(4) + payload;
}

std::vector<std::string_view> FlowsOf(const Replayed& run) { return EventsOfType(run, "flow"); }

TEST(FlowEvents, FlagsStateAndGapsOfAConnection) {
  const Replayed run = Replay({At(0, There(6, Segment(4000, 80, 99, 0, 0xc2))), At(0.1, Back(6, Segment(80, 4000, 499, 100, 0x52))),
                               At(0.2, There(6, Segment(4000, 80, 100, 500, 0x10))),
                               At(0.3, There(6, Segment(4000, 80, 100, 500, 0x18, "GET /"))),
                               At(0.4, Back(6, Segment(80, 4000, 1500, 105, 0x18, "behind a hole"))),
                               At(0.5, There(6, Segment(4000, 80, 105, 1513, 0x11)))});
  ASSERT_THAT(FlowsOf(run), SizeIs(1));
  const std::string_view flow = FlowsOf(run)[0];
  EXPECT_THAT(flow, HasSubstr(R"("tcp":{"tcp_flags":"db","tcp_flags_ts":"db","tcp_flags_tc":"5a","syn":true,"fin":true,"psh":true,)"
                              R"("ack":true,"ecn":true,"cwr":true,"state":"close_wait","tc_gap":true,"tc_gap_bytes":1000})"));
  EXPECT_THAT(flow, HasSubstr(R"("state":"established","reason":"shutdown"})"));
}

// Bytes are those of the innermost datagram; each layer is told.
TEST(FlowEvents, LayersOfATunnel) {
  const std::string inner = Ip4(17, decode::Udp(1111, 2222, "payload"), {.source = Hex("c0000201")});
  const std::string vxlan = Hex("08000000 00006400") + Ethernet(0x8847, Hex("00010040 00020140") + inner);
  config::Settings settings = SmallSettings();
  settings.flow.outer_flows = flow::OuterFlows::kAll;
  const Replayed run = Replay({At(0, There(17, decode::Udp(5000, 4789, vxlan)))}, settings);
  ASSERT_THAT(FlowsOf(run), SizeIs(2)) << "the carrier is one too";
  EXPECT_THAT(FlowsOf(run)[1], HasSubstr(R"("app_proto":"vxlan")"));
  EXPECT_THAT(FlowsOf(run)[0],
              HasSubstr(R"("tunnel":{"src_ip":"10.0.0.1","src_port":5000,"dest_ip":"10.0.0.2","dest_port":4789,"proto":"UDP","depth":2,)"
                        R"("layers":[{"type":"vxlan","src_ip":"10.0.0.1","src_port":5000,"dest_ip":"10.0.0.2","dest_port":4789,)"
                        R"("proto":"UDP","vni":100},{"type":"mpls","labels":[16,32]}]})"));
  EXPECT_THAT(FlowsOf(run)[0], HasSubstr("\"bytes_toserver\":" + std::to_string(14 + 8 + inner.size()) + ","));
}

const char* const kTeredo = "20010000000000000000000000000001";

std::string Teredo(std::uint32_t host) {
  const std::string content = decode::Udp(1111, 2222, "payload");
  return Hex("60000000") + Be16(content.size()) + Hex("11 40") + Hex(kTeredo) + Hex("20010000 00000000 00000000") + Be32(host) + content;
}

// One conversation of two hosts on the outside, whatever number of workers shares what is inside.
TEST(FlowEvents, TheOutsideOfTeredoIsAFlow) {
  std::vector<TimedFrame> frames;
  for (std::uint32_t i = 0; i < 20; ++i) frames.push_back(At(i * 0.5, There(17, decode::Udp(40000, 3545, Teredo(i)))));
  frames.push_back(At(10, Back(17, decode::Udp(3545, 40000, Teredo(1)))));
  std::string alone;
  for (const std::uint32_t workers : {1u, 4u}) {
    config::Settings settings = SmallSettings();
    settings.runtime.workers = workers;
    const Replayed run = Replay(frames, settings);
    std::string outside;
    for (const std::string_view flow : FlowsOf(run)) {
      if (flow.find("\"app_proto\":\"teredo\"") != flow.npos) outside += flow;
    }
    EXPECT_THAT(outside, HasSubstr(R"("src_ip":"10.0.0.1","src_port":40000,"dest_ip":"10.0.0.2","dest_port":3545,"proto":"UDP")"));
    EXPECT_THAT(outside, HasSubstr(R"("pkts_toserver":20,"pkts_toclient":1)"));
    if (workers == 1) alone = outside;
    EXPECT_EQ(outside, alone);
    EXPECT_EQ(CounterOf(run.state, "flow", "outer_dropped"), 0u);
    settings.flow.outer_flows = flow::OuterFlows::kNone;
    EXPECT_EQ(FlowsOf(Replay(frames, settings)).size(), FlowsOf(run).size() - 1);
  }
}

std::string Sctp(const std::string& chunks, bool back = false) {
  return Be16(back ? 3868 : 40000) + Be16(back ? 40000 : 3868) + Be32(1) + Zeros(4) + chunks;
}
std::string Data(std::uint8_t flags, std::uint32_t number, const std::string& text) {
  std::string chunk = Hex("00") + std::string(1, static_cast<char>(flags)) + Be16(16 + text.size()) + Be32(number) + Zeros(8) + text;
  chunk.append((4 - chunk.size() % 4) % 4, '\0');
  return chunk;
}

// A message in fragments is put together and read as any other.
TEST(FlowEvents, MessagesOfSctpAreRead) {
  const std::string invite =
      "INVITE sip:bob@example.org SIP/2.0\r\nVia: SIP/2.0/SCTP pc33\r\nFrom: Anna <sip:anna@example.org>;tag=1\r\n"
      "To: Bob <sip:bob@example.org>\r\nContent-Length: 0\r\n\r\n";
  const Replayed run = Replay({At(0, There(132, Sctp(Hex("01000014") + Zeros(16)))), At(1, There(132, Sctp(Data(2, 7, invite.substr(0, 50))))),
                               At(2, There(132, Sctp(Data(1, 8, invite.substr(50))))), At(3, Back(132, Sctp(Hex("03000010") + Zeros(12), true)))});
  EXPECT_THAT(EventsOfType(run, "sip"), SizeIs(1));
  ASSERT_THAT(FlowsOf(run), SizeIs(1));
  EXPECT_THAT(FlowsOf(run)[0], HasSubstr(R"("proto":"SCTP","app_proto":"sip")"));
  EXPECT_THAT(FlowsOf(run)[0], HasSubstr(R"("sctp":{"chunk_types":["data","init","sack"],"has_data":true,"has_init":true,"has_init_ack":false)"));
  EXPECT_EQ(CounterOf(run.state, "sctp", "reassembled"), 1u);
  EXPECT_EQ(run.state.ledger.Sum(), run.state.ledger.received);
}

TEST(FlowEvents, EspIsCiphertext) {
  const Replayed run = Replay({At(0, There(50, Hex("c0ffee01 00000001") + std::string(64, 'e')))});
  ASSERT_THAT(FlowsOf(run), SizeIs(1));
  EXPECT_THAT(FlowsOf(run)[0], HasSubstr("\"spi\":3237998081"));
  EXPECT_EQ(run.state.ledger.Of(ByteFate::kEncrypted), 64u);
}

// The same addresses in two VLANs are other hosts, unless the mirror tags each direction in its own way.
TEST(FlowEvents, VlansTellFlowsApart) {
  const auto in = [](int vlan, const std::string& datagram) {
    TimedFrame frame = At(0, datagram);
    frame.bytes = Ethernet(0x8100, Be16(static_cast<std::size_t>(vlan)) + Hex("0800") + datagram);
    return frame;
  };
  const std::string ask = There(17, decode::Udp(1, 2, "x")), answer = Back(17, decode::Udp(2, 1, "y"));
  const std::vector<TimedFrame> frames = {in(5, ask), in(6, ask), in(5, answer), in(6, answer)};
  config::Settings settings = SmallSettings();
  settings.flow.vlans = true;
  const Replayed run = Replay(frames, settings);
  ASSERT_THAT(FlowsOf(run), SizeIs(2));
  EXPECT_THAT(FlowsOf(run)[0], HasSubstr("\"vlan\":[5]"));
  EXPECT_THAT(FlowsOf(run)[1], HasSubstr("\"vlan\":[6]"));
  EXPECT_THAT(FlowsOf(run)[1], HasSubstr(R"("pkts_toserver":1,"pkts_toclient":1)"));
  EXPECT_THAT(FlowsOf(Replay(frames)), SizeIs(1));
}

TEST(FlowEvents, WhatAnsweredAnEcho) {
  const Replayed run = Replay({At(0, There(1, Hex("0800 0000 0001 0001") + "ping")), At(1, Back(1, Hex("0000 0000 0001 0001") + "ping"))});
  ASSERT_THAT(FlowsOf(run), SizeIs(1));
  EXPECT_THAT(FlowsOf(run)[0], HasSubstr(R"("icmp_type":8,"icmp_code":0)"));
  EXPECT_THAT(FlowsOf(run)[0], HasSubstr(R"("response_icmp_type":0,"response_icmp_code":0)"));
}

// Seconds of silence after which the next packet opens another flow, by protocol and state.
TEST(FlowEvents, TimeoutsByProtocolAndState) {
  const auto udp = [](bool back) { return back ? Back(17, decode::Udp(2, 1, "x")) : There(17, decode::Udp(1, 2, "x")); };
  const auto tcp = [](std::uint8_t flags, bool back = false) {
    return back ? Back(6, Segment(80, 4000, 499, 100, flags)) : There(6, Segment(4000, 80, 99, 500, flags));
  };
  const std::string echo = There(1, Hex("0800 0000 0001 0001"));
  struct Case {
    const char* name;
    std::vector<std::string> before;
    std::string after;
    double seconds;
  };
  const Case cases[] = {
      {"UDP seen from one side", {udp(false)}, udp(false), 30},
      {"UDP answered", {udp(false), udp(true)}, udp(false), 300},
      {"TCP without an answer", {tcp(2)}, tcp(2), 60},
      {"TCP established", {tcp(2), tcp(0x12, true), tcp(0x10)}, tcp(0x10), 600},
      {"TCP reset", {tcp(2), tcp(0x12, true), tcp(0x10), tcp(0x14)}, tcp(0x10), 30},
      {"ICMP", {echo}, echo, 30},
      {"another protocol", {There(89, "ospf")}, There(89, "ospf"), 60},
  };
  for (const Case& c : cases) {
    for (const bool late : {false, true}) {
      std::vector<TimedFrame> frames;
      double now = 0;
      for (const std::string& datagram : c.before) frames.push_back(At(now += 0.001, datagram));
      frames.push_back(At(now + c.seconds + (late ? 0.5 : -0.5), c.after));
      EXPECT_EQ(FlowsOf(Replay(frames)).size(), late ? 2u : 1u) << c.name << (late ? ", late" : ", in time");
    }
  }
}

}  // namespace
}  // namespace gander::runtime

// SPDX-License-Identifier: Apache-2.0
// Flows of datagrams hold nothing between messages, and lose nothing by it; ciphertext that ends is read on.
#include <gtest/gtest.h>

#include "protocol/quic_packets.h"
#include "runtime/replay.h"
#include "runtime/traffic.h"
#include "runtime/wear.h"

namespace gander::runtime {
namespace {

// A resolver that asks from one port for a long time.
TEST(Datagrams, MessagesOfOneFlowAreNumberedOn) {
  const FiveTuple tuple = test::Tuple("10.0.0.1", 4053, "198.51.100.1", 53);
  Session all{{tuple}, {}};
  all.connections[0].protocol = ip_proto::kUdp;
  for (int i = 0; i < 3; ++i) {
    const Session one = DnsSession(tuple, "host" + std::to_string(i));
    all.turns.insert(all.turns.end(), one.turns.begin(), one.turns.end());
  }
  const Replayed run = Replay(FramesOf({all}));
  const auto events = EventsOfType(run, "dns");
  ASSERT_EQ(events.size(), 6u);
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_NE(events[i].find("\"tx_id\":" + std::to_string(i) + ","), std::string_view::npos) << events[i];
  }
  const auto flows = EventsOfType(run, "flow");
  ASSERT_EQ(flows.size(), 1u);
  EXPECT_NE(flows[0].find("\"app_proto\":\"dns\""), std::string_view::npos);
  EXPECT_EQ(run.state.app_flows.at("dns"), 1u);
}

// Text on an unknown port is noticed in any datagram, not only in the first.
TEST(Datagrams, TextBehindBinaryIsRead) {
  People people(9);
  Session s{{test::Tuple("10.0.0.2", 4000, "198.51.100.2", 9999)}, {}};
  s.connections[0].protocol = ip_proto::kUdp;
  std::mt19937 random(2);
  for (int i = 0; i < 10; ++i) {
    std::string noise(200, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    s.turns.push_back({Turn::kClientDatagram, noise});
  }
  const Person p = people.Next();
  s.turns.push_back({Turn::kClientDatagram, "mail=" + p.email + " ssn=" + p.ssn + " card=" + p.card + "\n"});
  const Replayed run = Replay(FramesOf({s}));
  EXPECT_GT(run.state.ledger.Of(ByteFate::kOpaqueBinary), 1900u);
  std::uint64_t counted = 0;
  for (const auto& [key, n] : run.state.findings) counted += key.second == "counted" ? n : 0;
  EXPECT_GE(counted, 2u);
  EXPECT_EQ(run.state.app_flows.at(""), 1u) << "one flow, whatever it carried";
}

std::string Record(char type, const std::string& content) {
  return std::string{type, 3, 3, static_cast<char>(content.size() >> 8), static_cast<char>(content.size())} + content;
}

// As FTP's CCC command: the session goes on in clear behind TLS's close_notify.
TEST(Datagrams, ClearTextBehindCiphertextIsRead) {
  People people(10);
  std::mt19937 random(3);
  std::string noise(900, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  const std::string cipher = Record(20, "\1") + Record(23, noise);
  Session s{{test::Tuple("10.0.0.4", 4000, "198.51.100.4", 990)},
            {{Turn::kOpen, {}},
             {Turn::kClient, Record(23, noise)},
             {Turn::kServer, Record(23, noise)},
             {Turn::kClient, cipher},
             {Turn::kServer, cipher},
             {Turn::kServer, people.Csv(20)},
             {Turn::kClose, {}}}};
  const Replayed run = Replay(FramesOf({s}));
  EXPECT_GT(run.state.ledger.Of(ByteFate::kEncrypted), 3000u);
  std::uint64_t counted = 0;
  for (const auto& [key, n] : run.state.findings) counted += key.second == "counted" ? n : 0;
  EXPECT_GE(counted, 40u);
  EXPECT_EQ(EventsOfType(run, "anomaly").size(), 1u);
  EXPECT_EQ(run.state.ledger.Sum(), run.state.ledger.received);
}

// Behind both hellos a QUIC flow is ciphertext: counted, and still called by its name.
TEST(Datagrams, CiphertextOfQuicIsOnlyCounted) {
  namespace quic = protocol::testing;
  const auto hello = [](char type, const std::string& body) {
    return std::string{type, 0, 0, static_cast<char>(body.size())} + body;
  };
  const std::string client = hello(1, "\3\3" + std::string(33, '\0') + std::string("\0\2\x13\1\1\0", 6));
  const std::string server = hello(2, "\3\3" + std::string(33, '\0') + std::string("\x13\1\0", 3));
  Session s{{test::Tuple("10.0.0.5", 4000, "198.51.100.5", 443)}, {}};
  s.connections[0].protocol = ip_proto::kUdp;
  s.turns.push_back({Turn::kClientDatagram, quic::SealInitial(quic::kV1Client, 1, quic::kExampleId, "", 0,
                                                              quic::Crypto(0, client))});
  s.turns.push_back(
      {Turn::kServerDatagram, quic::SealInitial(quic::kV1Server, 1, "", "id", 0, quic::Crypto(0, server))});
  std::mt19937 random(4);
  for (int i = 0; i < 20; ++i) {
    std::string noise(500, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    s.turns.push_back({i % 2 == 0 ? Turn::kClientDatagram : Turn::kServerDatagram, noise});
  }
  const Replayed run = Replay(FramesOf({s}));
  EXPECT_EQ(EventsOfType(run, "quic").size(), 2u);
  EXPECT_EQ(run.state.ledger.Of(ByteFate::kEncrypted), 10000u);
  EXPECT_EQ(run.state.ledger.Sum(), run.state.ledger.received);
  const auto flows = EventsOfType(run, "flow");
  ASSERT_EQ(flows.size(), 1u);
  EXPECT_NE(flows[0].find("\"app_proto\":\"quic\""), std::string_view::npos);
}

}  // namespace
}  // namespace gander::runtime

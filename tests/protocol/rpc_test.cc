// SPDX-License-Identifier: Apache-2.0
#include "protocol/rpc/rpc.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"
#include "protocol/rpc_message/repeats.h"
#include "protocol/rpc_messages.h"

namespace gander::protocol {
namespace {

using namespace testing;

constexpr auto kUdp = ip_proto::kUdp;
const std::string kNull = U32(0) + U32(0);
const std::string kGetPort = RpcCall(1, 100000, 2, 3, U32(100005) + U32(3) + U32(17) + U32(0), kNull);
const std::string kMount = RpcCall(2, 100005, 3, 1, Opaque("/export/anna.berg"));
const std::string kHandle = RpcReply(2, U32(0) + Opaque("handle") + U32(1) + U32(1));

TEST(RpcTest, TellsOfCallsWithTheirReplies) {
  const RecordingSink sink =
      Play(kRpc, {Client(Record(kGetPort)), Server(Record(RpcReply(1, U32(20048)))), Client(Record(kMount)),
                  Server(Record(kHandle)), Client(Record(RpcCall(3, 555000, 1, 9, U32(1))))});
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(rpc #0 < "rpc":{"xid":1,"status":"ACCEPTED","auth_type":"NULL","program":100000,"program_name":"portmap","version":2,"procedure":3,)"
          R"("type":"response","port":20048})",
          R"(rpc #1 < "rpc":{"xid":2,"status":"ACCEPTED","auth_type":"UNIX","creds":{"machine_name":"ward-3","uid":1000,"gid":100},)"
          R"("program":100005,"program_name":"mount","version":3,"procedure":1,"type":"response","path":"/export/anna.berg"})",
          R"(rpc #2 > "rpc":{"xid":3,"auth_type":"UNIX","creds":{"machine_name":"ward-3","uid":1000,"gid":100},"program":555000,"version":1,)"
          R"("procedure":9,"type":"request"})"));
  EXPECT_THAT(sink.fields, ElementsAre("rpc.machine_name > host=ward-3", "rpc.text > mount=/export/anna.berg\n",
                                       "rpc.text < mount=handle\n"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(RpcTest, CutsDoNotMatter) {
  ExpectSameAtEverySplit(kRpc, {Client(Record(kGetPort) + Record(kMount, 16)),
                                Server(Record(RpcReply(1, U32(20048)), 12) + Record(kHandle))});
}
TEST(RpcTest, SurvivesDamage) {
  const Talk talk = {Client(Record(kGetPort) + Record(kMount)),
                     Server(Record(RpcReply(1, U32(20048))) + Record(kHandle))};
  ExpectSurvivesDamage(kRpc, talk);
  ExpectSurvivesDamage(kRpc, {Client(kMount), Server(kHandle)}, 5, true);
  ExpectSurvivesDamage(kRpc, {Server(talk[0].bytes), Client(talk[1].bytes)});
}

// As by an impatient client, or a mirror: what comes again is no other call, and what differs is read.
TEST(RpcTest, DatagramsThatComeAgainAreOneCall) {
  const std::string other = RpcCall(2, 100005, 3, 1, Opaque("/export/carl.muster"));
  const RecordingSink sink =
      Play(kRpc, {Client(kMount), Client(kMount), Server(kHandle), Server(kHandle), Client(kMount), Client(other)}, true);
  EXPECT_THAT(sink.events,
              ElementsAre(AllOf(HasSubstr(R"("type":"response")"), HasSubstr("/export/anna.berg")),
                          AllOf(HasSubstr(R"("type":"request")"), HasSubstr("/export/carl.muster"))));
  EXPECT_THAT(sink.fields, Contains("rpc.text > mount=/export/carl.muster\n"));
  EXPECT_EQ(sink.fates.at(ByteFate::kDuplicate), 2 * kMount.size() + kHandle.size());
}

TEST(RpcTest, WhatComesAgainAfterManyOthersIsReadAgain) {
  Talk talk = {Client(kMount)};
  for (std::uint32_t i = 0; i < rpc_message::Repeats::kRemembered; ++i) talk.push_back(Client(RpcCall(10 + i, 100005, 3, 0, "")));
  talk.push_back(Client(kMount));
  const RecordingSink sink = Play(kRpc, talk, true);
  EXPECT_EQ(sink.fates.count(ByteFate::kDuplicate), 0u);
}

TEST(RpcTest, GoesOnBehindWhatIsNoMessage) {
  const RecordingSink sink =
      Play(kRpc, {Client(Record(kGetPort)), Client(Record(std::string(40, 'x'))), Client(Record(kMount))});
  EXPECT_THAT(sink.anomalies, ElementsAre("malformed_data"));
  EXPECT_EQ(sink.events.size(), 2u);
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueBinary), 40u);
}

TEST(RpcTest, LeavesToTls) {
  Player player(kRpc);
  const std::string starts = U32(1) + U32(1) + U32(0) + U32(0) + Opaque("STARTTLS") + U32(0);
  player.Feed({Client(Record(RpcCall(1, 100005, 3, 0, "", U32(7) + U32(0)))), Server(Record(starts) + "\x16\x03")});
  EXPECT_EQ(player.status(), ParseStatus::kSwitch);
  EXPECT_EQ(player.parser().consumed(), Record(starts).size());
}

TEST(RpcTest, Probe) {
  EXPECT_EQ(Ask(kRpc, Record(kGetPort)), Probe::kYes);
  EXPECT_EQ(Ask(kRpc, Record(kHandle)), Probe::kYes);
  EXPECT_EQ(Ask(kRpc, Record(kMount, 80)), Probe::kYes);
  EXPECT_EQ(Ask(kRpc, kGetPort, 111, Direction::kToServer, kUdp), Probe::kYes);
  for (std::size_t n = 1; n < 40; ++n) {
    EXPECT_EQ(Ask(kRpc, Record(kGetPort).substr(0, n)), Probe::kNeedMore) << n;
    EXPECT_EQ(Ask(kRpc, kGetPort.substr(0, n), 111, Direction::kToServer, kUdp), Probe::kNo) << n;
  }
  EXPECT_EQ(Ask(kRpc, Record(RpcCall(1, 80, 3, 0, ""))), Probe::kNo);
  EXPECT_EQ(Ask(kRpc, Record(RpcCall(1, 100000, 3000, 0, ""))), Probe::kNo);
  EXPECT_EQ(Ask(kRpc, "GET / HTTP/1.1\r\n\r\n                   "), Probe::kNo);
  EXPECT_EQ(Ask(kRpc, std::string(64, '\0')), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol

// SPDX-License-Identifier: Apache-2.0
#include "protocol/s7/s7.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

std::string Octets(std::initializer_list<int> octets) {
  std::string out;
  for (const int o : octets) out += static_cast<char>(o);
  return out;
}
std::string Tpkt(std::string_view unit) {
  const int n = static_cast<int>(unit.size()) + 4;
  return Octets({3, 0, n >> 8, n & 0xff}).append(unit);
}
std::string Data(std::string_view payload, bool last = true) { return Tpkt(Octets({2, 0xf0, last ? 0x80 : 0}).append(payload)); }
std::string Message(int type, std::string_view parameter, std::string_view data = {}, int reference = 1) {
  std::string out = Octets({0x32, type, 0, 0, 0, reference, 0, static_cast<int>(parameter.size()), 0, static_cast<int>(data.size())});
  if (type == 2 || type == 3) out += Octets({0x81, 4});
  return out.append(parameter).append(data);
}

const std::string kConnect = Tpkt(Octets({17, 0xe0, 0, 0, 0, 1, 0, 0xc1, 2, 1, 0, 0xc2, 2, 1, 2, 0xc0, 1, 10}));
const std::string kConfirm = Tpkt(Octets({17, 0xd0, 0, 1, 0, 1, 0, 0xc0, 1, 10, 0xc1, 2, 1, 0, 0xc2, 2, 1, 2}));
const std::string kItem = Octets({0x12, 10, 0x10, 2, 0, 6, 0, 7, 0x84, 0, 0, 0x50});
const std::string kRead = Message(1, Octets({4, 1}) + kItem);
const std::string kValue = Message(3, Octets({4, 1}), Octets({0xff, 4, 0, 96}) + "Ada Lovelace");
const std::string kWrite = Message(1, Octets({5, 1}) + kItem, Octets({0, 4, 0, 48}) + "secret");
const std::string kDownload = Message(1, Octets({0x1a, 0, 1, 0, 0, 0, 0, 0, 9}) + "_0A00001P" + Octets({0}));
const std::string kStop = Message(1, Octets({0x29, 0, 0, 0, 0, 0, 9}) + "P_PROGRAM");
const std::string kClock = Message(7, Octets({0, 1, 0x12, 4, 0x11, 0x47, 2, 0}), Octets({0x0a, 0, 0, 0}));

const Talk kSession = {
    Client(kConnect),
    Server(kConfirm),
    Client(Data(kRead)),
    Server(Data(kValue)),
    Client(Data(kWrite.substr(0, 20), false) + Data(kWrite.substr(20))),
    Client(Data(kDownload)),
    Server(Data(Message(1, Octets({0x1b, 0})))),
    Client(Data(Message(3, Octets({0x1b, 0}), Octets({0, 5, 0, 0xfb}) + "block"))),
    Server(Data(Message(1, Octets({0x1c, 0})))),
    Client(Data(kStop) + Data(kClock)),
    Client(Data(Octets({0x72, 1, 0, 9, 0x31, 0, 0, 5, 0x42, 0}))),
};

TEST(S7Test, ReadsMessages) {
  const RecordingSink sink = Play(kS7, kSession);
  ASSERT_EQ(sink.events.size(), 12u);
  EXPECT_EQ(sink.events[0], R"(s7 #0 > "s7":{"pdu_type":"connect_request","source_tsap":"0100","destination_tsap":"0102"})");
  EXPECT_EQ(sink.events[2], R"(s7 #2 > "s7":{"pdu_type":"job","pdu_reference":1,"function":{"code":4,"name":"read_var","category":"read"},)"
                            R"("item_count":1,"items":[{"area":"DB","db":7,"address":10,"bit":0,"transport_size":2,"length":6}]})");
  EXPECT_EQ(sink.events[3], R"(s7 #3 < "s7":{"pdu_type":"ack_data","pdu_reference":1,"function":{"code":4,"name":"read_var","category":"read"},)"
                            R"("item_count":1,"error_class":129,"error_code":4})");
  EXPECT_THAT(sink.events[4], HasSubstr(R"("name":"write_var","category":"write"})"));
  EXPECT_THAT(sink.events[5], HasSubstr(R"("name":"request_download","category":"control"},"file":"_0A00001P")"));
  EXPECT_THAT(sink.events[9], HasSubstr(R"("name":"plc_stop","category":"control"},"service":"P_PROGRAM")"));
  EXPECT_THAT(sink.events[10], HasSubstr(R"("name":"time_functions","category":"write"},"request":true,"subfunction":2)"));
  EXPECT_THAT(sink.events[11], HasSubstr(R"("pdu_type":"s7comm_plus","version":1,"request":true,"function":{"code":1346,"name":"set_multi_variables","category":"write"})"));
  EXPECT_THAT(sink.functions,
              ElementsAre("read_var read", "write_var write", "request_download control", "download_block control",
                          "download_ended control", "plc_stop control", "time_functions write", "set_multi_variables write"));
  EXPECT_THAT(sink.fields, ElementsAre("s7.data < =Ada Lovelace", "s7.data > =secret", "s7.file > file=_0A00001P"));
  EXPECT_THAT(sink.bodies, ElementsAre("s7.block #7 > ||_0A00001P|-1|block|complete"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(S7Test, CutsDoNotMatter) { testing::ExpectSameAtEverySplit(kS7, kSession); }
TEST(S7Test, SurvivesDamage) { testing::ExpectSurvivesDamage(kS7, kSession); }

TEST(S7Test, OthersOverTheSameTransportAreLeft) {
  Player player(kS7);
  player.Feed(Direction::kToServer, kConnect);
  EXPECT_EQ(player.Feed(Direction::kToServer, Data("\x60\x1e whatever")), ParseStatus::kNotThis);
  Player no_tpkt(kS7);
  EXPECT_EQ(no_tpkt.Feed(Direction::kToServer, "hello"), ParseStatus::kNotThis);
  EXPECT_THAT(no_tpkt.sink.fates, IsEmpty());  // who reads the flow next tells of these bytes
  EXPECT_THAT(no_tpkt.sink.anomalies, IsEmpty());
}

TEST(S7Test, LengthsThatLie) {
  const std::string lies = Message(1, Octets({4, 200}) + kItem.substr(0, 5));
  EXPECT_THAT(Play(kS7, {Client(Data(kRead) + Data(lies))}).events.size(), 2u);
  EXPECT_THAT(Play(kS7, {Client(Data(kRead) + Data(kRead.substr(0, 15)) + Octets({3, 0, 0, 1}))}).anomalies,
              ElementsAre("malformed_message", "malformed_tpkt"));
  std::string endless = Data(kRead);
  for (int i = 0; i < 40; ++i) endless += Data(std::string(1000, 'x'), false);
  EXPECT_GT(Play(kS7, {Client(endless)}).fates.at(ByteFate::kLostParserCap), 30000u);
}

TEST(S7Test, Probe) {
  EXPECT_EQ(Ask(kS7, Data(kRead), 9999), Probe::kYes);
  EXPECT_EQ(Ask(kS7, kConnect, 9999), Probe::kYes);
  const std::string mms = Tpkt(Octets({17, 0xe0, 0, 0, 0, 1, 0, 0xc1, 2, 0, 1, 0xc2, 2, 0, 1, 0xc0, 1, 10}));
  EXPECT_EQ(Ask(kS7, mms, 9999), Probe::kNo);
  const std::string desktop = Tpkt(Octets({14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0}));
  EXPECT_EQ(Ask(kS7, desktop, 3389), Probe::kNo);
  EXPECT_EQ(Ask(kS7, Octets({3, 0, 0}), 9999), Probe::kNeedMore);
  EXPECT_EQ(Ask(kS7, Octets({3, 1, 0, 0}), s7::kPort), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol

// SPDX-License-Identifier: Apache-2.0
#include "protocol/dnp3/dnp3.h"

#include <gmock/gmock.h>

#include "protocol/dnp3/link.h"
#include "protocol/harness.h"

namespace gander::protocol {
namespace {

std::string Octets(std::initializer_list<int> octets) {
  std::string out;
  for (const int o : octets) out += static_cast<char>(o);
  return out;
}
std::string Checked(std::string block) {
  const std::uint16_t crc = dnp3::Checksum(AsBytes(block));
  return block + static_cast<char>(crc & 0xff) + static_cast<char>(crc >> 8);
}
// A frame from 1 to 10, or back: its data has the octet of transport in front.
std::string Frame(bool from_master, std::string_view data, int function = 4) {
  const int control = (from_master ? 0xc0 : 0x40) | function;
  std::string out = Checked(Octets({5, 0x64, static_cast<int>(data.size()) + 5, control, from_master ? 10 : 1, 0, from_master ? 1 : 10, 0}));
  for (; !data.empty(); data.remove_prefix(std::min<std::size_t>(16, data.size()))) out += Checked(std::string(data.substr(0, 16)));
  return out;
}

const std::string kReadClasses = Frame(true, Octets({0xc0, 0xc1, 1, 60, 2, 6, 60, 1, 6}));
const std::string kInputs = Frame(false, Octets({0xc0, 0xc1, 129, 0x90, 0, 1, 2, 0, 3, 4, 0x81, 1, 30, 5, 0, 0, 0, 1, 0, 0, 0x80, 0x3f,
                                                 10, 1, 0, 0, 9, 0xff, 3}));
const std::string kOperate =
    Frame(true, Octets({0xc1, 0xc2, 4, 12, 1, 0x28, 1, 0, 1, 0, 3, 1, 100, 0, 0, 0, 100, 0, 0, 0, 0}));
const std::string kOpen = Octets({0xc3, 25, 70, 3, 0x5b, 1, 34, 0, 26, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 4, 7, 0}) +
                          "list.txt";
const std::string kBlock = Octets({0xc4, 0x81, 0, 0, 70, 5, 0x5b, 1, 16, 0, 1, 0, 0, 0, 0, 0, 0, 0x80}) + "Ada 1815";
const Talk kSession = {
    Client(Frame(true, {}, 9) + kReadClasses),
    Server(Frame(false, {}, 11) + kInputs),
    Client(kOperate),
    Client(Frame(true, Octets({0x40}) + kOpen.substr(0, 20)) + Frame(true, Octets({0x81}) + kOpen.substr(20))),
    Server(Frame(false, Octets({0xc2}) + kBlock)),
};

TEST(Dnp3Test, ReadsMessages) {
  const RecordingSink sink = Play(kDnp3, kSession);
  ASSERT_EQ(sink.events.size(), 5u);
  EXPECT_EQ(sink.events[0],
            R"(dnp3 #0 > "dnp3":{"type":"request","control":{"dir":true,"pri":true,"fcb":false,"fcv":false,"function_code":4},)"
            R"("src":1,"dst":10,"application":{"control":{"fir":true,"fin":true,"con":false,"uns":false,"sequence":1},)"
            R"("function_code":1,"objects":[{"group":60,"variation":2,"qualifier":6,"prefix_code":0,"range_code":6,"start":0,)"
            R"("stop":0,"count":0},{"group":60,"variation":1,"qualifier":6,"prefix_code":0,"range_code":6,"start":0,"stop":0,)"
            R"("count":0}],"complete":true},"function":{"code":1,"name":"read","category":"read"}})");
  EXPECT_THAT(sink.events[1], HasSubstr(R"("type":"response")"));
  EXPECT_THAT(sink.events[1],
              HasSubstr(R"("points":[{"prefix":0,"index":3,"online":1,"restart":0,"comm_lost":0,"remote_forced":0,"local_forced":0,)"
                        R"("chatter_filter":0,"reserved":0,"state":1},{"prefix":0,"index":4,)"));
  EXPECT_THAT(sink.events[1], HasSubstr(R"("reserved0":0,"value":1.000000})"));
  EXPECT_THAT(sink.events[1], HasSubstr(R"({"prefix":0,"index":9,"state":1}])"));
  EXPECT_THAT(sink.events[1], HasSubstr(R"("iin":{"indicators":["need_time","device_restart"]})"));
  EXPECT_THAT(sink.events[2], HasSubstr(R"("function":{"code":4,"name":"operate","category":"control"})"));
  EXPECT_THAT(sink.events[2], HasSubstr(R"([{"prefix":1,"index":1,"op_type":3,"qu":0,"cr":0,"tcc":0,"count":1,"ontime":100,)"
                                        R"("offtime":100,"status_code":0,"reserved":0}])"));
  EXPECT_THAT(sink.events[3], HasSubstr(R"("filename":"list.txt")"));
  EXPECT_THAT(sink.functions, ElementsAre("read read", "response read", "operate control", "open_file read", "response read"));
  EXPECT_THAT(sink.fields, Contains("dnp3.text > filename=list.txt"));
  EXPECT_THAT(sink.bodies, ElementsAre("dnp3.file #4 < ||list.txt|-1|Ada 1815|complete"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(Dnp3Test, CutsDoNotMatter) { testing::ExpectSameAtEverySplit(kDnp3, kSession); }
TEST(Dnp3Test, SurvivesDamage) {
  testing::ExpectSurvivesDamage(kDnp3, kSession);
  testing::ExpectSurvivesDamage(kDnp3, kSession, 5, true);
}

TEST(Dnp3Test, ConfirmationsMakeNoEvent) {
  EXPECT_THAT(Play(kDnp3, {Client(Frame(true, Octets({0xc0, 0xc1, 0})))}).events, IsEmpty());
}

TEST(Dnp3Test, DatagramsSayTheSame) { EXPECT_EQ(Play(kDnp3, kSession, true).Summary(), Play(kDnp3, kSession).Summary()); }

TEST(Dnp3Test, ChecksumsAreChecked) {
  std::string head = kReadClasses, data = kReadClasses;
  head[4] ^= 1;
  data[12] ^= 1;
  const RecordingSink sink = Play(kDnp3, {Client(kReadClasses + head + data + kReadClasses)});
  EXPECT_THAT(sink.anomalies, ElementsAre("bad_link_crc", "bad_transport_crc"));
  EXPECT_EQ(sink.events.size(), 2u);
}

TEST(Dnp3Test, WhatIsWrongIsTold) {
  const auto anomalies = [](std::string_view objects) {
    return Play(kDnp3, {Client(Frame(true, Octets({0xc0, 0xc0, 2}).append(objects)))}).anomalies;
  };
  EXPECT_THAT(anomalies(Octets({99, 1, 0, 0, 0, 1})), ElementsAre("unknown_object"));
  EXPECT_THAT(anomalies(Octets({110, 0, 9, 255, 255, 255, 255})), ElementsAre("too_many_points"));
  std::string many = Frame(true, Octets({0x40, 0xc0, 2}) + std::string(240, '\0'));
  for (int i = 1; i < 70; ++i) many += Frame(true, Octets({i & 63}) + std::string(240, '\0'));
  EXPECT_THAT(Play(kDnp3, {Client(many)}).anomalies, ElementsAre("too_long_reassembly"));
  EXPECT_THAT(Play(kDnp3, {Client(kReadClasses + "zz"), Client(kReadClasses)}).anomalies, ElementsAre("malformed_frame"));
  Player player(kDnp3);
  EXPECT_EQ(player.Feed(Direction::kToServer, "\x05\x65"), ParseStatus::kNotThis);
  EXPECT_THAT(player.sink.fates, IsEmpty());  // who reads the flow next tells of these bytes
  EXPECT_THAT(player.sink.anomalies, IsEmpty());
}

TEST(Dnp3Test, Probe) {
  EXPECT_EQ(Ask(kDnp3, kReadClasses, 9999), Probe::kYes);
  EXPECT_EQ(Ask(kDnp3, kReadClasses.substr(0, 5), 9999), Probe::kNeedMore);
  EXPECT_EQ(Ask(kDnp3, "\x05\x64zzzzzzzz", 20000), Probe::kNo);
  EXPECT_EQ(Ask(kDnp3, "\x05\x01\x00", 20000), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol

// SPDX-License-Identifier: Apache-2.0
#include "protocol/bacnet/bacnet.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

std::string Octets(std::initializer_list<int> octets) {
  std::string out;
  for (const int o : octets) out += static_cast<char>(o);
  return out;
}
std::string Datagram(std::string_view apdu, int function = 0x0a) {
  const int n = static_cast<int>(apdu.size()) + 6;
  return Octets({0x81, function, n >> 8, n & 0xff, 1, 0}).append(apdu);
}
std::string String(std::string_view text) { return Octets({0x75, static_cast<int>(text.size()) + 1, 0}).append(text); }

const std::string kDevice = Octets({2, 0, 0, 7});  // device 7
const std::string kReadName = Datagram(Octets({0, 5, 1, 12, 0x0c}) + kDevice + Octets({0x19, 77}));
const std::string kName =
    Datagram(Octets({0x30, 1, 12, 0x0c}) + kDevice + Octets({0x19, 77, 0x3e}) + String("Ward of Ada") + Octets({0x3f}));
const std::string kWrite =
    Datagram(Octets({0, 5, 2, 15, 0x0c, 0, 0x40, 0, 1, 0x19, 85, 0x3e, 0x44, 0x3f, 0x80, 0, 0, 0x3f, 0x49, 8}));
const std::string kRestart = Datagram(Octets({0, 5, 3, 20, 0x09, 1, 0x1d, 7, 0}) + "secret");
const std::string kIAmHere =
    Datagram(Octets({0x10, 0, 0xc4}) + kDevice + Octets({0x22, 5, 0xc4, 0x91, 3, 0x21, 15}), 0x0b);
const std::string kFileData = Datagram(Octets({0x30, 4, 6, 0x11, 0x0e, 0x31, 0, 0x65, 4}) + "text" + Octets({0x0f}));
const std::string kError = Datagram(Octets({0x50, 5, 15, 0x91, 2, 0x91, 40}));
const std::string kReject = Datagram(Octets({0x60, 5, 9}));
const Talk kSession = {Client(kReadName), Server(kName),     Client(kWrite), Client(kRestart),
                       Server(kIAmHere),  Server(kFileData), Server(kError), Server(kReject)};

TEST(BacnetTest, ReadsDatagrams) {
  const RecordingSink sink = Play(kBacnet, kSession, true);
  const std::string object = R"("object":{"type_code":8,"type":"device","instance":7})";
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(bacnet #0 > "bacnet":{"bvlc_function":"original_unicast_npdu","apdu_type":"confirmed_request","invoke_id":1,)"
          R"("function":{"code":12,"name":"readProperty","category":"read"},)" +
              object + R"(,"property_code":77,"property":"object-name"})",
          R"(bacnet #1 < "bacnet":{"bvlc_function":"original_unicast_npdu","apdu_type":"complex_ack","invoke_id":1,)"
          R"("function":{"code":12,"name":"readProperty","category":"read"},)" +
              object + R"(,"property_code":77,"property":"object-name","text":["Ward of Ada"]})",
          HasSubstr(
              R"("function":{"code":15,"name":"writeProperty","category":"write"},"object":{"type_code":1,"type":"analog-output","instance":1},)"
              R"("property_code":85,"property":"present-value")"),
          HasSubstr(R"("function":{"code":20,"name":"reinitializeDevice","category":"control"},"password":"secret")"),
          HasSubstr(R"("apdu_type":"unconfirmed_request","function":{"code":0,"name":"iAm","category":"diagnostic"},)" +
                    object + R"(,"vendor_id":15})"),
          HasSubstr(R"("name":"atomicReadFile")"), HasSubstr(R"("error":{"class":2,"code":40})"),
          HasSubstr(R"("apdu_type":"reject","invoke_id":5,"reason":9})")));
  EXPECT_THAT(sink.functions, ElementsAre("readProperty read", "writeProperty write", "reinitializeDevice control",
                                          "iAm diagnostic"));
  EXPECT_THAT(sink.fields, ElementsAre("bacnet.text < object-name=Ward of Ada", "bacnet.text > password=secret"));
  EXPECT_THAT(sink.bodies, ElementsAre("bacnet.file #5 < |||-1|text|complete"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

// Datagrams are whole or cut for good.
TEST(BacnetTest, TruncatedAtEveryByte) {
  for (const testing::Turn& turn : kSession) {
    for (std::size_t cut = 0; cut < turn.bytes.size(); ++cut) {
      std::string bytes = turn.bytes.substr(0, cut);
      EXPECT_THAT(Play(kBacnet, {Client(kReadName), Client(bytes)}, true).anomalies, ElementsAre("malformed_data"))
          << cut;
      // The length agrees, what is within ends early.
      if (cut > 3) bytes[3] = static_cast<char>(cut);
      Play(kBacnet, {Client(kReadName), Client(bytes)}, true);
    }
  }
}

TEST(BacnetTest, TagsThatLie) {
  const auto anomalies = [](std::string_view tags) {
    return Play(kBacnet, {Client(Datagram(Octets({0, 5, 1, 15}).append(tags)))}, true).anomalies;
  };
  EXPECT_THAT(anomalies(Octets({0x75, 200, 0, 'a'})), ElementsAre("malformed_data"));
  EXPECT_THAT(anomalies(Octets({0x75, 255, 255, 255, 255, 255})), ElementsAre("malformed_data"));
  EXPECT_THAT(anomalies(Octets({0x3f})), ElementsAre("malformed_data"));
  EXPECT_THAT(anomalies(std::string(100, '\x3e')), ElementsAre("malformed_data"));
  EXPECT_THAT(anomalies(std::string(1000, '\x00')), ElementsAre("malformed_data"));
}

TEST(BacnetTest, Probe) {
  const auto ask = [](std::string_view bytes, std::uint16_t port) {
    return testing::Ask(kBacnet, bytes, port, Direction::kToServer, ip_proto::kUdp);
  };
  EXPECT_EQ(ask(kReadName, 9999), Probe::kYes);
  EXPECT_EQ(ask(Octets({0x81, 5, 0, 6, 0, 60}), 9999), Probe::kNo);
  EXPECT_EQ(ask(Octets({0x81, 5, 0, 6, 0, 60}), bacnet::kPort), Probe::kYes);
  EXPECT_EQ(ask(Octets({0x81, 5, 0, 7, 0, 60}), bacnet::kPort), Probe::kNo);
  Player player(kBacnet, true);
  EXPECT_EQ(player.Feed(Direction::kToServer, "\x81zzzz"), ParseStatus::kNotThis);
}

}  // namespace
}  // namespace gander::protocol

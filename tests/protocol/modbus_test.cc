// SPDX-License-Identifier: Apache-2.0
#include "protocol/modbus/modbus.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

// A message of transaction `id`: what stands behind the length.
std::string Adu(int id, std::string_view pdu, int unit = 1) {
  std::string out{0, static_cast<char>(id), 0, 0, 0, static_cast<char>(pdu.size() + 1), static_cast<char>(unit)};
  return out.append(pdu);
}
std::string Octets(std::initializer_list<int> octets) {
  std::string out;
  for (const int o : octets) out += static_cast<char>(o);
  return out;
}

const std::string kReadCoils = Adu(1, Octets({1, 0, 19, 0, 8})), kCoils = Adu(1, Octets({1, 1, 0x55}));
const Talk kSession = {
    Client(kReadCoils),
    Server(kCoils),
    Client(Adu(2, Octets({6, 0, 1, 0, 3})) + Adu(3, Octets({3, 0, 0, 0, 6}))),
    Server(Adu(2, Octets({6, 0, 1, 0, 3})) + Adu(3, Octets({3, 12}) + "Ada Lovelace")),
    Client(Adu(4, Octets({16, 0, 9, 0, 1, 2, 'a', 'b'}))),
    Server(Adu(4, Octets({0x90, 2}))),
    Client(Adu(5, Octets({8, 0, 4, 0, 0}))),
    Client(Adu(6, Octets({43, 14, 1, 0}))),
    Server(Adu(6, Octets({43, 14, 1, 1, 0, 0, 1, 0, 4}) + "ACME")),
};

TEST(ModbusTest, PairsAndNamesFunctions) {
  const RecordingSink sink = Play(kModbus, kSession);
  ASSERT_EQ(sink.events.size(), 6u);
  EXPECT_EQ(
      sink.events[0],
      R"(modbus #0 > "modbus":{"id":1,"function":{"code":1,"name":"RdCoils","category":"read"},)"
      R"("request":{"transaction_id":1,"protocol_id":0,"unit_id":1,"function_raw":1,"function_code":"RdCoils",)"
      R"("access_type":"READ | COILS","category":"PUBLIC_ASSIGNED","error_flags":"NONE","read":{"address":19,"quantity":8}},)"
      R"("response":{"transaction_id":1,"protocol_id":0,"unit_id":1,"function_raw":1,"function_code":"RdCoils",)"
      R"("access_type":"READ | COILS","category":"PUBLIC_ASSIGNED","error_flags":"NONE","read":{"data":"U"}}})");
  EXPECT_THAT(sink.events[1], HasSubstr(R"("name":"WrSingleReg","category":"write"})"));
  EXPECT_THAT(sink.events[3], HasSubstr(R"("write":{"address":9,"quantity":1,"data":"ab"}})"));
  EXPECT_THAT(sink.events[3], HasSubstr(R"("function_raw":144,"function_code":"WrMultRegs")"));
  EXPECT_THAT(sink.events[3], HasSubstr(R"("exception":{"raw":2,"code":"IllegalDataAddr"})"));
  EXPECT_THAT(sink.events[4], HasSubstr(R"("mei":{"raw":14,"code":"RdDevId")"));
  EXPECT_THAT(sink.events[5], HasSubstr(R"("function":{"code":8,"name":"Diagnostic","category":"control"})"));
  EXPECT_THAT(sink.events[5], HasSubstr(R"("diagnostic":{"raw":4,"code":"ForceListenOnlyMode")"));
  EXPECT_THAT(sink.functions, ElementsAre("RdCoils read", "WrSingleReg write", "RdHoldRegs read", "WrMultRegs write",
                                          "Diagnostic control", "MEI diagnostic"));
  EXPECT_THAT(sink.fields, ElementsAre("modbus.data < =Ada Lovelace", "modbus.device < vendor_name=ACME"));
}

TEST(ModbusTest, CutsDoNotMatter) { testing::ExpectSameAtEverySplit(kModbus, kSession); }
TEST(ModbusTest, SurvivesDamage) { testing::ExpectSurvivesDamage(kModbus, kSession); }

TEST(ModbusTest, SwappedSidesSayTheSame) {
  Talk swapped = kSession;
  for (auto& turn : swapped) turn.direction = Opposite(turn.direction);
  EXPECT_EQ(Play(kModbus, swapped).events.size(), 6u);
}

TEST(ModbusTest, AnExceptionIsAnAnswer) {
  const RecordingSink sink = Play(kModbus, {Client(Adu(1, Octets({0x81, 6, 0})))});
  EXPECT_THAT(sink.anomalies, ElementsAre("invalid_length", "unsolicited_response"));
  EXPECT_THAT(sink.events, ElementsAre(HasSubstr(R"("response":{)")));
}

TEST(ModbusTest, WhatIsWrongIsTold) {
  EXPECT_THAT(Play(kModbus, {Client(kReadCoils), Server(Adu(9, Octets({1, 1, 0})))}).anomalies,
              ElementsAre("unsolicited_response"));
  EXPECT_THAT(Play(kModbus, {Client(kReadCoils + Adu(2, Octets({1, 0, 0, 0, 0})))}).anomalies,
              ElementsAre("invalid_value"));
  EXPECT_THAT(Play(kModbus, {Client(kReadCoils + Adu(2, Octets({1, 0})))}).anomalies, ElementsAre("invalid_length"));
  const std::string other = Octets({0, 1, 0, 9, 0, 6, 1, 1, 0, 0, 0, 1});
  EXPECT_THAT(Play(kModbus, {Client(kReadCoils), Client(other)}).anomalies, ElementsAre("invalid_length"));
  Player player(kModbus);
  EXPECT_EQ(player.Feed(Direction::kToServer, other), ParseStatus::kNotThis);
  EXPECT_THAT(player.sink.fates, IsEmpty());  // who reads the flow next tells of these bytes
  EXPECT_THAT(player.sink.anomalies, IsEmpty());
}

TEST(ModbusTest, ReadsOnBehindAGap) {
  const RecordingSink sink =
      Play(kModbus, {Client(kReadCoils), Server(kCoils), Client("\x01\x02\x03", 20), Client(kReadCoils)});
  EXPECT_EQ(sink.events.size(), 2u);
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueBinary), 3u);
}

TEST(ModbusTest, Probe) {
  EXPECT_EQ(Ask(kModbus, kReadCoils, 9999), Probe::kYes);
  EXPECT_EQ(Ask(kModbus, kCoils, 9999, Direction::kToClient), Probe::kYes);
  EXPECT_EQ(Ask(kModbus, Adu(1, Octets({100, 1})), modbus::kPort), Probe::kYes);
  EXPECT_EQ(Ask(kModbus, Adu(1, Octets({100, 1})), 9999), Probe::kNo);
  EXPECT_EQ(Ask(kModbus, kReadCoils.substr(0, 8), 9999), Probe::kNo);
  EXPECT_EQ(Ask(kModbus, kReadCoils.substr(0, 4), modbus::kPort), Probe::kNeedMore);
  EXPECT_EQ(Ask(kModbus, "GET / HTTP/1.1\r\n", modbus::kPort), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol

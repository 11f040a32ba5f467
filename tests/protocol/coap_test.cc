// SPDX-License-Identifier: Apache-2.0
#include "protocol/coap/coap.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

std::string Option(int delta, std::string_view value) {
  std::string out(1, static_cast<char>((delta < 13 ? delta : 13) << 4 | (value.size() < 13 ? value.size() : 13)));
  if (delta >= 13) out += static_cast<char>(delta - 13);
  if (value.size() >= 13) out += static_cast<char>(value.size() - 13);
  return out + std::string(value);
}

const std::string kRequest = std::string("\x42\x02\0\7tk", 6) + Option(3, "sensors.example.com") + Option(8, "people") +
                             Option(0, "7") + Option(1, "\x32") + Option(3, "unit=c") + Option(0, "a=b") +
                             "\xff{\"ssn\":\"078-05-1120\"}";
const std::string kResponse = std::string("\x62\x45\0\7tk", 6) + Option(12, "") + "\xffok";
const Talk kSession = {Client(kRequest), Server(kResponse), Client(std::string("\x70\0\0\7", 4))};

TEST(CoapTest, ReadsMessages) {
  const RecordingSink sink = Play(kCoap, kSession);
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(coap #0 > "coap":{"type":"confirmable","code":"POST","message_id":7,"uri_host":"sensors.example.com","uri_path":"/people/7",)"
          R"("uri_query":"?unit=c&a=b","content_format":50})",
          R"(coap #1 < "coap":{"type":"acknowledgement","code":"2.05","message_id":7,"content_format":0})",
          R"(coap #2 > "coap":{"type":"reset","code":"EMPTY","message_id":7})"));
  EXPECT_THAT(sink.bodies, ElementsAre("coap.payload #0 > application/json|||-1|{\"ssn\":\"078-05-1120\"}|complete",
                                       "coap.payload #1 < text/plain|||-1|ok|complete"));
  EXPECT_THAT(sink.fields, ElementsAre("coap.uri_path > =/people/7", "coap.uri_query > =unit=c&a=b"));
  EXPECT_THAT(sink.names, ElementsAre("sensors.example.com"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

// Datagrams are whole or cut for good: no cut may be read beyond, and the next is read as if nothing had been.
TEST(CoapTest, TruncatedAtEveryByte) {
  for (std::size_t cut = 0; cut < kRequest.size(); ++cut) {
    Player player(kCoap);
    player.Feed(Direction::kToServer, kResponse);
    player.Feed(Direction::kToServer, std::string_view(kRequest).substr(0, cut));
    player.Feed(Direction::kToClient, kResponse);
    player.End();
    EXPECT_GE(player.sink.events.size(), 2u) << cut;
  }
}

TEST(CoapTest, WhatIsBrokenIsTold) {
  const std::string reserved = std::string("\x40\x01\0\7\xf1x", 6);
  EXPECT_THAT(Play(kCoap, {Client(kRequest), Client(reserved)}).anomalies, ElementsAre("malformed_data"));
  Player player(kCoap);
  EXPECT_EQ(player.Feed(Direction::kToServer, reserved), ParseStatus::kNotThis);
}

TEST(CoapTest, Probe) {
  const auto ask = [](std::string_view bytes, std::uint16_t port) {
    return testing::Ask(kCoap, bytes, port, Direction::kToServer, ip_proto::kUdp);
  };
  EXPECT_EQ(ask(kRequest, coap::kPort), Probe::kYes);
  EXPECT_EQ(ask(kResponse, coap::kPort), Probe::kYes);
  EXPECT_EQ(ask(kRequest, 9999), Probe::kYes);
  EXPECT_EQ(ask(kResponse, 9999), Probe::kNo);
  EXPECT_EQ(ask("BIG text that is none", coap::kPort), Probe::kNo);
  EXPECT_EQ(ask("ABCD", 9999), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol

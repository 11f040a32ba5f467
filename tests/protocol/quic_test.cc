// SPDX-License-Identifier: Apache-2.0
#include "protocol/quic/quic.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "protocol/harness.h"
#include "protocol/quic/crypto_stream.h"
#include "protocol/quic_packets.h"

namespace gander::protocol {
namespace {

using testing::Crypto;
using testing::kExampleId;
using testing::kOtherId;
using testing::kV1Client;
using testing::kV1OtherClient;
using testing::kV1Server;
using testing::kV2Client;
using testing::kV2Server;
using testing::LongHeader;
using testing::SealInitial;

using namespace std::string_literals;  // NOLINT

constexpr std::uint32_t kV1 = 1, kV2 = 0x6b3343cf;
const std::string kServerId = "server-1";

std::string U16(std::size_t v) { return {static_cast<char>(v >> 8), static_cast<char>(v)}; }
std::string Counted16(const std::string& s) { return U16(s.size()) + s; }
std::string Ext(unsigned type, const std::string& data) { return U16(type) + Counted16(data); }
std::string Message(char type, const std::string& body) { return std::string{type, '\0'} + Counted16(body); }

std::string ClientHello(const std::string& host) {
  const std::string extensions = Ext(0, Counted16(std::string(1, '\0') + Counted16(host))) +
                                 Ext(16, Counted16("\x02h3")) + Ext(43, std::string("\x02\x03\x04", 3)) +
                                 Ext(57, "parameters");
  return Message('\x01', "\x03\x03" + std::string(32, 'r') + std::string(1, '\0') + Counted16("\x13\x01\x13\x02") +
                             std::string("\x01\x00", 2) + Counted16(extensions));
}
std::string ServerHello() {
  return Message('\x02', "\x03\x03" + std::string(32, 'R') + std::string("\x00\x13\x01\x00", 4) +
                             Counted16(Ext(43, "\x03\x04")));
}
std::string ClientInitial(const std::string& frames, unsigned number = 0, const std::string& id = kExampleId) {
  return SealInitial(kV1Client, kV1, id, "", number, frames);
}
std::string ServerInitial(const std::string& frames) {
  return SealInitial(kV1Server, kV1, "", kServerId, 1, frames);
}
Talk Handshake() {
  return {Client(ClientInitial(Crypto(0, ClientHello("www.example.org")))),
          Server(ServerInitial(std::string("\x02\x00\x00\x00\x00", 5) + Crypto(0, ServerHello())))};
}

TEST(QuicTest, HellosOfBothSidesAreTold) {
  const RecordingSink sink = Play(kQuic, Handshake());
  EXPECT_THAT(sink.names, ElementsAre("www.example.org"));
  EXPECT_THAT(sink.fields, ElementsAre("quic.sni > =www.example.org"));
  ASSERT_EQ(sink.events.size(), 2u);
  EXPECT_THAT(sink.events[0], HasSubstr(R"(quic #0 > "quic":{"version":"1","sni":"www.example.org","ja3":{"hash":")"));
  EXPECT_THAT(sink.events[0], HasSubstr(R"("string":"771,4865-4866,0-16-43-57,,"},"ja4":"q13d0204h3_)"));
  EXPECT_THAT(sink.events[0], HasSubstr(R"({"type":0,"name":"server_name","values":["www.example.org"]})"));
  EXPECT_THAT(sink.events[0], HasSubstr(R"({"type":16,"name":"alpn","values":["h3"]})"));
  EXPECT_THAT(sink.events[1], HasSubstr(R"(quic #1 < "quic":{"version":"1","ja3s":{"hash":")"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(QuicTest, BehindTheHellosNothingIsRead) {
  Player player(kQuic);
  player.Feed(Handshake());
  EXPECT_EQ(player.status(), ParseStatus::kEncrypted);
}

TEST(QuicTest, HandshakeInPiecesOutOfOrderAndOverlapping) {
  const std::string hello = ClientHello("shuffled.example");
  std::vector<std::string> frames;
  for (std::size_t at = 0; at < hello.size(); at += 7)
    frames.push_back(Crypto(at, std::string_view(hello).substr(at, 9)));
  std::shuffle(frames.begin(), frames.end(), std::minstd_rand(7));
  std::string first, second;
  for (std::size_t i = 0; i < frames.size(); ++i) (i % 2 == 0 ? first : second) += frames[i] + std::string(3, '\0');
  const RecordingSink sink = Play(kQuic, {Client(ClientInitial(first)), Client(ClientInitial(second, 1))});
  EXPECT_THAT(sink.names, ElementsAre("shuffled.example"));
}

TEST(QuicTest, Version2HasOtherTypesSaltAndLabels) {
  const RecordingSink sink =
      Play(kQuic, {Client(SealInitial(kV2Client, kV2, kExampleId, "", 0, Crypto(0, ClientHello("v2.example")))),
                   Server(SealInitial(kV2Server, kV2, "", kServerId, 0, Crypto(0, ServerHello())))});
  ASSERT_EQ(sink.events.size(), 2u);
  EXPECT_THAT(sink.events[0], HasSubstr(R"("version":"6b3343cf","sni":"v2.example")"));
}

TEST(QuicTest, ServerMayAnswerInVersion2) {
  const RecordingSink sink =
      Play(kQuic, {Client(ClientInitial(Crypto(0, ClientHello("both.example")))),
                   Server(SealInitial(kV2Server, kV2, "", kServerId, 0, Crypto(0, ServerHello())))});
  ASSERT_EQ(sink.events.size(), 2u);
  EXPECT_THAT(sink.events[1], HasSubstr(R"("version":"6b3343cf")"));
}

// The RFC's keys belong to the id of the second attempt here: the first cannot be opened by them, nor need it be.
TEST(QuicTest, RetryGivesNewKeysAndTellsNothingTwice) {
  const std::string retry = LongHeader(0xf0, kV1, "", kExampleId) + "token" + std::string(16, 'i');
  Talk talk = Handshake();
  talk.insert(talk.begin() + 1, Server(retry));
  talk.insert(talk.begin() + 2, Client(ClientInitial(Crypto(0, ClientHello("www.example.org")), 1)));
  const RecordingSink sink = Play(kQuic, talk);
  EXPECT_EQ(sink.events.size(), 2u);
  EXPECT_THAT(sink.names, ElementsAre("www.example.org"));
}

// Each packet comes once more a little later, as by a mirror: the first one behind the one that answers the Retry.
TEST(QuicTest, ServerIsReadThoughTheFirstAttemptComesAgain) {
  const std::string hello = Crypto(0, ClientHello("www.example.org"));
  const auto first = Client(SealInitial(kV1OtherClient, kV1, kOtherId, "", 0, hello));
  const auto retry = Server(LongHeader(0xf0, kV1, "", kExampleId) + "token" + std::string(16, 'i'));
  const auto second = Client(ClientInitial(hello, 1));
  const RecordingSink sink =
      Play(kQuic, {first, retry, second, retry, first, second, Server(ServerInitial(Crypto(0, ServerHello())))});
  EXPECT_THAT(sink.events, ElementsAre(HasSubstr("quic #0 >"), HasSubstr("quic #1 <")));
}

TEST(QuicTest, NegotiationStartsOver) {
  const std::string offer = LongHeader(0xca, 0, "", kExampleId) + std::string("\x6b\x33\x43\xcf\0\0\0\x01", 8);
  const RecordingSink sink =
      Play(kQuic, {Client(ClientInitial(Crypto(0, ClientHello("old.example")))), Server(offer),
                   Client(SealInitial(kV2Client, kV2, kExampleId, "", 0, Crypto(0, ClientHello("new.example"))))});
  EXPECT_THAT(sink.names, ElementsAre("old.example", "new.example"));
}

TEST(QuicTest, CoalescedPacketsAreTakenApart) {
  const std::string zero_rtt = LongHeader(0xd0, kV1, kExampleId, "") + testing::Varint(30) + std::string(30, 'z');
  const RecordingSink sink =
      Play(kQuic, {Client(zero_rtt + ClientInitial(Crypto(0, ClientHello("coalesced.example"))) + "\x40short header")});
  EXPECT_THAT(sink.names, ElementsAre("coalesced.example"));
  EXPECT_EQ(sink.fates.at(ByteFate::kEncrypted), zero_rtt.size() + 13);
}

TEST(QuicTest, DirectionMayBeSwapped) {
  Talk talk = Handshake();
  for (testing::Turn& turn : talk) turn.direction = Opposite(turn.direction);
  const RecordingSink sink = Play(kQuic, talk);
  ASSERT_EQ(sink.events.size(), 2u);
  EXPECT_THAT(sink.events[0], HasSubstr("quic #0 < "));
}

TEST(QuicTest, WhatNoKeyOpensIsGivenUp) {
  Player player(kQuic);
  const std::string packet = SealInitial(kV1Server, kV1, "", kServerId, 0, Crypto(0, ServerHello()));
  for (int i = 0; i < quic::kMaxUnopened; ++i) {
    EXPECT_EQ(player.status(), ParseStatus::kContinue);
    player.Feed(Direction::kToClient, packet);
  }
  EXPECT_EQ(player.status(), ParseStatus::kEncrypted);
  EXPECT_THAT(player.sink.anomalies, ElementsAre("failed_decrypt"));
}

TEST(QuicTest, HandshakesAreBounded) {
  const RecordingSink far = Play(kQuic, {Client(ClientInitial(Crypto(quic::kMaxHello, "x")))});
  EXPECT_THAT(far.anomalies, ElementsAre("crypto_overflow"));
  EXPECT_EQ(far.fates.at(ByteFate::kLostParserCap), 1u);
  const std::string giant = std::string("\x01\xff\xff\xff", 4);
  EXPECT_THAT(Play(kQuic, {Client(ClientInitial(Crypto(0, giant)))}).anomalies, ElementsAre("crypto_overflow"));
}

TEST(QuicTest, CryptoStreamIsThatOfASlowModel) {
  std::minstd_rand random(1);
  for (int round = 0; round < 300; ++round) {
    quic::CryptoStream stream;
    std::string model;
    std::vector<bool> have(400);
    model.resize(have.size());
    for (int i = 0; i < 12; ++i) {
      const std::size_t at = random() % 200, length = random() % 60;
      const std::string piece(length, static_cast<char>('a' + i));
      ASSERT_TRUE(stream.Put(at, AsBytes(piece)));
      for (std::size_t k = at; k < at + length; ++k) {
        if (!have[k]) model[k] = piece[0];
        have[k] = true;
      }
      const auto end = static_cast<std::size_t>(std::find(have.begin(), have.end(), false) - have.begin());
      ASSERT_EQ(AsText(stream.Front()), model.substr(0, end));
    }
  }
}

TEST(QuicTest, StretchesAreBounded) {
  quic::CryptoStream stream;
  for (std::size_t i = 0; i < quic::kMaxStretches; ++i) ASSERT_TRUE(stream.Put(10 * i, AsBytes("x")));
  EXPECT_FALSE(stream.Put(5000, AsBytes("x")));
  EXPECT_TRUE(stream.Put(1, AsBytes("y")));
  EXPECT_EQ(AsText(stream.Front()), "xy");
}

std::string Little32(std::size_t v) {
  std::string out;
  for (int i = 0; i < 4; ++i) out += static_cast<char>(v >> 8 * i);
  return out;
}
std::string GoogleHello() {
  return std::string("CHLO\x03\0\0\0", 8) + std::string("PAD\0", 4) + Little32(4) + std::string("SNI\0", 4) +
         Little32(18) + "UAID" + Little32(26) + "----" + "www.google.com" + "Chrome/1";
}
std::string StreamFrame(const std::string& data) { return "\xa0\x01" + Counted16(data); }

TEST(QuicTest, GoogleHelloInClear) {
  const std::string hash(12, 'h');
  const std::string q043 = "\x09" + std::string("12345678") + "Q043" + "\x01" + hash + StreamFrame(GoogleHello());
  const std::string q046 = "\xc3Q046\x50" + std::string("12345678") + "\0\0\0\x01"s + hash + StreamFrame(GoogleHello());
  for (const std::string& datagram : {q043, q046}) {
    EXPECT_EQ(Ask(kQuic, datagram, 443, Direction::kToServer, ip_proto::kUdp), Probe::kYes);
    const RecordingSink sink = Play(kQuic, {Client(datagram)});
    EXPECT_THAT(sink.names, ElementsAre("www.google.com"));
    ASSERT_EQ(sink.events.size(), 1u);
    EXPECT_THAT(sink.events[0], HasSubstr(R"("sni":"www.google.com","ua":"Chrome/1","cyu":[{"hash":")"));
    EXPECT_THAT(sink.events[0], HasSubstr(datagram == q043 ? R"("string":"43,PAD-SNI-UAID")" : R"("46,PAD-SNI-UAID")"));
  }
}

TEST(QuicTest, ProbeKnowsVersionsNotPorts) {
  const auto ask = [](const std::string& datagram) {
    return Ask(kQuic, datagram, 443, Direction::kToServer, ip_proto::kUdp);
  };
  EXPECT_EQ(ask(ClientInitial(Crypto(0, "x"))), Probe::kYes);
  EXPECT_EQ(ask(LongHeader(0xc0, 0xff00001d, kExampleId, "") + std::string("\x00\x01x", 3)), Probe::kYes);
  EXPECT_EQ(ask(LongHeader(0xc0, 0x12345678, kExampleId, "") + std::string("\x00\x01x", 3)), Probe::kNo);
  EXPECT_EQ(ask(LongHeader(0xc0, 1, kExampleId, "") + std::string("\x00\x05x", 3)), Probe::kNo) << "cut short";
  EXPECT_EQ(ask(LongHeader(0xc0, 1, std::string(21, 'i'), "") + std::string("\x00\x01x", 3)), Probe::kNo);
  EXPECT_EQ(ask(LongHeader(0xc0, 0x1a2a3a4a, kExampleId, "") + std::string(1200, 'x')), Probe::kYes);
  EXPECT_EQ(ask(LongHeader(0xc0, 0x1a2a3a4a, kExampleId, "") + std::string(100, 'x')), Probe::kNo);
  EXPECT_EQ(ask("\x40" + std::string(40, 'x')), Probe::kNo) << "a short header tells nothing";
  EXPECT_EQ(ask(""), Probe::kNo);
}

TEST(QuicTest, SurvivesDamage) { ExpectSurvivesDamage(kQuic, Handshake()); }

TEST(QuicTest, EveryBitFlippedIsNoticedOrHarmless) {
  const std::string packet = ClientInitial(Crypto(0, ClientHello("www.example.org")));
  for (std::size_t i = 0; i < packet.size(); ++i) {
    std::string damaged = packet;
    damaged[i] = static_cast<char>(damaged[i] ^ 1 << i % 8);
    EXPECT_THAT(Play(kQuic, {Client(damaged)}).names, IsEmpty()) << i;
  }
}

}  // namespace
}  // namespace gander::protocol

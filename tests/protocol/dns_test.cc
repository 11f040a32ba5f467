// SPDX-License-Identifier: Apache-2.0
#include "protocol/dns/dns.h"

#include <gmock/gmock.h>

#include "protocol/dns_message/message.h"
#include "protocol/harness.h"

namespace gander::protocol {
namespace {

std::string U16(unsigned v) { return {static_cast<char>(v >> 8), static_cast<char>(v)}; }
std::string U32(unsigned v) { return U16(v >> 16) + U16(v & 0xffff); }
std::string Name(std::string_view dotted) {
  std::string out;
  while (!dotted.empty()) {
    const std::string_view label = dotted.substr(0, dotted.find('.'));
    out += static_cast<char>(label.size());
    out += label;
    dotted.remove_prefix(std::min(dotted.size(), label.size() + 1));
  }
  return out + '\0';
}
std::string Head(unsigned id, unsigned flags, unsigned q, unsigned an, unsigned ns, unsigned ar) {
  return U16(id) + U16(flags) + U16(q) + U16(an) + U16(ns) + U16(ar);
}
const std::string kPointer = "\xc0\x0c";
std::string Rr(const std::string& name, unsigned type, const std::string& data) {
  return name + U16(type) + U16(1) + U32(300) + U16(static_cast<unsigned>(data.size())) + data;
}
std::string Framed(const std::string& m) { return U16(static_cast<unsigned>(m.size())) + m; }

const std::string kQuery = Head(7, 0x0100, 1, 0, 0, 0) + Name("www.example.org") + U16(28) + U16(1);
const std::string kAnswer =
    Head(7, 0x8580, 1, 3, 1, 1) + Name("www.example.org") + U16(28) + U16(1) +
    Rr(kPointer, 5, std::string("\x01h\xc0\x10", 4)) +
    Rr(Name("h.example.org"), 28, std::string("\x20\x01\x0d\xb8", 4) + std::string(11, '\0') + "\x01") +
    Rr(kPointer, 16,
       "\x03"
       "abc\x02"
       "de") +
    Rr(Name(""), 6, Name("ns.x") + Name("root.x") + U32(1) + U32(2) + U32(3) + U32(4) + U32(5)) +
    Rr(Name(""), 41, "");

TEST(DnsTest, WritesQueryAndAnswer) {
  const RecordingSink sink = Play(kDns, {Client(kQuery), Server(kAnswer)}, true);
  ASSERT_EQ(sink.events.size(), 2u);
  EXPECT_EQ(
      sink.events[0],
      R"(dns #0 > "dns":{"version":3,"type":"request","tx_id":0,"id":7,"flags":"100","rd":true,"opcode":0,)"
      R"("rcode":"NOERROR","queries":[{"rrname":"www.example.org","rrtype":"AAAA"}]})");
  EXPECT_EQ(
      sink.events[1],
      R"(dns #1 < "dns":{"version":3,"type":"response","tx_id":1,"id":7,"flags":"8580","qr":true,"aa":true,)"
      R"("rd":true,"ra":true,"opcode":0,"rcode":"NOERROR",)"
      R"("queries":[{"rrname":"www.example.org","rrtype":"AAAA"}],"answers":[)"
      R"({"rrname":"www.example.org","rrtype":"CNAME","ttl":300,"rdata":"h.example.org"},)"
      R"({"rrname":"h.example.org","rrtype":"AAAA","ttl":300,"rdata":"2001:0db8:0000:0000:0000:0000:0000:0001"},)"
      R"({"rrname":"www.example.org","rrtype":"TXT","ttl":300,"rdata":"abc"},)"
            R"({"rrname":"www.example.org","rrtype":"TXT","ttl":300,"rdata":"de"}],"authorities":[)"
      R"({"rrname":"","rrtype":"SOA","ttl":300,"soa":{"mname":"ns.x","rname":"root.x","serial":1,"refresh":2,)"
      R"("retry":3,"expire":4,"minimum":5}}],"additionals":[{"rrname":"","rrtype":"OPT"}],)"
      R"("grouped":{"CNAME":["h.example.org"],"TXT":["abc","de"],)"
      R"("AAAA":["2001:0db8:0000:0000:0000:0000:0000:0001"]}})");
  EXPECT_THAT(sink.fields, ElementsAre("dns.query.rrname > =www.example.org",
                                       "dns.query.rrname < =www.example.org", "dns.answer.txt < =abcde"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(DnsTest, StreamOfSeveralMessages) {
  const Talk talk = {Client(Framed(kQuery) + Framed(kQuery)), Server(Framed(kAnswer))};
  EXPECT_EQ(Play(kDns, talk).events.size(), 3u);
  ExpectSameAtEverySplit(kDns, talk);
  ExpectSurvivesDamage(kDns, talk, 3);
}

TEST(DnsTest, StreamGoesOnBehindAGap) {
  const RecordingSink sink = Play(
      kDns, {Client(Framed(kQuery)), Client("lost start"), Client("middle", 10), Client(Framed(kQuery), 20)});
  EXPECT_EQ(sink.events.size(), 2u);
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueBinary), 6u);
}

TEST(DnsTest, EveryTruncationOfADatagramIsAnOutcome) {
  for (std::size_t n = 0; n < kAnswer.size(); ++n) {
    const RecordingSink sink = Play(kDns, {Client(kQuery), Server(kAnswer.substr(0, n))}, true);
    EXPECT_EQ(sink.events.size() + sink.fates.size(), n == 0 ? 1u : 2u) << n;
    EXPECT_EQ(sink.anomalies.empty(), n == 0) << n;
  }
}

TEST(DnsTest, PointerLoopsEnd) {
  for (const std::string& name : {std::string("\xc0\x0c"),
                                  std::string("\x01"
                                              "a\xc0\x0c"),
                                  std::string("\xc0\x0e\xc0\x0c")}) {
    const std::string message = Head(1, 0, 1, 0, 0, 0) + name + U16(1) + U16(1);
    EXPECT_EQ(Ask(kDns, message, 5300, Direction::kToServer, ip_proto::kUdp), Probe::kNo);
    EXPECT_EQ(Ask(kDns, message, 53, Direction::kToServer, ip_proto::kUdp), Probe::kYes) << "damaged, but where DNS is";
    testing::Player player(kDns, true);
    player.Feed({Client(kQuery), Client(message)});
    player.End();
    EXPECT_EQ(player.sink.events.size(), 2u);
    EXPECT_THAT(player.sink.anomalies, ElementsAre("malformed_data"));
  }
}

TEST(DnsTest, NamesLongerThanAllowedAreRefused) {
  std::string longest;
  for (int i = 0; i < 6; ++i) longest += (i > 0 ? "." : "") + std::string(60, 'x');
  const std::string message = Head(1, 0, 1, 0, 0, 0) + Name(longest) + U16(1) + U16(1);
  EXPECT_EQ(Ask(kDns, message, 5300, Direction::kToServer, ip_proto::kUdp), Probe::kNo);
}

TEST(DnsTest, ManyRecordsAreWalkedButNotAllWritten) {
  std::string message = Head(1, 0x8000, 1, 2000, 0, 0) + Name("x") + U16(1) + U16(1);
  for (int i = 0; i < 2000; ++i) message += Rr(kPointer, 1, "\x01\x02\x03\x04");
  const RecordingSink sink = Play(kDns, {Client(kQuery), Server(message)}, true);
  EXPECT_THAT(sink.anomalies, IsEmpty());
  EXPECT_LT(sink.events.at(1).size(), 20000u);
}

TEST(DnsTest, BytesOutsideUtf8AreEscaped) {
  const RecordingSink sink = Play(kDns, {Client(Head(1, 0, 1, 0, 0, 0) +
                                                Name("a\xff"
                                                     "b") +
                                                U16(65280) + U16(1))}, true);
  EXPECT_THAT(sink.events, ElementsAre(HasSubstr(R"({"rrname":"a\xffb","rrtype":"65280"})")));
}

TEST(DnsTest, LlmnrHasItsOwnShape) {
  const std::string answer =
      Head(9, 0x8000, 1, 1, 0, 0) + Name("host") + U16(1) + U16(1) + Rr(Name("HOST"), 1, "\x0a\x01\x02\x03");
  EXPECT_THAT(
      Play(kLlmnr, {Server(answer)}, true).events,
      ElementsAre(HasSubstr(R"("queries":[{"rrname":"host","rrtype":"a"}],"rrname":"host","rrtype":"A",)"
                            R"("answers":[{"rrname":"HOST","rrtype":"a","ttl":300,"a":"10.1.2.3"}])")));
}

TEST(DnsTest, Probes) {
  const auto udp = [](const ProtocolInfo& info, const std::string& m, std::uint16_t port) {
    return Ask(info, m, port, Direction::kToServer, ip_proto::kUdp);
  };
  EXPECT_EQ(udp(kDns, kQuery, 53), Probe::kYes);
  EXPECT_EQ(udp(kDns, kAnswer, 4000), Probe::kYes);
  EXPECT_EQ(udp(kMdns, kQuery, 53), Probe::kNo);
  EXPECT_EQ(udp(kMdns, kQuery, 5353), Probe::kYes);
  EXPECT_EQ(udp(kLlmnr, kQuery, 5355), Probe::kYes);
  EXPECT_EQ(udp(kDns, std::string(60, '\0'), 53), Probe::kNo);
  EXPECT_EQ(
      udp(kDns, Head(1, 0x0110, 1, 0, 0, 0) + Name("FHEPFCELEHFCEPFFFACACACACACACABN") + U16(32) + U16(1),
          137),
      Probe::kNo);
  EXPECT_EQ(Ask(kDns, Framed(kQuery), 53), Probe::kYes);
  EXPECT_EQ(Ask(kDns, Framed(kQuery).substr(0, 5), 53), Probe::kNeedMore);
  EXPECT_EQ(Ask(kDns, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 53), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol

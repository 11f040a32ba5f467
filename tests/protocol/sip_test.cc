// SPDX-License-Identifier: Apache-2.0
#include "protocol/sip/sip.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

const std::string kInvite =
    "INVITE sip:bob@example.org SIP/2.0\r\nVia: SIP/2.0/TCP pc33\r\nf: \"Anna Berg\" "
    "<sip:anna@example.org>;tag=1\r\nTo: Bob\r\n <sip:bob@example.org>\r\n"
    "c: application/sdp\r\nl: 5\r\n\r\nv=0\r\n";
const std::string kRinging = "SIP/2.0 180 Ringing\r\nContent-Length: 0\r\n\r\n";

TEST(SipTest, ARequestWithItsBody) {
  EXPECT_EQ(Ask(kSip, kInvite), Probe::kYes);
  for (const bool datagram : {false, true}) {
    const RecordingSink sink = Play(kSip, {Client(kInvite), Server(kRinging)}, datagram);
    EXPECT_THAT(
        sink.events,
        ElementsAre(
            R"(sip #0 > "sip":{"method":"INVITE","uri":"sip:bob@example.org","version":"SIP/2.0","request_line":"INVITE sip:bob@example.org SIP/2.0"})",
            R"(sip #1 < "sip":{"version":"SIP/2.0","code":"180","reason":"Ringing","response_line":"SIP/2.0 180 Ringing"})"));
    EXPECT_THAT(sink.bodies, ElementsAre("sip.body #0 > application/sdp|||5|v=0\r\n|complete"));
    EXPECT_THAT(sink.fields, Contains("sip.header > From=\"Anna Berg\" <sip:anna@example.org>;tag=1"));
    EXPECT_THAT(sink.fields, Contains("sip.header > To=Bob\r\n <sip:bob@example.org>"));
    EXPECT_THAT(sink.anomalies, IsEmpty());
  }
}

TEST(SipTest, WithoutALengthADatagramsRestIsTheBody) {
  const std::string message = "MESSAGE sip:b@example.org SIP/2.0\r\nContent-Type: text/plain\r\n\r\nhello";
  EXPECT_THAT(Play(kSip, {Client(message)}, true).bodies, ElementsAre("sip.body #0 > text/plain|||5|hello|complete"));
  EXPECT_THAT(Play(kSip, {Client(message)}).bodies, IsEmpty());
  // A datagram that is cut short, and the next, which is not its end.
  const RecordingSink cut = Play(kSip, {Client(kInvite.substr(0, kInvite.size() - 2)), Client(kInvite)}, true);
  EXPECT_THAT(cut.bodies, ElementsAre("sip.body #0 > application/sdp|||5|v=0|truncated",
                                      "sip.body #1 > application/sdp|||5|v=0\r\n|complete"));
}

// Where each side wants to hear the other: media and its control, unless declined or on hold.
TEST(SipTest, DescribedMediaIsExpected) {
  const std::string description =
      "v=0\r\no=anna 1 1 IN IP4 10.0.0.1\r\nc=IN IP4 10.0.0.1\r\nm=audio 49170 RTP/AVP 0 101\r\na=rtpmap:0 "
      "PCMU/8000\r\n"
      "m=video 0 RTP/AVP 31\r\nm=video 51372/2 RTP/SAVPF 96\r\nc=IN IP6 2001:db8::7\r\na=rtcp:53020 IN IP6 "
      "2001:db8::7\r\n"
      "a=candidate:1 1 UDP 1 192.0.2.9 9 typ host\r\nm=audio 4000 RTP/AVP 0\nc=IN IP4 0.0.0.0\nm=message 2855 TCP/MSRP "
      "*\r\n";
  const std::string ok = "SIP/2.0 200 OK\r\nContent-Type: application/sdp;x=y\r\nContent-Length: " +
                         std::to_string(description.size()) + "\r\n\r\n" + description;
  const RecordingSink sink = Play(kSip, {Server(ok)});
  EXPECT_THAT(sink.expected, ElementsAre("10.0.0.1 49170 passive RTP/AVP ", "10.0.0.1 49171 passive RTP/AVP ",
                                         "2001:db8::7 51372 passive RTP/SAVP ", "2001:db8::7 53020 passive RTP/SAVP "));
  testing::ExpectSameAtEverySplit(kSip, {Client(kInvite), Server(ok), Client(kInvite)});
}

TEST(SipTest, ManyMessagesAndKeepAlives) {
  const RecordingSink sink =
      Play(kSip, {Client("\r\n\r\n" + kInvite + "\r\n\r\n" + kInvite), Server(kRinging + kRinging)});
  EXPECT_EQ(sink.events.size(), 4u);
}

TEST(SipTest, TooLongAHeadIsCounted) {
  const std::string long_head = "INVITE sip:b@x SIP/2.0\r\nX: " + std::string(sip::kMaxHead, 'x');
  testing::Player player(kSip);
  player.Feed(Direction::kToServer, kInvite);
  player.Feed(Direction::kToServer, long_head);
  player.Feed(Direction::kToServer, "more\r\n\r\n");
  player.Feed(Direction::kToServer, kInvite);
  player.End();
  EXPECT_THAT(player.sink.anomalies, ElementsAre("sip_head_too_long"));
  EXPECT_EQ(player.sink.fates.at(ByteFate::kLostParserCap), long_head.size());
  EXPECT_EQ(player.sink.events.size(), 2u);
}

TEST(SipTest, AnyCutSaysTheSame) {
  const Talk talk = {Client(kInvite), Server(kRinging), Client(kInvite)};
  testing::ExpectSameAtEverySplit(kSip, talk);
  testing::ExpectSurvivesDamage(kSip, talk);
}

TEST(SipTest, ProbeLeavesHttpAlone) {
  EXPECT_EQ(Ask(kSip, "INV"), Probe::kNeedMore);
  EXPECT_EQ(Ask(kSip, "OPTIONS / HTTP/1.1\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kSip, "OPTIONS sip:x SIP/2.0\r\n"), Probe::kYes);
  EXPECT_EQ(Ask(kSip, "GET / HTTP/1.1\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kSip, "SIP/2.0 200 OK\r\n"), Probe::kYes);
  EXPECT_EQ(Ask(kSip, "SIP", 5060, Direction::kToServer, ip_proto::kUdp), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol

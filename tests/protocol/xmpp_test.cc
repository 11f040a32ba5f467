// SPDX-License-Identifier: Apache-2.0
#include "protocol/xmpp/xmpp.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

const std::string kHead =
    "<?xml version='1.0'?><stream:stream to='example.org' xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";

const Talk kSession = {
    Client(kHead),
    Server(
        "<?xml version='1.0'?><stream:stream from='example.org' id='1' xmlns:stream='http://etherx.jabber.org/streams'>"
        "<stream:features><mechanisms><mechanism>PLAIN</mechanism></mechanisms></stream:features>"),
    Client("<auth xmlns='urn:sasl' mechanism='PLAIN'>AGFkYQBnZWhlaW0=</auth>"),
    Server("<success xmlns='urn:sasl'/>"),
    Client(kHead),
    Client("<message to=\"bob@example.org\" from='ada@example.org/home' type='chat' id='m1'><!-- > -->"
           "<body>call me &lt;at&gt; &#43;47 <![CDATA[22 [33]] & 44]]></body><active xmlns='x'/></message> "),
    Server("<iq type='result' id='r'><query xmlns='jabber:iq:roster'><item jid='bob@example.org' name='Bob Kahn'/>"
           "</query></iq><iq id='v'><vCard "
           "xmlns='vcard-temp'><FN>Bob</FN><PHOTO><BINVAL>QUJD</BINVAL></PHOTO></vCard></iq>"),
    Client("</stream:stream>"),
};

TEST(XmppTest, ReadsASession) {
  const RecordingSink sink = Play(kXmpp, kSession);
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(xmpp #0 > "xmpp":{"stanza":"stream","to":"example.org"})",
          R"(xmpp #1 < "xmpp":{"stanza":"stream","id":"1","from":"example.org"})",
          R"(xmpp #2 < "xmpp":{"stanza":"features"})",
          R"(xmpp #3 > "xmpp":{"stanza":"auth","mechanism":"PLAIN","namespace":"urn:sasl","username":"ada","password":"geheim"})",
          R"(xmpp #4 < "xmpp":{"stanza":"success","namespace":"urn:sasl"})",
          R"(xmpp #5 > "xmpp":{"stanza":"stream","to":"example.org"})",
          R"(xmpp #6 > "xmpp":{"stanza":"message","type":"chat","id":"m1","from":"ada@example.org/home",)"
          R"("to":"bob@example.org","namespace":"x","body":"call me <at> +47 22 [33]] & 44"})",
          R"(xmpp #7 < "xmpp":{"stanza":"iq","type":"result","id":"r","namespace":"jabber:iq:roster"})",
          R"(xmpp #8 < "xmpp":{"stanza":"iq","id":"v","namespace":"vcard-temp"})"));
  EXPECT_THAT(sink.fields,
              ElementsAre("xmpp.text < mechanism=PLAIN", "xmpp.text > user=ada", "xmpp.text > password=geheim",
                          "xmpp.attribute > from=ada@example.org/home", "xmpp.attribute > to=bob@example.org",
                          "xmpp.text > body=call me <at> +47 22 [33]] & 44", "xmpp.attribute < jid=bob@example.org",
                          "xmpp.attribute < name=Bob Kahn", "xmpp.text < FN=Bob"));
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueBinary), 4u);
  EXPECT_THAT(sink.names, ElementsAre("example.org", "example.org"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(XmppTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kXmpp, kSession); }
TEST(XmppTest, SurvivesDamage) { ExpectSurvivesDamage(kXmpp, kSession); }

TEST(XmppTest, AGapCostsTheStanzaOnly) {
  const RecordingSink sink =
      Play(kXmpp, {Client(kHead + "<message to='a@b.c'><body>one tw"),
                   Client("ee</body></message><message to='d@e.f'><body>three</body></message>", 20)});
  EXPECT_THAT(sink.fields, Contains("xmpp.text > body=one tw"));
  EXPECT_THAT(sink.fields, Contains("xmpp.text > body=three"));
  EXPECT_EQ(sink.events.size(), 3u);
}

TEST(XmppTest, LongTextsTagsAndNesting) {
  std::string deep = kHead + "<message>";
  for (int i = 0; i < 1000; ++i) deep += "<a>";
  EXPECT_THAT(Play(kXmpp, {Client(deep)}).anomalies, ElementsAre("nesting_too_deep"));
  const RecordingSink sink =
      Play(kXmpp, {Client(kHead + "<message><body>" + std::string(40000, 'x') + "</body></message>"),
                   Client("<iq a='" + std::string(10000, 'y') + "'/>")});
  EXPECT_EQ(sink.fields.size(), 3u);
  EXPECT_EQ(sink.fates.at(ByteFate::kLostParserCap), 10000u + 8 - xmpp::kMaxTag);
}

TEST(XmppTest, StartTlsAndCompression) {
  Player player(kXmpp);
  player.Feed({Client(kHead), Client("<starttls xmlns='t'/>")});
  EXPECT_EQ(player.Feed(Direction::kToClient, "<proceed xmlns='t'/>\x16\x03"), ParseStatus::kSwitch);
  EXPECT_EQ(player.parser().consumed(), 20u);
  const RecordingSink sink =
      Play(kXmpp, {Client(kHead), Server("<compressed xmlns='c'/>\x78\x9c"), Client("\x78\x9c\x01")});
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueUndecodable), 5u);
}

TEST(XmppTest, BrokenTagsAreTold) {
  EXPECT_THAT(Play(kXmpp, {Client(kHead + "<1><message/>")}).anomalies, ElementsAre("malformed_xml"));
  Player player(kXmpp);
  EXPECT_EQ(player.Feed(Direction::kToServer, "<?xml?><5>"), ParseStatus::kNotThis);
}

TEST(XmppTest, Probe) {
  EXPECT_EQ(Ask(kXmpp, kHead), Probe::kYes);
  EXPECT_EQ(Ask(kXmpp, "<?xml version='1.0'?>"), Probe::kNeedMore);
  EXPECT_EQ(Ask(kXmpp, "<?xml version='1.0'?>" + std::string(200, ' ')), Probe::kNo);
  EXPECT_EQ(Ask(kXmpp, "<stream:stream to='x'>"), Probe::kYes);
  EXPECT_EQ(Ask(kXmpp, "<message to='x'>", 5222), Probe::kYes);
  EXPECT_EQ(Ask(kXmpp, "<message to='x'>", 80), Probe::kNo);
  EXPECT_EQ(Ask(kXmpp, "<html>"), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol

// SPDX-License-Identifier: Apache-2.0
#include "protocol/smtp/smtp.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

const Talk kSession = {
    Server("220 mx.example.org ESMTP Postfix\r\n"),
    Client("EHLO client.example.com\r\n"),
    Server("250-mx.example.org\r\n250-PIPELINING\r\n250 CHUNKING\r\n"),
    Client("AUTH PLAIN AGFkYQBnZWhlaW0=\r\n"),
    Server("235 2.7.0 ok\r\n"),
    Client("MAIL FROM:<ada@example.com> SIZE=300\r\nRCPT TO:<bob@example.org>\r\nrcpt to: "
           "<eve@example.org>\r\nDATA\r\n"),
    Server("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n250 2.1.5 Ok\r\n354 End data with <CR><LF>.<CR><LF>\r\n"),
    Client("From: =?utf-8?Q?Ada_L=C3=B6velace?= <ada@example.com>\r\n"
           "To: \"Bob, the second\" <bob@example.org>,\r\n eve@example.org\r\nCc: z@example.org\r\n"
           "Subject: =?UTF-8?B?U29jaWFs?=\r\n =?UTF-8?B?IFNlY3VyaXR5?=\r\nMessage-ID: <1@example.com>\r\n"
           "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
           "--b\r\nContent-Type: text/csv;\r\n\tname=\"list.csv\"\r\nContent-Disposition: attachment; "
           "filename=list.csv\r\n\r\n"
           "..dots\r\n.\r.\r\n..\r\n"
           "--b\r\ncontent-disposition: attachment; filename=\"x y.pdf\"\r\n\r\n--b--\r\n.\r\n"),
    Server("250 2.0.0 Ok: queued\r\n"),
    Client("MAIL FROM:<>\r\nRCPT TO:postmaster@example.org\r\nBDAT 8\r\n.\r\nabc\r\nBDAT 2 "
           "last\r\n\r\nQUIT\r\n"),
    Server("250 Ok\r\n250 Ok\r\n250 Ok\r\n250 Ok\r\n221 Bye\r\n")};

TEST(SmtpTest, ReadsASession) {
  const RecordingSink sink = Play(kSmtp, kSession);
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(smtp #0 > "smtp":{"helo":"client.example.com","mail_from":"<ada@example.com>",)"
          R"("rcpt_to":["<bob@example.org>","<eve@example.org>"]},"email":{"status":"PARSE_DONE",)"
          "\"from\":\"Ada L\xc3\xb6velace <ada@example.com>\","
          R"("to":[""Bob, the second" <bob@example.org>","eve@example.org"],"cc":["z@example.org"],)"
          R"("subject":"Social Security","message_id":"<1@example.com>","attachment":["list.csv","x y.pdf"]})",
          R"(smtp #1 > "smtp":{"helo":"client.example.com","mail_from":"<>",)"
          R"("rcpt_to":["postmaster@example.org"]},"email":{"status":"PARSE_DONE"})"));
  ASSERT_EQ(sink.bodies.size(), 2u);
  EXPECT_THAT(sink.bodies[0], HasSubstr("smtp.data #0 > message/rfc822|||-1|From: "));
  EXPECT_THAT(sink.bodies[0], HasSubstr("\r\n\r\n.dots\r\n\r.\r\n.\r\n--b\r\n"));
  EXPECT_THAT(sink.bodies[0], HasSubstr("--b--\r\n|complete"));
  EXPECT_EQ(sink.bodies[1], "smtp.data #1 > message/rfc822|||-1|.\r\nabc\r\n\r\n|complete");
  EXPECT_THAT(sink.fields, Contains("smtp.auth > user=ada"));
  EXPECT_THAT(sink.fields, Contains("smtp.auth > password=geheim"));
  EXPECT_THAT(sink.fields, Contains("smtp.mail_from > mail_from=FROM:<ada@example.com> SIZE=300"));
  EXPECT_THAT(sink.names, ElementsAre("mx.example.org"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

// How many of a mail's attachments are known while one is handed on depends on how it came: none is told then.
TEST(SmtpTest, AMailUnderWayIsDescribedWithoutAttachments) {
  Player player(kSmtp);
  player.Feed({Client("HELO c\r\nMAIL FROM:<a@b.example>\r\nDATA\r\nSubject: two\r\n"
                      "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/csv; name=\"1.csv\"\r\n\r\n"
                      "a\r\n--b\r\nContent-Type: text/csv; name=\"2.csv\"\r\n\r\nb\r\n")});
  Record record;
  player.parser().DescribeTransaction(0, record);
  EXPECT_THAT(testing::ToJson(record), AllOf(HasSubstr(R"("subject":"two")"), Not(HasSubstr("csv"))));
  player.Feed({Client("--b--\r\n.\r\n")});
  EXPECT_THAT(player.sink.events, ElementsAre(HasSubstr(R"("attachment":["1.csv","2.csv"])")));
}

TEST(SmtpTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kSmtp, kSession); }
TEST(SmtpTest, SurvivesDamage) { ExpectSurvivesDamage(kSmtp, kSession); }

TEST(SmtpTest, OneDirectionIsEnough) {
  Talk client_only, server_only;
  for (const auto& turn : kSession)
    (turn.direction == Direction::kToServer ? client_only : server_only).push_back(turn);
  const RecordingSink sink = Play(kSmtp, client_only);
  EXPECT_EQ(sink.events, Play(kSmtp, kSession).events);
  EXPECT_EQ(sink.bodies, Play(kSmtp, kSession).bodies);
  EXPECT_THAT(Play(kSmtp, server_only).events, IsEmpty());
}

TEST(SmtpTest, SidesGuessedWrong) {
  Talk swapped = kSession;
  for (auto& turn : swapped) turn.direction = Opposite(turn.direction);
  const RecordingSink sink = Play(kSmtp, swapped);
  ASSERT_EQ(sink.events.size(), 2u);
  EXPECT_THAT(sink.events[0], HasSubstr("smtp #0 < "));
}

TEST(SmtpTest, RefusedDataAndRecipients) {
  const RecordingSink sink = Play(
      kSmtp,
      {Client("HELO c\r\n"), Server("250 x\r\n"), Client("MAIL FROM:<a@b.example>\r\n"), Server("250 ok\r\n"),
       Client("RCPT TO:<c@d.example>\r\n"), Server("550 no\r\n"), Client("DATA\r\n"), Server("503 no\r\n"),
       Client("RSET\r\nMAIL FROM:<e@f.example>\r\nRCPT TO:<g@h.example>\r\nDATA\r\nhello\r\n.\r\n")});
  EXPECT_THAT(sink.events,
              ElementsAre(HasSubstr(R"("mail_from":"<a@b.example>","rcpt_to":["<c@d.example>"]})"),
                          HasSubstr(R"("mail_from":"<e@f.example>","rcpt_to":["<g@h.example>"]},"email":)")));
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr("|hello\r\n|complete")));
}

TEST(SmtpTest, StartTlsHandsOver) {
  Player player(kSmtp);
  player.Feed({Client("EHLO c\r\n"), Server("250 STARTTLS\r\n"), Client("STARTTLS\r\n")});
  EXPECT_EQ(player.Feed(Direction::kToClient, "220 go\r\n\x16\x03"), ParseStatus::kSwitch);
  EXPECT_EQ(player.parser().consumed(), 8u);
  Player refused(kSmtp);
  refused.Feed({Client("EHLO c\r\nSTARTTLS\r\n"), Server("250 STARTTLS\r\n454 no\r\n"), Client("QUIT\r\n")});
  EXPECT_EQ(refused.status(), ParseStatus::kContinue);
  Player one_sided(kSmtp);
  one_sided.Feed({Client("EHLO c\r\nSTARTTLS\r\n")});
  EXPECT_EQ(one_sided.Feed(Direction::kToServer, "\x16\x03\x01"), ParseStatus::kSwitch);
  EXPECT_EQ(one_sided.parser().consumed(), 0u);
}

TEST(SmtpTest, AMailThatStartTlsBreaksOffIsToldWithItsSender) {
  Player player(kSmtp);
  player.Feed({Client("EHLO c\r\nMAIL FROM:<a@b.example>\r\nSTARTTLS\r\n"), Server("250 STARTTLS\r\n250 ok\r\n")});
  EXPECT_EQ(player.Feed(Direction::kToClient, "220 go\r\n"), ParseStatus::kSwitch);
  player.End();
  EXPECT_THAT(player.sink.events, ElementsAre(HasSubstr("a@b.example"), HasSubstr("a@b.example")));
}

TEST(SmtpTest, PasswordsLeaveOnlyAsFields) {
  const RecordingSink sink =
      Play(kSmtp, {Client("EHLO c\r\nAUTH LOGIN\r\n"), Server("250 x\r\n334 VXNlcm5hbWU6\r\n"),
                   Client("YWRh\r\n"), Server("334 UGFzc3dvcmQ6\r\n"), Client("Z2VoZWlt\r\n"),
                   Server("235 ok\r\n"), Client("MAIL FROM:<a@b.example>\r\nQUIT\r\n")});
  EXPECT_THAT(sink.fields, Contains("smtp.auth > user=ada"));
  EXPECT_THAT(sink.fields, Contains("smtp.auth > password=geheim"));
  for (const std::string& event : sink.events) EXPECT_THAT(event, Not(HasSubstr("geheim")));
}

TEST(SmtpTest, GapInDataEndsTheMessageAndItsRestIsReadAlone) {
  const RecordingSink sink =
      Play(kSmtp, {Client("HELO c\r\nMAIL FROM:<a@b.example>\r\nDATA\r\nSubject: s\r\n\r\nbefore"),
                   Client("after\r\n.\r\nMAIL FROM:<c@d.example>\r\n", 100)});
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr("|Subject: s\r\n\r\nbefore|gap"),
                                       HasSubstr(" > |||-1|after\r\n|complete")));
  EXPECT_THAT(sink.events, ElementsAre(HasSubstr("BODY_STARTED"), HasSubstr("c@d.example")));
}

TEST(SmtpTest, GapThatSwallowsTheEndOfData) {
  const RecordingSink sink =
      Play(kSmtp, {Client("HELO c\r\n"), Server("250 x\r\n"), Client("MAIL FROM:<a@b.example>\r\n"),
                   Server("250 x\r\n"), Client("DATA\r\n"), Server("354 x\r\n"), Client("text"),
                   Client("x\r\n", 500), Server("250 queued\r\n"),
                   Client("MAIL FROM:<c@d.example>\r\nRCPT TO:<e@f.example>\r\nDATA\r\nsecond\r\n.\r\n")});
  ASSERT_EQ(sink.events.size(), 2u);
  EXPECT_THAT(sink.events[1], HasSubstr("c@d.example"));
  EXPECT_THAT(sink.bodies.back(), HasSubstr("|second\r\n|complete"));
}

TEST(SmtpTest, ABareLineFeedDoesNotEndDataSentWithCrLf) {
  const RecordingSink smuggled =
      Play(kSmtp, {Client("HELO c\r\nDATA\r\nfirst\n.\nMAIL FROM:<evil@example>\r\n.\r\nQUIT\r\n")});
  EXPECT_THAT(smuggled.bodies, ElementsAre(HasSubstr("|first\n\nMAIL FROM:<evil@example>\r\n|complete")));
  const RecordingSink bare = Play(kSmtp, {Client("HELO c\nMAIL FROM:<a@b.example>\nDATA\nfirst\n.\nQUIT\n")});
  EXPECT_THAT(bare.bodies, ElementsAre(HasSubstr("|first\n|complete")));
}

TEST(SmtpTest, EndlessLinesAreCutAndCounted) {
  Player player(kSmtp);
  player.Feed({Client("HELO c\r\nMAIL FROM:<" + std::string(200000, 'a') + ">\r\nRCPT TO:<b@c.example>\r\n")},
              1460);
  player.End();
  EXPECT_THAT(player.sink.anomalies, ElementsAre("max_command_line_len_exceeded"));
  EXPECT_NEAR(static_cast<double>(player.sink.fates[ByteFate::kLostParserCap]), 200000.0 - 12 * 1024, 50.0);
  EXPECT_THAT(player.sink.events, ElementsAre(HasSubstr("<b@c.example>")));
}

TEST(SmtpTest, BinaryIsNotSmtp) {
  Player player(kSmtp);
  std::string noise;
  for (int i = 0; i < 100; ++i) noise += "\x01\x02 not a command\n";
  player.Feed({Client(noise)});
  EXPECT_EQ(player.status(), ParseStatus::kNotThis);
}

TEST(SmtpTest, BadBdat) {
  for (const char* size : {"", "x", "99999999999", "-1", "5 FIRST", "18446744073709551616"}) {
    const RecordingSink sink = Play(kSmtp, {Client("HELO c\r\nBDAT " + std::string(size) + "\r\nQUIT\r\n")});
    EXPECT_THAT(sink.anomalies, ElementsAre("invalid_bdat")) << size;
  }
}

TEST(SmtpTest, ManyRecipientsAreBounded) {
  Talk talk = {Client("HELO c\r\nMAIL FROM:<a@b.example>\r\n")};
  for (int i = 0; i < 1010; ++i)
    talk.push_back(Client("RCPT TO:<r" + std::to_string(i) + "@example.org>\r\n"));
  const RecordingSink sink = Play(kSmtp, talk);
  EXPECT_EQ(sink.anomalies.size(), 10u);
  EXPECT_THAT(sink.events, ElementsAre(HasSubstr("r999@")));
}

TEST(SmtpTest, Probe) {
  const auto server = [](std::string_view s, std::uint16_t port = 0) {
    return Ask(kSmtp, s, port, Direction::kToClient);
  };
  EXPECT_EQ(server("220 mx ESMTP\r\n"), Probe::kYes);
  EXPECT_EQ(server("220-mx ESMTP Exim 4.96\r\n220 hi\r\n"), Probe::kYes);
  EXPECT_EQ(server("220 mx"), Probe::kNeedMore);
  EXPECT_EQ(server("22"), Probe::kNeedMore);
  EXPECT_EQ(server("220 hello\r\n"), Probe::kNeedMore);
  EXPECT_EQ(server("220 hello\r\n", 25), Probe::kYes);
  EXPECT_EQ(server("220 ProFTPD at smtp.example.org\r\n", 25), Probe::kNo);
  EXPECT_EQ(server("200 ok\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kSmtp, "EHLO x\r\n"), Probe::kYes);
  EXPECT_EQ(Ask(kSmtp, "lhlo x\r\n"), Probe::kYes);
  EXPECT_EQ(Ask(kSmtp, "EH"), Probe::kNeedMore);
  EXPECT_EQ(Ask(kSmtp, "USER x\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kSmtp, "GET / HTTP/1.1\r\n"), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol

// SPDX-License-Identifier: Apache-2.0
#include "protocol/ftp/ftp.h"

#include <gmock/gmock.h>

#include "protocol/ftp/endpoint.h"
#include "protocol/harness.h"

namespace gander::protocol {
namespace {

const Talk kSession = {
    Server("220-Welcome\r\nto this server\r\n220 ready\r\n"),
    Client("USER max\r\n"),
    Server("331 Password required for max\r\n"),
    Client("pass geheim\r\n"),
    Server("230 ok\r\n"),
    Client("PORT 10,0,0,5,200,10\r\n"),
    Server("200 fine\r\n"),
    Client("RETR reports/payroll.csv\r\n"),
    Server("150 opening\r\n226 done\r\n"),
    Client("EPSV\r\n"),
    Server("229 Entering Extended Passive Mode (|||50001|)\r\n"),
    Client("STOR up.txt\r\n"),
    Client("QUIT\r\n"),
};

TEST(FtpTest, ReadsASession) {
  const RecordingSink sink = Play(kFtp, kSession);
  ASSERT_EQ(sink.events.size(), 8u);
  EXPECT_EQ(sink.events[0], R"(ftp #0 < "ftp":{"reply":["Welcome","to this server","ready"],)"
                            R"("completion_code":["220"],"reply_received":"yes"})");
  EXPECT_EQ(sink.events[1],
            R"(ftp #1 > "ftp":{"command":"USER","command_data":"max",)"
            R"("reply":["Password required for max"],"completion_code":["331"],"reply_received":"yes"})");
  EXPECT_THAT(sink.events[2], HasSubstr(R"("command":"PASS")"));
  EXPECT_THAT(sink.events[3], HasSubstr(R"("dynamic_port":51210,"mode":"active")"));
  EXPECT_THAT(sink.events[4], HasSubstr(R"("completion_code":["150","226"])"));
  EXPECT_THAT(sink.events[5], HasSubstr(R"("dynamic_port":50001,"mode":"passive")"));
  EXPECT_THAT(sink.events[7], HasSubstr(R"("command":"QUIT","reply_received":"no")"));
  EXPECT_THAT(sink.expected,
              ElementsAre("10.0.0.5 51210 active  ", "10.0.0.5 51210 active RETR reports/payroll.csv",
                          ":: 50001 passive  ", ":: 50001 passive STOR up.txt"));
  EXPECT_THAT(sink.fields, Contains("ftp.command > PASS=geheim"));
  EXPECT_THAT(sink.fields, Contains("ftp.reply < =Password required for max"));
}

TEST(FtpTest, PasswordIsSecret) {
  class PrivacySink final : public MessageSink {
   public:
    Privacy argument = Privacy::kPublic;
    void OnEvent(const char*, std::uint32_t, Direction, const Record& body) noexcept override {
      for (const Record::Token& t : body.tokens()) {
        if (t.key != nullptr && std::string_view(t.key) == "command_data") argument = t.privacy;
      }
    }
    void OnField(const char*, std::string_view, Direction, Bytes) noexcept override {}
    void OnBodyBegin(const BodyMeta&) noexcept override {}
    void OnBodyPart(Direction, Bytes) noexcept override {}
    void OnBodyGap(Direction, std::uint64_t) noexcept override {}
    void OnBodyEnd(Direction, BodyEnd) noexcept override {}
    void OnFate(ByteFate, std::uint64_t) noexcept override {}
    void OnExpectedFlow(const ExpectedFlow&) noexcept override {}
    void OnServerName(std::string_view) noexcept override {}
    void OnAnomaly(const char*) noexcept override {}
  } sink;
  const auto parser = kFtp.create();
  const auto feed = [&](Direction direction, std::string_view text) {
    stream::StreamChunk chunk;
    chunk.direction = direction;
    chunk.bytes = AsBytes(text);
    parser->OnChunk(chunk, sink);
  };
  feed(Direction::kToServer, "PASS geheim\r\n");
  feed(Direction::kToClient, "230 ok\r\n");
  EXPECT_EQ(sink.argument, Privacy::kSecret);
  feed(Direction::kToServer, "USER max\r\n");
  feed(Direction::kToClient, "331 ok\r\n");
  EXPECT_EQ(sink.argument, Privacy::kPersonal);
}

TEST(FtpTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kFtp, kSession); }
TEST(FtpTest, SurvivesDamage) { ExpectSurvivesDamage(kFtp, kSession); }

TEST(FtpTest, AuthTlsChangesProtocol) {
  Player player(kFtp);
  player.Feed({Server("220 FTP\r\n"), Client("AUTH TLS\r\n")});
  EXPECT_EQ(player.Feed(Direction::kToClient, "234 go\r\n\x16\x03"), ParseStatus::kSwitch);
  EXPECT_EQ(player.parser().consumed(), 8u);
  player.End();
  EXPECT_THAT(player.sink.events, Contains(HasSubstr(R"("command":"AUTH","command_data":"TLS")")));
}

TEST(FtpTest, PipelinedTransferStillGetsItsName) {
  const RecordingSink sink = Play(
      kFtp, {Client("PASV\r\nRETR a.csv\r\n"), Server("227 Entering Passive Mode (192,0,2,7,4,1).\r\n")});
  EXPECT_THAT(sink.expected, ElementsAre("192.0.2.7 1025 passive  ", "192.0.2.7 1025 passive RETR a.csv"));
}

TEST(FtpTest, LinesAndRepliesAreBounded) {
  Player player(kFtp);
  player.Feed({Client("SITE " + std::string(100000, 'x') + "\r\nSTAT\r\n"), Server("500 no\r\n211-\r\n")},
              1400);
  EXPECT_EQ(player.sink.fates[ByteFate::kLostParserCap], 100007u - ftp::kMaxLine);
  for (int i = 0; i < 10000; ++i) player.Feed({Server(" a line of a listing\r\n")});
  player.Feed({Server("211 end\r\n")});
  player.End();
  ASSERT_EQ(player.sink.events.size(), 2u);
  EXPECT_LT(player.sink.events[1].size(), 20000u);
}

TEST(FtpTest, Endpoints) {
  ftp::Endpoint e;
  EXPECT_TRUE(ftp::ParseExtended("|2|2001:db8::1|49189|", e));
  EXPECT_EQ(e.address.ToString(), "2001:db8::1");
  EXPECT_EQ(e.port, 49189);
  for (const char* bad : {"", "|", "||||", "|1|1.2.3.4|70000|", "|1|nonsense|80|", "|||0|", "(", "|||12x|"}) {
    EXPECT_FALSE(ftp::ParseExtended(bad, e)) << bad;
  }
  for (const char* bad : {"", "1,2,3", "1,2,3,4,5,256", "1,2,3,4,0,0", "1,2,3,4,5", "a,b"}) {
    EXPECT_FALSE(ftp::ParseHostPort(bad, e)) << bad;
  }
}

TEST(FtpTest, DataIsABody) {
  const auto parser = kFtpData.create();
  RecordingSink sink;
  ExpectedFlow flow;
  flow.file_name = "a.csv";
  flow.command = "RETR";
  parser->SetExpectation(flow);
  for (const auto& [text, gap] : {std::pair{"name,", 0u}, std::pair{"mail", 0u}, std::pair{"rest", 9u}}) {
    stream::StreamChunk chunk;
    chunk.direction = Direction::kToClient;
    chunk.gap_before = gap;
    chunk.bytes = AsBytes(std::string_view(text));
    EXPECT_EQ(parser->OnChunk(chunk, sink), ParseStatus::kContinue);
  }
  parser->OnEnd(Direction::kToServer, sink);
  parser->OnEnd(Direction::kToClient, sink);
  EXPECT_THAT(sink.bodies, ElementsAre("ftp-data #0 < ||a.csv|-1|name,mail|gap",
                                       "ftp-data #0 < |||-1|part|rest|complete"));
  EXPECT_THAT(sink.events, ElementsAre(R"(ftp_data #0 < "ftp_data":{"filename":"a.csv","command":"RETR"})"));
}

TEST(FtpTest, Probes) {
  const Direction from_server = Direction::kToClient;
  EXPECT_EQ(Ask(kFtp, "220 ProFTPD\r\n", 2121, from_server), Probe::kYes);
  EXPECT_EQ(Ask(kFtp, "220 mail.example ESMTP\r\n", 21, from_server), Probe::kNo);
  EXPECT_EQ(Ask(kFtp, "220 hello\r\n", 21, from_server), Probe::kYes);
  EXPECT_EQ(Ask(kFtp, "220 hello\r\n", 2000, from_server), Probe::kNeedMore);
  EXPECT_EQ(Ask(kFtp, "+OK pop\r\n", 110, from_server), Probe::kNo);
  EXPECT_EQ(Ask(kFtp, "USER max\r\n", 2000), Probe::kYes);
  EXPECT_EQ(Ask(kFtp, "USER max\r\n", 110), Probe::kNo);
  EXPECT_EQ(Ask(kFtp, "USER a 0 * :irc\r\n", 6667), Probe::kNo);
  EXPECT_EQ(Ask(kFtp, "EHLO x\r\n", 2000), Probe::kNo);
  EXPECT_EQ(Ask(kFtp, "GET / HTTP/1.1\r\n", 21), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol

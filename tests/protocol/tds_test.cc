// SPDX-License-Identifier: Apache-2.0
#include "protocol/tds/tds.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

std::string Le(std::uint64_t v, int octets) {
  std::string out;
  for (int i = 0; i < octets; ++i) out += static_cast<char>(v >> (8 * i));
  return out;
}
std::string Wide(std::string_view s) {
  std::string out;
  for (const char c : s) out += std::string{c, '\0'};
  return out;
}
std::string Short(std::string_view s) { return Le(s.size(), 1) + Wide(s); }  // B_VARCHAR
std::string Packet(int type, const std::string& payload, bool last = true) {
  const std::size_t n = payload.size() + 8;
  return std::string{static_cast<char>(type),
                     static_cast<char>(last),
                     static_cast<char>(n >> 8),
                     static_cast<char>(n),
                     0,
                     0,
                     1,
                     0} +
         payload;
}
// Cut into packets of `size` bytes of payload.
std::string Packets(int type, std::string payload, std::size_t size) {
  std::string out;
  for (; payload.size() > size; payload.erase(0, size)) out += Packet(type, payload.substr(0, size), false);
  return out + Packet(type, payload);
}

const std::string kHeaders = Le(22, 4) + Le(18, 4) + Le(2, 2) + Le(0, 8) + Le(1, 4);
const std::string kDone = "\xfd" + Le(0x10, 2) + Le(0xc1, 2) + Le(2, 8);
const std::string kCollation = std::string("\x09\x04\xd0\0\x34", 5);
std::string Column(const std::string& type, std::string_view name) { return Le(0, 4) + Le(8, 2) + type + Short(name); }
const std::string kNVarChar = "\xe7" + Le(200, 2) + kCollation, kVarChar = "\xa7" + Le(100, 2) + kCollation,
                  kIntN = "\x26\x04", kDate = "\x28", kMax = "\xe7" + Le(0xffff, 2) + kCollation,
                  kDateTime = "\x6f\x08", kDecimal = std::string("\x6a\x09\x12\x00", 4);
std::string Text16(std::string_view s) { return Le(2 * s.size(), 2) + Wide(s); }
std::string Days(int days) { return "\3" + Le(static_cast<std::uint64_t>(days), 3); }

std::string Login() {
  const std::vector<std::string> fields = {"laptop", "ada",  "geheim", "reports", "db.example.com",
                                           "",       "odbc", "",       "people"};
  std::string offsets, data;
  const std::size_t fixed = 36 + 4 * fields.size() + 22;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    offsets += Le(fixed + data.size(), 2) + Le(fields[i].size(), 2);
    std::string value = Wide(fields[i]);
    for (char& c : value) {
      const auto octet = static_cast<std::uint8_t>(c);
      if (i == 2) c = static_cast<char>(static_cast<std::uint8_t>(octet << 4 | octet >> 4) ^ 0xa5);
    }
    data += value;
  }
  const std::string body = Le(0x74000004, 4) + std::string(28, '\0') + offsets + std::string(22, '\0') + data;
  return Packet(0x10, Le(body.size() + 4, 4) + body);
}

const std::string kPrelogin = std::string("\0\0\x0b\0\6\1\0\x11\0\1\xff", 11) + std::string("\x0b\0\x0c\x38\0\0\2", 7);
const std::string kRows = "\x81" + Le(5, 2) + Column(kNVarChar, "name") + Column(kVarChar, "ssn") +
                          Column(kDate, "born") + Column(kMax, "note") + Column(kIntN, "n") +  //
                          "\xd1" + Text16("Ada") + Le(11, 2) + "078-05-1120" + Days(726525) + Le(UINT64_MAX - 1, 8) +
                          Le(4, 4) + Wide("lo") + Le(4, 4) + Wide("ng") + Le(0, 4) + "\4" + Le(7, 4) + "\xd2\x16" +
                          Text16("Bob") + Le(UINT64_MAX, 8) + kDone;

const Talk kSession = {
    Client(Packet(0x12, kPrelogin)),
    Server(Packet(4, kPrelogin)),
    Client(Login()),
    Server(Packet(4, "\xad" + Le(1 + 4 + 1 + 6 + 4, 2) + "\1" + std::string("\x74\0\0\4", 4) + Short("SQL") +
                         std::string("\x10\0\0\0", 4) + kDone)),
    Client(Packets(1, kHeaders + Wide("select * from people"), 20)),
    Server(Packets(4, kRows, 31)),
    Client(Packet(3, kHeaders + Le(0xffff, 2) + Le(10, 2) + Le(0, 2) + Short("") + '\0' + kNVarChar +
                         Text16("select 1 where ssn = @s") + Short("@ssn") + '\0' + kVarChar + Le(11, 2) +
                         "219-09-9999" + Short("@n") + '\0' + kIntN + "\4" + Le(5, 4))),
    Server(Packet(4, "\xaa" + Le(4 + 1 + 1 + 2 + 8 + 1 + 6 + 1 + 4, 2) + Le(208, 4) + "\1\x10" + Le(4, 2) +
                         Wide("oops") + Short("srv") + Short("") + Le(1, 4) + kDone)),
    Client(Packet(1, Wide("no headers"))),
    Server(Packet(4, "\x81" + Le(1, 2) + Column(kDateTime, "born") + "\xd1\x08" + Le(32931, 4) + Le(0, 4) + kDone)),
    Client(std::string("\x17\3\3\0\5hello", 10))};

TEST(TdsTest, ReadsASession) {
  const RecordingSink sink = Play(kTds, kSession);
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(tds #0 > "tds":{"command":"login","user":"ada","database":"people","application":"reports","client_host":"laptop",)"
          R"("server_host":"db.example.com","server_version":"SQL","success":true,"rows":0})",
          R"(tds #1 > "tds":{"command":"sql_batch","query":"select * from people","success":true,"rows":2})",
          R"(tds #2 > "tds":{"command":"rpc","procedure":"sp_executesql","success":false,"rows":0,"error":"oops"})",
          R"(tds #3 > "tds":{"command":"sql_batch","query":"no headers","success":true,"rows":1})"));
  EXPECT_THAT(sink.bodies, ElementsAre("tds.rows #1 < "
                                       "text/"
                                       "tab-separated-values|||-1|name\tssn\tborn\tnote\tn\nAda\t078-05-1120\t1990-02-"
                                       "28\tlong\t7\nBob\t\t\t\t\n|complete",
                                       "tds.rows #3 < text/tab-separated-values|||-1|born: 1990-03-01\n|complete"));
  EXPECT_THAT(sink.fields, Contains("tds.login > password=geheim"));
  EXPECT_THAT(sink.fields, Contains("tds.query > =select * from people"));
  EXPECT_THAT(sink.fields, Contains("tds.rpc > =select 1 where ssn = @s"));
  EXPECT_THAT(sink.fields, Contains("tds.rpc > ssn=219-09-9999"));
  EXPECT_THAT(sink.names, ElementsAre("db.example.com", "srv"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
  EXPECT_EQ(sink.fates.at(ByteFate::kEncrypted), 10u);
  for (const std::string& event : sink.events) EXPECT_THAT(event, Not(HasSubstr("geheim")));
}

TEST(TdsTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kTds, kSession); }
TEST(TdsTest, SurvivesDamage) { ExpectSurvivesDamage(kTds, kSession); }

TEST(TdsTest, OneSideIsEnough) {
  Talk server, client;
  for (const auto& turn : kSession) (turn.direction == Direction::kToServer ? client : server).push_back(turn);
  EXPECT_THAT(Play(kTds, server).bodies, Contains(HasSubstr("Ada\t078-05-1120")));
  EXPECT_THAT(Play(kTds, client).fields, Contains("tds.query > =select * from people"));
}

TEST(TdsTest, SidesGuessedWrong) {
  Talk swapped = kSession;
  for (auto& turn : swapped) turn.direction = Opposite(turn.direction);
  EXPECT_EQ(Play(kTds, swapped).events.size(), 4u);
}

TEST(TdsTest, LongStatementsPassThrough) {
  const std::string text = "insert into t values ('" + std::string(50000, 'x') + "')";
  const Talk talk = {Client(Packets(1, kHeaders + Wide(text), 4088)), Server(Packet(4, kDone))};
  const RecordingSink sink = Play(kTds, talk);
  testing::ExpectSurvivesGapsIn(kTds, talk, 0);
  EXPECT_THAT(sink.bodies, ElementsAre("tds.query #0 > application/sql|||-1|" + text + "|complete"));
  Player player(kTds);
  player.Feed(talk, 1460);
  player.End();
  EXPECT_EQ(player.sink.Summary(), sink.Summary());
}

TEST(TdsTest, LongTokensAreCutAndCounted) {
  const std::string row = "\x81" + Le(1, 2) + Column(kMax, "note") + "\xd1" + Le(UINT64_MAX - 1, 8) + Le(600000, 4) +
                          std::string(600000, 'x');
  const RecordingSink sink = Play(kTds, {Client(Packet(1, Wide("select x"))), Server(Packets(4, row, 32000))});
  EXPECT_GT(sink.fates.at(ByteFate::kLostParserCap), 300000u);
}

TEST(TdsTest, Probe) {
  EXPECT_EQ(Ask(kTds, kSession[0].bytes), Probe::kYes);
  EXPECT_EQ(Ask(kTds, Login()), Probe::kYes);
  EXPECT_EQ(Ask(kTds, Packet(1, kHeaders + Wide("select 1"))), Probe::kYes);
  EXPECT_EQ(Ask(kTds, Packet(1, Wide("select 1"))), Probe::kNo);
  EXPECT_EQ(Ask(kTds, Packet(1, Wide("select 1")), 1433), Probe::kYes);
  EXPECT_EQ(Ask(kTds, Login().substr(0, 6), 1433), Probe::kNeedMore);
  EXPECT_EQ(Ask(kTds, std::string(64, '\1')), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol

// SPDX-License-Identifier: Apache-2.0
#include "protocol/mysql/mysql.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

std::string Le(std::uint64_t v, int octets) {
  std::string out;
  for (int i = 0; i < octets; ++i) out += static_cast<char>(v >> (8 * i));
  return out;
}
std::string Z(std::string_view s) { return std::string(s) + '\0'; }
std::string Packet(int sequence, const std::string& payload) {
  return Le(payload.size(), 3) + static_cast<char>(sequence) + payload;
}
std::string Text(const std::string& s) { return s.size() < 251 ? Le(s.size(), 1) + s : '\xfc' + Le(s.size(), 2) + s; }
std::string Definition(int sequence, const std::string& name, int type = 0xfd, int flags = 0) {
  return Packet(sequence, Text("def") + Text("db") + Text("t") + Text("t") + Text(name) + Text(name) + "\x0c" +
                              Le(33, 2) + Le(255, 4) + Le(static_cast<std::uint64_t>(type), 1) +
                              Le(static_cast<std::uint64_t>(flags), 2) + std::string(3, '\0'));
}
std::string Eof(int sequence, int status = 2) {
  return Packet(sequence, "\xfe" + Le(0, 2) + Le(static_cast<std::uint64_t>(status), 2));
}
std::string Ok(int sequence, int affected = 0, int status = 2) {
  return Packet(sequence, std::string(1, '\0') + Le(static_cast<std::uint64_t>(affected), 1) + std::string(1, '\0') +
                              Le(static_cast<std::uint64_t>(status), 2) + Le(0, 2));
}
std::string Command(int code, const std::string& argument = "") {
  return Packet(0, static_cast<char>(code) + argument);
}

const std::string kGreeting =
    Packet(0, "\x0a" + Z("8.0.33") + Le(7, 4) + "saltsalt" + '\0' + Le(0xf7ff, 2) + "\x21" + Le(2, 2) + Le(0x81ff, 2) +
                  "\x15" + std::string(10, '\0') + "saltsaltsalt" + '\0' + Z("mysql_native_password"));
std::string Login(std::uint32_t capabilities) {
  return Packet(1, Le(capabilities, 4) + Le(1 << 24, 4) + "\x21" + std::string(23, '\0') + Z("ada") +
                       Text("01234567890123456789") + Z("people") + Z("mysql_native_password") +
                       Text(Text("program_name") + Text("mysql")));
}
constexpr std::uint32_t kCapabilities = 0x8 | 0x200 | 0x8000 | 0x80000 | 0x100000;

const Talk kSession = {
    Server(kGreeting),
    Client(Login(kCapabilities)),
    Server(Ok(2)),
    Client(Command(3, "select * from people")),
    Server(Packet(1, "\2") + Definition(2, "name") + Definition(3, "ssn") + Eof(4) +
           Packet(5, Text("Ada") + Text("078-05-1120")) + Packet(6, Text("Bob") + "\xfb") + Eof(7)),
    Client(Command(3, "update people set x = 1")),
    Server(Ok(1, 5)),
    Client(Command(0x16, "select name, born, n from people where ssn = ?")),
    Server(Packet(1, std::string(1, '\0') + Le(9, 4) + Le(3, 2) + Le(1, 2) + '\0' + Le(0, 2)) + Definition(2, "?") +
           Eof(3) + Definition(4, "name") + Definition(5, "born") + Definition(6, "n") + Eof(7)),
    Client(Command(0x17, Le(9, 4) + '\0' + Le(1, 4) + '\0' + "\1" + Le(0xfd, 2) + Text("078-05-1120"))),
    Server(Packet(1, "\3") + Definition(2, "name") + Definition(3, "born", 0x0a) + Definition(4, "n", 0x03) + Eof(5) +
           Packet(6, std::string("\0\0", 2) + Text("Ada") + "\4" + Le(1990, 2) + "\2\x1c" + Le(0xffffffff, 4)) +
           Packet(7, std::string("\0\x04", 2) + "\4" + Le(1991, 2) + "\1\1" + Le(7, 4)) + Eof(8)),
    Client(Command(0x19, Le(9, 4))),
    Client(Command(3, "call two")),
    Server(Packet(1, "\1") + Definition(2, "ssn") + Eof(3) + Packet(4, Text("219-09-9999")) + Eof(5, 0xa) + Ok(6)),
    Client(Command(3, "broken")),
    Server(Packet(1, "\xff" + Le(1064, 2) + "#42000You have an error")),
    Client(Command(1))};

TEST(MysqlTest, ReadsASession) {
  const RecordingSink sink = Play(kMysql, kSession);
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(mysql #0 > "mysql":{"cmd":"login","arg":"ada","user":"ada","database":"people","server_version":"8.0.33","success":true,"rows":0})",
          R"(mysql #1 > "mysql":{"cmd":"query","arg":"select * from people","success":true,"rows":2})",
          R"(mysql #2 > "mysql":{"cmd":"query","arg":"update people set x = 1","success":true,"rows":5})",
          R"(mysql #3 > "mysql":{"cmd":"stmt_prepare","arg":"select name, born, n from people where ssn = ?","success":true,"rows":0})",
          R"(mysql #4 > "mysql":{"cmd":"stmt_execute","success":true,"rows":2})",
          R"(mysql #5 > "mysql":{"cmd":"stmt_close"})",
          R"(mysql #6 > "mysql":{"cmd":"query","arg":"call two","success":true,"rows":1})",
          R"(mysql #7 > "mysql":{"cmd":"query","arg":"broken","success":false,"rows":0,"response":"You have an error"})",
          R"(mysql #8 > "mysql":{"cmd":"quit"})"));
  EXPECT_THAT(
      sink.bodies,
      ElementsAre("mysql.rows #1 < text/tab-separated-values|||-1|name\tssn\nAda\t078-05-1120\nBob\t\n|complete",
                  "mysql.rows #4 < "
                  "text/tab-separated-values|||-1|name\tborn\tn\nAda\t1990-02-28\t-1\n\t1991-01-01\t7\n|complete",
                  "mysql.rows #6 < text/tab-separated-values|||-1|ssn: 219-09-9999\n|complete"));
  EXPECT_THAT(sink.fields, Contains("mysql.login > user=ada"));
  EXPECT_THAT(sink.fields, Contains("mysql.login > program_name=mysql"));
  EXPECT_THAT(sink.fields, Contains("mysql.query > =select * from people"));
  EXPECT_THAT(sink.fields, Contains("mysql.execute > ssn=078-05-1120"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(MysqlTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kMysql, kSession); }
TEST(MysqlTest, SurvivesDamage) { ExpectSurvivesDamage(kMysql, kSession); }

TEST(MysqlTest, ResultsThatEndInOk) {
  const std::string end = Packet(5, "\xfe" + Le(0, 2) + Le(2, 2) + Le(0, 2));
  const RecordingSink sink = Play(
      kMysql, {Server(kGreeting), Client(Login(kCapabilities | 0x1000000)), Server(Ok(2)), Client(Command(3, "a")),
               Server(Packet(1, "\2") + Definition(2, "name") + Definition(3, "ssn") +
                      Packet(4, Text("Ada") + Text("078-05-1120")) + end),
               Client(Command(3, "b")), Server(Packet(1, "\2") + Definition(2, "name") + Definition(3, "ssn") + end),
               Client(Command(3, "c")), Server(Ok(1, 3))});
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr("|name\tssn\nAda\t078-05-1120\n|complete")));
  ASSERT_EQ(sink.events.size(), 4u);
  EXPECT_THAT(sink.events[2], HasSubstr(R"("arg":"b","success":true,"rows":0)"));
  EXPECT_THAT(sink.events[3], HasSubstr(R"("arg":"c","success":true,"rows":3)"));
}

TEST(MysqlTest, AttributesOfStatements) {
  const std::string values = std::string("\2\1\0\1", 4) + Le(0xfd, 2) + Text("user") + Le(0xfd, 2) + Text("trace") +
                             Text("ada@example.com") + Text("t1");
  const std::string prepared = Packet(1, std::string(1, '\0') + Le(9, 4) + Le(0, 2) + Le(1, 2) + '\0' + Le(0, 2));
  const RecordingSink sink = Play(
      kMysql, {Server(kGreeting), Client(Login(kCapabilities | 0x8000000)), Server(Ok(2)),
               Client(Command(3, std::string("\0\1", 2) + "select 1")), Server(Ok(1)),
               Client(Command(3, values + "select 2")), Server(Ok(1)),
               Client(Command(0x16, "insert into t (ssn) values (?)")), Server(prepared + Definition(2, "?") + Eof(3)),
               Client(Command(0x17, Le(9, 4) + "\x08" + Le(1, 4) + std::string("\1\0\1", 3) + Le(0xfd, 2) + Text("") +
                                        Text("078-05-1120"))),
               Server(Ok(1))});
  EXPECT_THAT(sink.fields, Contains("mysql.query > =select 1"));
  EXPECT_THAT(sink.fields, Contains("mysql.query > =select 2"));
  EXPECT_THAT(sink.fields, Contains("mysql.execute > user=ada@example.com"));
  EXPECT_THAT(sink.fields, Contains("mysql.execute > ssn=078-05-1120"));
}

TEST(MysqlTest, TlsIsHandedOver) {
  Player player(kMysql);
  player.Feed({Server(kGreeting)});
  const std::string request = Packet(1, Le(kCapabilities | 0x800, 4) + Le(1 << 24, 4) + "\x21" + std::string(23, '\0'));
  EXPECT_EQ(player.Feed(Direction::kToServer, request + "\x16\x03\x01"), ParseStatus::kSwitch);
  EXPECT_EQ(player.parser().consumed(), request.size());
}

TEST(MysqlTest, CompressionIsNoticed) {
  const RecordingSink sink = Play(kMysql, {Server(kGreeting), Client(Login(kCapabilities | 0x20)), Server(Ok(2)),
                                           Client("\x10\0\0\0\x20\0\0 zipped"), Server("\x10\0\0\0")});
  EXPECT_THAT(sink.events, ElementsAre(HasSubstr(R"("compressed":true)")));
  EXPECT_GT(sink.fates.at(ByteFate::kOpaqueBinary), 0u);
}

TEST(MysqlTest, OneSideIsEnough) {
  Talk server, client;
  for (const auto& turn : kSession) (turn.direction == Direction::kToServer ? client : server).push_back(turn);
  EXPECT_THAT(Play(kMysql, server).bodies, Contains(HasSubstr("Ada\t078-05-1120")));
  EXPECT_THAT(Play(kMysql, client).fields, Contains("mysql.query > =select * from people"));
}

TEST(MysqlTest, SidesGuessedWrong) {
  Talk swapped = kSession;
  for (auto& turn : swapped) turn.direction = Opposite(turn.direction);
  EXPECT_EQ(Play(kMysql, swapped).events.size(), 9u);
}

TEST(MysqlTest, LongValuesAndStatementsPassThrough) {
  const std::string large(50000, 'x');
  const Talk talk = {Server(kGreeting), Client(Login(kCapabilities)), Server(Ok(2)),
                     Client(Command(3, "insert into t values ('" + large + "')")),
                     Server(Packet(1, "\3") + Definition(2, "name") + Definition(3, "text") + Definition(4, "ssn") +
                            Eof(5) + Packet(6, Text("Ada") + Text(large) + Text("078-05-1120")) + Eof(7))};
  testing::ExpectSurvivesGapsIn(kMysql, talk, 3);
  testing::ExpectSurvivesGapsIn(kMysql, talk, 4);
  const RecordingSink sink = Play(kMysql, talk);
  ASSERT_EQ(sink.bodies.size(), 2u);
  EXPECT_THAT(sink.bodies[0], HasSubstr("mysql.query #1 > application/sql|||-1|insert into t values"));
  EXPECT_THAT(sink.bodies[1], HasSubstr("|name\ttext\tssn\nAda\t" + large + "\t078-05-1120\n|complete"));
  for (std::size_t piece : {1460u, 16000u}) {
    Player player(kMysql);
    player.Feed(talk, piece);
    player.End();
    EXPECT_EQ(player.sink.Summary(), sink.Summary());
  }
}

TEST(MysqlTest, Probe) {
  EXPECT_EQ(Ask(kMysql, kGreeting, 0, Direction::kToClient), Probe::kYes);
  EXPECT_EQ(Ask(kMysql, Login(kCapabilities)), Probe::kYes);
  EXPECT_EQ(Ask(kMysql, kGreeting.substr(0, 10), 3306, Direction::kToClient), Probe::kNeedMore);
  EXPECT_EQ(Ask(kMysql, kGreeting.substr(0, 10), 0, Direction::kToClient), Probe::kNo);
  // MariaDB's versions are long: cut anywhere, the greeting is waited for.
  const std::string maria = Packet(0, "\x0a" + Z("5.5.5-10.6.12-MariaDB-0ubuntu0.22.04.1") + Le(7, 4) + "saltsalt" +
                                          '\0' + Le(0xf7fe, 2) + "\x21" + Le(2, 2) + Le(0x81ff, 2));
  for (std::size_t seen = 1; seen < maria.size(); ++seen) {
    EXPECT_NE(Ask(kMysql, maria.substr(0, seen), 3306, Direction::kToClient), Probe::kNo) << seen;
  }
  EXPECT_EQ(Ask(kMysql, Command(3, "select 1"), 3306), Probe::kYes);
  EXPECT_EQ(Ask(kMysql, Command(3, "select 1")), Probe::kNo);
  EXPECT_EQ(Ask(kMysql, std::string(64, '\0')), Probe::kNo);
  EXPECT_EQ(Ask(kMysql, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol

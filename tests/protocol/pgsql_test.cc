// SPDX-License-Identifier: Apache-2.0
#include "protocol/pgsql/pgsql.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

std::string U16(std::size_t v) { return {static_cast<char>(v >> 8), static_cast<char>(v)}; }
std::string U32(std::size_t v) { return U16(v >> 16) + U16(v & 0xffff); }
std::string Z(std::string_view s) { return std::string(s) + '\0'; }
std::string Msg(char type, const std::string& body) { return type + U32(body.size() + 4) + body; }
std::string Startup(const std::string& body) { return U32(body.size() + 4) + body; }

struct Column {
  std::string name;
  std::uint32_t type = 25;
  int format = 0;
};
std::string Description(const std::vector<Column>& columns) {
  std::string body = U16(columns.size());
  for (const Column& c : columns)
    body += Z(c.name) + U32(0) + U16(0) + U32(c.type) + U16(0) + U32(0) + U16(static_cast<std::size_t>(c.format));
  return Msg('T', body);
}
std::string Row(const std::vector<std::string>& values) {
  std::string body = U16(values.size());
  for (const std::string& v : values) body += v == "NULL" ? U32(0xffffffff) : U32(v.size()) + v;
  return Msg('D', body);
}

const std::string kReady = Msg('Z', "I");
const std::string kSsl = Startup(U32(80877103));
const std::string kStartup = Startup(U32(196608) + Z("user") + Z("ada") + Z("database") + Z("people") +
                                     Z("application_name") + Z("psql") + '\0');

const Talk kSession = {
    Client(kSsl),
    Server("N"),
    Client(kStartup),
    Server(Msg('R', U32(5) + "\x9f"
                             "i\x1a\x8e")),
    Client(Msg('p', Z("md5abc"))),
    Server(Msg('R', U32(0)) + Msg('S', Z("server_version") + Z("16.4")) + Msg('S', Z("DateStyle") + Z("ISO")) +
           Msg('K', U32(61) + U32(7)) + kReady),
    Client(Msg('Q', Z("select * from people"))),
    Server(Description({{"name"}, {"ssn"}, {"note"}}) + Row({"Ada", "078-05-1120", "a\tb\nc"}) +
           Row({"Bob", "NULL", "say \"hi"}) + Msg('C', Z("SELECT 2")) + kReady),
    Client(Msg('Q', Z("COPY people (name, ssn) FROM STDIN"))),
    Server(Msg('G', std::string("\0\0\2\0\0\0\0", 7))),
    Client(Msg('d', "Eve\t219-09-9999\n") + Msg('d', "Zed\t\\N\n") + Msg('c', "")),
    Server(Msg('C', Z("COPY 2")) + kReady),
    Client(Msg('Q', Z("select broken"))),
    Server(Msg('E', "S" + Z("ERROR") + "C" + Z("42703") + "M" + Z("column \"broken\" does not exist") + '\0') + kReady),
    Client(Msg('X', ""))};

TEST(PgsqlTest, ReadsASession) {
  const RecordingSink sink = Play(kPgsql, kSession);
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(pgsql #0 > "pgsql":{"tx_id":1,"request":{"message":"SSL Request"},"response":{"ssl_accepted":false}})",
          R"(pgsql #1 > "pgsql":{"tx_id":2,"request":{"protocol_version":"3.0","startup_parameters":{"user":"ada","optional_parameters":[)"
          R"({"database":"people"},{"application_name":"psql"}]}},"response":{"authentication_md5_password":"\x9fi)"
          "\x1a"
          R"(\x8e"}})",
          R"(pgsql #2 > "pgsql":{"tx_id":3,"request":{"password_redacted":true},"response":{"message":"authentication_ok",)"
          R"("parameter_status":[{"server_version":"16.4"},{"date_style":"ISO"}],"process_id":61,"secret_key":7}})",
          R"(pgsql #3 > "pgsql":{"tx_id":4,"request":{"simple_query":"select * from people"},"response":{"field_count":3,"data_rows":2,)"
          R"("data_size":29,"command_completed":"SELECT 2"}})",
          R"(pgsql #4 > "pgsql":{"tx_id":5,"request":{"simple_query":"COPY people (name, ssn) FROM STDIN"},"response":{"copy_in_response":{"columns":2}}})",
          R"(pgsql #5 > "pgsql":{"tx_id":6,"request":{"copy_data_in":{"msg_count":2,"data_size":23},"message":"copy_done"},)"
          R"("response":{"command_completed":"COPY 2"}})",
          R"(pgsql #6 > "pgsql":{"tx_id":7,"request":{"simple_query":"select broken"},"response":{"severity_localizable":"ERROR","code":"42703",)"
          R"("message":"column "broken" does not exist"}})",
          R"(pgsql #7 > "pgsql":{"tx_id":8,"request":{"message":"termination_message"}})"));
  EXPECT_THAT(
      sink.bodies,
      ElementsAre("pgsql.rows #3 < text/tab-separated-values|||-1|name\tssn\tnote\nAda\t078-05-1120\ta b c\nBob\t\tsay "
                  "\"hi\"\n|complete",
                  "pgsql.copy #5 > text/tab-separated-values|||-1|name\tssn\nEve\t219-09-9999\nZed\t\\N\n|complete"));
  EXPECT_THAT(sink.fields, Contains("pgsql.query > =select * from people"));
  EXPECT_THAT(sink.fields, Contains("pgsql.password > password=md5abc"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(PgsqlTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kPgsql, kSession); }
TEST(PgsqlTest, SurvivesDamage) { ExpectSurvivesDamage(kPgsql, kSession); }

Talk Extended() {
  const std::string parse = Msg('P', Z("s1") + Z("select name, born, n from people where ssn = $1") + U16(0));
  const std::string bind = Msg('B', Z("") + Z("s1") + U16(0) + U16(1) + U32(11) + "078-05-1120" + U16(1) + U16(1));
  const std::string answer =
      Row({"Ada", std::string("\xff\xff\xf2\x63", 4), std::string("\0\0\0\7", 4)}) + Msg('C', Z("SELECT 1")) + kReady;
  return {
      Client(kStartup),
      Server(Msg('R', U32(0)) + kReady),
      Client(parse + Msg('D', "S" + Z("s1")) + Msg('S', "")),
      Server(Msg('1', "") + Msg('t', U16(1) + U32(25)) + Description({{"name"}, {"born", 1082}, {"n", 23}}) + kReady),
      Client(bind + Msg('E', Z("") + U32(0)) + Msg('S', "")),
      Server(Msg('2', "") + answer),
      Client(bind + Msg('E', Z("") + U32(0)) + Msg('S', "")),
      Server(Msg('2', "") + answer)};
}

TEST(PgsqlTest, PreparedStatementsKeepTheirColumns) {
  const RecordingSink sink = Play(kPgsql, Extended());
  ASSERT_EQ(sink.bodies.size(), 2u);
  EXPECT_THAT(sink.bodies[0], HasSubstr("|name\tborn\tn\nAda\t1990-06-17\t7\n|complete"));
  EXPECT_THAT(sink.bodies[1], HasSubstr("|name\tborn\tn\nAda\t1990-06-17\t7\n|complete"));
  EXPECT_THAT(sink.fields, Contains("pgsql.bind > ssn=078-05-1120"));
  ExpectSameAtEverySplit(kPgsql, Extended());
  ExpectSurvivesDamage(kPgsql, Extended());
}

TEST(PgsqlTest, TlsIsHandedOver) {
  Player player(kPgsql);
  player.Feed({Client(kSsl)});
  EXPECT_EQ(player.Feed(Direction::kToClient, "S\x16\x03"), ParseStatus::kSwitch);
  EXPECT_EQ(player.parser().consumed(), 1u);
  EXPECT_THAT(player.sink.events, ElementsAre(HasSubstr(R"("ssl_accepted":true)")));
  Player one_sided(kPgsql);
  one_sided.Feed({Client(kSsl)});
  EXPECT_EQ(one_sided.Feed(Direction::kToServer, "\x16\x03\x01"), ParseStatus::kSwitch);
  EXPECT_EQ(one_sided.parser().consumed(), 0u);
}

TEST(PgsqlTest, OneSideIsEnough) {
  Talk server, client;
  for (const auto& turn : kSession) (turn.direction == Direction::kToServer ? client : server).push_back(turn);
  EXPECT_THAT(Play(kPgsql, server).bodies, ElementsAre(HasSubstr("Ada\t078-05-1120")));
  EXPECT_THAT(Play(kPgsql, client).fields, Contains("pgsql.query > =select * from people"));
}

TEST(PgsqlTest, SidesGuessedWrong) {
  Talk swapped = kSession;
  for (auto& turn : swapped) turn.direction = Opposite(turn.direction);
  EXPECT_EQ(Play(kPgsql, swapped).events.size(), 8u);
}

TEST(PgsqlTest, LongValuesAndStatementsPassThrough) {
  const std::string large(50000, 'x');
  const Talk talk = {Client(kStartup), Server(Msg('R', U32(0)) + kReady),
                     Client(Msg('Q', Z("insert into t values ('" + large + "')"))),
                     Server(Description({{"name"}, {"text"}, {"ssn"}}) + Row({"Ada", large, "078-05-1120"}) +
                            Msg('C', Z("SELECT 1")) + kReady)};
  testing::ExpectSurvivesGapsIn(kPgsql, talk, 2);
  testing::ExpectSurvivesGapsIn(kPgsql, talk, 3);
  const RecordingSink sink = Play(kPgsql, talk);
  ASSERT_EQ(sink.bodies.size(), 2u);
  EXPECT_THAT(sink.bodies[0], HasSubstr("pgsql.query #1 > application/sql|||-1|insert into t values"));
  EXPECT_THAT(sink.bodies[1], HasSubstr("|name\ttext\tssn\nAda\t" + large + "\t078-05-1120\n|complete"));
  for (std::size_t piece : {1460u, 16000u}) {
    Player player(kPgsql);
    player.Feed(talk, piece);
    player.End();
    EXPECT_EQ(player.sink.Summary(), sink.Summary());
  }
}

TEST(PgsqlTest, BehindAGapTheNextMessageIsFound) {
  const RecordingSink sink =
      Play(kPgsql, {Client(kStartup), Server(Msg('R', U32(0)) + kReady), Client(Msg('Q', Z("select 1"))),
                    Server(Row({"Ada", "078-05-1120"}) + Msg('C', Z("SELECT 9")) + kReady, 500)});
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr("|Ada\t078-05-1120\n|complete")));
}

// Bodies of one direction follow each other, whatever a server sends.
TEST(PgsqlTest, RowsWithinACopyThatNothingEndedAreABodyOfTheirOwn) {
  const RecordingSink sink =
      Play(kPgsql, {Client(kStartup), Server(Msg('R', U32(0)) + kReady), Client(Msg('Q', Z("copy people to stdout"))),
                    Server(Msg('H', std::string("\0\0\2\0\0\0\0", 7)) + Msg('d', "Eve\t219-09-9999\n") +
                           Description({{"name"}, {"ssn"}}) + Row({"Ada", "078-05-1120"}) + Msg('C', Z("SELECT 1")) +
                           Msg('d', "Zed\t219-09-9998\n") + kReady)});
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr("Eve\t219-09-9999\n|truncated"),
                                       HasSubstr("name\tssn\nAda\t078-05-1120\n|complete"),
                                       HasSubstr("Zed\t219-09-9998\n|complete")));
}

TEST(PgsqlTest, RubbishIsTold) {
  const RecordingSink sink = Play(kPgsql, {Client(kStartup), Client("\xff\xfe rubbish")});
  EXPECT_THAT(sink.anomalies, ElementsAre("malformed_request"));
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueBinary), 10u);
}

TEST(PgsqlTest, Probe) {
  EXPECT_EQ(Ask(kPgsql, kSsl), Probe::kYes);
  EXPECT_EQ(Ask(kPgsql, kStartup), Probe::kYes);
  EXPECT_EQ(Ask(kPgsql, kStartup.substr(0, 6), 5432), Probe::kNeedMore);
  EXPECT_EQ(Ask(kPgsql, kStartup.substr(0, 6)), Probe::kNo);
  EXPECT_EQ(Ask(kPgsql, Msg('R', U32(5) + "salt"), 0, Direction::kToClient), Probe::kYes);
  EXPECT_EQ(Ask(kPgsql, Msg('Q', Z("select 1")), 5432), Probe::kYes);
  EXPECT_EQ(Ask(kPgsql, Msg('Q', Z("select 1"))), Probe::kNo);
  EXPECT_EQ(Ask(kPgsql, "Quit or not, this is text"), Probe::kNo);
  EXPECT_EQ(Ask(kPgsql, std::string(64, '\0')), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol

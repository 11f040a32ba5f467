// SPDX-License-Identifier: Apache-2.0
#include "protocol/cassandra/cassandra.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

std::string Be(std::uint64_t v, int octets) {
  std::string out;
  for (int i = octets - 1; i >= 0; --i) out += static_cast<char>(v >> (8 * i));
  return out;
}
std::string S(std::string_view s) { return Be(s.size(), 2) + std::string(s); }
std::string L(std::string_view s) { return Be(s.size(), 4) + std::string(s); }
std::string Frame(int version, int flags, int opcode, const std::string& body) {
  return Be(static_cast<std::uint64_t>(version), 1) + Be(static_cast<std::uint64_t>(flags), 1) + Be(1, 2) +
         Be(static_cast<std::uint64_t>(opcode), 1) + L(body);
}

const std::string kStartup = Frame(4, 0, 1, Be(1, 2) + S("CQL_VERSION") + S("3.0.0"));
const std::string kRows = Be(2, 4) + Be(1, 4) + Be(5, 4) + S("crm") + S("people") + S("name") + Be(0x0d, 2) + S("ssn") +
                          Be(0x0d, 2) + S("born") + Be(0x11, 2) + S("n") + Be(9, 2) + S("tags") + Be(0x21, 2) +
                          Be(0x0d, 2) + Be(0x30, 2) + S("k") + S("u") + Be(1, 2) + S("f") + Be(0x0d, 2) + Be(2, 4) +  //
                          L("Ada") + L("078-05-1120") + L(Be((1u << 31) + 7363, 4)) + L(Be(7, 4)) + Be(0xffffffff, 4) +
                          L("Bob") + Be(0xffffffff, 4) + L(Be((1u << 31) - 1, 4)) + L(Be(0xffffffff, 4)) + L("x");
const Talk kSession = {Client(kStartup),
                       Server(Frame(0x84, 0, 3, S("PasswordAuthenticator"))),
                       Client(Frame(4, 0, 15, L(std::string("\0ada\0geheim", 11)))),
                       Server(Frame(0x84, 0, 16, Be(0xffffffff, 4))),
                       Client(Frame(4, 0, 7, L("select * from people") + Be(1, 2) + std::string(1, '\0'))),
                       Server(Frame(0x84, 8, 8, Be(1, 2) + S("careful") + kRows)),
                       Client(Frame(4, 0, 7, L("broken") + Be(1, 2) + std::string(1, '\0'))),
                       Server(Frame(0x84, 0, 0, Be(0x2000, 4) + S("line 1: no"))),
                       Client(Frame(4, 1, 7, "zipped rubbish"))};

TEST(CassandraTest, ReadsASession) {
  const RecordingSink sink = Play(kCassandra, kSession);
  EXPECT_THAT(sink.events,
              ElementsAre(R"(cassandra #0 > "cassandra":{"opcode":"startup","stream":1})",
                          R"(cassandra #1 < "cassandra":{"opcode":"authenticate","stream":1})",
                          R"(cassandra #2 > "cassandra":{"opcode":"auth_response","stream":1,"user":"ada"})",
                          R"(cassandra #3 < "cassandra":{"opcode":"auth_success","stream":1})",
                          R"(cassandra #4 > "cassandra":{"opcode":"query","stream":1,"query":"select * from people"})",
                          R"(cassandra #5 < "cassandra":{"opcode":"result","stream":1,"rows":2})",
                          R"(cassandra #6 > "cassandra":{"opcode":"query","stream":1,"query":"broken"})",
                          R"(cassandra #7 < "cassandra":{"opcode":"error","stream":1,"error":"line 1: no"})",
                          R"(cassandra #8 > "cassandra":{"opcode":"query","stream":1})"));
  EXPECT_THAT(sink.bodies, ElementsAre("cassandra.rows #5 < "
                                       "text/"
                                       "tab-separated-values|||-1|name\tssn\tborn\tn\ttags\nAda\t078-05-1120\t1990-02-"
                                       "28\t7\t\nBob\t\t1969-12-31\t-1\tx\n|complete"));
  EXPECT_THAT(sink.fields, Contains("cassandra.auth > password=geheim"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueBinary), 14u);
}

TEST(CassandraTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kCassandra, kSession); }
TEST(CassandraTest, SurvivesDamage) { ExpectSurvivesDamage(kCassandra, kSession); }

TEST(CassandraTest, TypesWithinTypesAreBounded) {
  std::string body = Be(2, 4) + Be(0, 4) + Be(1, 4) + S("k") + S("t") + S("c");
  for (int i = 0; i < 1000; ++i) body += Be(0x20, 2);
  EXPECT_THAT(Play(kCassandra, {Server(Frame(0x84, 0, 8, body))}).anomalies, ElementsAre("malformed_data"));
  EXPECT_THAT(Play(kCassandra, {Client(kStartup + "\x04\x00\xff rubbish")}).anomalies, IsEmpty());
  EXPECT_THAT(Play(kCassandra, {Client(kStartup + "rubbish")}).anomalies, ElementsAre("malformed_data"));
}

TEST(CassandraTest, Probe) {
  EXPECT_EQ(Ask(kCassandra, kStartup), Probe::kYes);
  EXPECT_EQ(Ask(kCassandra, Frame(4, 0, 5, "")), Probe::kNo);
  EXPECT_EQ(Ask(kCassandra, Frame(4, 0, 5, ""), 9042), Probe::kYes);
  EXPECT_EQ(Ask(kCassandra, "\x04\x01", 9042), Probe::kNeedMore);
  EXPECT_EQ(Ask(kCassandra, std::string("\x04\x01\0\x50\x7f\0\0\1\0", 9)), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol

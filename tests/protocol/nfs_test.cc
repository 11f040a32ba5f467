// SPDX-License-Identifier: Apache-2.0
#include "protocol/nfs/nfs.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"
#include "protocol/rpc_messages.h"

namespace gander::protocol {
namespace {

using namespace testing;
using ::testing::AllOf;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr std::uint32_t kProgram = 100003;
std::string Call3(std::uint32_t xid, std::uint32_t procedure, const std::string& arguments) {
  return Record(RpcCall(xid, kProgram, 3, procedure, arguments));
}
std::string Reply(std::uint32_t xid, const std::string& results) { return Record(RpcReply(xid, results)); }
// A regular file's attributes in version 3.
const std::string kAttributes = U32(1) + std::string(80, '\1');
const std::string kNoWeakData = U32(0) + U32(0);

std::string Lookup(std::uint32_t xid, const std::string& name) { return Call3(xid, 3, Opaque("directory") + Opaque(name)); }
std::string Found(std::uint32_t xid, const std::string& handle) { return Reply(xid, U32(0) + Opaque(handle) + U32(1) + kAttributes + U32(0)); }
std::string Read(std::uint32_t xid, const std::string& handle, std::uint64_t offset) { return Call3(xid, 6, Opaque(handle) + U64(offset) + U32(4096)); }
std::string Octets3(std::uint32_t xid, const std::string& data, bool end) {
  return Reply(xid, U32(0) + U32(1) + kAttributes + U32(static_cast<std::uint32_t>(data.size())) + U32(end) + Opaque(data));
}
std::string Write(std::uint32_t xid, const std::string& handle, std::uint64_t offset, const std::string& data, std::uint32_t stable = 0) {
  return Call3(xid, 7, Opaque(handle) + U64(offset) + U32(static_cast<std::uint32_t>(data.size())) + U32(stable) + Opaque(data));
}
std::string Commit(std::uint32_t xid, const std::string& handle) { return Call3(xid, 21, Opaque(handle) + U64(0) + U32(0)); }

const Talk kSession3 = {
    Client(Lookup(1, "people.csv")), Server(Found(1, "people-handle")),
    Client(Read(2, "people-handle", 0) + Read(3, "people-handle", 8)),
    Server(Octets3(2, "Ada Love", false) + Octets3(3, "lace 078-05-1120\n", true)),
    Client(Call3(4, 8, Opaque("directory") + Opaque("new") + U32(0) + std::string(24, '\0'))),
    Server(Reply(4, U32(0) + U32(1) + Opaque("new-handle") + U32(0) + kNoWeakData)),
    Client(Write(5, "new-handle", 0, "written ") + Write(6, "new-handle", 8, "in two parts")),
    Server(Reply(5, U32(0) + kNoWeakData + U32(8) + U32(0) + U64(1)) + Reply(6, U32(0) + kNoWeakData + U32(12) + U32(0) + U64(1))),
    Client(Commit(7, "new-handle")), Server(Reply(7, U32(0) + kNoWeakData + U64(1))),
    Client(Call3(8, 14, Opaque("directory") + Opaque("new") + Opaque("directory") + Opaque("old"))), Server(Reply(8, U32(2) + kNoWeakData + kNoWeakData)),
    Client(Call3(9, 10, Opaque("directory") + Opaque("link") + std::string(24, '\0') + Opaque("/home/ada"))), Server(Reply(9, U32(0) + U32(0) + U32(0) + kNoWeakData)),
};

TEST(NfsTest, FilesAndNamesOfVersion3) {
  const RecordingSink sink = Play(kNfs, kSession3);
  EXPECT_THAT(sink.bodies, ElementsAre("nfs.file #1 < ||people.csv|-1|Ada Lovelace 078-05-1120\n|complete", "nfs.file #3 > ||new|-1|written in two parts|complete"));
  EXPECT_THAT(sink.fields, ElementsAre("rpc.machine_name > host=ward-3", "nfs.name > file=people.csv", "nfs.name > file=new", "nfs.name > file=new", "nfs.name > file=old",
                                       "nfs.name > file=link", "nfs.link > file=/home/ada"));
  const std::string creds = R"("auth_type":"UNIX","creds":{"machine_name":"ward-3","uid":1000,"gid":100}},)";
  EXPECT_THAT(
      sink.events,
      ElementsAre(AllOf(StartsWith(R"(nfs #0 < "rpc":{"xid":1,"status":"ACCEPTED",)" + creds + R"("nfs":{"version":3,"procedure":"LOOKUP","filename":"people.csv","hhash":")"),
                        HasSubstr(R"("id":1,"file_tx":false,"type":"response","status":"OK"})")),
                  AllOf(StartsWith(R"(nfs #1 < "rpc":{"xid":2,)"), HasSubstr(R"("procedure":"READ","filename":"people.csv")"),
                        HasSubstr(R"("id":2,"file_tx":true,"type":"response","status":"OK","read":{"first":true,"last":true,"last_xid":3,"chunks":2}})")),
                  HasSubstr(R"("procedure":"CREATE","filename":"new")"),
                  AllOf(StartsWith(R"(nfs #3 > "rpc":{"xid":5,)"), HasSubstr(R"("file_tx":true,"type":"response","status":"OK","write":{"first":true,"last":true,"last_xid":7,"chunks":2}})")),
                  AllOf(HasSubstr(R"("procedure":"RENAME","filename":"new")"), HasSubstr(R"("status":"ERR_NOENT","rename":{"from":"new","to":"old"}})")),
                  HasSubstr(R"("procedure":"SYMLINK","filename":"link")")));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(NfsTest, CutsDoNotMatter) {
  ExpectSameAtEverySplit(kNfs, kSession3);
  Talk fragments = kSession3;
  fragments.push_back(Client(Record(RpcCall(20, kProgram, 3, 7, Opaque("f") + U64(0) + U32(9) + U32(2) + Opaque("in pieces")), 13)));
  ExpectSameAtEverySplit(kNfs, {kSession3[0], kSession3[1], fragments.back()});
  EXPECT_THAT(Play(kNfs, fragments).bodies, Contains(HasSubstr("|in pieces|complete")));
}

TEST(NfsTest, SurvivesDamage) {
  ExpectSurvivesDamage(kNfs, kSession3);
  Talk swapped = kSession3;
  for (Turn& turn : swapped) turn.direction = turn.direction == Direction::kToServer ? Direction::kToClient : Direction::kToServer;
  ExpectSurvivesDamage(kNfs, swapped);
  EXPECT_THAT(Play(kNfs, swapped).bodies, SizeIs(2));
}

TEST(NfsTest, LargeReadsPassThroughAndAGapCostsWhatItCovers) {
  std::string data;
  for (int i = 0; i < 20000; ++i) data += "line " + std::to_string(i) + "\n";
  const Talk talk = {Client(Read(1, "h", 0)), Server(Octets3(1, data, true)), Client(Lookup(2, "next")), Server(Found(2, "n"))};
  const RecordingSink whole = Play(kNfs, talk);
  EXPECT_THAT(whole.bodies, ElementsAre("nfs.file #0 < |||-1|" + data + "|complete"));
  ExpectSurvivesGapsIn(kNfs, talk, 1);
  Talk holed = talk;
  holed[1].bytes.resize(1000);
  holed.insert(holed.begin() + 2, Server(talk[1].bytes.substr(1500), 500));
  const RecordingSink sink = Play(kNfs, holed);
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr("|gap"), AllOf(HasSubstr("|part|"), HasSubstr("line 19999\n|truncated"))));
  EXPECT_EQ(sink.body_bytes, data.size() - 500);
  EXPECT_THAT(sink.events.back(), HasSubstr(R"("filename":"next")"));
}

TEST(NfsTest, PartsOutOfOrderAreOneFile) {
  const RecordingSink sink = Play(kNfs, {Client(Read(1, "h", 0) + Read(2, "h", 4) + Read(3, "h", 8)), Server(Octets3(1, "aaaa", false) + Octets3(3, "cccc", true) + Octets3(2, "bbbb", false))});
  EXPECT_THAT(sink.bodies, ElementsAre("nfs.file #0 < |||-1|aaaabbbbcccc|complete"));
}

TEST(NfsTest, FilesThatAlternateWaitForEachOtherWithinBounds) {
  const RecordingSink sink = Play(kNfs, {Client(Read(1, "a", 0) + Read(2, "b", 0) + Read(3, "a", 4) + Read(4, "b", 4)),
                                         Server(Octets3(1, "aaaa", false) + Octets3(2, "bbbb", false) + Octets3(3, "AAAA", true) + Octets3(4, "BBBB", true))});
  EXPECT_THAT(sink.bodies, ElementsAre("nfs.file #0 < |||-1|aaaaAAAA|complete", "nfs.file #1 < |||-1|bbbbBBBB|complete"));
  // A file that is never read on does not hold others up for good.
  Talk left = {Client(Read(1, "a", 0)), Server(Octets3(1, "aaaa", false))};
  for (std::uint32_t i = 2; i < 30; ++i) {
    left.push_back(Client(Read(i, "b", (i - 2) * 4)));
    left.push_back(Server(Octets3(i, "bbbb", false)));
  }
  Player player(kNfs);
  player.Feed(left);
  EXPECT_THAT(player.sink.bodies, ElementsAre("nfs.file #0 < |||-1|aaaa|truncated"));
  player.End();
  EXPECT_THAT(player.sink.bodies, SizeIs(2));
  EXPECT_EQ(player.sink.body_bytes, 29u * 4);
  // What is too much to wait ends the other where it is.
  const std::string large(nfs::kMaxWaiting + 1, 'x');
  EXPECT_THAT(Play(kNfs, {Client(Read(1, "a", 0) + Read(2, "b", 0)), Server(Octets3(1, "aaaa", false) + Octets3(2, large, true))}).bodies,
              ElementsAre("nfs.file #0 < |||-1|aaaa|truncated", HasSubstr("x|complete")));
}

TEST(NfsTest, OneSideAloneIsRead) {
  EXPECT_THAT(Play(kNfs, {Client(Lookup(1, "people.csv") + Write(2, "h", 0, "text", 2))}).bodies, ElementsAre("nfs.file #1 > |||-1|text|complete"));
  EXPECT_THAT(Play(kNfs, {Client(Lookup(1, "people.csv"))}).events, ElementsAre(AllOf(HasSubstr(R"("type":"request"})"), Not(HasSubstr("\"status\"")))));
  const RecordingSink sink = Play(kNfs, {Server(Octets3(1, "Ada ", false) + Octets3(2, "Lovelace", true))});
  EXPECT_THAT(sink.bodies, ElementsAre("nfs.file #0 < |||-1|part|Ada Lovelace|truncated"));
}

TEST(NfsTest, Version2OverUdp) {
  const std::string handle(32, 'h'), directory(32, 'd');
  const std::string attributes = U32(1) + std::string(16, '\0') + U32(11) + std::string(44, '\0');
  const Talk talk = {Client(RpcCall(1, kProgram, 2, 4, directory + Opaque("b"))), Server(RpcReply(1, U32(0) + handle + attributes)),
                     Client(RpcCall(2, kProgram, 2, 6, handle + U32(0) + U32(4096) + U32(0))), Server(RpcReply(2, U32(0) + attributes + Opaque("the b file\n"))),
                     Client(RpcCall(3, kProgram, 2, 16, directory + U32(0) + U32(4096))),
                     Server(RpcReply(3, U32(0) + U32(1) + U32(9) + Opaque("diary of Ada") + U32(1) + U32(0) + U32(1))),
                     Client(RpcCall(4, kProgram, 2, 17, directory)), Server(RpcReply(4, U32(0) + std::string(20, '\1')))};
  const RecordingSink sink = Play(kNfs, talk, true);
  EXPECT_THAT(sink.bodies, ElementsAre("nfs.file #1 < ||b|-1|the b file\n|complete"));
  EXPECT_THAT(sink.fields, Contains("nfs.name < file=diary of Ada"));
  EXPECT_THAT(sink.events.back(), HasSubstr(R"("version":2,"procedure":"STATFS")"));
  ExpectSurvivesDamage(kNfs, talk, 5, true);
}

// A second reply under a number that was answered is read, if it is not the same.
TEST(NfsTest, DatagramsThatComeAgainAreOneCall) {
  const std::string handle(32, 'h'), directory(32, 'd');
  const std::string attributes = U32(1) + std::string(16, '\0') + U32(11) + std::string(44, '\0');
  const auto call = Client(RpcCall(1, kProgram, 2, 4, directory + Opaque("b")));
  const auto reply = Server(RpcReply(1, U32(0) + handle + attributes));
  const auto read = Client(RpcCall(2, kProgram, 2, 6, handle + U32(0) + U32(4096) + U32(0)));
  const auto octets = [&](const std::string& text) { return Server(RpcReply(2, U32(0) + attributes + Opaque(text))); };
  const RecordingSink sink = Play(kNfs, {call, reply, call, reply, read, octets("the b file\n"), read, octets("the b file\n"),
                                         octets("other text!")}, true);
  EXPECT_THAT(sink.events, Each(HasSubstr(R"("type":"response")")));
  EXPECT_THAT(sink.bodies, ElementsAre("nfs.file #1 < ||b|-1|the b file\n|complete", HasSubstr("other text!")));
}

std::string Call4(std::uint32_t xid, std::uint32_t count, const std::string& operations) {
  return Record(RpcCall(xid, kProgram, 4, 1, Opaque("") + U32(1) + U32(count) + operations));
}
std::string Reply4(std::uint32_t xid, std::uint32_t count, const std::string& results) { return Reply(xid, U32(0) + Opaque("") + U32(count) + results); }
const std::string kState(16, 's');
const std::string kSequence = U32(53) + kState + U32(1) + U32(0) + U32(0) + U32(0);
const std::string kSequenced = U32(53) + U32(0) + kState + std::string(20, '\0');
std::string Ok(std::uint32_t operation) { return U32(operation) + U32(0); }
std::string PutFh(const std::string& handle) { return U32(22) + Opaque(handle); }
std::string Open(const std::string& name) { return U32(18) + U32(0) + U32(2) + U32(0) + U64(1) + Opaque("owner") + U32(0) + U32(0) + Opaque(name); }
std::string Opened() { return Ok(18) + kState + std::string(20, '\0') + U32(0) + U32(0) + U32(0); }

const Talk kSession4 = {
    Client(Call4(1, 1, U32(42) + U64(1) + Opaque("Linux NFSv4.1 ward-3") + U32(1) + U32(0) + U32(0))),
    Server(Reply4(1, 1, Ok(42) + U64(1) + U32(1) + U32(0) + U32(0) + U64(1) + Opaque("server") + Opaque("scope") + U32(0))),
    Client(Call4(2, 4, kSequence + PutFh("directory") + Open("people.csv") + U32(10))),
    Server(Reply4(2, 4, kSequenced + Ok(22) + Opened() + Ok(10) + Opaque("people-handle"))),
    Client(Call4(3, 3, kSequence + PutFh("people-handle") + U32(25) + kState + U64(0) + U32(4096))),
    Server(Reply4(3, 3, kSequenced + Ok(22) + Ok(25) + U32(1) + Opaque("Ada 078-05-1120\n"))),
    Client(Call4(4, 4, kSequence + PutFh("people-handle") + U32(38) + kState + U64(0) + U32(0) + Opaque("new text") + U32(9) + U32(1) + U32(2))),
    Server(Reply4(4, 4, kSequenced + Ok(22) + Ok(38) + U32(8) + U32(0) + U64(1) + Ok(9) + U32(1) + U32(2) + Opaque("12345678"))),
    Client(Call4(5, 3, kSequence + PutFh("people-handle") + U32(5) + U64(0) + U32(0))), Server(Reply4(5, 3, kSequenced + Ok(22) + Ok(5) + U64(1))),
    Client(Call4(6, 3, kSequence + PutFh("people-handle") + U32(68) + kState + U64(0) + U32(4096))),
    Server(Reply4(6, 3, kSequenced + Ok(22) + Ok(68) + U32(1) + U32(3) + U32(0) + U64(0) + Opaque("front") + U32(1) + U64(5) + U64(95) + U32(0) + U64(100) + Opaque("behind"))),
    Client(Call4(7, 3, kSequence + PutFh("directory") + U32(29) + Opaque("old") + Opaque("new"))), Server(Reply4(7, 3, kSequenced + Ok(22) + U32(29) + U32(10026))),
    Client(Call4(8, 3, kSequence + PutFh("directory") + U32(26) + U64(0) + U64(0) + U32(512) + U32(512) + U32(0))),
    Server(Reply4(8, 3, kSequenced + Ok(22) + Ok(26) + U64(0) + U32(1) + U64(3) + Opaque("diary of Ada") + U32(0) + U32(0) + U32(0) + U32(1))),
};

TEST(NfsTest, FilesAndNamesOfVersion4) {
  const RecordingSink sink = Play(kNfs, kSession4);
  EXPECT_THAT(sink.anomalies, IsEmpty());
  EXPECT_THAT(sink.bodies, ElementsAre("nfs.file #2 < ||people.csv|-1|Ada 078-05-1120\n|complete", "nfs.file #3 > ||people.csv|-1|new text|complete",
                                       "nfs.file #4 < ||people.csv|-1|front|complete", "nfs.file #5 < ||people.csv|-1|part|behind|truncated"));
  EXPECT_THAT(sink.fields, ElementsAre("rpc.machine_name > host=ward-3", "nfs.client > host=Linux NFSv4.1 ward-3", "nfs.name > file=people.csv", "nfs.name > file=old",
                                       "nfs.name > file=new", "nfs.name < file=diary of Ada"));
  EXPECT_THAT(sink.events, Contains(HasSubstr(R"("version":4,"procedure":"OPEN","filename":"people.csv")")));
  EXPECT_THAT(sink.events, Contains(AllOf(HasSubstr(R"("status":"ERR_BAD_SEQID","rename":{"from":"old","to":"new"}})"), HasSubstr("RENAME"))));
}

TEST(NfsTest, Version4CutsAndDamage) {
  ExpectSameAtEverySplit(kNfs, kSession4);
  ExpectSurvivesDamage(kNfs, kSession4);
  Talk answers;
  for (const Turn& turn : kSession4) {
    if (turn.direction == Direction::kToClient) answers.push_back(turn);
  }
  ExpectSurvivesDamage(kNfs, answers);
  EXPECT_THAT(Play(kNfs, answers).bodies, Contains(HasSubstr("Ada 078-05-1120\n|truncated")));
}

TEST(NfsTest, WhatIsWrongIsNamedAndReadingGoesOn) {
  const std::string absurd = Call3(1, 3, U32(0x7fffffff) + "abcd");
  EXPECT_THAT(Play(kNfs, {Client(absurd + Lookup(2, "next"))}).anomalies, ElementsAre("malformed_data"));
  EXPECT_THAT(Play(kNfs, {Client(absurd + Lookup(2, "next"))}).fields, Contains("nfs.name > file=next"));
  EXPECT_THAT(Play(kNfs, {Client(Record(RpcCall(1, kProgram, 9, 1, "")))}).anomalies, ElementsAre("non_existing_version"));
  EXPECT_THAT(Play(kNfs, {Client(Call4(1, 0x7fffffff, ""))}).anomalies, ElementsAre("malformed_data"));
  // More is promised than the record has.
  const RecordingSink lie = Play(kNfs, {Client(Call3(1, 7, Opaque("h") + U64(0) + U32(99) + U32(2) + U32(99) + "text"))});
  EXPECT_THAT(lie.anomalies, ElementsAre("malformed_data"));
  EXPECT_THAT(lie.bodies, ElementsAre("nfs.file #0 > |||-1|text|gap"));
}

TEST(NfsTest, StateIsBoundedAndGivenBack) {
  Player player(kNfs, true);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    player.Feed({Client(RpcCall(i, kProgram, 3, 3, Opaque("directory") + Opaque("file " + std::to_string(i))))});
  }
  EXPECT_THAT(player.sink.events, SizeIs(1000 - nfs::kMaxCalls));
  player.End();
  EXPECT_TRUE(player.parser().at_rest());
}

TEST(NfsTest, CipheredArgumentsAreCounted) {
  const std::string gss = U32(6) + Opaque(U32(1) + U32(0) + U32(1) + U32(3) + Opaque("context"));
  const RecordingSink sink = Play(kNfs, {Client(Record(RpcCall(1, kProgram, 4, 1, Opaque("ciphertext"), gss))), Server(Reply(1, Opaque("ciphertext")))});
  EXPECT_EQ(sink.fates.at(ByteFate::kEncrypted), 32u);
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(NfsTest, Probe) {
  EXPECT_EQ(Ask(kNfs, Lookup(1, "x")), Probe::kYes);
  EXPECT_EQ(Ask(kNfs, Found(1, "x")), Probe::kNo);
  EXPECT_EQ(Ask(kNfs, Found(1, "x"), 2049), Probe::kYes);
  EXPECT_EQ(Ask(kNfs, Record(RpcCall(1, 100000, 2, 0, ""))), Probe::kNo);
  EXPECT_EQ(Ask(kNfs, RpcCall(1, kProgram, 3, 0, ""), 0, Direction::kToServer, ip_proto::kUdp), Probe::kYes);
}

}  // namespace
}  // namespace gander::protocol

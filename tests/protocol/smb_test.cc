// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/smb.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"
#include "protocol/smb_messages.h"

namespace gander::protocol {
namespace {

using namespace std::string_literals;
using namespace smb_messages;

constexpr int kNegotiate = 0, kSessionSetup = 1, kTreeConnect = 3, kTreeDisconnect = 4, kCreate = 5, kClose = 6,
    kRead = 8,
              kWrite = 9, kIoctl = 11, kFind = 14, kSetInfo = 17;

// A share is connected, so that nothing is taken for a pipe.
const Talk kConnected = {Client(Ask(kTreeConnect, 1, TreeBody("\\\\srv\\files"))),
                         Server(Reply(kTreeConnect, 1, Le(16, 2) + Le(1, 2) + Le(0, 12)))};

Talk operator+(Talk a, const Talk& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
Talk Opened(int id, std::string_view name, int handle, std::uint64_t size) {
  const auto n = static_cast<std::uint64_t>(id);
  return {Client(Ask(kCreate, n, CreateBody(name))), Server(Reply(kCreate, n, CreatedBody(Handle(handle), size)))};
}
Talk Closed(int id, int handle) {
  const auto n = static_cast<std::uint64_t>(id);
  return {Client(Ask(kClose, n, CloseBody(Handle(handle)))), Server(Reply(kClose, n, Le(60, 2) + Le(0, 58)))};
}
Talk ReadAt(int id, int handle, std::uint64_t offset, std::string_view data) {
  const auto n = static_cast<std::uint64_t>(id);
  return {Client(Ask(kRead, n, ReadBody(Handle(handle), offset, data.size()))), Server(Reply(kRead, n,
      DataBody(data)))};
}

std::string NtlmAuthenticate() {
  const std::string domain = Wide("CLINIC"), user = Wide("anna"), host = Wide("PC7");
  std::string values = domain + user + host, fields;
  std::size_t at = 72;
  for (const std::string& v : {domain, user, host}) {
    fields += Le(v.size(), 2) + Le(v.size(), 2) + Le(at, 4);
    at += v.size();
  }
  return "NTLMSSP\0"s + Le(3, 4) + Le(0, 16) + fields + Le(0, 8) + Le(0x02000001, 4) + "\x0a\0"s + Le(19041, 2) +
      Le(0x0f000000, 4) + values;
}

TEST(SmbTest, ASessionFromItsBegin) {
  const std::string negotiate = Le(36, 2) + Le(2, 2) + Le(0, 8) + std::string(16, 'g') + Le(0, 8) + Le(0x0202,
      2) + Le(0x0210, 2);
  const std::string chosen = Le(65, 2) + Le(1, 2) + Le(0x0210, 2) + Le(0, 2) + std::string(16, 's') + Le(0, 4) +
      Le(65536, 4) + Le(65536, 4) + Le(32768, 4) + Le(0, 24);
  const std::string token = NtlmAuthenticate();
  const std::string setup = Le(25, 2) + Le(0, 10) + Le(88, 2) + Le(token.size(), 2) + Le(0, 8) + token;
  const Talk talk = Talk{Client(Ask(kNegotiate, 0, negotiate)), Server(Reply(kNegotiate, 0, chosen)),
                         Client(Ask(kSessionSetup, 7, setup)), Server(Reply(kSessionSetup, 7, Le(9, 2) + Le(0, 6)))} +
                    kConnected;
  const RecordingSink sink = Play(kSmb, talk);
  ASSERT_EQ(sink.events.size(), 3u);
  EXPECT_EQ(sink.events[0],
            R"(smb #0 > "smb":{"id":1,"dialect":"2.10","command":"SMB2_COMMAND_NEGOTIATE_PROTOCOL","status":"STATUS_SUCCESS",)"
            R"("status_code":"0x0","session_id":17,"tree_id":1,"client_dialects":["2.02","2.10"],)"
            R"("client_guid":"67676767-6767-6767-6767-676767676767","server_guid":"73737373-7373-7373-7373-737373737373",)"
            R"("max_read_size":65536,"max_write_size":32768})");
  EXPECT_THAT(sink.events[1],
      HasSubstr(R"("ntlmssp":{"domain":"CLINIC","user":"anna","host":"PC7","version":"10.0 build 19041 rev 15"})"));
  EXPECT_THAT(sink.events[2], HasSubstr(R"("share":"\\srv\files","share_type":"FILE")"));
  EXPECT_THAT(sink.fields, ElementsAre("smb.domain > domain=CLINIC", "smb.user > user=anna",
      "smb.host > host=PC7", "smb.share > share=\\\\srv\\files"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
  ExpectSameAtEverySplit(kSmb, talk);
  ExpectSurvivesDamage(kSmb, talk);
}

TEST(SmbTest, AFileIsOneBodyHoweverManyReads) {
  const Talk talk = kConnected + Opened(2, "a\\people.csv", 1, 12) + ReadAt(3, 1, 0, "name,ssn") + ReadAt(4, 1,
      8, "\nAnn") + Closed(5, 1);
  const RecordingSink sink = Play(kSmb, talk);
  EXPECT_THAT(sink.bodies, ElementsAre("smb.file #2 < ||a\\people.csv|12|name,ssn\nAnn|complete"));
  ASSERT_EQ(sink.events.size(), 4u);
  EXPECT_EQ(sink.events[1],
            R"(smb #1 > "smb":{"id":2,"dialect":"unknown","command":"SMB2_COMMAND_CREATE","status":"STATUS_SUCCESS","status_code":"0x0",)"
            R"("session_id":17,"tree_id":1,"filename":"a\people.csv","disposition":"FILE_OPEN","access":"normal","created":1512585399,)"
            R"("accessed":1512585399,"modified":1512585399,"changed":1512585399,"size":12,"fuid":"00000001-0000-0000-0005-0000ffffffff"})");
  EXPECT_EQ(sink.events[2],
            R"(smb #2 > "smb":{"id":3,"dialect":"unknown","command":"SMB2_COMMAND_READ","status":"STATUS_SUCCESS","status_code":"0x0",)"
            R"("session_id":17,"tree_id":1,"filename":"a\people.csv","share":"\\srv\files","fuid":"00000001-0000-0000-0005-0000ffffffff"})");
  EXPECT_THAT(sink.fields, Contains("smb.filename > =a\\people.csv"));
  ExpectSameAtEverySplit(kSmb, talk);
  ExpectSurvivesDamage(kSmb, talk);
}

TEST(SmbTest, AnswersMayComeInAnyOrder) {
  const Talk talk = kConnected + Opened(2, "f", 1, 12) +
                    Talk{Client(Ask(kRead, 3, ReadBody(Handle(1), 0, 4)) + Ask(kRead, 4, ReadBody(Handle(1), 4,
                        4)) + Ask(kRead, 5, ReadBody(Handle(1), 8, 4))),
                         Server(Reply(kRead, 5, DataBody("cccc")) + Reply(kRead, 3, DataBody("aaaa")) +
                             Reply(kRead, 4, DataBody("bbbb")))} +
                    Closed(6, 1);
  const RecordingSink sink = Play(kSmb, talk);
  EXPECT_THAT(sink.bodies, ElementsAre("smb.file #2 < ||f|12|aaaabbbbcccc|complete"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
  ExpectSameAtEverySplit(kSmb, talk);
}

TEST(SmbTest, FilesThatAreReadAtTheSameTimeFollowEachOther) {
  const Talk talk = kConnected + Opened(2, "one", 1, 8) + Opened(3, "two", 2, 8) + ReadAt(4, 1, 0, "1111") +
      ReadAt(5, 2, 0, "2222") +
                    ReadAt(6, 1, 4, "1111") + ReadAt(7, 2, 4, "2222") + Closed(8, 2) + Closed(9, 1);
  const RecordingSink sink = Play(kSmb, talk);
  EXPECT_THAT(sink.bodies, ElementsAre("smb.file #3 < ||one|8|11111111|complete",
      "smb.file #4 < ||two|8|22222222|complete"));
  ExpectSameAtEverySplit(kSmb, talk);
  ExpectSurvivesDamage(kSmb, talk);
}

TEST(SmbTest, WhatWaitsIsBounded) {
  const std::string large(smb::kMaxHeld, 'x');
  const Talk talk = kConnected + Opened(2, "one", 1, 8) + Opened(3, "two", 2, 2 * large.size()) + ReadAt(4, 1, 0,
      "1111") +
                    ReadAt(5, 2, 0, "begin") + ReadAt(6, 2, 5, large) + ReadAt(7, 1, 4, "more") + Closed(8, 2) +
                        Closed(9, 1);
  const RecordingSink sink = Play(kSmb, talk);
  EXPECT_THAT(sink.bodies, ElementsAre("smb.file #3 < ||one|8|1111|truncated", "smb.file #4 < ||two|" +
      std::to_string(2 * large.size()) + "|begin" + large + "|complete",
                                       "smb.file #3 < ||one|-1|part|more|truncated"));
  EXPECT_EQ(sink.body_bytes, large.size() + 13);
  EXPECT_THAT(sink.fates, IsEmpty());
}

TEST(SmbTest, ReadsAtOddPlacesAreParts) {
  const Talk talk = kConnected + Opened(2, "db", 1, 1000) + ReadAt(3, 1, 500, "later") + ReadAt(4, 1, 0,
      "head") + ReadAt(5, 1, 2, "ad") + Closed(6, 1);
  const RecordingSink sink = Play(kSmb, talk);
  EXPECT_THAT(sink.bodies, ElementsAre("smb.file #2 < ||db|1000|head|complete",
      "smb.file #2 < ||db|-1|part|ad|truncated",
                                       "smb.file #2 < ||db|-1|part|later|truncated"));
  EXPECT_THAT(sink.anomalies, ElementsAre("file_overlap"));
  ExpectSameAtEverySplit(kSmb, talk);
}

TEST(SmbTest, AFileWrittenFromItsBeginAgainIsAnother) {
  const Talk talk = kConnected + Opened(2, "f", 1, 0) + Talk{Client(Ask(kWrite, 3, WriteBody(Handle(1), 0,
      "X")) + Ask(kWrite, 4, WriteBody(Handle(1), 0, "the whole")))} + Closed(5, 1);
  const RecordingSink sink = Play(kSmb, talk);
  EXPECT_THAT(sink.bodies, ElementsAre("smb.file #2 > ||f|-1|X|truncated",
      "smb.file #2 > ||f|-1|the whole|complete"));
  EXPECT_THAT(sink.anomalies, ElementsAre("file_overlap"));
}

TEST(SmbTest, AGapCostsWhatItCovers) {
  Talk talk = kConnected + Opened(2, "f", 1, 0);
  const std::string write = Ask(kWrite, 3, WriteBody(Handle(1), 0, std::string(50, 'a') + std::string(50, 'b')));
  const std::size_t data = write.size() - 100;
  talk.push_back(Client(write.substr(0, data + 40)));
  talk.push_back(Client(write.substr(data + 60), 20));
  const RecordingSink sink = Play(kSmb, talk + Closed(4, 1));
  EXPECT_THAT(sink.bodies, ElementsAre("smb.file #2 > ||f|-1|" + std::string(40, 'a') + "|gap",
      "smb.file #2 > ||f|-1|part|" + std::string(40, 'b') + "|truncated"));
  EXPECT_THAT(sink.events.back(), HasSubstr("SMB2_COMMAND_CLOSE"));
  testing::ExpectSurvivesGapsIn(kSmb, talk, 4);
}

TEST(SmbTest, BehindAGapTheNextMessageIsFound) {
  Talk talk = kConnected + Opened(2, "f", 1, 0);
  talk.push_back(Client("rest of something" + Ask(kWrite, 9, WriteBody(Handle(1), 0, "found")), 5000));
  const RecordingSink sink = Play(kSmb, talk + Closed(10, 1));
  EXPECT_THAT(sink.bodies, ElementsAre("smb.file #2 > ||f|-1|found|complete"));
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueBinary), 17u);
}

TEST(SmbTest, MessagesInAChain) {
  const std::string data = "chained data";
  const auto chain = [](std::string first, std::string second, std::string third) {
    const auto link = [](std::string& m) {
      m.resize((m.size() + 7) / 8 * 8);
      m.replace(20, 4, Le(m.size(), 4));
    };
    link(first);
    link(second);
    return Packet(first + second + third);
  };
  const std::string ask = chain(Message2({.command = kCreate, .id = 2}, CreateBody("small.txt")),
                                Message2({.command = kRead, .id = 3, .tree = ~0u, .session = ~0ull,
                                    .related = true}, ReadBody(kAllOnes, 0, 100)),
                                Message2({.command = kClose, .id = 4, .tree = ~0u, .session = ~0ull,
                                    .related = true}, CloseBody(kAllOnes)));
  const std::string answer = chain(Message2({.command = kCreate, .id = 2, .answer = true}, CreatedBody(Handle(6),
      data.size())),
                                   Message2({.command = kRead, .id = 3, .answer = true, .related = true},
                                       DataBody(data)),
                                   Message2({.command = kClose, .id = 4, .answer = true, .related = true}, Le(60,
                                       2) + Le(0, 58)));
  const Talk talk = kConnected + Talk{Client(ask), Server(answer)};
  const RecordingSink sink = Play(kSmb, talk);
  EXPECT_THAT(sink.bodies, ElementsAre("smb.file #3 < ||small.txt|12|chained data|complete"));
  ASSERT_EQ(sink.events.size(), 4u);
  EXPECT_THAT(sink.events[2],
      HasSubstr(R"("filename":"small.txt","share":"\\srv\files","fuid":"00000006-0000-0000-0005-0000ffffffff")"));
  EXPECT_THAT(sink.events[3], HasSubstr("SMB2_COMMAND_CLOSE"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
  ExpectSameAtEverySplit(kSmb, talk);
  ExpectSurvivesDamage(kSmb, talk);

  const std::string put = chain(Message2({.command = kCreate, .id = 2}, CreateBody("new.txt")),
                                Message2({.command = kWrite, .id = 3, .tree = ~0u, .session = ~0ull,
                                    .related = true}, WriteBody(kAllOnes, 0, data)),
                                Message2({.command = kClose, .id = 4, .tree = ~0u, .session = ~0ull,
                                    .related = true}, CloseBody(kAllOnes)));
  EXPECT_THAT(Play(kSmb, kConnected + Talk{Client(put)}).bodies,
      ElementsAre("smb.file #2 > ||new.txt|-1|chained data|complete"));
}

TEST(SmbTest, RenamesDeletesAndListings) {
  const std::string rename = Le(0, 16) + Le(18, 4) + Wide("b\\new.txt");
  const std::string entry = Le(0, 4) + Le(0, 56) + Le(14, 4) + Le(0, 30) + Wide("p7.docx");
  const std::string find = Le(33, 2) + Le(3, 1) + Le(0, 5) + Handle(1) + Le(96, 2) + Le(2, 2) + Le(65536, 4) +
      Wide("*");
  const Talk talk = kConnected + Opened(2, "a.txt", 1, 0) +
                    Talk{Client(Ask(kSetInfo, 3, SetInfoBody(Handle(1), 10, rename)) + Ask(kSetInfo, 4,
                        SetInfoBody(Handle(1), 13, "\1"))),
                         Server(Reply(kSetInfo, 3, Le(2, 2)) + Reply(kSetInfo, 4, Le(2, 2), 0xc0000022)),
                             Client(Ask(kFind, 5, find)),
                         Server(Reply(kFind, 5, Le(9, 2) + Le(72, 2) + Le(entry.size(), 4) + entry))};
  const RecordingSink sink = Play(kSmb, talk);
  EXPECT_THAT(sink.events[2],
      HasSubstr(R"("set_info":{"class":"FILE_INFO","info_level":"SMB2_FILE_RENAME_INFO"},"rename":{"from":"a.txt","to":"b\new.txt"})"));
  EXPECT_THAT(sink.events[3],
      HasSubstr(R"("status":"STATUS_ACCESS_DENIED","status_code":"0xc0000022","session_id":17,"tree_id":1,"filename":"a.txt","access":"delete on close")"));
  EXPECT_THAT(sink.fields, Contains("smb.filename < =p7.docx"));
  ExpectSameAtEverySplit(kSmb, talk);
  ExpectSurvivesDamage(kSmb, talk);
}

TEST(SmbTest, CallsThroughAPipe) {
  const std::string call = RpcPacket(0, 2, Le(40, 4) + Le(0, 2) + Le(15, 2) + Le(1, 4) + Wide("ann.smith") +
      Le(0, 4));
  const std::string answer = RpcPacket(2, 2, Le(4, 4) + Le(0, 4) + std::string(40, '\1'));
  const std::string control = Le(57, 2) + Le(0, 2) + Le(0x11c017, 4) + Handle(1) + Le(120, 4) + Le(call.size(),
      4) + Le(0, 24) + call;
  const std::string controlled = Le(49, 2) + Le(0, 2) + Le(0x11c017, 4) + Handle(1) + Le(0, 8) + Le(112, 4) +
      Le(answer.size(), 4) + Le(0, 8) + answer;
  const Talk talk = Talk{Client(Ask(kTreeConnect, 1, TreeBody("\\\\srv\\IPC$"))), Server(Reply(kTreeConnect, 1,
      Le(16, 2) + Le(2, 2) + Le(0, 12)))} +
                    Opened(2, "srvsvc", 1, 0) +
                    Talk{Client(Ask(kWrite, 3, WriteBody(Handle(1), 0, Bind(1))) + Ask(kRead, 4,
                        ReadBody(Handle(1), 0, 1024))), Server(Reply(kRead, 4, DataBody(BindAnswer(1)))),
                         Client(Ask(kIoctl, 5, control)), Server(Reply(kIoctl, 5, controlled))};
  const RecordingSink sink = Play(kSmb, talk);
  EXPECT_THAT(sink.bodies, IsEmpty());
  ASSERT_EQ(sink.events.size(), 4u);
  EXPECT_THAT(sink.events[0], HasSubstr(R"("named_pipe":"\\srv\IPC$","share_type":"PIPE")"));
  EXPECT_THAT(sink.events[2],
              HasSubstr(R"("command":"SMB2_COMMAND_WRITE","status":"STATUS_SUCCESS","status_code":"0x0","session_id":17,"tree_id":1,"dcerpc":{"request":"BIND",)"
                        R"("response":"BINDACK","interfaces":[{"uuid":"4b324fc8-1670-01d3-1278-5a47bf6ee188","version":"3.0","service":"srvsvc","ack_result":0,"ack_reason":0}],"call_id":1})"));
  EXPECT_THAT(sink.events[3],
      HasSubstr(R"("dcerpc":{"request":"REQUEST","response":"RESPONSE","opnum":15,"req":{"frag_cnt":1,"stub_data_size":26},)"
                                        R"("interfaces":[{"uuid":"4b324fc8-1670-01d3-1278-5a47bf6ee188","version":"3.0","service":"srvsvc"}],"res":{"frag_cnt":1,"stub_data_size":40},"call_id":2})"));
  EXPECT_THAT(sink.fields, Contains("smb.pipe > =ann.smith\n"));
  ExpectSameAtEverySplit(kSmb, talk);
  ExpectSurvivesDamage(kSmb, talk);
}

TEST(SmbTest, WhatIsSealedIsCounted) {
  const std::string sealed = "\xfdSMB" + std::string(48, 's') + std::string(100, 'c'), compressed = "\xfcSMB" +
      std::string(12, '\1') + std::string(50, 'z');
  const Talk talk = kConnected + Talk{Client(Packet(sealed)), Server(Packet(compressed))} + Opened(2, "f", 1, 0);
  const RecordingSink sink = Play(kSmb, talk);
  EXPECT_EQ(sink.fates.at(ByteFate::kEncrypted), 100u);
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueUndecodable), 50u);
  EXPECT_EQ(sink.events.size(), 2u);
  ExpectSameAtEverySplit(kSmb, talk);
}

TEST(SmbTest, OneSideAloneIsReadAsFarAsItGoes) {
  const RecordingSink client = Play(kSmb, {Client(Ask(kCreate, 2, CreateBody("report.doc"))), Client(Ask(kWrite,
      3, WriteBody(Handle(1), 0, "all of a report"))), Client(Ask(kClose, 4, CloseBody(Handle(1))))});
  EXPECT_THAT(client.bodies, ElementsAre("smb.file #1 > ||report.doc|-1|all of a report|complete"));
  EXPECT_EQ(client.events.size(), 3u);
  const RecordingSink server = Play(kSmb, {Server(Reply(kRead, 3, DataBody("half of a long "))),
      Server(Reply(kRead, 4, DataBody("text that is read"))), Server(Reply(kClose, 5, Le(60, 2) + Le(0, 58)))});
  EXPECT_THAT(server.bodies, ElementsAre("smb.file #0 < |||-1|half of a long text that is read|complete"));
}

TEST(SmbTest, AbsurdLengthsAreSaidAndReadingGoesOn) {
  std::string write = Ask(kWrite, 3, WriteBody(Handle(1), 0, "short"));
  write.replace(4 + 64 + 4, 4, Le(0x7fffffff, 4));
  std::string answer = Reply(kRead, 4, DataBody("tiny"));
  answer.replace(4 + 64 + 4, 4, Le(0xffffffff, 4));
  const std::string long_message = Ask(kFind, 8, Le(33, 2) + std::string(200000, 'x'));
  const Talk talk = kConnected + Opened(2, "f", 1, 0) + Talk{Client(write + Ask(kRead, 4, ReadBody(Handle(1), 5,
      4))), Server(answer), Client(long_message)} + Closed(9, 1);
  const RecordingSink sink = Play(kSmb, talk);
  EXPECT_THAT(sink.anomalies, ElementsAre("write_request_too_large", "read_response_too_large"));
  EXPECT_EQ(sink.fates.at(ByteFate::kLostParserCap), 200000 + 66 - smb::kMaxMessage);
  EXPECT_THAT(sink.events, Contains(HasSubstr("SMB2_COMMAND_CLOSE")));
}

TEST(SmbTest, ManyFilesAndRequestsAreBounded) {
  Talk talk = kConnected;
  for (int i = 0; i < 400; ++i) talk = talk + Opened(2 + i, "f", 1 + i, 0);
  for (int i = 0; i < 200; ++i) talk.push_back(Client(Ask(kIoctl, 1000 + static_cast<std::uint64_t>(i), Le(57,
      2) + Le(0, 62))));
  const RecordingSink sink = Play(kSmb, talk);
  EXPECT_EQ(sink.events.size(), 601u);
}

TEST(SmbTest, SidesSwapped) {
  const Talk talk = kConnected + Opened(2, "f", 1, 4) + ReadAt(3, 1, 0, "text") + Closed(4, 1);
  Talk swapped = talk;
  for (testing::Turn& turn : swapped) turn.direction = Opposite(turn.direction);
  const RecordingSink sink = Play(kSmb, swapped);
  EXPECT_THAT(sink.bodies, ElementsAre("smb.file #2 > ||f|4|text|complete"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
  Talk mixed = talk;
  mixed.push_back(Client(Reply(kTreeDisconnect, 9, Le(4, 4))));
  EXPECT_THAT(Play(kSmb, mixed).anomalies, ElementsAre("response_to_server"));
}

TEST(SmbTest, ProbeIsStrict) {
  const std::string first = Ask(kNegotiate, 0, Le(36, 2));
  EXPECT_EQ(testing::Ask(kSmb, first), Probe::kYes);
  EXPECT_EQ(testing::Ask(kSmb, first.substr(0, 6)), Probe::kNeedMore);
  EXPECT_EQ(testing::Ask(kSmb, "\0\0\0\x40\xfeSMX"s), Probe::kNo);
  EXPECT_EQ(testing::Ask(kSmb, "\0\0\0\4\xfeSMB"s), Probe::kNo);
  EXPECT_EQ(testing::Ask(kSmb, "\x81\0\0\x44 CKFDEN"s), Probe::kYes);
  EXPECT_EQ(testing::Ask(kSmb, "\x85\0\0\0"s), Probe::kNo);
  EXPECT_EQ(testing::Ask(kSmb, "\x82\0\0\0"s, 139), Probe::kYes);
  EXPECT_EQ(testing::Ask(kSmb, "GET / HTTP/1.1"s), Probe::kNo);
  Player player(kSmb);
  EXPECT_EQ(player.Feed(Direction::kToServer, "\0\0\0\x20hello, this is not it at all...."s), ParseStatus::kNotThis);
}

}  // namespace
}  // namespace gander::protocol

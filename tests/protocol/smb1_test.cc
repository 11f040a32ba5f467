// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "protocol/harness.h"
#include "protocol/smb/smb.h"
#include "protocol/smb_messages.h"

namespace gander::protocol {
namespace {

using namespace std::string_literals;
using namespace smb_messages;

constexpr int kClose = 4, kRename = 7, kRead = 0x0a, kWrite = 0x0b, kTransaction = 0x25, kReadAndX = 0x2e,
    kWriteAndX = 0x2f,
              kTransaction2 = 0x32, kNegotiate = 0x72, kSessionSetup = 0x73, kTreeConnect = 0x75, kNtCreate = 0xa2;

std::string Ask1(int command, unsigned id, const std::string& block) { return Message1({.command = command,
    .id = id}, block); }
std::string Reply1(int command, unsigned id, const std::string& block, std::uint32_t status = 0) {
  return Message1({.command = command, .id = id, .answer = true, .status = status}, block);
}

const Talk kConnected = {
    Client(Ask1(kTreeConnect, 1, Block1(kNoAndX + Le(8, 2) + Le(1, 2), "\0"s + Wide("\\\\srv\\public") + Le(0,
        2) + "?????\0"s))),
    Server(Reply1(kTreeConnect, 1, Block1(kNoAndX + Le(1, 2), "A:\0"s + Wide("NTFS") + Le(0, 2))))};

std::string CreateBlock(const std::string& andx, std::string_view name) {
  return Block1(andx + Le(0, 1) + Le(2 * name.size(), 2) + Le(0, 28) + Le(5, 4) + Le(0x1040, 4) + Le(2, 4) +
      Le(3, 1), "\0"s + Wide(name) + Le(0, 2));
}
std::string CreatedBlock(unsigned fid, std::uint64_t size) {
  return Block1(kNoAndX + Le(0, 1) + Le(fid, 2) + Le(2, 4) + Le(0, 32) + Le(0x20, 4) + Le(4096, 8) + Le(size,
      8) + Le(0, 5), "");
}
std::string CloseBlock(unsigned fid) { return Block1(Le(fid, 2) + Le(0, 4), ""); }
// The data stands behind two octets of padding.
std::string WriteBlock(const std::string& andx, std::size_t block_at, unsigned fid, std::uint64_t offset,
    const std::string& data) {
  const std::size_t at = block_at + 1 + 28 + 2 + 2;
  return Block1(andx + Le(fid, 2) + Le(offset, 4) + Le(0, 4) + Le(0, 2) + Le(0, 2) + Le(0, 2) + Le(data.size(),
      2) + Le(at, 2) + Le(offset >> 32, 4), "pp" + data);
}
std::string ReadBlock(unsigned fid, std::uint64_t offset, std::size_t length) {
  return Block1(kNoAndX + Le(fid, 2) + Le(offset, 4) + Le(length, 2) + Le(0, 2) + Le(0, 4) + Le(0, 2) +
      Le(offset >> 32, 4), "");
}
std::string DataBlock(const std::string& data) {
  return Block1(kNoAndX + Le(0, 6) + Le(data.size(), 2) + Le(32 + 1 + 24 + 2 + 1, 2) + Le(0, 10), "p" + data);
}
Talk operator+(Talk a, const Talk& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(Smb1Test, ASessionFromItsBegin) {
  const std::string dialects = "\2PC NETWORK PROGRAM 1.0\0\2NT LM 0.12\0"s;
  const std::string chosen = Block1(Le(1, 2) + Le(3, 1) + Le(0, 31), std::string(16, 'g'));
  const std::string names = "\0"s + Wide("anna") + Le(0, 2) + Wide("CLINIC") + Le(0, 2) + Wide("Unix") + Le(0,
      2) + Wide("Samba") + Le(0, 2);
  const std::string setup = Block1(kNoAndX + Le(0, 10) + Le(24, 2) + Le(24, 2) + Le(0, 8), std::string(48, 'h') +
      names);
  const Talk talk = Talk{Client(Ask1(kNegotiate, 0, Block1("", dialects))), Server(Reply1(kNegotiate, 0,
      chosen)), Client(Ask1(kSessionSetup, 1, setup)),
                         Server(Reply1(kSessionSetup, 1, Block1(kNoAndX + Le(0, 2), "\0"s + Wide("Unix") + Le(0,
                             2) + Wide("Samba 4") + Le(0, 2))))} +
                    kConnected;
  const RecordingSink sink = Play(kSmb, talk);
  ASSERT_EQ(sink.events.size(), 3u);
  EXPECT_EQ(
      sink.events[0],
      R"(smb #0 > "smb":{"id":1,"dialect":"NT LM 0.12","command":"SMB1_COMMAND_NEGOTIATE_PROTOCOL","status":"STATUS_SUCCESS","status_code":"0x0",)"
      R"("session_id":9,"tree_id":5,"client_dialects":["PC NETWORK PROGRAM 1.0","NT LM 0.12"],"server_guid":"67676767-6767-6767-6767-676767676767"})");
  EXPECT_THAT(
      sink.events[1],
      HasSubstr(
          R"("ntlmssp":{"domain":"CLINIC","user":"anna"},"request":{"native_os":"Unix","native_lm":"Samba"},"response":{"native_os":"Unix","native_lm":"Samba 4"})"));
  EXPECT_THAT(sink.events[2], HasSubstr(R"("share":"\\srv\public","service":{"request":"?????","response":"A:"})"));
  EXPECT_THAT(sink.fields, Contains("smb.user > user=anna"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
  ExpectSameAtEverySplit(kSmb, talk);
  ExpectSurvivesDamage(kSmb, talk);
}

TEST(Smb1Test, FilesReadAndWritten) {
  const Talk talk = kConnected + Talk{Client(Ask1(kNtCreate, 2, CreateBlock(kNoAndX, "\\f.txt"))),
      Server(Reply1(kNtCreate, 2, CreatedBlock(0x4001, 8))),
                                      Client(Ask1(kWriteAndX, 3, WriteBlock(kNoAndX, 32, 0x4001, 0,
                                          "Ann Smith"))), Server(Reply1(kWriteAndX, 3, Block1(kNoAndX + Le(9,
                                          2) + Le(0, 6), ""))),
                                      Client(Ask1(kReadAndX, 4, ReadBlock(0x4001, 0, 4)) + Ask1(kReadAndX, 5,
                                          ReadBlock(0x4001, 4, 4))),
                                      Server(Reply1(kReadAndX, 4, DataBlock("four")) + Reply1(kReadAndX, 5,
                                          DataBlock("more"))), Client(Ask1(kClose, 6, CloseBlock(0x4001))),
                                      Server(Reply1(kClose, 6, Block1("", "")))};
  const RecordingSink sink = Play(kSmb, talk);
  EXPECT_THAT(sink.bodies, ElementsAre("smb.file #3 < ||\\f.txt|8|fourmore|complete",
      "smb.file #2 > ||\\f.txt|-1|Ann Smith|complete"));
  ASSERT_EQ(sink.events.size(), 5u);
  EXPECT_THAT(
      sink.events[1],
      HasSubstr(
          R"("filename":"\f.txt","disposition":"FILE_OVERWRITE_IF","access":"delete on close","created":0,"accessed":0,"modified":0,"changed":0,"size":8,"fuid":"4001")"));
  EXPECT_THAT(
      sink.events[2],
      HasSubstr(
          R"("command":"SMB1_COMMAND_WRITE_ANDX","status":"STATUS_SUCCESS","status_code":"0x0","session_id":9,"tree_id":5,"filename":"\f.txt","share":"\\srv\public","fuid":"4001")"));
  EXPECT_THAT(sink.events[3], HasSubstr("SMB1_COMMAND_READ_ANDX"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
  ExpectSameAtEverySplit(kSmb, talk);
  ExpectSurvivesDamage(kSmb, talk);
}

TEST(Smb1Test, OldReadsAndWrites) {
  const Talk talk = kConnected + Talk{Client(Ask1(2, 2, Block1(Le(0, 4), "\4" + Wide("\\old") + Le(0, 2)))),
      Server(Reply1(2, 2, Block1(Le(7, 2) + Le(0, 2) + Le(0, 4) + Le(5, 4) + Le(0, 2), ""))),
                                      Client(Ask1(kRead, 3, Block1(Le(7, 2) + Le(5, 2) + Le(0, 4) + Le(0, 2),
                                          ""))), Server(Reply1(kRead, 3, Block1(Le(5, 2) + Le(0, 8), "\1" + Le(5,
                                          2) + "bytes"))),
                                      Client(Ask1(kWrite, 4, Block1(Le(7, 2) + Le(3, 2) + Le(0, 4) + Le(0, 2),
                                          "\1" + Le(3, 2) + "new"))), Client(Ask1(kClose, 5, CloseBlock(7)))};
  const RecordingSink sink = Play(kSmb, talk);
  EXPECT_THAT(sink.bodies, ElementsAre("smb.file #3 < ||\\old|5|bytes|complete",
      "smb.file #5 > ||\\old|-1|new|complete"));
  ExpectSameAtEverySplit(kSmb, talk);
}

TEST(Smb1Test, CommandsInAChain) {
  // An open, and with it a write of a handle opened before; the write's data stands behind its own words.
  const std::string open = CreateBlock(Le(kWriteAndX, 2) + Le(32 + 1 + 48 + 2 + 1 + 14, 2), "second");
  const std::string write = WriteBlock(kNoAndX, 32 + open.size(), 0x4001, 0, "in a chain");
  const Talk talk = kConnected + Talk{Client(Ask1(kNtCreate, 2, CreateBlock(kNoAndX, "first"))),
      Server(Reply1(kNtCreate, 2, CreatedBlock(0x4001, 0))), Client(Ask1(kNtCreate, 3, open + write)),
                                      Client(Ask1(kClose, 4, CloseBlock(0x4001)))};
  const RecordingSink sink = Play(kSmb, talk);
  EXPECT_THAT(sink.bodies, ElementsAre("smb.file #3 > ||first|-1|in a chain|complete"));
  ExpectSameAtEverySplit(kSmb, talk);
  ExpectSurvivesDamage(kSmb, talk);
}

std::string Transaction(int command, unsigned id, const std::string& setup, const std::string& parameters,
    const std::string& data) {
  const std::string name = command == kTransaction ? "\0"s + Wide("\\PIPE\\") + Le(0, 2) : "\0\0\0"s;
  const std::size_t at = 32 + 1 + 28 + setup.size() + 2 + name.size(), data_at = at + parameters.size();
  return Ask1(command, id, Block1(Le(parameters.size(), 2) + Le(data.size(), 2) + Le(0, 14) +
      Le(parameters.size(), 2) + Le(at, 2) + Le(data.size(), 2) + Le(data_at, 2) + Le(setup.size() / 2, 2) + setup,
                                  name + parameters + data));
}
std::string TransactionAnswer(int command, unsigned id, const std::string& data) {
  return Reply1(command, id, Block1(Le(0, 2) + Le(data.size(), 2) + Le(0, 8) + Le(data.size(), 2) + Le(32 + 1 +
      20 + 2, 2) + Le(0, 4), data));
}

TEST(Smb1Test, CallsThroughAPipe) {
  const Talk talk = Talk{Client(Ask1(kTreeConnect, 1, Block1(kNoAndX + Le(8, 2) + Le(1, 2), "\0"s +
      Wide("\\\\srv\\IPC$") + Le(0, 2) + "IPC\0"s))), Server(Reply1(kTreeConnect, 1, Block1(kNoAndX + Le(1, 2),
      "IPC\0\0"s))),
                         Client(Ask1(kNtCreate, 2, CreateBlock(kNoAndX, "\\srvsvc"))), Server(Reply1(kNtCreate,
                             2, CreatedBlock(0x4002, 0))),
                         Client(Transaction(kTransaction, 3, Le(0x26, 2) + Le(0x4002, 2), "", Bind(1))),
                             Server(TransactionAnswer(kTransaction, 3, BindAnswer(1)))};
  const RecordingSink sink = Play(kSmb, talk);
  ASSERT_EQ(sink.events.size(), 3u);
  EXPECT_THAT(sink.events[0], HasSubstr(R"("named_pipe":"\\srv\IPC$","service":{"request":"IPC","response":"IPC"})"));
  EXPECT_THAT(sink.events[2], HasSubstr(R"("command":"SMB1_COMMAND_TRANS","status":"STATUS_SUCCESS")"));
  EXPECT_THAT(sink.events[2], HasSubstr(R"("dcerpc":{"request":"BIND","response":"BINDACK")"));
  ExpectSameAtEverySplit(kSmb, talk);
  ExpectSurvivesDamage(kSmb, talk);
}

TEST(Smb1Test, NamesInTransactionsAndRenames) {
  const std::string path = Le(1013, 2) + Le(0, 4) + Wide("\\gone.txt") + Le(0, 2);
  const std::string find = Le(0x16, 2) + Le(10, 2) + Le(6, 2) + Le(0x104, 2) + Le(0, 4) + Wide("\\*") + Le(0, 2);
  const std::string entry = Le(0, 4) + Le(0, 56) + Le(8, 4) + Le(0, 30) + Wide("p.7z");
  const Talk talk = kConnected + Talk{Client(Transaction(kTransaction2, 2, Le(6, 2), path, "\1")),
      Server(Reply1(kTransaction2, 2, Block1("", ""), 0xc0000022)), Client(Transaction(kTransaction2, 3, Le(1,
      2), find, "")),
                                      Server(TransactionAnswer(kTransaction2, 3, entry)), Client(Ask1(kRename, 4,
                                          Block1(Le(0, 2), "\4" + Wide("\\a") + Le(0, 2) + "\4\0"s +
                                          Wide("\\b") + Le(0, 2)))),
                                      Server(Message1({.command = kRename, .id = 4, .answer = true,
                                          .status = 0x005b0002, .flags2 = 0x8001}, Block1("", "")))};
  const RecordingSink sink = Play(kSmb, talk);
  ASSERT_EQ(sink.events.size(), 3u);
  EXPECT_THAT(
      sink.events[1],
      HasSubstr(
          R"("filename":"\gone.txt","access":"delete on close","subcmd":"SET_PATH_INFO","level_of_interest":"Set Disposition Information")"));
  EXPECT_THAT(sink.events[2], HasSubstr(R"("status":"SRV_BADUID","status_code":"0x005b")"));
  EXPECT_THAT(sink.events[2], HasSubstr(R"("rename":{"from":"\a","to":"\b"})"));
  EXPECT_THAT(sink.fields, Contains("smb.filename < =p.7z"));
  ExpectSameAtEverySplit(kSmb, talk);
  ExpectSurvivesDamage(kSmb, talk);
}

TEST(Smb1Test, HostsAnnounceThemselves) {
  const auto name = [](std::string_view text) {
    std::string padded(text), out = " ";
    padded.resize(16, ' ');
    for (const char c : padded) out += {static_cast<char>('A' + (c >> 4 & 15)), static_cast<char>('A' + (c & 15))};
    return out + '\0';
  };
  const std::string message = Ask1(kTransaction, 0, Block1("", "\\MAILSLOT\\BROWSE\0\1anna's computer\0"s)).substr(4);
  const std::string datagram = "\x11\x02"s + std::string(12, '\0') + name("ANNA-PC") + name("WORKGROUP") + message;
  EXPECT_EQ(testing::Ask(kSmb, datagram, 138, Direction::kToServer, ip_proto::kUdp), Probe::kYes);
  EXPECT_EQ(testing::Ask(kSmb, datagram.substr(0, 80), 138, Direction::kToServer, ip_proto::kUdp), Probe::kNo);
  const RecordingSink sink = Play(kSmb, {Client(datagram)}, true);
  EXPECT_THAT(sink.fields, ElementsAre("smb.host > host=ANNA-PC",
      "smb.mailslot > =\\MAILSLOT\\BROWSE\nanna's computer\n"));
  ExpectSurvivesDamage(kSmb, {Client(datagram)}, 5, true);
}

}  // namespace
}  // namespace gander::protocol

// SPDX-License-Identifier: Apache-2.0
// Messages of SMB 1 ([MS-CIFS] §2.2.4): a command's words and octets, and more commands behind them (AndX).
#ifndef GANDER_PROTOCOL_SMB_SMB1_H_
#define GANDER_PROTOCOL_SMB_SMB1_H_

#include <string>

#include "protocol/smb/connection.h"

namespace gander::protocol::smb {

// Reads all commands of a message. What it reads or writes of a file has been begun when a place is returned.
DataPlace ReadMessage1(Connection& connection, const Message& message, MessageSink& sink);

// One command of a message: its parameters and where its octets are.
struct Block {
  Bytes words;
  std::size_t data_at = 0;  // from the message's begin
  Bytes data;
};
Block ReadBlock(Bytes message, std::size_t at) noexcept;
inline constexpr std::size_t kFirstBlock = kSmb1Header;

bool IsAndX(Command1 command) noexcept;
// Its words name a next command.
bool HasNext(Command1 command, const Block& block) noexcept;

// Where a command's data is, as far as it carries any; within the message.
DataPlace PlaceOfWrite(Command1 command, const Block& block, const Message& message, MessageSink& sink);
DataPlace PlaceOfRead(Command1 command, const Block& block, const Message& message, MessageSink& sink);

DataPlace ReadRequest1(Connection& connection, const Message& message, const Block& block, MessageSink& sink);
DataPlace ReadAnswer1(Connection& connection, const Message& message, const Block& block, MessageSink& sink);
void ReadTransaction(Connection& connection, const Message& message, const Block& block, MessageSink& sink);
void ReadTransactionAnswer(Connection& connection, const Message& message, const Block& block, MessageSink& sink);

inline FileId FileId1(std::uint64_t fid, const Header& header) noexcept { return {fid, header.session}; }

// Strings behind each other, each ended by a zero; those in UTF-16 begin at an even place of the message.
class Strings {
 public:
  Strings(Bytes message, std::size_t at, bool unicode) noexcept : message_(message), at_(at), unicode_(unicode) {}
  void Skip(std::size_t octets) noexcept { at_ += octets; }
  Bytes Octets(std::size_t octets) noexcept;
  // In UTF-8, cut at kMaxName.
  std::string Next() { return Take(unicode_); }
  std::string NextAscii() { return Take(false); }
  bool empty() const noexcept { return at_ >= message_.size(); }

 private:
  std::string Take(bool unicode);
  Bytes message_;
  std::size_t at_;
  bool unicode_;
};

}  // namespace gander::protocol::smb

#endif  // GANDER_PROTOCOL_SMB_SMB1_H_

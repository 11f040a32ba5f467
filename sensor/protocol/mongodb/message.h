// SPDX-License-Identifier: Apache-2.0
// One message on its way: its fixed fields, its sections, its documents as text, its event.
#ifndef GANDER_PROTOCOL_MONGODB_MESSAGE_H_
#define GANDER_PROTOCOL_MONGODB_MESSAGE_H_

#include <string>

#include "protocol/mongodb/bson_walker.h"
#include "protocol/parser.h"
#include "protocol/rowset/row_text.h"

namespace gander::protocol::mongodb {

enum Opcode : std::uint32_t {
  kReply = 1,
  kUpdate = 2001,
  kInsert = 2002,
  kQuery = 2004,
  kGetMore = 2005,
  kDelete = 2006,
  kKillCursors = 2007,
  kCompressed = 2012,
  kMsg = 2013
};
inline constexpr std::size_t kHead = 16;  // length, request id, response to, opcode

std::uint32_t ReadLe32(const std::uint8_t* p) noexcept;
// Null for a code that is none.
const char* OpcodeName(std::uint32_t code) noexcept;

class Message final : private BsonSink {
 public:
  // `head` is the message's first kHead octets.
  void Begin(Bytes head, Direction direction, std::uint32_t tx_id, MessageSink& sink) noexcept;
  // Reads on in the message. False when it is none; its rest is counted then.
  bool Feed(Bytes in, MessageSink& sink) noexcept;
  // The message is over, with its event.
  void End(MessageSink& sink) noexcept;
  // It is not read to its end.
  void Abandon(BodyEnd end, MessageSink& sink) noexcept;
  void Reset() noexcept;

 private:
  // Within a message: its fixed fields, a collection's name, numbers behind it, a section's kind, a sequence's head,
  // documents.
  enum class At : std::uint8_t { kSkip, kFlags, kName, kNumbers, kKind, kSequence, kIdentifier, kDocument };

  bool Step(Bytes& in, MessageSink& sink) noexcept;

  // True when `n` octets are in small_.
  bool Gather(Bytes& in, std::size_t n) noexcept;
  void OnFlags() noexcept;

  // "database.collection".
  bool Name(Bytes& in) noexcept;
  void BeginDocument() noexcept;
  bool Document(Bytes& in) noexcept;

  // BsonSink.
  void OnText(std::string_view key, std::size_t depth) noexcept override;
  void OnTextPart(std::string_view part) noexcept override;
  void OnTextEnd() noexcept override;
  void OnNumber(std::string_view key, std::size_t depth, std::string_view text) noexcept override;
  void OnOpen(std::string_view key, std::size_t depth) noexcept override;
  // Documents within a reply's "firstBatch" are rows of their own.
  void OnClose(std::size_t depth) noexcept override;
  void OnOpaque(std::uint64_t bytes) noexcept override { sink_->OnFate(ByteFate::kOpaqueBinary, bytes); }

  MessageSink* sink_ = nullptr;
  At at_ = At::kSkip;
  bool checksum_ = false, first_document_ = true, secret_ = false;
  int ok_ = -1;
  Direction direction_ = Direction::kToServer;
  std::uint32_t tx_id_ = 0, request_id_ = 0, response_to_ = 0, opcode_ = 0;
  std::uint64_t left_ = 0, sequence_left_ = 0;
  std::string small_, command_, database_, collection_;
  std::string* shown_ = nullptr;
  BsonWalker walker_;
  rowset::RowText text_;
};

}  // namespace gander::protocol::mongodb

#endif  // GANDER_PROTOCOL_MONGODB_MESSAGE_H_

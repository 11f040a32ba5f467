// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/smb1.h"

#include <algorithm>

namespace gander::protocol::smb {
namespace {

constexpr int kMaxChain = 8;

std::size_t EndOfUtf16(Bytes text) noexcept {
  std::size_t end = 0;
  while (end + 1 < text.size() && (text[end] != std::byte{0} || text[end + 1] != std::byte{0})) end += 2;
  return end;
}

DataPlace Within(std::uint64_t at, std::uint64_t length, const Message& message, const char* anomaly,
                 MessageSink& sink) {
  const std::uint64_t room = message.length > at ? message.length - at : 0;
  if (length > room) sink.OnAnomaly(anomaly);
  return {at, std::min(length, room)};
}

}  // namespace

Block ReadBlock(Bytes message, std::size_t at) noexcept {
  Block block;
  const std::size_t words = 2 * static_cast<std::size_t>(Field(message, at, 1));
  block.words = Range(message, at + 1, words);
  block.data_at = at + 1 + words + 2;
  block.data = Range(message, block.data_at, Field(message, at + 1 + words, 2));
  return block;
}

bool IsAndX(Command1 command) noexcept {
  switch (command) {
    case Command1::kLockingAndX:
    case Command1::kOpenAndX:
    case Command1::kReadAndX:
    case Command1::kWriteAndX:
    case Command1::kSessionSetupAndX:
    case Command1::kLogoffAndX:
    case Command1::kTreeConnectAndX:
    case Command1::kNtCreateAndX: return true;
    default: return false;
  }
}

bool HasNext(Command1 command, const Block& block) noexcept {
  return IsAndX(command) && block.words.size() >= 4 &&
         static_cast<Command1>(Field(block.words, 0, 1)) != Command1::kNone;
}

DataPlace ReadMessage1(Connection& connection, const Message& message, MessageSink& sink) {
  Message part = message;
  DataPlace place;
  std::size_t at = kFirstBlock;
  for (int i = 0; i < kMaxChain; ++i) {
    const Block block = ReadBlock(message.bytes, at);
    place = message.header.response ? ReadAnswer1(connection, part, block, sink)
                                    : ReadRequest1(connection, part, block, sink);
    if (!HasNext(part.header.command1(), block)) break;
    const auto next = static_cast<std::size_t>(Field(block.words, 2, 2));
    if (next <= at || next >= message.bytes.size()) break;
    if (place.length > 0) {  // what another command follows is all there
      connection.bodies.Part(message.direction, Range(message.bytes, place.at, place.length), sink);
      connection.bodies.EndChunk(message.direction, sink);
      place = {};
    }
    part.header.command = static_cast<std::uint16_t>(Field(block.words, 0, 1));
    at = next;
  }
  return place;
}

DataPlace PlaceOfWrite(Command1 command, const Block& block, const Message& message, MessageSink& sink) {
  std::uint64_t length = Field(block.words, 2, 2), at = block.data_at;
  if (command == Command1::kWriteAndX) {
    length = Field(block.words, 18, 2) << 16 | Field(block.words, 20, 2);
    at = std::max<std::uint64_t>(Field(block.words, 22, 2), block.data_at);
  } else {
    // A format octet and the length again, or an octet of padding.
    at += command == Command1::kWriteAndClose ? 1 : 3;
  }
  return Within(at, length, message, "write_request_too_large", sink);
}

DataPlace PlaceOfRead(Command1 command, const Block& block, const Message& message, MessageSink& sink) {
  std::uint64_t length = Field(block.words, 0, 2), at = block.data_at + 3;
  if (command == Command1::kReadAndX) {
    length = Field(block.words, 14, 2) << 16 | Field(block.words, 10, 2);
    at = std::max<std::uint64_t>(Field(block.words, 12, 2), block.data_at);
  }
  return Within(at, length, message, "read_response_too_large", sink);
}

Bytes Strings::Octets(std::size_t octets) noexcept {
  const Bytes out = Range(message_, at_, octets);
  at_ += octets;
  return out;
}

std::string Strings::Take(bool unicode) {
  if (unicode && at_ % 2 == 1) ++at_;
  const Bytes rest = Range(message_, at_, message_.size());
  const std::size_t zero = AsText(rest).find('\0');
  const std::size_t end = unicode ? EndOfUtf16(rest) : std::min(zero, rest.size());
  at_ += end + (unicode ? 2 : 1);
  return std::string(NameOf(rest.first(end), unicode));
}

}  // namespace gander::protocol::smb

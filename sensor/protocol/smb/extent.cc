// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/extent.h"

#include <algorithm>

#include "protocol/framing/frame_reader.h"
#include "protocol/smb/rpc.h"
#include "protocol/smb/smb1.h"
#include "protocol/smb/smb2.h"

namespace gander::protocol::smb {
namespace {

using framing::FrameReader;

// Who may tell whether data is for a service.
enum class Target : std::uint8_t { kFile, kPipe, kUnknown };

Target TargetOf(const File* file, const Header& header, const Connection& connection) noexcept {
  if (file != nullptr && file->pipe) return Target::kPipe;
  if (file != nullptr) return connection.MayBePipe(*file) ? Target::kUnknown : Target::kFile;
  const Tree* tree = connection.trees.Find(header.session, header.tree);
  if (tree == nullptr) return Target::kUnknown;
  return tree->pipe ? Target::kPipe : Target::kFile;
}

// Up to the data at `at`; all of it where it goes through a pipe, which its own first octets may have to tell.
std::uint64_t UpToData(Bytes front, std::uint64_t at, std::uint64_t length, std::uint64_t whole,
                       Target target) noexcept {
  if (target == Target::kPipe || at >= whole) return whole;
  if (target == Target::kFile) return at;
  const std::uint64_t head = std::min({at + kRpcHead, at + length, whole});
  if (front.size() < head) return FrameReader::kUnknown;
  return IsRpcPacket(Range(front, at, kRpcHead)) ? whole : head;
}

std::uint64_t Extent1(Bytes front, std::uint64_t room, Connection& connection) {
  constexpr std::size_t kWordCount = kSmb1Header + 1;
  if (front.size() < kWordCount) return room <= front.size() ? room : FrameReader::kUnknown;
  const Header header = ReadHeader(front);
  const bool read = header.command1() == Command1::kReadAndX && header.response && header.status.has_data();
  const bool write = header.command1() == Command1::kWriteAndX && !header.response;
  if (!read && !write) return room;
  const std::uint64_t before = kWordCount + 2 * Field(front, kSmb1Header, 1) + 2;
  if (before >= room) return room;
  if (front.size() < before) return FrameReader::kUnknown;
  const Block block = ReadBlock(front, kFirstBlock);
  if (HasNext(header.command1(), block) || block.words.size() < (read ? 20u : 24u)) return room;
  const File* file = nullptr;
  if (read) {
    const Read* asked = connection.reads.Find(header.message_id);
    if (asked != nullptr) file = connection.files.FindUid(asked->file);
  } else {
    file = connection.files.Find(FileId1(Field(block.words, 4, 2), header));
  }
  const std::uint64_t at = std::max<std::uint64_t>(Field(block.words, read ? 12 : 22, 2), before);
  const std::uint64_t length = Field(block.words, read ? 10 : 20, 2) | Field(block.words, read ? 14 : 18, 2) << 16;
  return UpToData(front, at, length, room, TargetOf(file, header, connection));
}

std::uint64_t Extent2(Bytes front, std::uint64_t room, Connection& connection) {
  if (front.size() < kSmb2Header) return room <= front.size() ? room : FrameReader::kUnknown;
  const Header header = ReadHeader(front);
  const std::uint64_t whole = LengthOf(header, room);
  const bool read = header.command2() == Command2::kRead && header.response && header.status.has_data();
  const bool write = header.command2() == Command2::kWrite && !header.response;
  if (!read && !write) return whole;
  const std::size_t before = read ? kReadAnswerData : kWriteRequestData;
  if (before >= whole) return whole;
  if (front.size() < before) return FrameReader::kUnknown;
  const File* file = nullptr;
  if (read) {
    const Read* asked = connection.reads.Find(header.message_id);
    if (asked != nullptr) file = connection.files.FindUid(asked->file);
  } else {
    file = connection.files.Find(FileIdAt(front, kWriteFileAt));
  }
  const std::uint64_t at = std::max<std::uint64_t>(Field(front, kSmb2Header + 2, read ? 1 : 2), before);
  return UpToData(front, at, Field(front, kSmb2Header + 4, 4), whole, TargetOf(file, header, connection));
}

}  // namespace

std::uint64_t LengthOf(const Header& header, std::uint64_t room) noexcept {
  const bool chained = header.version == Version::kSmb2 && header.next >= kSmb2Header;
  return chained ? std::min<std::uint64_t>(header.next, room) : room;
}

std::uint64_t ExtentOf(Bytes front, std::uint64_t room, Connection& connection) {
  constexpr std::uint64_t kCompressedHeader = 16;
  const Version version = VersionOf(front);
  if (version == Version::kNone) return FrameReader::kBad;
  if (front.size() < kMagic) return room <= front.size() ? FrameReader::kBad : FrameReader::kUnknown;
  switch (version) {
    case Version::kSmb1: return Extent1(front, room, connection);
    case Version::kSmb2: return Extent2(front, room, connection);
    case Version::kEncrypted: return std::min<std::uint64_t>(room, kSealedHeader);
    default: return std::min(room, kCompressedHeader);
  }
}

}  // namespace gander::protocol::smb

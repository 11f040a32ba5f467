// SPDX-License-Identifier: Apache-2.0
// Chunks of files, each at an offset, as bodies: what is read, and what is written, of one opened file is one body, its
// chunks in order. Of one direction only one body is open at a time. A chunk that comes while another file's is, or
// before the chunks in front of it, waits, copied. When more than kMaxHeld octets would, what waits is handed on as it
// is: in bodies that are parts of a file (BodyMeta::range_part), and the open one ends as truncated. So every octet is
// scanned, and a file's digest is that of the whole as long as what is out of order, or of files read at the same time,
// fits the cap. A chunk at offset 0 begins its file anew; one that lies within what was handed on (a rewritten head)
// becomes a part. A body ends when its file's known size is reached, nothing more is there, or the file is closed.
#ifndef GANDER_PROTOCOL_SMB_FILE_BODIES_H_
#define GANDER_PROTOCOL_SMB_FILE_BODIES_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "protocol/parser.h"
#include "protocol/smb/files.h"

namespace gander::protocol::smb {

class FileBodies {
 public:
  explicit FileBodies(FileTable& files) noexcept : files_(files) {}

  // A chunk of a file of which `length` octets are to come; its stream has its transaction.
  void BeginChunk(Direction direction, File& file, std::uint64_t offset, std::uint64_t length, MessageSink& sink);
  void Part(Direction direction, Bytes part, MessageSink& sink);
  void Gap(Direction direction, std::uint64_t octets, MessageSink& sink);
  void EndChunk(Direction direction, MessageSink& sink);

  // There is nothing at `offset` of the file, or behind.
  void OnEndOfFile(Direction direction, File& file, std::uint64_t offset, MessageSink& sink);
  // Nothing more comes of the file; what waits of it goes out as soon as it may.
  void Close(File& file, MessageSink& sink);
  // Whether something of the file is open or waits.
  bool Holds(const File& file) const noexcept;
  // The flow's direction ended.
  void End(Direction direction, MessageSink& sink);
  void Reset() noexcept { lanes_ = {}; }

 private:
  enum class Mode : std::uint8_t { kNone, kDirect, kHold };
  struct Waiting {
    std::uint32_t file = 0;  // uid
    std::uint64_t offset = 0;
    std::string bytes;
  };
  struct Lane {
    std::uint32_t open = 0;   // uid of the file whose body is
    std::uint32_t chunk = 0;  // uid of the file whose chunk is under way
    Mode mode = Mode::kNone;
    std::size_t held = 0;
    std::vector<Waiting> waiting;
  };

  static bool Starts(const Lane& lane, const File& file, Direction direction, std::uint64_t offset) noexcept;
  void Hold(Lane& lane, std::uint32_t file, std::uint64_t offset);
  void MakeRoom(Direction direction, std::uint32_t file, std::uint64_t offset, MessageSink& sink);
  void BeginBody(Direction direction, File& file, MessageSink& sink);
  void EndBody(Direction direction, BodyEnd end, MessageSink& sink);
  void Settle(Direction direction, MessageSink& sink);
  void Release(Direction direction, std::size_t index, MessageSink& sink);
  std::size_t FindNext(Direction direction, const Lane& lane) const noexcept;
  std::size_t FindStart(Direction direction, const Lane& lane) const noexcept;

  FileTable& files_;
  std::array<Lane, 2> lanes_;
};

}  // namespace gander::protocol::smb

#endif  // GANDER_PROTOCOL_SMB_FILE_BODIES_H_

// SPDX-License-Identifier: Apache-2.0
// What is opened: files and pipes by their handle, shares by their number.
#ifndef GANDER_PROTOCOL_SMB_FILES_H_
#define GANDER_PROTOCOL_SMB_FILES_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/net.h"
#include "protocol/smb/header.h"

namespace gander::protocol::smb {

// What is read, or what is written, of a file.
struct FileStream {
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  std::uint32_t tx_id = kNone;  // given with the first data
  std::uint16_t command = 0;    // that read or wrote it
  bool parted = false;          // what was handed on is not the file from its begin on
  std::uint64_t next = 0;       // offset behind what was handed on
  std::int64_t size = -1;       // of the whole, when it is known
  bool complete() const noexcept { return !parted && size > 0 && next >= static_cast<std::uint64_t>(size); }
};

struct File {
  FileId id;
  std::uint32_t uid = 0;  // of this entry, never 0
  std::uint64_t session = 0;
  std::uint32_t tree = 0;
  Version version = Version::kNone;
  bool pipe = false;
  bool nameless = false;  // a stand-in for data whose request was not seen
  bool closing = false;   // closed; parts of it still wait
  std::uint64_t end = 0;  // the size that it was opened with
  std::uint64_t used = 0;
  std::array<std::uint32_t, 2> rpc_left{};  // octets of a DCE/RPC packet that the next message goes on with
  std::uint32_t rpc_call = 0;               // whose answer that packet is, if it is its last
  bool rpc_last = false;
  std::array<FileStream, 2> streams;        // by the direction that the data took
  std::string name;
};

// Entries stay where they are until one is added or removed.
class FileTable {
 public:
  File* Find(const FileId& id) noexcept;
  File* FindUid(std::uint32_t uid) noexcept;
  const File* FindTx(std::uint32_t tx_id) const noexcept;
  // The table is not full.
  File& Add(const FileId& id);
  bool full() const noexcept;
  File& Oldest() noexcept;  // the one least recently found
  void Remove(const File& file) noexcept;
  void Clear() noexcept;

  std::vector<File>& all() noexcept { return files_; }

 private:
  std::vector<File> files_;
  std::uint64_t clock_ = 0;
  std::uint32_t next_uid_ = 1;
};

struct Tree {
  std::uint64_t session = 0;
  std::uint32_t id = 0;
  bool pipe = false;
  std::string share;
};

class TreeTable {
 public:
  const Tree* Find(std::uint64_t session, std::uint32_t id) const noexcept;
  void Add(std::uint64_t session, std::uint32_t id, bool pipe, std::string_view share);
  void Remove(std::uint64_t session, std::uint32_t id) noexcept;
  void RemoveSession(std::uint64_t session) noexcept;
  void Clear() noexcept { std::vector<Tree>().swap(trees_); }

 private:
  std::vector<Tree> trees_;  // in the order connected
};

// A read whose answer is awaited.
struct Read {
  std::uint64_t message_id = 0;
  std::uint32_t file = 0;  // uid
  std::uint64_t offset = 0;
};

class ReadTable {
 public:
  void Add(const Read& read);
  const Read* Find(std::uint64_t message_id) const noexcept;
  bool Take(std::uint64_t message_id, Read& out) noexcept;
  bool Has(std::uint32_t file) const noexcept;
  void Clear() noexcept { std::vector<Read>().swap(reads_); }

 private:
  std::vector<Read> reads_;  // in the order asked
};

}  // namespace gander::protocol::smb

#endif  // GANDER_PROTOCOL_SMB_FILES_H_

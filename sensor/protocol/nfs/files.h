// SPDX-License-Identifier: Apache-2.0
// Files that pass through a flow: what handles are called, and which parts make one body.
#ifndef GANDER_PROTOCOL_NFS_FILES_H_
#define GANDER_PROTOCOL_NFS_FILES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/parser.h"
#include "protocol/rpc_message/message.h"

namespace gander::protocol::nfs {

// A handle, told from others. Zero: none.
struct FileId {
  std::uint64_t id = 0;
  std::uint32_t crc = 0;  // what Suricata shows
  bool operator==(const FileId& other) const noexcept { return id == other.id; }
};
FileId IdOf(Bytes handle) noexcept;

// Names of the handles seen last. At most kMaxNames.
class NameTable {
 public:
  void Put(FileId file, std::string_view name);
  std::string_view Find(FileId file) const noexcept;
  bool empty() const noexcept { return entries_.empty(); }
  void Clear() noexcept;

 private:
  struct Entry {
    std::uint64_t id;
    std::string name;
  };
  std::vector<Entry> entries_;  // a ring once it is full
  std::size_t next_ = 0;
};

// What all events of a flow share.
struct FlowFacts {
  std::uint32_t transactions = 0;
  std::string machine_name;
};

// Octets that one READ or WRITE moves.
struct Part {
  FileId file;
  std::string_view name;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  bool offset_is_known = true;
  bool ends_file = false;  // end of file, or on disk: nothing need follow
  std::uint32_t version = 3;
  rpc_message::Caller caller;
  bool is_read = false;          // else written
};

// The bodies of one direction, one after another. A part out of its turn waits; when too much does, the body at hand
// ends where it is and what waits comes in order.
class FileBodies {
 public:
  FileBodies(Direction direction, FlowFacts& flow) noexcept : direction_(direction), flow_(flow) {}

  void Begin(const Part& part, MessageSink& sink) noexcept;
  void Data(Bytes bytes, MessageSink& sink) noexcept;
  void Gap(std::uint64_t bytes, MessageSink& sink) noexcept;
  void End(MessageSink& sink) noexcept;
  // A READ brought nothing but the end of the file.
  void EndOfFile(FileId file, std::uint32_t xid, MessageSink& sink) noexcept;
  // The file is closed or committed, by a message of that xid.
  void Commit(FileId file, std::uint32_t xid, MessageSink& sink) noexcept;
  // Nothing more comes.
  void Finish(MessageSink& sink) noexcept;
  void Reset() noexcept;

  bool idle() const noexcept { return !open_ && waiting_.empty(); }
  bool Describes(std::uint32_t tx_id) const noexcept { return open_ && tx_id == tx_id_; }
  void Describe(Record& out) const;

 private:
  struct Waiting {
    Part part;
    std::string name, bytes;
  };
  enum class Target : std::uint8_t { kBody, kBehindGap, kWaiting, kNothing };

  bool Continues(const Part& part) const noexcept;
  bool MayWait(const Part& part) const noexcept;
  void Open(const Part& part, MessageSink& sink) noexcept;
  void Append(const Part& part) noexcept;
  void Close(BodyEnd end, MessageSink& sink) noexcept;
  void CloseAtPause(MessageSink& sink) noexcept;
  void Deliver(std::size_t index, MessageSink& sink) noexcept;
  void DeliverInOrder(MessageSink& sink) noexcept;
  void Resume(MessageSink& sink) noexcept;

  const Direction direction_;
  FlowFacts& flow_;
  Target target_ = Target::kNothing;  // of the part at hand
  // The body at hand.
  bool open_ = false, from_start_ = false, ends_file_ = false, complete_ = false, commit_pending_ = false;
  bool offset_is_known_ = true, is_read_ = false;
  FileId file_;
  std::string name_;
  std::uint64_t next_offset_ = 0;
  std::uint32_t tx_id_ = 0, version_ = 3, parts_ = 0, last_xid_ = 0;
  std::uint32_t others_ = 0;  // parts of other files since its last one
  rpc_message::Caller caller_;
  std::vector<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;
};

}  // namespace gander::protocol::nfs

#endif  // GANDER_PROTOCOL_NFS_FILES_H_

// SPDX-License-Identifier: Apache-2.0
// What is known of one connection: what is opened, what is asked, which dialect is spoken; and the events of it.
#ifndef GANDER_PROTOCOL_SMB_CONNECTION_H_
#define GANDER_PROTOCOL_SMB_CONNECTION_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "protocol/parser.h"
#include "protocol/smb/file_bodies.h"
#include "protocol/smb/files.h"
#include "protocol/smb/header.h"
#include "protocol/smb/transaction.h"

namespace gander::protocol::smb {

// One message as far as it is put together, and whose it is.
struct Message {
  Header header;
  Bytes bytes;               // from its header on
  std::uint64_t length = 0;  // of the whole; more than `bytes` where its data is still to come
  Direction direction = Direction::kToServer;
};

// Where in a message the octets of a file are: handed on as they come.
struct DataPlace {
  std::uint64_t at = 0, length = 0;
};

// What a client asks for by DCE/RPC on one of its pipes.
struct Interface {
  FileId pipe;
  std::array<std::uint8_t, 16> uuid{};
  std::uint16_t version = 0, minor = 0, context = 0;
  bool acknowledged = false;
  std::uint16_t result = 0, reason = 0;
};

// Messages of a chain that have no session, tree or file of their own take those of the message before.
struct Chain {
  std::uint64_t session = 0;
  std::uint32_t tree = 0;
  FileId file = kRelatedFile;
};

// Handles that no server gives.
inline FileId NamelessId(Direction direction) noexcept { return {~std::uint64_t{1}, Index(direction)}; }

class Connection {
 public:
  Connection() noexcept : bodies(files) {}

  // Requests and answers. An entry lives until it is told, or the next is begun.
  Transaction& Begin(const Message& message, MessageSink& sink);
  void Answer(Transaction& transaction, const Header& answer, MessageSink& sink);  // and tells it, if it is final
  void Tell(Transaction& transaction, MessageSink& sink);

  // The file behind a handle; without a name when its opening was not seen.
  File& FileOf(const FileId& id, const Header& header, MessageSink& sink);
  File& Open(const FileId& id, std::string_view name, const Header& request, MessageSink& sink);
  // Whether what is read and written may be messages to a service: it is known to be, or not known.
  bool MayBePipe(const File& file) const noexcept;
  // A stand-in for data of which nothing is known.
  File& Nameless(Direction direction, const Header& header, MessageSink& sink);
  void Close(File& file, MessageSink& sink);
  void CloseTree(std::uint64_t session, std::uint32_t tree, MessageSink& sink);
  void CloseSession(std::uint64_t session, MessageSink& sink);
  bool IsReading(const File& file) const noexcept { return reads.Has(file.uid); }
  // Data of a file is to come.
  void BeginData(File& file, const Message& message, std::uint64_t offset, std::uint64_t length, MessageSink& sink);
  // Files that are closed, and all of whose data is out, are told and forgotten.
  void Sweep(MessageSink& sink);

  void Describe(std::uint32_t tx_id, Record& out) const;
  void End(Direction direction, MessageSink& sink);
  void Reset() noexcept;

  FileTable files;
  FileBodies bodies;
  TreeTable trees;
  ReadTable reads;
  TransactionTable transactions;
  std::vector<Interface> interfaces;
  std::array<Chain, 2> chains;
  std::string dialect;  // as spoken; empty = not known
  std::uint64_t max_read = 0, max_write = 0;
  std::uint64_t requests = 0, answers = 0;
  Direction client = Direction::kToServer;

 private:
  void WriteHead(Record& out, std::uint32_t tx_id, const Header& header, const Status* status) const;
  void WriteFile(Record& out, const File& file, const FileStream& stream) const;
  void TellFile(const File& file, MessageSink& sink);
  bool IsPipeTree(std::uint64_t session, std::uint32_t tree) const noexcept;
  void CloseWhere(std::uint64_t session, const std::uint32_t* tree, MessageSink& sink);

  std::uint32_t next_tx_ = 0;
  std::size_t closing_ = 0;  // files that are closed and not yet forgotten
  std::array<bool, 2> ended_{};
};

// Text in UTF-16 or the client's code page, as UTF-8, cut at kMaxName. The view lives until the next call.
std::string_view NameOf(Bytes raw, bool unicode);
// A name is a field to scan.
void OnName(const char* where, std::string_view name, std::string_view value, Direction direction, MessageSink& sink);

}  // namespace gander::protocol::smb

#endif  // GANDER_PROTOCOL_SMB_CONNECTION_H_

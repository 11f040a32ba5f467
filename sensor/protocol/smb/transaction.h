// SPDX-License-Identifier: Apache-2.0
// Requests and what is known of their answers: what becomes one event each.
#ifndef GANDER_PROTOCOL_SMB_TRANSACTION_H_
#define GANDER_PROTOCOL_SMB_TRANSACTION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/record.h"
#include "protocol/smb/header.h"

namespace gander::protocol::smb {

// A call of DCE/RPC over a named pipe.
struct RpcCall {
  static constexpr std::uint8_t kNone = 0xff;
  std::uint32_t id = 0;
  std::uint8_t request = kNone, response = kNone;  // types of packets
  std::uint16_t operation = 0, context = 0;
  std::uint32_t request_fragments = 0, response_fragments = 0;
  std::uint64_t request_octets = 0, response_octets = 0;  // of stub data
};

struct Transaction {
  enum class Kind : std::uint8_t { kPlain, kCreate, kTreeConnect, kNegotiate, kRpc, kListing };
  Kind kind = Kind::kPlain;
  bool used = false;
  bool has_status = false;
  Header header;  // of the request; of the answer, where that knows the session or tree
  std::uint32_t tx_id = 0;
  FileId file;                   // kRpc: the pipe; else of the request
  std::uint16_t info_class = 0;  // kListing: how entries are laid out
  std::string name;              // kCreate, kTreeConnect: as asked for
  // kTreeConnect: SMB 1 names the kind of share, SMB 2 numbers it; 0 is not known.
  std::string service, service_answer;
  std::uint8_t share_type = 0;
  RpcCall rpc;
  Record detail;  // members of the event behind those that all events have
};

// Bounded by kMaxPending. Entries keep their memory when they leave, as long as they are few.
class TransactionTable {
 public:
  // A free entry; null when there is none: tell Oldest() first.
  Transaction* Open();
  Transaction* Oldest() noexcept;  // null when none is used
  Transaction* Find(const Header& answer) noexcept;
  Transaction* FindRpc(const FileId& pipe, std::uint32_t call) noexcept;
  Transaction* FindKind(Transaction::Kind kind) noexcept;  // the latest
  // A handle that was not known yet is.
  void Rename(const FileId& from, const FileId& to) noexcept;
  void Close(Transaction& transaction) noexcept;
  void Clear() noexcept;

 private:
  std::vector<Transaction> entries_;
  std::size_t used_ = 0;
};

}  // namespace gander::protocol::smb

#endif  // GANDER_PROTOCOL_SMB_TRANSACTION_H_

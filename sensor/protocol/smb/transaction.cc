// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/transaction.h"

#include "protocol/smb/smb.h"

namespace gander::protocol::smb {
namespace {

constexpr std::size_t kKept = 4;  // entries that an idle flow keeps

}  // namespace

Transaction* TransactionTable::Open() {
  if (used_ >= kMaxPending) return nullptr;
  Transaction* chosen = nullptr;
  for (Transaction& t : entries_) {
    if (!t.used) chosen = &t;
  }
  if (chosen == nullptr) chosen = &entries_.emplace_back();
  ++used_;
  chosen->kind = Transaction::Kind::kPlain;
  chosen->used = true;
  chosen->has_status = false;
  chosen->file = {};
  chosen->info_class = 0;
  chosen->name.clear();
  chosen->service.clear();
  chosen->service_answer.clear();
  chosen->share_type = 0;
  chosen->rpc = {};
  chosen->detail.Clear();
  return chosen;
}

Transaction* TransactionTable::Oldest() noexcept {
  Transaction* oldest = nullptr;
  for (Transaction& t : entries_) {
    if (t.used && (oldest == nullptr || t.tx_id < oldest->tx_id)) oldest = &t;
  }
  return oldest;
}

Transaction* TransactionTable::Find(const Header& answer) noexcept {
  for (Transaction& t : entries_) {
    if (t.used && t.kind != Transaction::Kind::kRpc && t.header.version == answer.version &&
        t.header.command == answer.command && t.header.message_id == answer.message_id)
      return &t;
  }
  return nullptr;
}

Transaction* TransactionTable::FindRpc(const FileId& pipe, std::uint32_t call) noexcept {
  for (Transaction& t : entries_) {
    if (t.used && t.kind == Transaction::Kind::kRpc && t.file == pipe && t.rpc.id == call) return &t;
  }
  return nullptr;
}

Transaction* TransactionTable::FindKind(Transaction::Kind kind) noexcept {
  Transaction* latest = nullptr;
  for (Transaction& t : entries_) {
    if (t.used && t.kind == kind && (latest == nullptr || t.tx_id > latest->tx_id)) latest = &t;
  }
  return latest;
}

void TransactionTable::Rename(const FileId& from, const FileId& to) noexcept {
  for (Transaction& t : entries_) {
    if (t.used && t.file == from) t.file = to;
  }
}

void TransactionTable::Close(Transaction& transaction) noexcept {
  transaction.used = false;
  if (--used_ == 0 && entries_.size() > kKept) std::vector<Transaction>().swap(entries_);
}

void TransactionTable::Clear() noexcept {
  std::vector<Transaction>().swap(entries_);
  used_ = 0;
}

}  // namespace gander::protocol::smb

// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/files.h"

#include <algorithm>

#include "protocol/smb/smb.h"

namespace gander::protocol::smb {
namespace {

// Beyond this an emptied table gives its memory back.
constexpr std::size_t kKeptEntries = 8;

template <class T>
void GiveBack(std::vector<T>& table) noexcept {
  if (table.empty() && table.capacity() > kKeptEntries) std::vector<T>().swap(table);
}

}  // namespace

File* FileTable::Find(const FileId& id) noexcept {
  // The one just opened is the one most asked for. A handle may come again while parts of its former file still wait.
  for (auto file = files_.rbegin(); file != files_.rend(); ++file) {
    if (file->id != id || file->closing) continue;
    file->used = ++clock_;
    return &*file;
  }
  return nullptr;
}

File* FileTable::FindUid(std::uint32_t uid) noexcept {
  const auto found = std::find_if(files_.begin(), files_.end(), [&](const File& f) { return f.uid == uid; });
  return found != files_.end() ? &*found : nullptr;
}

const File* FileTable::FindTx(std::uint32_t tx_id) const noexcept {
  const auto found = std::find_if(files_.begin(), files_.end(), [&](const File& f) {
    return f.streams[0].tx_id == tx_id || f.streams[1].tx_id == tx_id;
  });
  return found != files_.end() ? &*found : nullptr;
}

bool FileTable::full() const noexcept { return files_.size() >= kMaxFiles; }

File& FileTable::Add(const FileId& id) {
  File& file = files_.emplace_back();
  file.id = id;
  file.uid = next_uid_++;
  if (next_uid_ == 0) next_uid_ = 1;
  file.used = ++clock_;
  return file;
}

File& FileTable::Oldest() noexcept {
  return *std::min_element(files_.begin(), files_.end(), [](const File& a, const File& b) { return a.used < b.used; });
}

void FileTable::Remove(const File& file) noexcept {
  const auto at = files_.begin() + (&file - files_.data());
  files_.erase(at);
  GiveBack(files_);
}

void FileTable::Clear() noexcept { std::vector<File>().swap(files_); }

const Tree* TreeTable::Find(std::uint64_t session, std::uint32_t id) const noexcept {
  const auto found =
      std::find_if(trees_.begin(), trees_.end(), [&](const Tree& t) { return t.id == id && t.session == session; });
  return found != trees_.end() ? &*found : nullptr;
}

void TreeTable::Add(std::uint64_t session, std::uint32_t id, bool pipe, std::string_view share) {
  Remove(session, id);
  if (trees_.size() >= kMaxTrees) trees_.erase(trees_.begin());
  trees_.push_back({session, id, pipe, std::string(share)});
}

void TreeTable::Remove(std::uint64_t session, std::uint32_t id) noexcept {
  std::erase_if(trees_, [&](const Tree& t) { return t.id == id && t.session == session; });
  GiveBack(trees_);
}

void TreeTable::RemoveSession(std::uint64_t session) noexcept {
  std::erase_if(trees_, [&](const Tree& t) { return t.session == session; });
  GiveBack(trees_);
}

void ReadTable::Add(const Read& read) {
  if (reads_.size() >= kMaxReads) reads_.erase(reads_.begin());
  reads_.push_back(read);
}

const Read* ReadTable::Find(std::uint64_t message_id) const noexcept {
  const auto found =
      std::find_if(reads_.begin(), reads_.end(), [&](const Read& r) { return r.message_id == message_id; });
  return found != reads_.end() ? &*found : nullptr;
}

bool ReadTable::Take(std::uint64_t message_id, Read& out) noexcept {
  const Read* found = Find(message_id);
  if (found == nullptr) return false;
  out = *found;
  reads_.erase(reads_.begin() + (found - reads_.data()));
  GiveBack(reads_);
  return true;
}

bool ReadTable::Has(std::uint32_t file) const noexcept {
  return std::any_of(reads_.begin(), reads_.end(), [&](const Read& r) { return r.file == file; });
}

}  // namespace gander::protocol::smb

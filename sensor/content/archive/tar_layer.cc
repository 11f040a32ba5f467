// SPDX-License-Identifier: Apache-2.0
#include "content/archive/tar_layer.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "content/archive/member_name.h"

namespace gander::content {
namespace {

constexpr std::size_t PaddingOf(std::uint64_t size) noexcept {
  return static_cast<std::size_t>((kTarBlock - size % kTarBlock) % kTarBlock);
}

constexpr bool IsNotes(char type) noexcept {
  return type == 'x' || type == 'X' || type == 'g' || type == 'L' || type == 'K';
}

bool ReadDecimal(std::string_view text, std::uint64_t& value) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

// Records of pax(1) that say nothing in words.
bool IsTechnical(std::string_view key) noexcept {
  constexpr std::string_view kKeys[] = {"mtime", "atime", "ctime", "uid", "gid", "uname", "gname", "hdrcharset",
                                        "charset"};
  return key.starts_with("GNU.") || std::find(std::begin(kKeys), std::end(kKeys), key) != std::end(kKeys);
}

}  // namespace

void TarLayer::GiveBack() noexcept { body().pool->Give(this); }

void TarLayer::Begin() noexcept {
  BeginArchive();
  at_ = At::kHeader;
  lost_ = false;
  held_ = 0;
  notes_.Begin(body().pool->memory, kMaxNotes);
  told_name_.clear();
  told_size_.reset();
}

Uninspected TarLayer::Read(Bytes in) noexcept {
  Uninspected total;
  while (!in.empty()) {
    switch (at_) {
      case At::kHeader:
      case At::kMap:
        total += Block(in);
        break;
      case At::kNotes:
        total += Notes(in);
        break;
      case At::kData:
        total += Data(in);
        break;
      case At::kPadding:
        total += Padding(in);
        break;
    }
  }
  return total;
}

// A whole block, where it lies or gathered.
Uninspected TarLayer::Block(Bytes& in) noexcept {
  Bytes block;
  if (held_ == 0 && in.size() >= kTarBlock) {
    block = TakeFront(in, kTarBlock);
  } else {
    const Bytes more = TakeFront(in, kTarBlock - held_);
    std::memcpy(hold_.data() + held_, more.data(), more.size());
    held_ += more.size();
    if (held_ < kTarBlock) return {};
    held_ = 0;
    block = hold_;
  }
  if (at_ == At::kHeader) return Header(block);
  // Numbers of where a sparse file's data belongs; or whatever somebody put there.
  const Uninspected total = Leaf(block);
  if (TarMapGoesOn(block)) return total;
  CloseLeaf();
  BeginData();
  return total;
}

Uninspected TarLayer::Header(Bytes block) noexcept {
  if (IsZeroBlock(block)) return {};
  if (!ReadTarHeader(block, header_)) {
    TellDamaged();
    // By itself, so that its zeros do not make the data behind it look binary.
    const bool first = !lost_;
    lost_ = true;
    return first ? WholeLeaf(block) : Leaf(block);
  }
  lost_ = false;
  CloseLeaf();
  if (!IsNotes(header_.type)) {
    BeginFile(block);
    return {};
  }
  left_ = header_.size;
  padding_ = PaddingOf(left_);
  notes_.Clear();
  at_ = At::kNotes;
  return left_ == 0 ? NotesRead() : Uninspected{};
}

void TarLayer::BeginFile(Bytes block) noexcept {
  if (told_name_.empty()) {
    AssignTarName(block, name_);
  } else {
    name_.swap(told_name_);
  }
  if (told_size_.has_value()) header_.size = *told_size_;
  told_name_.clear();
  told_size_.reset();
  BeginMember(name_);
  at_ = At::kMap;
  if (!header_.map_follows) BeginData();
}

void TarLayer::BeginData() noexcept {
  at_ = At::kHeader;
  if (!header_.has_data()) return;
  left_ = header_.size;
  padding_ = PaddingOf(left_);
  EntityMeta inside;
  inside.name = name_;
  inside.is_file = true;
  file_ = OpenEntity(body(), inside);
  at_ = At::kData;
}

Uninspected TarLayer::Data(Bytes& in) noexcept {
  const Bytes data = in.first(static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size())));
  in = in.subspan(data.size());
  left_ -= data.size();
  Uninspected total = file_->Feed(data);
  if (left_ > 0) return total;
  file_->End(protocol::BodyEnd::kComplete);
  file_.reset();
  total += body().TakeLate(header_.size, header_.size);
  DataRead();
  return total;
}

void TarLayer::DataRead() noexcept { at_ = padding_ > 0 ? At::kPadding : At::kHeader; }

// Zeros, or what happened to stand in the buffer of whoever wrote it.
Uninspected TarLayer::Padding(Bytes& in) noexcept {
  Bytes padding = TakeFront(in, padding_);
  padding_ -= padding.size();
  if (!leaf_open()) {
    const auto text = std::find_if(padding.begin(), padding.end(), [](std::byte b) { return b != std::byte{0}; });
    padding = padding.subspan(static_cast<std::size_t>(text - padding.begin()));
  }
  const Uninspected total = Leaf(padding);
  if (padding_ > 0) return total;
  CloseLeaf();
  at_ = At::kHeader;
  return total;
}

Uninspected TarLayer::Notes(Bytes& in) noexcept {
  Bytes more = in.first(static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size())));
  in = in.subspan(more.size());
  left_ -= more.size();
  Uninspected total;
  const std::size_t room = std::min(more.size(), kMaxNotes - notes_.size());
  if (notes_.Append(more.first(room))) more = more.subspan(room);
  total += Leaf(more);
  if (left_ == 0) total += NotesRead();
  return total;
}

Uninspected TarLayer::NotesRead() noexcept {
  CloseLeaf();
  DataRead();
  std::string_view notes = AsText(notes_.bytes());
  switch (header_.type) {
    case 'L':
      told_name_.assign(notes.substr(0, std::min(notes.find('\0'), kMaxMemberName)));
      return {};
    case 'K':
      TellName(notes.substr(0, std::min(notes.find('\0'), kMaxMemberName)));
      return {};
    default:
      return ReadRecords(notes);
  }
}

// "27 path=some/where/people.csv\n", the length counting all of it. What is no record is looked at as it stands.
Uninspected TarLayer::ReadRecords(std::string_view records) noexcept {
  Uninspected total;
  while (!records.empty()) {
    const std::size_t blank = records.find(' ');
    std::uint64_t length = 0;
    if (blank == std::string_view::npos || !ReadDecimal(records.substr(0, blank), length) || length <= blank + 1 ||
        length > records.size()) {
      return total += WholeLeaf(AsBytes(records));
    }
    const std::string_view record = records.substr(blank + 1, length - blank - 2);
    const std::size_t equals = std::min(record.find('='), record.size());
    total += ReadRecord(record.substr(0, equals), record.substr(std::min(equals + 1, record.size())));
    records.remove_prefix(length);
  }
  return total;
}

Uninspected TarLayer::ReadRecord(std::string_view key, std::string_view value) noexcept {
  if (header_.type == 'g' && (key == "path" || key == "size")) return WholeLeaf(AsBytes(value));
  if (key == "path" || key == "GNU.sparse.name") {
    told_name_.assign(value.substr(0, kMaxMemberName));
  } else if (key == "linkpath") {
    TellName(value.substr(0, kMaxMemberName));
  } else if (std::uint64_t size = 0; key == "size" && ReadDecimal(value, size)) {
    told_size_ = size;
  } else if (!IsTechnical(key)) {
    return WholeLeaf(AsBytes(value));
  }
  return {};
}

void TarLayer::Finish(protocol::BodyEnd end) noexcept {
  const bool cut = held_ > 0 || at_ == At::kMap || at_ == At::kNotes || at_ == At::kData;
  if (file_ != nullptr) file_->End(end == protocol::BodyEnd::kComplete ? protocol::BodyEnd::kTruncated : end);
  file_.reset();
  if (at_ == At::kNotes) Leaf(notes_.bytes());
  Leaf(Bytes(hold_.data(), held_));
  CloseLeaf();
  notes_.Release();
  if (cut && end == protocol::BodyEnd::kComplete) TellTruncated();
}

}  // namespace gander::content

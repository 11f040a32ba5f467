// SPDX-License-Identifier: Apache-2.0
#include "content/archive/zip_layer.h"

#include <algorithm>
#include <cstring>

#include "content/archive/member_name.h"
#include "content/document/office_names.h"
#include "content/document/office_text.h"
#include "content/open.h"

namespace gander::content {
namespace {

constexpr std::byte kSignatureStart[2] = {std::byte{'P'}, std::byte{'K'}};

// A descriptor is read by the member it belongs to.
bool Announces(ZipRecord record) noexcept {
  return record != ZipRecord::kNone && record != ZipRecord::kDescriptor;
}

}  // namespace

void ZipLayer::GiveBack() noexcept { body().pool->Give(this); }

void ZipLayer::Begin() noexcept {
  BeginArchive();
  at_ = At::kBetween;
  gap_ = Gap::kOpaque;
  held_ = left_ = 0;
  seen_ = listed_ = 0;
  comparable_ = true;
  ended_ = false;
  office_ = segment().starts_with("od");
}

Uninspected ZipLayer::Read(Bytes in) noexcept {
  Uninspected total;
  while (!in.empty()) {
    switch (at_) {
      case At::kBetween:
        total += Between(in);
        break;
      case At::kFixed:
        Fixed(in);
        break;
      case At::kName:
        total += Gather(in, raw_name_, kMaxMemberName);
        break;
      case At::kExtra:
        total += Gather(in, extra_, kMaxExtra);
        break;
      case At::kComment: {
        const Bytes text = TakeFront(in, left_);
        left_ -= text.size();
        total += Leaf(text);
        break;
      }
      case At::kMember:
        total += Member(in);
        break;
    }
    if (at_ >= At::kName && at_ <= At::kComment && left_ == 0) FieldsRead();
  }
  return total;
}

// Hands on what is no record, up to the signature of one.
Uninspected ZipLayer::Between(Bytes& in) noexcept {
  Uninspected total;
  while (!in.empty()) {
    if (held_ == 0) {
      const auto start = std::find(in.begin(), in.end(), kSignatureStart[0]);
      total += Outside(TakeFront(in, static_cast<std::size_t>(start - in.begin())));
      if (in.empty()) break;
    }
    head_[held_++] = TakeFront(in, 1)[0];
    if (held_ < kZipSignatureBytes && (held_ < 2 || head_[1] == kSignatureStart[1])) continue;
    record_ = ZipRecordOf(Bytes(head_.data(), held_));
    if (Announces(record_)) {
      CloseLeaf();
      gap_ = Gap::kOpaque;
      held_ = 0;
      at_ = At::kFixed;
      break;
    }
    total += DropNoSignature();
  }
  return total;
}

// Hands on held bytes up to where a signature may still begin.
Uninspected ZipLayer::DropNoSignature() noexcept {
  std::size_t n = 1;
  while (n < held_ && head_[n] != kSignatureStart[0]) ++n;
  const Uninspected total = Outside(Bytes(head_.data(), n));
  held_ -= n;
  std::memmove(head_.data(), head_.data() + n, held_);
  return total;
}

// What is no text of it is called by what went before.
Uninspected ZipLayer::Outside(Bytes bytes) noexcept {
  if (gap_ == Gap::kLost) return {.lost = bytes.size()};
  Uninspected total = Leaf(bytes);
  if (gap_ == Gap::kUndecodable) std::swap(total.opaque, total.undecodable);
  return total;
}

void ZipLayer::Fixed(Bytes& in) noexcept {
  const std::size_t size = ZipFixedBytes(record_);
  const Bytes more = TakeFront(in, size - held_);
  std::memcpy(head_.data() + held_, more.data(), more.size());
  held_ += more.size();
  if (held_ == size) FixedRead();
}

void ZipLayer::FixedRead() noexcept {
  const Bytes fixed(head_.data(), held_);
  held_ = 0;
  raw_name_.clear();
  extra_.clear();
  at_ = At::kBetween;
  switch (record_) {
    case ZipRecord::kLocal:
    case ZipRecord::kCentral:
      entry_ = record_ == ZipRecord::kLocal ? ReadZipLocal(fixed) : ReadZipCentral(fixed);
      left_ = entry_.name_length;
      at_ = At::kName;
      break;
    case ZipRecord::kEnd:
      left_ = ZipCommentLength(fixed);
      at_ = At::kComment;
      ArchiveEnds();
      break;
    default:
      return;
  }
  if (left_ == 0) FieldsRead();
}

// A field of a record; what is longer than anybody needs is looked at all the same.
Uninspected ZipLayer::Gather(Bytes& in, std::string& into, std::size_t cap) noexcept {
  Bytes field = TakeFront(in, left_);
  left_ -= field.size();
  into.append(AsText(TakeFront(field, cap - into.size())));
  return Leaf(field);
}

// The field at hand is complete: on to the next that is not empty.
void ZipLayer::FieldsRead() noexcept {
  CloseLeaf();
  if (at_ == At::kName) {
    at_ = At::kExtra;
    left_ = entry_.extra_length;
    if (left_ > 0) return;
  }
  if (at_ == At::kExtra && record_ == ZipRecord::kLocal) return OpenMember();
  if (at_ == At::kExtra) {
    CentralRead();
    at_ = At::kComment;
    left_ = entry_.comment_length;
    if (left_ > 0) return;
  }
  at_ = At::kBetween;
}

void ZipLayer::OpenMember() noexcept {
  const std::string_view unicode = ReadZipExtra(AsBytes(extra_), AsBytes(raw_name_), entry_);
  AssignMemberName(unicode.empty() ? std::string_view(raw_name_) : unicode, name_);
  BeginMember(name_);
  EntityMeta inside;
  inside.name = name_;
  inside.document = IsDocumentPart() ? document_ : nullptr;
  inside.is_file = inside.document == nullptr;
  member_.Open(body(), entry_, inside);
  at_ = At::kMember;
}

// Parts of office documents are no files to anybody; pictures in them are.
bool ZipLayer::IsDocumentPart() noexcept {
  const std::string_view kind = OfficeKindByMember(name_);
  if (!IsOfficePart(name_, office_)) return false;
  office_ = office_ || !kind.empty() || name_.starts_with('[');
  if (!kind.empty() && kind != segment()) Rename(kind);
  if (document_ != nullptr) return true;
  document_ = body().pool->Take<SharedStrings>();
  document_->Begin(body().pool->memory);
  return true;
}

Uninspected ZipLayer::Member(Bytes& in) noexcept {
  Uninspected total = member_.Feed(in);
  if (!member_.over()) return total;
  total += member_.End(protocol::BodyEnd::kComplete);
  if (member_.capped() || entry_.masked()) comparable_ = false;
  if (!member_.sound()) TellInconsistent();
  seen_ += ZipFingerprint(raw_name_, member_.packed(), member_.size());
  ended_ = false;
  at_ = At::kBetween;
  gap_ = member_.capped() ? Gap::kLost : member_.damaged() ? Gap::kUndecodable : Gap::kOpaque;
  Bytes behind = member_.behind();
  while (!behind.empty()) total += Read(TakeFront(behind, behind.size()));
  return total;
}

void ZipLayer::CentralRead() noexcept {
  ReadZipExtra(AsBytes(extra_), {}, entry_);
  if (entry_.masked()) comparable_ = false;
  listed_ += ZipFingerprint(raw_name_, entry_.packed, entry_.size);
}

void ZipLayer::ArchiveEnds() noexcept {
  ended_ = true;
  if (comparable_ && seen_ != listed_) TellInconsistent();
  seen_ = listed_ = 0;
  comparable_ = true;
}

void ZipLayer::Finish(protocol::BodyEnd end) noexcept {
  const bool cut = !ended_ || at_ != At::kBetween;
  if (at_ == At::kMember) {
    member_.End(end);
    Leaf(member_.behind());
  } else {
    Leaf(AsBytes(raw_name_).first(at_ == At::kName ? raw_name_.size() : 0));
    Leaf(Bytes(head_.data(), held_));
  }
  CloseLeaf();
  if (document_ != nullptr) {
    OfficeText::TellRest(body(), *document_, meta().name);
    document_->Release();
    body().pool->Give(document_);
    document_ = nullptr;
  }
  if (cut && end == protocol::BodyEnd::kComplete) TellTruncated();
}

}  // namespace gander::content

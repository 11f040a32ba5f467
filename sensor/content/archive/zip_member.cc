// SPDX-License-Identifier: Apache-2.0
#include "content/archive/zip_member.h"

#include <algorithm>
#include <cstring>

#include "content/archive/zip_methods.h"
#include "content/decoder_pool.h"
#include "content/open.h"

namespace gander::content {

void ZipMember::Open(Body& body, const ZipEntry& entry, const EntityMeta& meta) noexcept {
  body_ = &body;
  entry_ = entry;
  meta_ = meta;
  sound_ = true;
  capped_ = damaged_ = cut_ = false;
  packed_ = size_ = 0;
  behind_size_ = 0;
  buffer_ = body.buffers++;
  OpenInside(meta);
  left_ = entry.packed;
  const bool told = !entry.size_follows() || entry.packed > 0;
  if (told) {
    at_ = At::kSized;
    if (left_ == 0) AllRead();
  } else if (kind_ == Kind::kCoded) {
    at_ = At::kToItsEnd;
  } else {
    at_ = At::kSearching;
    search_.Begin(kind_ == Kind::kStored, entry.wide);
  }
}

void ZipMember::OpenInside(const EntityMeta& meta) noexcept {
  coding_ = nullptr;
  kind_ = Kind::kLocked;
  if (entry_.encrypted()) return;
  kind_ = Kind::kStored;
  if (entry_.method == kZipStored) {
    inner_ = OpenEntity(*body_, meta);
    return;
  }
  coding_ = TakeZipDecoder(*body_->pool, entry_);
  kind_ = coding_ == nullptr ? Kind::kUndecodable : Kind::kCoded;
  if (coding_ == nullptr) return;
  coding_->OpenMember(*body_, OpenEntity(*body_, meta));
  inner_.reset(coding_);
}

Uninspected ZipMember::Feed(Bytes& in) noexcept {
  Uninspected total;
  while (!in.empty() && at_ != At::kOver) {
    switch (at_) {
      case At::kSized:
        total += Sized(in);
        break;
      case At::kToItsEnd:
        total += Coded(in);
        break;
      case At::kSearching:
        total += Search(in);
        break;
      case At::kOverrun:
        total += Overrun(in);
        break;
      case At::kDescriptor:
        Describe(in);
        break;
      case At::kOver:
        break;
    }
  }
  return total;
}

Uninspected ZipMember::Put(Bytes data) noexcept {
  packed_ += data.size();
  switch (kind_) {
    case Kind::kStored:
      return data.empty() ? Uninspected{} : inner_->Feed(data);
    case Kind::kCoded:
      return {.lost = data.size()};  // only what the decoder no longer wants comes here
    case Kind::kLocked:
      return {.locked = data.size()};
    case Kind::kUndecodable:
      return {.undecodable = data.size()};
  }
  return {};
}

// As much of the told size as there is. A packed stream may end before: what then follows is looked at as what stands
// between members, whatever the size says.
Uninspected ZipMember::Sized(Bytes& in) noexcept {
  Bytes data = in.first(static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size())));
  const std::size_t size = data.size();
  Uninspected total;
  if (coding_ != nullptr && !capped_) total = Coded(data);
  if (coding_ == nullptr || capped_) total += Put(TakeFront(data, data.size()));
  in = in.subspan(size - data.size());
  left_ -= size - data.size();
  if (at_ == At::kOver || at_ == At::kDescriptor) {
    if (left_ > 0) Stop(false);
  } else if (left_ == 0) {
    AllRead();
  }
  return total;
}

Uninspected ZipMember::Coded(Bytes& in) noexcept {
  const std::size_t before = in.size();
  const Uninspected total = coding_->FeedMember(in);
  packed_ += before - in.size();
  if (coding_->capped()) {
    capped_ = true;
    if (at_ != At::kSized) Stop(true);
  } else if (coding_->failed()) {
    damaged_ = true;
    Stop(false);
  } else if (coding_->ended()) {
    AllRead();
  }
  return total;
}

Uninspected ZipMember::Search(Bytes& in) noexcept {
  const ZipSearch::Found found = search_.Look(in, body_->pool->Buffer(buffer_));
  const Uninspected total = Put(found.data);
  if (found.ended) {
    size_ = found.described ? found.size : packed_;
    Stop(found.described);
    behind_size_ = search_.held().size();
    std::memcpy(behind_.data(), search_.held().data(), behind_size_);
  }
  return total;
}

// The packed stream is as long as it says itself, for those who read it as it streams by; or the archive goes on.
Uninspected ZipMember::Overrun(Bytes& in) noexcept {
  const Bytes more = TakeFront(in, kZipSignatureBytes - behind_size_);
  std::memcpy(behind_.data() + behind_size_, more.data(), more.size());
  behind_size_ += more.size();
  const Bytes four(behind_.data(), behind_size_);
  if (four.size() < kZipSignatureBytes) return {};
  const ZipRecord record = ZipRecordOf(four);
  sound_ = false;
  if (record != ZipRecord::kNone) {
    cut_ = true;
    at_ = record == ZipRecord::kDescriptor ? At::kDescriptor : At::kOver;
    return {};
  }
  at_ = At::kToItsEnd;
  std::array<std::byte, kZipSignatureBytes> copy;
  std::copy(four.begin(), four.end(), copy.begin());
  Bytes data(copy);
  const Uninspected total = Coded(data);
  // What the stream did not want stands behind it, in a descriptor or in what follows.
  behind_size_ = data.size();
  std::copy(data.begin(), data.end(), behind_.begin());
  return total;
}

void ZipMember::Describe(Bytes& in) noexcept {
  CountedSizes counted;
  counted.packed = packed_;
  counted.wide = entry_.wide;
  if (kind_ == Kind::kStored || kind_ == Kind::kCoded) counted.size = size_;
  while (!in.empty()) {
    // Another record instead of a descriptor: there is none, and none is missed where the header told the sizes.
    const Bytes held(behind_.data(), behind_size_);
    const ZipRecord record = ZipRecordOf(held);
    if (record != ZipRecord::kNone && record != ZipRecord::kDescriptor) return Stop(entry_.packed > 0);
    behind_[behind_size_++] = TakeFront(in, 1)[0];
    const auto found = ReadDescriptor(Bytes(behind_.data(), behind_size_), counted);
    if (!found.has_value()) continue;
    if (found->length > 0 && !counted.size.has_value()) size_ = found->size;
    behind_size_ -= found->length;
    std::memmove(behind_.data(), behind_.data() + found->length, behind_size_);
    return Stop(found->length > 0);
  }
}

// The data is all there.
void ZipMember::AllRead() noexcept {
  const bool told = !entry_.size_follows() || entry_.packed > 0;
  switch (kind_) {
    case Kind::kStored:
      size_ = packed_;
      break;
    case Kind::kCoded:
      size_ = coding_->decoded();
      break;
    case Kind::kLocked:
    case Kind::kUndecodable:
      size_ = entry_.size;
      break;
  }
  if (kind_ == Kind::kCoded && !coding_->ended() && !capped_ && !(entry_.packed == 0 && entry_.size == 0)) {
    at_ = At::kOverrun;
    return;
  }
  if (told && size_ != entry_.size && !capped_) sound_ = false;
  if (entry_.size_follows()) {
    at_ = At::kDescriptor;
  } else {
    Stop(true);
  }
}

void ZipMember::Stop(bool sound) noexcept {
  at_ = At::kOver;
  if (!sound) sound_ = false;
}

Uninspected ZipMember::End(protocol::BodyEnd end) noexcept {
  const bool data_missing = at_ != At::kOver && at_ != At::kDescriptor;
  if (at_ == At::kSearching) Put(search_.held());
  if (!data_missing) end = cut_ ? protocol::BodyEnd::kTruncated : protocol::BodyEnd::kComplete;
  if (data_missing && end == protocol::BodyEnd::kComplete) end = protocol::BodyEnd::kTruncated;
  const std::uint64_t decoded = coding_ != nullptr ? coding_->decoded() : packed_;
  if (inner_ != nullptr) inner_->End(end);
  inner_.reset();
  coding_ = nullptr;
  --body_->buffers;
  const std::uint64_t size = at_ == At::kOver ? size_ : std::max(entry_.size, packed_);
  if (kind_ == Kind::kLocked) body_->ReportLocked(meta_.name, size, {});
  if (kind_ == Kind::kUndecodable) body_->ReportUndecodable(meta_.name, size, {});
  return body_->TakeLate(decoded, packed_);
}

}  // namespace gander::content

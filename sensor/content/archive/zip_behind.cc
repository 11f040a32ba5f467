// SPDX-License-Identifier: Apache-2.0
#include "content/archive/zip_behind.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "content/archive/zip_layer.h"
#include "content/decoder_pool.h"
#include "content/format_layer.h"
#include "content/open.h"

namespace gander::content {
namespace {

constexpr std::string_view kSignature = "PK\x03\x04";

// A header as archivers write it: programs that unpack archives hold its first four bytes too.
bool IsHeader(Bytes header) noexcept {
  constexpr std::uint16_t kMethods[] = {0, 8, 9, 12, 14, 93, 95, 98, 99};
  constexpr std::uint8_t kMaxVersion = 63;  // of what it takes to unpack (APPNOTE.TXT 4.4.3.2)
  constexpr std::uint16_t kMaxName = 1024;
  const ZipEntry entry = ReadZipLocal(header.subspan(kZipSignatureBytes));
  return static_cast<std::uint8_t>(header[4]) <= kMaxVersion && entry.name_length > 0 &&
         entry.name_length <= kMaxName &&
         std::find(std::begin(kMethods), std::end(kMethods), entry.method) != std::end(kMethods);
}

// Whether a header may begin with these bytes, however few.
bool MayBegin(Bytes bytes) noexcept {
  const std::size_t n = std::min(bytes.size(), kSignature.size());
  return AsText(bytes).substr(0, n) == kSignature.substr(0, n);
}

// Where a header may begin; in.size() when nowhere.
std::size_t Find(Bytes in) noexcept {
  for (std::size_t at = 0; at < in.size(); ++at) {
    const void* const found = std::memchr(in.data() + at, kSignature[0], in.size() - at);
    if (found == nullptr) break;
    at = static_cast<std::size_t>(static_cast<const std::byte*>(found) - in.data());
    if (MayBegin(in.subspan(at))) return at;
  }
  return in.size();
}

}  // namespace

void ZipBehind::Open(Body& body, const EntityMeta& meta) noexcept {
  body_ = &body;
  meta_ = meta;
  found_ = false;
  held_ = 0;
  inner_ = OpenLeaf(body, meta.name, meta.content_type);
}

void ZipBehind::GiveBack() noexcept { body_->pool->Give(this); }

Uninspected ZipBehind::Feed(Bytes in) noexcept {
  Uninspected total;
  while (!in.empty()) {
    if (found_) return total += inner_->Feed(in);
    if (held_ == 0) {
      if (const Bytes before = TakeFront(in, Find(in)); !before.empty()) total += inner_->Feed(before);
    }
    if (!in.empty()) total += Gather(in);
  }
  return total;
}

Uninspected ZipBehind::Gather(Bytes& in) noexcept {
  const Bytes more = TakeFront(in, kHeader - held_);
  std::memcpy(hold_.data() + held_, more.data(), more.size());
  held_ += more.size();
  const Bytes held(hold_.data(), held_);
  if (MayBegin(held) && held_ < kHeader) return {};
  if (MayBegin(held) && IsHeader(held)) return OpenZip();
  // Another may begin behind the first byte.
  const std::size_t next = 1 + Find(held.subspan(1));
  const Uninspected total = inner_->Feed(held.first(next));
  held_ -= next;
  std::memmove(hold_.data(), hold_.data() + next, held_);
  return total;
}

Uninspected ZipBehind::OpenZip() noexcept {
  inner_->End(protocol::BodyEnd::kComplete);
  Uninspected total = body_->TakeLate();
  inner_ = OpenFormat<ZipLayer>(*body_, meta_, ZipLayer::kSegment);
  found_ = true;
  return total += inner_->Feed(Bytes(hold_.data(), std::exchange(held_, 0)));
}

void ZipBehind::End(protocol::BodyEnd end) noexcept {
  if (held_ > 0) body_->late += inner_->Feed(Bytes(hold_.data(), held_));
  inner_->End(end);
  inner_.reset();
}

LayerPtr OpenZipBehind(Body& body, const EntityMeta& meta) noexcept {
  ZipBehind* const layer = body.pool->Take<ZipBehind>();
  layer->Open(body, meta);
  return LayerPtr(layer);
}

}  // namespace gander::content

// SPDX-License-Identifier: Apache-2.0
#include "content/entity.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "content/archive/zip_behind.h"
#include "content/charset/unicode_form.h"
#include "content/burst_budget.h"
#include "content/decoder_pool.h"
#include "content/formats.h"
#include "content/open.h"
#include "content/sniff.h"
#include "content/text_layers.h"
#include "protocol/mime/header_value.h"

namespace gander::content {
namespace {

using protocol::mime::MainValue;

}  // namespace

void Entity::Begin(Body& body, std::string_view name) noexcept {
  body_ = &body;
  meta_ = {};
  meta_.name = name;
  kind_ = Kind::kUnknown;
  pushed_ = text_open_ = block_is_text_ = behind_gap_ = false;
  form_ = nullptr;
  magic_ = {};
  size_ = offset_ = 0;
  block_left_ = held_ = 0;
  hash_ = nullptr;
  kept_ = nullptr;
  part_ = nullptr;
}

void Entity::Open(Body& body, const EntityMeta& meta) noexcept {
  Begin(body, meta.name);
  meta_ = meta;
}

void Entity::OpenText(Body& body, std::string_view segment, std::string_view name, std::uint64_t offset) noexcept {
  Begin(body, name);
  meta_.content_type = segment;
  offset_ = offset;
  kind_ = Kind::kText;
}

void Entity::OpenLeaf(Body& body, std::string_view name, std::string_view content_type) noexcept {
  Begin(body, name);
  meta_.content_type = content_type;
  kind_ = Kind::kMixed;
}

void Entity::OpenLost(Body& body) noexcept {
  Begin(body, {});
  kind_ = Kind::kLost;
}

void Entity::GiveBack() noexcept {
  Release();
  body_->pool->Give(this);
}

void Entity::Hold(Bytes& in, std::size_t up_to) noexcept {
  if (hold_ == nullptr) hold_ = body_->pool->Take<SniffBuffer>();
  const Bytes more = TakeFront(in, up_to - held_);
  std::memcpy(hold_->bytes.data() + held_, more.data(), more.size());
  held_ = static_cast<std::uint16_t>(held_ + more.size());
}

void Entity::Release() noexcept {
  held_ = 0;
  if (hold_ != nullptr) body_->pool->Give(hold_);
  hold_ = nullptr;
}

Uninspected Entity::Feed(Bytes in) noexcept {
  if (in.empty()) return {};
  if (size_ == 0) Start();
  size_ += in.size();
  if (hash_ != nullptr) hash_->Update(in);
  if (kept_ != nullptr) kept_->Update(in);
  if (part_ != nullptr && part_->began > 0) [[unlikely]] part_->hash.Update(in);
  if (kind_ != Kind::kUnknown) return Take(in);
  if (held_ == 0 && in.size() >= kSniffBytes) {
    const std::size_t look = WantsLongerLook(in.first(kSniffBytes)) ? kLookBytes : kSniffBytes;
    if (in.size() >= look) {
      Settle(in.first(look));
      return Take(in);
    }
  }
  if (held_ < kSniffBytes) Hold(in, kSniffBytes);
  if (held_ < kSniffBytes) return {};
  if (WantsLongerLook(Held().first(kSniffBytes))) {
    Hold(in, kLookBytes);
    if (held_ < kLookBytes) return {};
  }
  Uninspected total = TakeHeld();
  if (!in.empty()) total += Take(in);
  return total;
}

void Entity::OnGap(std::uint64_t bytes) noexcept {
  if (size_ == 0) Start();
  if (held_ > 0) body_->late += kind_ == Kind::kMixed ? Judge(Held()) : TakeHeld();
  Release();
  EndInside(protocol::BodyEnd::kGap);
  CloseText();
  if (hash_ != nullptr) body_->pool->Give(std::exchange(hash_, nullptr));
  if (kept_ != nullptr) {
    kept_->End();
    body_->pool->Give(std::exchange(kept_, nullptr));
  }
  if (part_ != nullptr) part_->hash.Begin(false, false);
  size_ += bytes;
  offset_ = size_;
  block_left_ = 0;
  block_is_text_ = false;
  form_ = nullptr;
  behind_gap_ = true;
  if (kind_ != Kind::kLost) kind_ = Kind::kUnknown;
}

// At the first byte: nothing is opened, pushed or hashed for an entity that has none.
void Entity::Start() noexcept {
  const std::string_view type = MainValue(meta_.content_type);
  path_before_ = body_->path.text().size();
  if (!type.empty() && kind_ != Kind::kMixed) body_->path.Push(type);
  pushed_ = true;
  if (kind_ != Kind::kUnknown) return;
  const bool told = body_->files < body_->options->max_files;  // nobody will ask for the digests of the others
  if (meta_.is_file && told && IsHashed(type)) {
    hash_ = body_->pool->Take<FileHash>();
    if (hash_ != nullptr) hash_->Begin(body_->options->sha256, body_->options->md5);
  }
  if (meta_.keep && body_->options->keep_file > 0) {
    kept_ = body_->pool->Take<KeptFile>();
    kept_->Begin(body_->pool->kept, body_->options->keep_file);
  }
  if (meta_.is_file && meta_.in_parts) OpenPart();
  OpenDeclared();
}

bool Entity::IsHashed(std::string_view type) const noexcept {
  const Options& options = *body_->options;
  return (options.sha256 || options.md5) && (options.hash_files == HashFiles::kAll || !IsPagePart(type));
}

void Entity::End(protocol::BodyEnd end) noexcept {
  if (kind_ == Kind::kUnknown && held_ > 0) body_->late += TakeHeld();
  if (kind_ == Kind::kMixed && held_ > 0) body_->late += Judge(Held());
  EndInside(end);
  CloseText();
  ReportFile(end);
  if (pushed_) body_->path.Pop(path_before_);
}

void Entity::EndInside(protocol::BodyEnd end) noexcept {
  if (inside_ == nullptr) return;
  inside_->End(end);
  inside_.reset();
}

// Composite types are what they say; everything else is looked at first.
void Entity::OpenDeclared() noexcept {
  inside_ = OpenComposite(*body_, meta_.content_type);
  if (inside_ != nullptr) kind_ = Kind::kInside;
}

void Entity::Settle(Bytes prefix) noexcept {
  std::string_view magic = MagicOf(prefix);
  inside_ = OpenFile(*body_, meta_, magic, prefix);
  if (inside_ == nullptr && magic.empty()) {
    inside_ = OpenUnmarkedFile(*body_, meta_, prefix, prefix.size() < kSniffBytes, &magic);
  }
  if (inside_ == nullptr && magic.empty()) {
    inside_ = OpenTextLayers(*body_, meta_, prefix);
    if (inside_ != nullptr || LooksLikeText(prefix)) magic = "text";
  }
  if (inside_ == nullptr && magic.empty() && meta_.is_file) inside_ = OpenZipBehind(*body_, meta_);
  if (!behind_gap_) magic_ = magic;  // the file is what it begins as
  kind_ = inside_ != nullptr ? Kind::kInside : Kind::kMixed;
}

Uninspected Entity::TakeHeld() noexcept {
  const Bytes prefix = Held();
  Settle(prefix);
  Uninspected total;
  if (kind_ == Kind::kMixed && prefix.size() < kSniffBytes) {
    block_left_ = static_cast<std::uint16_t>(kBlockBytes - prefix.size());
    total = Judge(prefix);
  } else {
    held_ = 0;
    total = Take(prefix);
  }
  Release();
  return total;
}

Uninspected Entity::Take(Bytes in) noexcept {
  switch (kind_) {
    case Kind::kUnknown:
      return {};
    case Kind::kText:
      return Emit(in);
    case Kind::kMixed:
      return TakeMixed(in);
    case Kind::kInside:
      return inside_->Feed(in);
    case Kind::kLost:
      return {.lost = in.size()};
  }
  return {};
}

Uninspected Entity::TakeMixed(Bytes in) noexcept {
  Uninspected total;
  while (!in.empty()) {
    if (block_left_ > 0) {
      const Bytes rest = TakeFront(in, block_left_);
      block_left_ = static_cast<std::uint16_t>(block_left_ - rest.size());
      total += HandOn(rest);
      continue;
    }
    if (held_ == 0 && in.size() >= kSniffBytes) {
      block_left_ = kBlockBytes - kSniffBytes;
      total += Judge(TakeFront(in, kSniffBytes));
      continue;
    }
    Hold(in, kSniffBytes);
    if (held_ < kSniffBytes) break;
    block_left_ = kBlockBytes - kSniffBytes;
    total += Judge(Held());
    Release();
  }
  return total;
}

// Text that is to be read another way than the text before it is another text.
Uninspected Entity::Judge(Bytes block_head) noexcept {
  const Charset* const form = GuessUnicode(block_head);
  block_is_text_ = form != nullptr || LooksLikeText(block_head);
  if (!block_is_text_ || form != form_) EndInside(protocol::BodyEnd::kComplete);
  form_ = form;
  if (block_is_text_ && inside_ == nullptr) inside_ = OpenTextRun(*body_, meta_, block_head, offset_);
  return HandOn(block_head);
}

Uninspected Entity::HandOn(Bytes in) noexcept {
  offset_ += in.size();
  if (block_is_text_) return inside_->Feed(in);
  return {.opaque = in.size()};
}

Uninspected Entity::Emit(Bytes in) noexcept {
  if (body_->output > 0) body_->Spend(TextWork(in));
  TextPiece piece;
  piece.text = in;
  piece.offset = offset_;
  piece.path = body_->path.text();
  piece.name = meta_.name;
  piece.direction = body_->direction;
  piece.first = !text_open_;
  piece.last = false;
  text_open_ = true;
  offset_ += in.size();
  body_->sink->OnText(piece);
  return {};
}

void Entity::CloseText() noexcept {
  if (!text_open_) return;
  text_open_ = false;
  TextPiece piece;
  piece.offset = offset_;
  piece.path = body_->path.text();
  piece.name = meta_.name;
  piece.direction = body_->direction;
  piece.first = false;
  body_->sink->OnText(piece);
}

FileFacts Entity::Facts(protocol::BodyEnd end) const noexcept {
  FileFacts facts;
  facts.name = meta_.name;
  facts.path = body_->path.text();
  facts.magic = magic_;
  facts.size = size_;
  facts.end = end;
  facts.direction = body_->direction;
  facts.tx_id = body_->tx_id;
  return facts;
}

void Entity::OpenPart() noexcept {
  part_ = body_->pool->Take<FilePart>();
  part_->began = 0;
  part_->path_length = body_->path.text().size();
}

// Needs no cap as files do: whoever wants many stretches reported has to ask for each.
void Entity::ReportPart(protocol::BodyEnd end) noexcept {
  if (part_ == nullptr || part_->began == size_) return;
  FileFacts facts = Facts(end);
  facts.path = facts.path.substr(0, part_->path_length);
  facts.size = size_ - part_->began;
  facts.range = body_->range;
  if (part_->began > 0) {
    facts.magic = {};
    part_->hash.Finish(facts);
  } else if (hash_ != nullptr) {
    FileHash so_far = *hash_;
    so_far.Finish(facts);
  }
  ++body_->counters->files;
  body_->sink->OnFile(facts);
  part_->began = size_;
  const bool hashed = IsHashed(MainValue(meta_.content_type));
  part_->hash.Begin(hashed && body_->options->sha256, hashed && body_->options->md5);
  if (!body_->from_start && hash_ != nullptr) body_->pool->Give(std::exchange(hash_, nullptr));
}

// Of a body in parts the whole is told of only when there is more to it than the one part already reported.
void Entity::ReportFile(protocol::BodyEnd end) noexcept {
  ReportPart(end);
  const bool told = part_ != nullptr && (body_->messages == 0 || !body_->from_start);
  if (meta_.is_file && size_ > 0 && !told && body_->MayReportFile()) {
    FileFacts facts = Facts(end);
    if (hash_ != nullptr) hash_->Finish(facts);
    if (kept_ != nullptr) facts.bytes = kept_->bytes();
    if (kept_ != nullptr && !kept_->whole()) ++body_->counters->kept_too_large;
    ++body_->counters->files;
    body_->sink->OnFile(facts);
  }
  if (part_ != nullptr) body_->pool->Give(part_);
  part_ = nullptr;
  if (hash_ != nullptr) body_->pool->Give(hash_);
  hash_ = nullptr;
  if (kept_ == nullptr) return;
  kept_->End();
  body_->pool->Give(kept_);
  kept_ = nullptr;
}

}  // namespace gander::content

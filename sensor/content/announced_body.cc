// SPDX-License-Identifier: Apache-2.0
#include "content/announced_body.h"

#include <utility>

#include "base/renew.h"
#include "content/coding/codings.h"
#include "content/mail/header_words.h"
#include "content/open.h"
#include "protocol/framing/printable.h"
#include "protocol/mime/header_value.h"

namespace gander::content {
namespace {

constexpr std::size_t kMaxHeaderValue = 2048;  // of a declared type or name

// Bodies that are not files even when they are a leaf: pieces of a conversation rather than documents.
bool IsFile(const protocol::BodyMeta& meta) noexcept {
  const std::string_view where = meta.where;
  const std::string_view type = protocol::mime::MainValue(meta.content_type);
  if (!meta.is_file || where == "payload") return false;
  const bool composite = protocol::mime::StartsWithIgnoreCase(type, "message/") ||
                         protocol::mime::StartsWithIgnoreCase(type, "multipart/");
  // A mail is known by its own event, and its attachments are the files.
  return !composite || where.starts_with("http.");
}

bool IsEncodedName(std::string_view name) noexcept {
  return name.find("=?") != std::string_view::npos || !protocol::framing::IsUtf8(name);
}

// Whether the message brings a stretch of a larger body.
bool IsStretch(const protocol::BodyRange& range) noexcept {
  return range.start >= 0 && (range.start > 0 || range.end + 1 != range.size);
}

}  // namespace

AnnouncedBody::AnnouncedBody(std::shared_ptr<const Options> options, Counters& counters, DecoderPool* pool)
    : options_(std::move(options)), counters_(&counters), pool_(pool) {
  if (pool_ != nullptr) return;
  own_pool_ = std::make_unique<DecoderPool>(PoolLimits{options_->memory, options_->keep_memory});
  pool_ = own_pool_.get();
}

bool AnnouncedBody::has_coded_name() const noexcept { return IsEncodedName(name()); }

void AnnouncedBody::Begin(const protocol::BodyMeta& meta) noexcept {
  open_ = true;
  where_ = meta.where;
  direction_ = meta.direction;
  tx_id_ = meta.tx_id;
  range_ = meta.range;
  messages_ = 0;
  from_start_ = meta.range.start <= 0;
  is_file_ = IsFile(meta);
  in_parts_ = IsStretch(meta.range);
  const std::string_view type = meta.content_type.substr(0, kMaxHeaderValue);
  const std::string_view coding = meta.content_encoding.substr(0, kMaxHeaderValue);
  type_size_ = static_cast<std::uint16_t>(type.size());
  coding_size_ = static_cast<std::uint16_t>(coding.size());
  words_.assign(type).append(coding).append(meta.file_name.substr(0, kMaxHeaderValue));
  ++counters_->bodies;
}

void AnnouncedBody::GoOn(const protocol::BodyMeta& meta, OpenBody* open) noexcept {
  tx_id_ = meta.tx_id;
  range_ = meta.range;
  ++messages_;
  if (open != nullptr) Describe(open->body);
}

OpenBody* AnnouncedBody::Open(TextSink& sink) noexcept {
  OpenBody* const open = pool_->Take<OpenBody>();
  open->owed = {};
  Body& body = open->body;
  Renew(body, {}, &Body::path);
  body.sink = &sink;
  body.direction = direction_;
  body.options = options_.get();
  body.counters = counters_;
  body.pool = pool_;
  body.from_start = from_start_;
  Describe(body);
  body.path.Begin(where_);
  if (has_coded_name()) DecodeName(body);
  EntityMeta entity;
  entity.content_type = content_type();
  entity.name = name();
  entity.is_file = entity.keep = is_file_;
  entity.in_parts = in_parts_;
  LayerPtr inner = OpenEntity(body, entity);
  open->plain = static_cast<Entity*>(inner.get());
  open->root = OpenCodings(body, coding(), std::move(inner));
  if (open->root.get() != open->plain) open->plain = nullptr;
  return open;
}

void AnnouncedBody::Describe(Body& body) const noexcept {
  body.tx_id = tx_id_;
  body.range = range_;
  body.messages = messages_;
}

// Browsers undo what mail does to names (RFC 2047), and take names in any charset.
void AnnouncedBody::DecodeName(Body& body) noexcept {
  HeaderWords words;
  words.Begin(body);
  std::string decoded;
  protocol::mime::DecodeWords(name(), decoded, &words);
  if (decoded == name()) return;
  words_.replace(type_size_ + coding_size_, std::string::npos, decoded);
  TextPiece piece;
  piece.text = AsBytes(name());
  piece.path = body.path.text();
  piece.name = "filename";
  piece.direction = body.direction;
  body.sink->OnText(piece);
}

}  // namespace gander::content

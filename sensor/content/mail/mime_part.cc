// SPDX-License-Identifier: Apache-2.0
#include "content/mail/mime_part.h"

#include <cstring>

#include "content/decoder_pool.h"
#include "content/open.h"
#include "protocol/mime/encoded_word.h"
#include "protocol/mime/header_value.h"

namespace gander::content {

using protocol::mime::EqualsIgnoreCase;
using protocol::mime::FindParameter;
using protocol::mime::MainValue;
using protocol::mime::StartsWithIgnoreCase;

void MimePart::Open(Body& body, bool nested, std::string_view default_type) noexcept {
  body_ = &body;
  nested_ = nested;
  default_type_ = default_type;
  words_.Begin(body);
  first_line_ = true;
  told_ = false;
  for (std::string* s :
       {&line_, &field_, &decoded_, &content_type_, &transfer_encoding_, &disposition_, &name_}) {
    s->clear();
  }
}

void MimePart::GiveBack() noexcept { body_->pool->Give(this); }

Uninspected MimePart::Feed(Bytes in) noexcept {
  Uninspected total;
  while (!in.empty() && inner_ == nullptr) {
    const void* const found = std::memchr(in.data(), '\n', in.size());
    const std::size_t length =
        found == nullptr ? in.size()
                         : static_cast<std::size_t>(static_cast<const std::byte*>(found) - in.data());
    const Bytes text = TakeFront(in, length);
    const std::size_t room = kMaxField - line_.size();
    line_.append(AsText(text).substr(0, room));
    if (length > room) {
      total.lost += length - room;
      if (!told_) body_->sink->OnAnomaly("mime_long_header_value");
      told_ = true;
    }
    if (found == nullptr) return total;
    in = in.subspan(1);
    const bool cr = !line_.empty() && line_.back() == '\r';
    if (cr) line_.pop_back();
    Line(cr ? "\r\n" : "\n", total);
    line_.clear();
    first_line_ = false;
  }
  if (!in.empty()) total += inner_->Feed(in);
  return total;
}

void MimePart::Line(std::string_view line_end, Uninspected& total) noexcept {
  if (line_.empty()) {
    FinishField();
    OpenBody();
    return;
  }
  if ((line_.front() == ' ' || line_.front() == '\t') && !field_.empty()) {
    const std::size_t room = kMaxField - field_.size();
    if (line_.size() > room) total.lost += line_.size() - room;
    field_.append(line_, 0, room);
    return;
  }
  std::string_view name, value;
  if (protocol::mime::SplitField(line_, &name, &value)) {
    FinishField();
    field_.swap(line_);
    return;
  }
  // An mbox separator may stand on top; any other line that is no field belongs to a body without headers.
  if (first_line_ && StartsWithIgnoreCase(line_, "From ")) return;
  FinishField();
  OpenBody();
  total += inner_->Feed(AsBytes(line_));
  total += inner_->Feed(AsBytes(line_end));
}

void MimePart::FinishField() noexcept {
  std::string_view name, value;
  if (field_.empty() || !protocol::mime::SplitField(field_, &name, &value)) return;
  if (value.find("=?") != std::string_view::npos) {
    decoded_.clear();
    protocol::mime::DecodeWords(value, decoded_, &words_);
  } else {
    decoded_.assign(value);
    words_.ToUtf8({}, decoded_, 0);
  }
  Keep(name, value);
  if (!decoded_.empty()) Tell(name, decoded_);
  field_.clear();
}

void MimePart::Tell(std::string_view name, std::string_view text) noexcept {
  TextPiece piece;
  piece.text = AsBytes(text);
  piece.path = body_->path.text();
  piece.name = name;
  piece.direction = body_->direction;
  body_->sink->OnText(piece);
}

void MimePart::Keep(std::string_view name, std::string_view value) noexcept {
  std::string* const kept = EqualsIgnoreCase(name, "content-type")                ? &content_type_
                            : EqualsIgnoreCase(name, "content-transfer-encoding") ? &transfer_encoding_
                            : EqualsIgnoreCase(name, "content-disposition")       ? &disposition_
                                                                                  : nullptr;
  // Of two, mail programs take the first.
  if (kept != nullptr && kept->empty()) kept->assign(value.substr(0, kMaxKept));
}

void MimePart::OpenBody() noexcept {
  if (MainValue(content_type_).empty()) content_type_.assign(default_type_);
  const std::string_view type = MainValue(content_type_);
  const std::string_view disposition = MainValue(disposition_);
  const bool composite = StartsWithIgnoreCase(type, "multipart/") || StartsWithIgnoreCase(type, "message/");
  const bool named =
      FindParameter(disposition_, "filename", name_, &words_) || FindParameter(content_type_, "name", name_, &words_);
  // The field was told as it stands; a name that is written in escapes is readable only here.
  if (named && disposition_.find(name_) == std::string::npos && content_type_.find(name_) == std::string::npos) {
    Tell("filename", name_);
  }
  EntityMeta meta;
  meta.is_file = meta.keep = !composite && (named || EqualsIgnoreCase(disposition, "attachment"));
  if (!named) FindParameter(disposition_, "name", name_, &words_);
  meta.name = name_;
  meta.content_type = content_type_;
  inner_ = OpenTransferEncoding(*body_, transfer_encoding_, OpenEntity(*body_, meta));
}

void MimePart::End(protocol::BodyEnd end) noexcept {
  if (inner_ == nullptr) {
    Uninspected ignored;
    if (!line_.empty()) Line("", ignored);
    FinishField();
  }
  if (inner_ != nullptr) {
    inner_->End(end);
    inner_.reset();
  }
  if (nested_) --body_->depth;
}

}  // namespace gander::content

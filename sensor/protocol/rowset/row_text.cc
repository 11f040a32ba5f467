// SPDX-License-Identifier: Apache-2.0
#include "protocol/rowset/row_text.h"

#include <algorithm>

#include "base/renew.h"

namespace gander::protocol::rowset {
namespace {

constexpr char kDelimiter = '\t';
constexpr std::string_view kNoName = "column";
constexpr int kMaxDigits = 3;  // a header's names hold no values, or identify/ takes it for a row

// Whether identify/ takes `name` for the name of a column; one that it refuses would cost the whole header.
bool IsName(std::string_view name) noexcept {
  int digits = 0;
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < ' ' || c == '@' || c == '{' || c == '<' || c == '=') return false;
    digits += c >= '0' && c <= '9';
  }
  return !name.empty() && digits <= kMaxDigits;
}

}  // namespace

void RowText::Begin(const char* where, Direction direction, std::uint32_t tx_id) noexcept {
  Reset();
  where_ = where;
  direction_ = direction;
  tx_id_ = tx_id;
}

void RowText::AppendName(std::string_view name) noexcept {
  name = name.substr(0, kMaxName);
  header_ += IsName(name) ? name : kNoName;
}

void RowText::Column(std::string_view name) noexcept {
  ++columns_;
  if (header_.size() + kMaxName >= kMaxHeader) return;
  if (columns_ > 1) header_ += kDelimiter;
  AppendName(name);
}

void RowText::Open(MessageSink& sink) noexcept {
  open_ = true;
  BodyMeta meta;
  meta.where = where_;
  meta.direction = direction_;
  meta.content_type = "text/tab-separated-values";
  meta.tx_id = tx_id_;
  meta.is_file = false;
  sink.OnBodyBegin(meta);
  if (columns_ < 2) return;
  text_ += header_;
  text_ += '\n';
  std::string().swap(header_);
}

void RowText::BeginValue(MessageSink& sink) noexcept {
  if (where_ == nullptr) return;
  if (!open_) Open(sink);
  if (columns_ == 1) {
    text_ += header_;
    text_ += ": ";
  } else if (!first_in_row_) {
    text_ += kDelimiter;
  }
  first_in_row_ = odd_quotes_ = pair_ = false;
}

void RowText::BeginPair(std::string_view name, MessageSink& sink) noexcept {
  if (where_ == nullptr) return;
  if (!open_) Open(sink);
  text_ += name.substr(0, kMaxName);
  text_ += ": ";
  first_in_row_ = odd_quotes_ = false;
  pair_ = true;
}

// What would end the value within the table becomes a blank.
void RowText::ValuePart(std::string_view part, MessageSink& sink) noexcept {
  if (where_ == nullptr) return;
  while (!part.empty()) {
    const std::size_t begin = text_.size();
    text_ += part.substr(0, kStep);
    part.remove_prefix(std::min(part.size(), kStep));
    for (std::size_t i = begin; i < text_.size(); ++i) {
      char& c = text_[i];
      if (c == '"') odd_quotes_ = !odd_quotes_;
      if (static_cast<unsigned char>(c) < ' ') c = ' ';
    }
    if (text_.size() >= kStep) Flush(sink);
  }
}

void RowText::EndValue(MessageSink&) noexcept {
  if (where_ == nullptr) return;
  if (pair_) {
    text_ += '\n';
  } else if (odd_quotes_) {
    text_ += '"';  // or the next values would stand within quotes
  }
  pair_ = false;
}

void RowText::Value(std::string_view value, MessageSink& sink) noexcept {
  BeginValue(sink);
  ValuePart(value, sink);
  EndValue(sink);
}

void RowText::Pair(std::string_view name, std::string_view value, MessageSink& sink) noexcept {
  BeginPair(name, sink);
  ValuePart(value, sink);
  EndValue(sink);
}

void RowText::EndRow(MessageSink& sink) noexcept {
  if (where_ == nullptr || first_in_row_) return;
  text_ += '\n';
  first_in_row_ = true;
  if (text_.size() >= kStep) Flush(sink);
}

void RowText::Flush(MessageSink& sink) noexcept {
  if (!text_.empty()) sink.OnBodyPart(direction_, AsBytes(text_));
  text_.clear();
  if (text_.capacity() > 2 * kStep) std::string().swap(text_);
}

void RowText::End(BodyEnd end, MessageSink& sink) noexcept {
  if (open_) {
    Flush(sink);
    sink.OnBodyEnd(direction_, end);
  }
  Reset();
}

void RowText::Reset() noexcept { Renew(*this, {}, &RowText::header_, &RowText::text_); }

}  // namespace gander::protocol::rowset

// SPDX-License-Identifier: Apache-2.0
#include "content/mail/multipart.h"

#include <algorithm>
#include <cstring>

#include "content/decoder_pool.h"
#include "content/open.h"

namespace gander::content {
namespace {

// What may follow a boundary on its line: the end mark, padding, the line end. Anything else is a longer
// boundary.
constexpr bool MayFollowBoundary(char c) noexcept {
  return c == '-' || c == '\r' || c == '\n' || c == ' ' || c == '\t';
}

}  // namespace

void Multipart::Open(Body& body, std::string_view boundary, std::string_view part_type) noexcept {
  body_ = &body;
  part_type_ = part_type;
  delimiter_.assign("--").append(boundary);
  section_ = Section::kPreamble;
  at_ = At::kLineStart;
  pending_eol_ = {};
  matched_ = carried_matched_ = tail_length_ = 0;
  pending_cr_ = final_ = false;
  ++body.counters->multipart;
}

void Multipart::GiveBack() noexcept { body_->pool->Give(this); }

Uninspected Multipart::Feed(Bytes in) noexcept {
  Cursor c;
  c.in = in;
  c.carried = true;
  carried_matched_ = matched_;
  if (pending_cr_ && !in.empty()) {
    pending_cr_ = false;
    if (in[0] == std::byte{'\n'}) {
      pending_eol_ = "\r\n";
      at_ = At::kLineStart;
      matched_ = carried_matched_ = 0;
      c.i = c.from = 1;
    } else {
      c.total += Put(AsBytes("\r"));
    }
  }
  while (c.i < in.size()) {
    switch (at_) {
      case At::kLineStart:
        AtLineStart(c);
        break;
      case At::kInLine:
        InLine(c);
        break;
      case At::kTail:
        Tail(c);
        break;
    }
  }
  Suspend(c);
  return c.total;
}

void Multipart::AtLineStart(Cursor& c) noexcept {
  const std::string_view in = AsText(c.in);
  while (c.i < in.size() && matched_ < delimiter_.size() && in[c.i] == delimiter_[matched_]) {
    ++c.i;
    ++matched_;
  }
  if (c.i == in.size()) return;
  if (matched_ == delimiter_.size() && MayFollowBoundary(in[c.i])) {
    Delimiter(c);
  } else {
    NoDelimiter(c);
  }
}

// The line is text after all, with the line end before it.
void Multipart::NoDelimiter(Cursor& c) noexcept {
  if (c.carried) {
    c.total += Put(AsBytes(pending_eol_));
    c.total += Put(AsBytes(std::string_view(delimiter_).substr(0, carried_matched_)));
  }
  pending_eol_ = {};
  matched_ = 0;
  at_ = At::kInLine;
}

void Multipart::Delimiter(Cursor& c) noexcept {
  if (!c.carried) c.total += Put(c.in.subspan(c.from, c.text_end - c.from));
  EndSection(protocol::BodyEnd::kComplete);
  pending_eol_ = {};
  matched_ = 0;
  tail_length_ = 0;
  final_ = false;
  at_ = At::kTail;
}

void Multipart::InLine(Cursor& c) noexcept {
  const void* const found = std::memchr(c.in.data() + c.i, '\n', c.in.size() - c.i);
  if (found == nullptr) {
    c.i = c.in.size();
    return;
  }
  const std::size_t lf = static_cast<std::size_t>(static_cast<const std::byte*>(found) - c.in.data());
  c.text_end = lf > c.from && c.in[lf - 1] == std::byte{'\r'} ? lf - 1 : lf;
  c.i = c.line_start = lf + 1;
  c.carried = false;
  matched_ = 0;
  at_ = At::kLineStart;
}

void Multipart::Tail(Cursor& c) noexcept {
  const std::string_view in = AsText(c.in);
  for (; c.i < in.size(); ++c.i, ++tail_length_) {
    if (tail_length_ == 1) final_ = final_ && in[c.i] == '-';
    if (tail_length_ == 0) final_ = in[c.i] == '-';
    if (in[c.i] != '\n') continue;
    ++c.i;
    NextSection();
    c.from = c.text_end = c.line_start = c.i;
    c.carried = false;
    at_ = At::kLineStart;
    return;
  }
}

// Hands on what is surely text and remembers the rest for the next Feed().
void Multipart::Suspend(Cursor& c) noexcept {
  if (at_ == At::kTail) return;
  if (at_ == At::kInLine) {
    Bytes rest = c.in.subspan(c.from);
    if (!rest.empty() && rest.back() == std::byte{'\r'}) {
      pending_cr_ = true;
      rest = rest.first(rest.size() - 1);
    }
    c.total += Put(rest);
    return;
  }
  if (c.carried) return;
  c.total += Put(c.in.subspan(c.from, c.text_end - c.from));
  const std::size_t eol = c.line_start - c.text_end;
  pending_eol_ = eol == 2 ? "\r\n" : eol == 1 ? "\n" : "";
}

void Multipart::NextSection() noexcept {
  if (section_ == Section::kTooMany) return;
  if (final_ && tail_length_ >= 2) {
    section_ = Section::kEpilogue;
    return;
  }
  if (!body_->MayBeginPart()) {
    section_ = Section::kTooMany;
    return;
  }
  section_ = Section::kPart;
  inner_ = OpenMimePart(*body_, part_type_);
}

Uninspected Multipart::Put(Bytes bytes) noexcept {
  if (bytes.empty()) return {};
  if (section_ == Section::kTooMany) return {.lost = bytes.size()};
  // What stands outside the parts is no part of the message to a mail program, and read all the same.
  if (inner_ == nullptr) inner_ = OpenText(*body_, {}, {});
  return inner_->Feed(bytes);
}

void Multipart::EndSection(protocol::BodyEnd end) noexcept {
  if (inner_ == nullptr) return;
  inner_->End(end);
  inner_.reset();
}

void Multipart::End(protocol::BodyEnd end) noexcept {
  const bool delimiter = at_ == At::kLineStart && matched_ == delimiter_.size();
  if (at_ == At::kLineStart && !delimiter) {
    Put(AsBytes(pending_eol_));
    Put(AsBytes(std::string_view(delimiter_).substr(0, matched_)));
  }
  if (pending_cr_) Put(AsBytes("\r"));
  if (section_ != Section::kEpilogue && !(at_ == At::kTail && final_) &&
      end == protocol::BodyEnd::kComplete) {
    body_->sink->OnAnomaly("mime_no_final_boundary");
  }
  EndSection(end);
  --body_->depth;
}

}  // namespace gander::content

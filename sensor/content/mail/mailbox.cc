// SPDX-License-Identifier: Apache-2.0
#include "content/mail/mailbox.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "content/mail/mail_file.h"

namespace gander::content {
namespace {

constexpr std::string_view kFrom = "From ";
constexpr std::size_t kMaxQuotes = 16;  // mailboxes in mailboxes

// What the front of a line may become: a separator, a quoted "From ", or neither.
enum class Front : std::uint8_t { kOther, kSeparator, kQuoted, kOpen };

Front FrontOf(std::string_view front) noexcept {
  const std::size_t quotes = std::min(front.find_first_not_of('>'), front.size());
  const std::string_view rest = front.substr(quotes);
  if (quotes > kMaxQuotes) return Front::kOther;
  if (rest.size() >= kFrom.size()) {
    if (!rest.starts_with(kFrom)) return Front::kOther;
    return quotes > 0 ? Front::kQuoted : Front::kSeparator;
  }
  return kFrom.starts_with(rest) ? Front::kOpen : Front::kOther;
}

std::string_view WithoutEnd(std::string_view line) noexcept {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

void Mailbox::GiveBack() noexcept { body().pool->Give(this); }

void Mailbox::Begin() noexcept {
  capped_ = false;
  line_start_ = behind_blank_ = true;
  line_ = held_ = 0;
}

Uninspected Mailbox::Read(Bytes in) noexcept {
  Uninspected total;
  while (!in.empty()) total += held_ > 0 || line_start_ ? Gather(in) : Lines(in);
  return total;
}

// At the start of a line: takes its front until it is known what it is.
Uninspected Mailbox::Gather(Bytes& in) noexcept {
  line_start_ = false;
  while (!in.empty()) {
    const Front front = FrontOf(AsText(Held()));
    const bool separator = front == Front::kSeparator && behind_blank_;
    if (front == Front::kQuoted) {
      return Put(NoSeparator().subspan(1));
    }
    const std::byte next = in[0];
    const bool ends = next == std::byte{'\n'} || next == std::byte{'\r'};
    const bool open = separator || (front == Front::kOpen && !ends);
    if (!open || held_ == hold_.size()) return Put(NoSeparator());
    hold_[held_++] = TakeFront(in, 1)[0];
    if (separator && next == std::byte{'\n'}) return Separator();
  }
  return {};
}

// What is held is the front of a line like others.
Bytes Mailbox::NoSeparator() noexcept {
  const Bytes held = Held();
  line_ = held.size();
  if (!held.empty()) last_ = held.back();
  held_ = 0;
  return held;
}

// A whole line that begins with "From " and stands behind an empty one.
Uninspected Mailbox::Separator() noexcept {
  const Bytes line(hold_.data(), std::exchange(held_, 0));
  line_start_ = true;
  if (!IsMailboxLine(WithoutEnd(AsText(line)))) {
    behind_blank_ = false;
    return Put(line);
  }
  EndMessage(protocol::BodyEnd::kComplete);
  const Uninspected total = body().TakeLate();
  behind_blank_ = true;
  // Who sent it is told there.
  TextPiece piece;
  piece.text = AsBytes(WithoutEnd(AsText(line)));
  piece.path = body().path.text();
  piece.name = "From ";
  piece.direction = body().direction;
  body().sink->OnText(piece);
  capped_ = !body().MayBeginPart();
  if (!capped_) message_ = OpenMessage(body());
  return total;
}

// Whether the line that begins so is like others, as far as it takes no more bytes to tell.
bool Mailbox::IsLike(Bytes line) const noexcept {
  const Front front = FrontOf(AsText(line.first(std::min(line.size(), kMaxQuotes + 1 + kFrom.size()))));
  return front == Front::kOther || (front == Front::kSeparator && !behind_blank_);
}

// Up to a line that is to be looked at.
Uninspected Mailbox::Lines(Bytes& in) noexcept {
  std::size_t at = 0;
  while (at < in.size()) {
    const void* const found = std::memchr(in.data() + at, '\n', in.size() - at);
    if (found == nullptr) {
      line_ += in.size() - at;
      last_ = in.back();
      at = in.size();
      break;
    }
    const std::size_t end = static_cast<std::size_t>(static_cast<const std::byte*>(found) - in.data());
    const std::size_t length = line_ + (end - at);
    behind_blank_ = length == 0 || (length == 1 && (end > at ? in[at] : last_) == std::byte{'\r'});
    line_ = 0;
    at = end + 1;
    if (IsLike(in.subspan(at))) continue;
    line_start_ = true;
    break;
  }
  return Put(TakeFront(in, at));
}

Uninspected Mailbox::Put(Bytes text) noexcept {
  if (text.empty()) return {};
  if (capped_) return {.lost = text.size()};
  if (message_ == nullptr) message_ = OpenLeaf(body(), meta().name);
  return message_->Feed(text);
}

void Mailbox::EndMessage(protocol::BodyEnd end) noexcept {
  if (message_ == nullptr) return;
  message_->End(end);
  message_.reset();
}

void Mailbox::Finish(protocol::BodyEnd end) noexcept {
  Put(Held());
  EndMessage(end);
}

}  // namespace gander::content

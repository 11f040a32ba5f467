// SPDX-License-Identifier: Apache-2.0
#include "protocol/mime/mail_headers.h"

#include <algorithm>

#include "base/renew.h"
#include "protocol/mime/encoded_word.h"
#include "protocol/mime/header_value.h"

namespace gander::protocol::mime {
namespace {

// Where the next address of a list ends: a comma outside quotes, comments and angle brackets.
std::size_t AddressEnd(std::string_view list) noexcept {
  bool quoted = false;
  int nested = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const char c = list[i];
    if (quoted && c == '\\') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '<' || c == '(')) {
      ++nested;
    } else if (!quoted && (c == '>' || c == ')')) {
      nested = std::max(0, nested - 1);
    } else if (!quoted && nested == 0 && c == ',') {
      return i;
    }
  }
  return list.size();
}

}  // namespace

void MailHeaders::Reset() noexcept {
  Renew(*this, {}, &MailHeaders::headers_, &MailHeaders::part_line_, &MailHeaders::part_field_, &MailHeaders::names_,
        &MailHeaders::scratch_, &MailHeaders::value_);
}

void MailHeaders::Feed(Bytes message) noexcept {
  std::string_view text = AsText(message);
  while (at_ == At::kHeaders && !text.empty()) {
    const std::size_t lf = text.find('\n');
    const std::string_view piece = text.substr(0, lf == std::string_view::npos ? text.size() : lf + 1);
    text.remove_prefix(piece.size());
    const std::size_t room = kMaxHeaders - headers_.size();
    headers_.append(piece.substr(0, room));
    if (piece.find_first_not_of("\r\n") != std::string_view::npos) line_begun_ = true;
    if (lf == std::string_view::npos) return;
    if (!line_begun_) at_ = At::kBody;
    line_begun_ = false;
  }
  BodyLines(text);
}

// Looks for the fields of parts that name files. A line of the body that looks like one is taken for one.
void MailHeaders::BodyLines(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t lf = text.find('\n');
    const std::string_view piece = text.substr(0, lf);
    text.remove_prefix(lf == std::string_view::npos ? text.size() : lf + 1);
    if (!skip_line_ && part_line_.empty() && !piece.empty()) {
      const char c = piece.front();
      const bool field = c == 'C' || c == 'c';
      const bool folded = !part_field_.empty() && (c == ' ' || c == '\t');
      skip_line_ = !field && !folded;
      if (skip_line_) FinishPartField();
    }
    if (!skip_line_)
      part_line_.append(piece.substr(0, kMaxPartLine - std::min(kMaxPartLine, part_line_.size())));
    if (lf == std::string_view::npos) return;
    if (!skip_line_) PartLine(Trim(part_line_).empty() ? std::string_view() : std::string_view(part_line_));
    part_line_.clear();
    skip_line_ = false;
  }
}

void MailHeaders::PartLine(std::string_view line) noexcept {
  const bool folded = !line.empty() && (line.front() == ' ' || line.front() == '\t');
  if (!folded) {
    FinishPartField();
    if (!StartsWithIgnoreCase(line, "content-")) return;
  }
  part_field_.append(line.substr(0, kMaxPartLine - std::min(kMaxPartLine, part_field_.size())));
}

void MailHeaders::FinishPartField() noexcept {
  std::string_view name, value;
  const bool field = !part_field_.empty() && SplitField(part_field_, &name, &value);
  const bool named =
      field &&
      ((EqualsIgnoreCase(name, "content-disposition") && FindParameter(value, "filename", value_)) ||
       (EqualsIgnoreCase(name, "content-type") && FindParameter(value, "name", value_)));
  part_field_.clear();
  if (!named || value_.empty() || attachments_ == kMaxAttachments ||
      names_.size() + value_.size() > kMaxNames)
    return;
  std::replace(value_.begin(), value_.end(), '\0', ' ');
  // Mailers say a name twice, in the type and in the disposition.
  value_ += '\0';
  if (names_.size() >= value_.size() &&
      std::string_view(names_).substr(names_.size() - value_.size()) == value_)
    return;
  names_ += value_;
  ++attachments_;
}

// The decoded value of the first field of that name, unfolded; empty when there is none. In value_.
std::string_view MailHeaders::Header(std::string_view name) const noexcept {
  scratch_.clear();
  bool found = false;
  std::string_view rest = headers_;
  while (!rest.empty()) {
    const std::size_t lf = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, lf);
    rest.remove_prefix(std::min(lf + 1, rest.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    const bool folded = !line.empty() && (line.front() == ' ' || line.front() == '\t');
    if (found && !folded) break;
    if (found) scratch_.append(" ").append(Trim(line));
    std::string_view n, v;
    if (!found && !folded && SplitField(line, &n, &v) && EqualsIgnoreCase(n, name)) {
      found = true;
      scratch_.assign(v);
    }
  }
  value_.clear();
  DecodeWords(scratch_, value_);
  return Trim(value_);
}

void MailHeaders::WriteAddresses(const char* key, std::string_view list, Record& out) noexcept {
  if (list.empty()) return;
  out.BeginArray(key);
  for (std::size_t n = 0; n < kMaxAddresses && !list.empty(); ++n) {
    const std::size_t end = AddressEnd(list);
    if (const std::string_view one = Trim(list.substr(0, end)); !one.empty()) {
      out.String(nullptr, one, Privacy::kPersonal);
    }
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  out.EndArray();
}

void MailHeaders::WriteHeaders(const char* status, Record& out) const noexcept {
  out.String("status", status);
  if (const auto v = Header("from"); !v.empty()) out.String("from", v, Privacy::kPersonal);
  WriteAddresses("to", Header("to"), out);
  WriteAddresses("cc", Header("cc"), out);
  if (const auto v = Header("subject"); !v.empty()) out.String("subject", v, Privacy::kIdentifier);
  if (const auto v = Header("message-id"); !v.empty()) out.String("message_id", v, Privacy::kIdentifier);
}

void MailHeaders::Describe(Record& out) const noexcept {
  out.BeginObject("email");
  WriteHeaders("PARSE_DONE", out);
  out.EndObject();
}

void MailHeaders::Write(bool complete, Record& out) noexcept {
  FinishPartField();
  out.BeginObject("email");
  WriteHeaders(complete ? "PARSE_DONE" : at_ == At::kBody ? "BODY_STARTED" : "HEADER_STARTED", out);
  if (attachments_ > 0) {
    out.BeginArray("attachment");
    for (std::string_view rest = names_; !rest.empty();) {
      const std::size_t end = rest.find('\0');
      out.String(nullptr, rest.substr(0, end), Privacy::kIdentifier);
      rest.remove_prefix(end + 1);
    }
    out.EndArray();
  }
  out.EndObject();
}

}  // namespace gander::protocol::mime

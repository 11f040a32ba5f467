// SPDX-License-Identifier: Apache-2.0
#include "content/mail/mail_file.h"

#include <algorithm>
#include <iterator>

#include "protocol/mime/header_value.h"

namespace gander::content {
namespace {

using protocol::mime::EqualsIgnoreCase;
using protocol::mime::SplitField;
using protocol::mime::StartsWithIgnoreCase;
using protocol::mime::Trim;

constexpr std::string_view kFrom = "From ";

// Fields that only programs write into mail (RFC 5321 §4.4, RFC 5322 §3.6, RFC 2045, RFC 6376, RFC 8601).
constexpr std::string_view kOfPrograms[] = {"Received",       "Return-Path",      "Message-ID",
                                            "MIME-Version",   "DKIM-Signature",   "Delivered-To",
                                            "X-Received",     "Authentication-Results", "Content-Transfer-Encoding",
                                            "Envelope-To",    "X-Original-To",    "ARC-Seal",
                                            "Received-SPF",   "X-Mailer",         "ARC-Authentication-Results"};
// Fields that people know too.
constexpr std::string_view kOfPeople[] = {"From", "To",     "Date",        "Subject",  "Cc",
                                          "Bcc",  "Sender", "Content-Type", "Reply-To", "In-Reply-To"};

template <std::size_t kCount>
bool IsOne(std::string_view name, const std::string_view (&names)[kCount]) noexcept {
  return std::any_of(std::begin(names), std::end(names), [&](std::string_view n) { return EqualsIgnoreCase(n, name); });
}

bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }

// "23:59", "23:59:58" anywhere.
bool HasTime(std::string_view s) noexcept {
  for (std::size_t at = s.find(':'); at != std::string_view::npos; at = s.find(':', at + 1)) {
    if (at >= 2 && at + 2 < s.size() && IsDigit(s[at - 2]) && IsDigit(s[at - 1]) && IsDigit(s[at + 1]) &&
        IsDigit(s[at + 2]))
      return true;
  }
  return false;
}

// "Tue Nov 24 20:00:00 2026", a zone anywhere behind the day.
bool IsDate(std::string_view s) noexcept {
  constexpr std::string_view kDays = "Sun Mon Tue Wed Thu Fri Sat ";
  constexpr std::string_view kMonths = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ";
  constexpr std::size_t kWord = 4, kMinRest = 13;  // a blank each; day, time and year
  if (s.size() < 2 * kWord + kMinRest) return false;
  const std::string_view day = s.substr(0, kWord), month = s.substr(kWord, kWord), rest = s.substr(2 * kWord);
  return kDays.find(day) % kWord == 0 && kMonths.find(month) % kWord == 0 && HasTime(rest) &&
         std::all_of(rest.end() - 2, rest.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

struct Fields {
  std::size_t of_programs = 0, of_people = 0;
  bool from = false, date = false;
  bool sound = true;  // nothing else stands there
};

void Count(std::string_view name, std::string_view value, Fields& fields) noexcept {
  if (value.empty()) return;
  fields.of_programs += IsOne(name, kOfPrograms);
  fields.of_people += IsOne(name, kOfPeople);
  fields.from = fields.from || (EqualsIgnoreCase(name, "From") && value.find('@') != std::string_view::npos);
  fields.date = fields.date || (EqualsIgnoreCase(name, "Date") && HasTime(value));
}

// Of whole lines, up to an empty one.
Fields ReadFields(std::string_view text) noexcept {
  Fields fields;
  bool first = true;
  while (!text.empty()) {
    const std::size_t line_end = text.find('\n');
    if (line_end == std::string_view::npos) break;
    std::string_view line = text.substr(0, line_end);
    text.remove_prefix(line_end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) break;
    const bool folded = line[0] == ' ' || line[0] == '\t';
    std::string_view name, value;
    if (folded ? first : !SplitField(line, &name, &value)) {
      fields.sound = false;
      break;
    }
    if (!folded) Count(name, value, fields);
    first = false;
  }
  return fields;
}

bool IsMessage(std::string_view type, std::string_view text) noexcept {
  const Fields f = ReadFields(text);
  if (!f.sound) return false;
  if (EqualsIgnoreCase(type, "text/plain")) return f.of_programs >= 2 || (f.of_programs == 1 && f.from && f.date);
  return (f.of_programs >= 1 && f.of_programs + f.of_people >= 2) || (f.from && f.of_people >= 3);
}

}  // namespace

bool IsMailboxLine(std::string_view line) noexcept {
  if (!line.starts_with(kFrom)) return false;
  const std::string_view rest = Trim(line.substr(kFrom.size()));
  const std::size_t blank = rest.find(' ');
  if (blank == std::string_view::npos) return false;
  return IsDate(Trim(rest.substr(blank)));
}

MailFile MailFileOf(std::string_view type, Bytes prefix) noexcept {
  const std::string_view text = AsText(prefix);
  if (!MayBeMailFile(prefix)) return MailFile::kNone;
  if (!text.starts_with(kFrom)) return IsMessage(type, text) ? MailFile::kMessage : MailFile::kNone;
  const std::size_t line_end = text.find('\n');
  if (line_end == std::string_view::npos) return MailFile::kNone;
  std::string_view line = text.substr(0, line_end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  const Fields fields = ReadFields(text.substr(line_end + 1));
  const bool mailbox = IsMailboxLine(line) && fields.sound && fields.of_programs + fields.of_people > 0;
  return mailbox ? MailFile::kMailbox : MailFile::kNone;
}

bool MayBeMailFile(Bytes prefix) noexcept {
  const std::string_view text = AsText(prefix);
  if (text.starts_with(kFrom)) return true;
  const std::size_t colon = text.substr(0, 32).find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view name = text.substr(0, colon);
  return IsOne(name, kOfPrograms) || IsOne(name, kOfPeople) || StartsWithIgnoreCase(name, "X-") ||
         StartsWithIgnoreCase(name, "ARC-");
}

}  // namespace gander::content

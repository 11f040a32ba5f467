// SPDX-License-Identifier: Apache-2.0
#include "protocol/irc/message.h"

#include <algorithm>

namespace gander::protocol::irc {
namespace {

// Up to a blank; the blanks behind it are removed too.
std::string_view NextWord(std::string_view& rest) noexcept {
  const std::size_t end = std::min(rest.find(' '), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(std::min(rest.find_first_not_of(' ', end), rest.size()));
  return word;
}

bool IsCommand(std::string_view word) noexcept {
  const auto letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (word.empty() || word.size() > kMaxCommand) return false;
  if (digit(word[0])) return word.size() == 3 && std::all_of(word.begin(), word.end(), digit);
  return std::all_of(word.begin(), word.end(), letter);
}

std::uint64_t Number(std::string_view digits) noexcept {
  std::uint64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9' || value > UINT64_MAX / 10 - 1) return 0;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

}  // namespace

bool ReadMessage(std::string_view line, Message& out) noexcept {
  out.nick = out.user = out.host = out.command = {};
  out.count = 0;
  out.trailing = false;
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  if (line.starts_with('@')) NextWord(line);
  if (line.starts_with(':')) {
    std::string_view prefix = NextWord(line).substr(1);
    const std::size_t at = std::min(prefix.rfind('@'), prefix.size());
    if (at < prefix.size()) out.host = prefix.substr(at + 1);
    prefix = prefix.substr(0, at);
    const std::size_t mark = std::min(prefix.find('!'), prefix.size());
    out.nick = prefix.substr(0, mark);
    if (mark < prefix.size()) out.user = prefix.substr(mark + 1);
  }
  out.command = NextWord(line);
  if (!IsCommand(out.command)) return false;
  while (!line.empty() && out.count < kMaxParameters) {
    if (line[0] == ':' || out.count + 1 == kMaxParameters) {
      out.trailing = line[0] == ':';
      out.parameters[out.count++] = line.substr(out.trailing ? 1 : 0);
      return true;
    }
    out.parameters[out.count++] = NextWord(line);
  }
  return true;
}

bool ReadDcc(std::string_view text, DccOffer& out) noexcept {
  constexpr std::string_view kMark = "\x01" "DCC ";
  if (!text.starts_with(kMark)) return false;
  text.remove_prefix(kMark.size());
  text = text.substr(0, text.find('\x01'));
  out.type = NextWord(text);
  if (text.starts_with('"')) {
    text.remove_prefix(1);
    const std::size_t end = std::min(text.find('"'), text.size());
    out.file = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (text.starts_with(' ')) text.remove_prefix(1);
  } else {
    out.file = NextWord(text);
  }
  const std::uint64_t address = Number(NextWord(text));
  out.address = address <= UINT32_MAX ? address : 0;
  out.port = Number(NextWord(text));
  out.size = Number(NextWord(text));
  return !out.type.empty();
}

}  // namespace gander::protocol::irc

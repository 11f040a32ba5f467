// SPDX-License-Identifier: Apache-2.0
// Redis by its first command; replies and inline commands only on its port.
#include "protocol/redis/probe.h"

#include <string_view>

#include "protocol/redis/commands.h"
#include "protocol/registry.h"

namespace gander::protocol::redis {
namespace {

constexpr std::uint16_t kPort = 6379;

// "*2\r\n$3\r\nGET\r\n": an array of strings, the first of them a word.
Probe ProbeCommand(std::string_view text) noexcept {
  constexpr std::size_t kLongestHead = 48;
  const auto number = [&](char type) {
    if (text.empty() || text[0] != type) return text.empty() ? 0 : -1;
    std::size_t i = 1;
    int value = 0;
    for (; i < text.size() && i < 7 && text[i] >= '0' && text[i] <= '9'; ++i) value = value * 10 + (text[i] - '0');
    if (i == 1 && text.size() > 1) return -1;
    if (i == text.size() || (text[i] == '\r' && i + 1 == text.size())) return 0;
    if (text.substr(i, 2) != "\r\n" || value == 0) return -1;
    text.remove_prefix(i + 2);
    return value;
  };
  const bool is_short = text.size() < kLongestHead;
  const Probe incomplete = is_short ? Probe::kNeedMore : Probe::kNo;
  if (const int count = number('*'); count <= 0) return count == 0 ? incomplete : Probe::kNo;
  const int length = number('$');
  if (length <= 0) return length == 0 ? incomplete : Probe::kNo;
  const std::string_view word = text.substr(0, static_cast<std::size_t>(length));
  for (const char c : word) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && c != '.' && c != '_' && !(c >= '0' && c <= '9')) return Probe::kNo;
  }
  if (word.size() < static_cast<std::size_t>(length)) return incomplete;
  text.remove_prefix(word.size());
  return text.substr(0, 2) == "\r\n" ? Probe::kYes : text.size() < 2 ? incomplete : Probe::kNo;
}

}  // namespace

Probe ProbeRedis(const ProbeInput& input) noexcept {
  const std::string_view text = AsText(input.bytes).substr(0, kProbeBytes);
  if (text.empty()) return Probe::kNo;
  const bool here = input.server_port == kPort || input.client_port == kPort;
  if (text[0] == '*') {
    const Probe command = ProbeCommand(text);
    return command == Probe::kNo && here && text.find("\r\n") != std::string_view::npos ? Probe::kYes : command;
  }
  if (!here) return Probe::kNo;
  if (text.substr(0, 3) == "+OK" || text.substr(0, 5) == "+PONG" || text.substr(0, 5) == "-ERR " ||
      text.substr(0, 7) == "-NOAUTH")
    return Probe::kYes;
  if (text[0] == '$' || text[0] == ':') {
    const std::size_t end = text.find("\r\n");
    return end != std::string_view::npos && end > 1 && end < 12 && text[1] >= '0' && text[1] <= '9' ? Probe::kYes
                                                                                                    : Probe::kNo;
  }
  const std::size_t end = text.find_first_of(" \r");
  return end != std::string_view::npos && IsCommand(text.substr(0, end)) ? Probe::kYes : Probe::kNo;
}

}  // namespace gander::protocol::redis

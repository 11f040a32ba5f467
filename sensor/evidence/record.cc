// SPDX-License-Identifier: Apache-2.0
#include "evidence/record.h"

#include <charconv>

namespace gander::evidence {
namespace {

bool Take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

bool TakeNumber(std::string_view& text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

// Up to the next quote: what stands there has none and no escapes.
bool TakeWord(std::string_view& text, std::string_view& out) {
  const std::size_t quote = text.find('"');
  if (quote == std::string_view::npos) return false;
  out = text.substr(0, quote);
  text.remove_prefix(quote + 1);
  return out.find('\\') == std::string_view::npos;
}

}  // namespace

const char* NameOf(Kind kind) noexcept {
  switch (kind) {
    case Kind::kStart:
      return "start";
    case Kind::kState:
      return "state";
    case Kind::kEvent:
      return "event";
    case Kind::kAudit:
      return "audit";
    case Kind::kCheckpoint:
      return "checkpoint";
    case Kind::kRetention:
      return "retention";
    case Kind::kLost:
      return "lost";
    case Kind::kStop:
      return "stop";
  }
  return "unknown";
}

std::string RecordLine(std::uint64_t sequence, const Hash& previous, Timestamp time, Kind kind, std::uint64_t state,
                       std::string_view body) {
  std::string line = "{\"seq\":" + std::to_string(sequence) + ",\"prev\":\"" + ToHex(previous) + "\",\"time\":\"" +
                     FormatEveTime(time) + "\",\"kind\":\"" + NameOf(kind) + "\",";
  if (state != kNoState) line += "\"state\":" + std::to_string(state) + ",";
  line += "\"body\":";
  line += body;
  line += '}';
  return line;
}

std::optional<RecordHead> ReadHead(std::string_view line) {
  RecordHead head;
  std::string_view previous;
  if (!Take(line, "{\"seq\":") || !TakeNumber(line, head.sequence) || !Take(line, ",\"prev\":\"") ||
      !TakeWord(line, previous) || !Take(line, ",\"time\":\"") || !TakeWord(line, head.time) ||
      !Take(line, ",\"kind\":\"") || !TakeWord(line, head.kind) || !Take(line, ",")) {
    return std::nullopt;
  }
  if (Take(line, "\"state\":") && (!TakeNumber(line, head.state) || !Take(line, ","))) return std::nullopt;
  if (!Take(line, "\"body\":") || !line.starts_with('{') || !line.ends_with("}}")) return std::nullopt;
  const auto hash = FromHex(previous);
  if (!hash) return std::nullopt;
  head.previous = *hash;
  head.body = line.substr(0, line.size() - 1);
  return head;
}

}  // namespace gander::evidence

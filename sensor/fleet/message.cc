// SPDX-License-Identifier: Apache-2.0
#include "fleet/message.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "evidence/tree.h"
#include "fleet/sketch_reader.h"
#include "report/history/json_at.h"

namespace gander::fleet {
namespace {

// What the fleet keeps beside sketches.
constexpr std::array<std::string_view, 8> kKept = {"alert",        "transfer",      "blind_spot", "stats",
                                                   "rules_reload", "policy_reload", "evidence",   "audit"};
constexpr std::size_t kUuidOctets = 16;

// JSON's texts may hold an octet zero, which no text of PostgreSQL can; and the parser takes one as it stands for the
// end, so that anything could follow it.
bool HoldsZero(std::string_view bytes) {
  if (bytes.find('\0') != std::string_view::npos) return true;
  for (std::size_t at = bytes.find("\\u0000"); at != std::string_view::npos; at = bytes.find("\\u0000", at + 1)) {
    std::size_t slashes = 0;
    while (slashes < at && bytes[at - 1 - slashes] == '\\') ++slashes;
    if (slashes % 2 == 0) return true;
  }
  return false;
}

report::Json Parse(std::string_view bytes) {
  bool deep = false;
  const auto shallow = [&](int depth, report::Json::parse_event_t, report::Json&) {
    deep = deep || depth >= kMaxDepth;
    return !deep;
  };
  report::Json out = report::Json::parse(bytes, shallow, false);
  return deep ? report::Json(report::Json::value_t::discarded) : out;
}

std::string Uuid(const evidence::Hash& hash) {
  const std::string hex = evidence::ToHex(hash).substr(0, 2 * kUuidOctets);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
         hex.substr(20);
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (dash ? text[i] != '-' : !hex) return false;
  }
  return true;
}

Message ReadEvent(const report::Json& event, std::string_view bytes, std::string kind) {
  if (std::find(kKept.begin(), kKept.end(), kind) == kKept.end()) return Ignored{};
  EventMessage out;
  out.host = report::TextAt(event, "host").substr(0, kMaxText);
  if (!report::ParseEveTime(report::TextAt(event, "timestamp"), out.at)) {
    return Refused{Refusal::kBadField, out.host, "`timestamp` is no time"};
  }
  out.id = report::TextAt(report::At(report::At(event, kind.c_str()), "context"), "id");
  if (!IsUuid(out.id)) out.id = Uuid(evidence::Sha256(bytes));
  out.kind = std::move(kind);
  out.json = bytes;
  return out;
}

}  // namespace

const char* NameOf(Refusal reason) noexcept {
  switch (reason) {
    case Refusal::kNone:
      break;
    case Refusal::kTooLong:
      return "too_long";
    case Refusal::kBadJson:
      return "bad_json";
    case Refusal::kNoEvent:
      return "no_event";
    case Refusal::kUnknownVersion:
      return "unknown_version";
    case Refusal::kBadField:
      return "bad_field";
    case Refusal::kBadHll:
      return "bad_hll";
    case Refusal::kContradiction:
      return "contradiction";
    case Refusal::kDatabase:
      return "database";
  }
  return "none";
}

std::string SketchMessage::Key() const {
  std::string all;
  const auto add = [&](std::string_view part) {
    all += std::to_string(part.size());
    all += ':';
    all += part;
  };
  for (const std::string& part : {sensor, std::to_string(epoch), key_id, std::to_string(begin.ns),
                                  std::to_string(window_s), collector, has_address ? address.ToString() : std::string(),
                                  from_zone, from_country, data_class, type, subject_country, verdict, entry_id}) {
    add(part);
  }
  return Uuid(evidence::Sha256(all));
}

Message ReadMessage(std::string_view bytes) {
  if (bytes.size() > kMaxMessage) return Refused{Refusal::kTooLong, {}, std::to_string(bytes.size()) + " octets"};
  const report::Json event = Parse(bytes);
  if (event.is_discarded()) return Refused{Refusal::kBadJson, {}, "not JSON, or nested too deep"};
  if (HoldsZero(bytes)) return Refused{Refusal::kBadJson, {}, "an octet zero in a text"};
  std::string kind = report::TextAt(event, "event_type");
  if (kind.empty()) return Refused{Refusal::kNoEvent, {}, "no `event_type`"};
  if (kind == "sketch") return ReadSketch(event);
  return ReadEvent(event, bytes, std::move(kind));
}

}  // namespace gander::fleet

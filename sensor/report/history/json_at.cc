// SPDX-License-Identifier: Apache-2.0
#include "report/history/json_at.h"

#include <nlohmann/json.hpp>

#include "base/record.h"

namespace gander::report {
namespace {

constexpr std::size_t kSecond = 19;  // of "2026-11-24T09:30:00"
constexpr std::size_t kWhole = 31;   // of "2026-11-24T09:30:00.000123+0000"

}  // namespace

std::string TextAt(const Json& object, const char* key) {
  const Json& at = At(object, key);
  return at.is_string() ? at.get_ref<const std::string&>().substr(0, Record::kMaxString) : std::string();
}

std::uint64_t NumberAt(const Json& object, const char* key) {
  const Json& at = At(object, key);
  return at.is_number_unsigned() ? at.get<std::uint64_t>() : 0;
}

bool TrueAt(const Json& object, const char* key) {
  const Json& at = At(object, key);
  return at.is_boolean() && at.get<bool>();
}

const Json& At(const Json& object, const char* key) {
  static const Json kNone;
  if (!object.is_object()) return kNone;
  const auto at = object.find(key);
  return at != object.end() ? *at : kNone;
}

bool ParseEveTime(std::string_view text, Timestamp& out) {
  if (text.size() != kWhole || text[kSecond] != '.' || text.substr(kSecond + 7) != "+0000") return false;
  if (!ParseDate(std::string(text.substr(0, kSecond)) + "Z", out)) return false;
  std::int64_t micros = 0;
  for (const char c : text.substr(kSecond + 1, 6)) {
    if (c < '0' || c > '9') return false;
    micros = micros * 10 + (c - '0');
  }
  out.ns += micros * 1000;
  return true;
}

Timestamp TimeAt(const Json& object, const char* key, Timestamp fallback) {
  Timestamp out;
  return ParseEveTime(TextAt(object, key), out) ? out : fallback;
}

}  // namespace gander::report

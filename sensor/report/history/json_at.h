// SPDX-License-Identifier: Apache-2.0
// Members of JSON that somebody else may have written: what is missing or of another type reads as nothing.
#ifndef GANDER_REPORT_HISTORY_JSON_AT_H_
#define GANDER_REPORT_HISTORY_JSON_AT_H_

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/time.h"

namespace gander::report {

using Json = nlohmann::json;

// "" where `object` has no text under `key`, or is no object; cut to 4096 bytes, as Record cuts.
std::string TextAt(const Json& object, const char* key);
std::uint64_t NumberAt(const Json& object, const char* key);
bool TrueAt(const Json& object, const char* key);
// The member, or null.
const Json& At(const Json& object, const char* key);
// "2026-11-24T09:30:00.000123+0000". False when `text` is no such time.
bool ParseEveTime(std::string_view text, Timestamp& out);
// The time under `key`; `fallback` where there is none.
Timestamp TimeAt(const Json& object, const char* key, Timestamp fallback = {});

}  // namespace gander::report

#endif  // GANDER_REPORT_HISTORY_JSON_AT_H_

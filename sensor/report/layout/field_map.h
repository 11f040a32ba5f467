// SPDX-License-Identifier: Apache-2.0
// A layout as a table: which member of an EVE event goes where, and how. Rows are looked at in their order; the first
// that sets a place wins.
#ifndef GANDER_REPORT_LAYOUT_FIELD_MAP_H_
#define GANDER_REPORT_LAYOUT_FIELD_MAP_H_

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "report/layout/json_tree.h"

namespace gander::report {

// A JSON string of text that needs no escapes.
std::string Quoted(std::string_view raw_text);

enum class How : std::uint8_t {
  kCopy,      // as it is
  kText,      // as a string, behind `with`
  kLower,     // as a string in lower case
  kNumber,    // a string of digits as a number; anything else is left where it is
  kList,      // in a list, unless it is one
  kFirst,     // the first element of a list
  kTime,      // EVE's "+0000" as "Z"
  kMillis,    // EVE's time as milliseconds since 1970
  kNanos,     // seconds as nanoseconds
  kMilliSeconds,  // seconds as milliseconds
  kAfter,     // what stands behind the text `with`: "HTTP/1.1" -> "1.1"
  kHex,       // digits only, in upper case: "55:69:aa" -> "5569AA"
  kWords,     // by the list `with`: "STOR=1;RETR=2;*=99"; without `*` what is not in it is left where it is
  kIfTrue,    // `with`, where the member is true
  kIfThere,   // `with`, where the member is there
  kAlways,    // `with`; `from` is not looked at
  kSum,       // of the numbers at `from` and at the path `with`
  kJoin,      // of the values at the paths of `with`, separated by commas there, by hyphens here; `from` is not looked at
  kEach,      // each element of a list through the rows whose type is `with`, paths from the element on
};

struct FieldRow {
  const char* type;   // event type, "*" = all, "a|b" = those; "=name": rows that are asked for by this name
  const char* from;   // path in the EVE event
  const char* to;     // path in the other (JsonShape::Set); "" = nowhere: the member is dropped
  How how = How::kCopy;
  const char* with = "";
  bool keep = false;  // the member also stays where it is, and may have gone elsewhere before
};

// The value of `key` in "key=value;key=value;*=value". False when it has none.
bool FromWords(std::string_view key, std::string_view list, std::string& out);
// Whether `type` is in "a|b", or the list is "*".
bool IsAmong(std::string_view list, std::string_view type) noexcept;

class FieldMap {
 public:
  explicit FieldMap(std::span<const FieldRow> rows);
  // Sets in `out` what the rows of event type `type` find in `in`, and marks it there as used.
  void Apply(std::string_view type, JsonTree& in, JsonShape& out) const;

 private:
  void ApplyRow(const FieldRow& row, std::string_view to, std::uint32_t from, JsonTree& in, JsonShape& out) const;
  void ApplyEach(const FieldRow& row, std::uint32_t list, JsonTree& in, JsonShape& out) const;
  const std::vector<const FieldRow*>& RowsOf(std::string_view type) const;

  std::span<const FieldRow> rows_;
  mutable std::map<std::string, std::vector<const FieldRow*>, std::less<>> by_type_;  // filled as types come; bounded
};

}  // namespace gander::report

#endif  // GANDER_REPORT_LAYOUT_FIELD_MAP_H_

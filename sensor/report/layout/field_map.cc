// SPDX-License-Identifier: Apache-2.0
#include "report/layout/field_map.h"

#include <cctype>
#include <charconv>
#include <cstdio>

#include "base/time.h"

namespace gander::report {
std::string Quoted(std::string_view raw_text) { return "\"" + std::string(raw_text) + "\""; }

namespace {

constexpr std::size_t kMaxTypes = 256;  // rows are looked up anew for types beyond
constexpr std::int64_t kNanosPerMilli = 1'000'000;

template <class Number>
bool ReadNumber(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

// Two decimal digits at `at`.
int Pair(std::string_view text, std::size_t at) {
  if (at + 2 > text.size() || !std::isdigit(static_cast<unsigned char>(text[at])) ||
      !std::isdigit(static_cast<unsigned char>(text[at + 1]))) {
    return -1;
  }
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

// Days since 1970-01-01 in the proleptic Gregorian calendar.
std::int64_t Days(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

// "2026-11-24T09:30:00.000123+0000", fraction and offset may be missing.
bool ReadMillis(std::string_view text, std::int64_t& out) {
  const int century = Pair(text, 0), year = Pair(text, 2), month = Pair(text, 5), day = Pair(text, 8),
            hour = Pair(text, 11), minute = Pair(text, 14), second = Pair(text, 17);
  if (century < 0 || year < 0 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || minute < 0 || second < 0) {
    return false;
  }
  std::int64_t millis = 0;
  if (text.size() >= 23 && text[19] == '.') {
    if (!ReadNumber(text.substr(20, 3), millis)) return false;
  }
  out = ((Days(century * 100 + year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
  out = out * 1000 + millis;
  return true;
}

std::string Cased(std::string_view text, int (*cased)(int)) {
  std::string out = Quoted(text);
  for (char& c : out) c = static_cast<char>(cased(static_cast<unsigned char>(c)));
  return out;
}

std::string HexDigits(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (std::isxdigit(static_cast<unsigned char>(c))) {
      digits += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
  }
  return Quoted(digits);
}

bool Scaled(std::string_view text, double by, std::string& out) {
  double seconds = 0;
  if (!ReadNumber(text, seconds) || seconds < 0 || seconds * by > 9e18) return false;
  out = std::to_string(static_cast<std::int64_t>(seconds * by));
  return true;
}

bool Time(std::string_view text, std::string& out) {
  std::int64_t ignored = 0;
  if (!ReadMillis(text, ignored)) return false;
  out = Quoted(std::string(text.ends_with("+0000") ? text.substr(0, text.size() - 5) : text) + "Z");
  return true;
}

bool IsScalar(const JsonNode& node) {
  return node.kind != JsonNode::Kind::kObject && node.kind != JsonNode::Kind::kArray;
}

// The value a row makes of one node. False: none, the node stays where it is.
bool Convert(const FieldRow& row, const JsonNode& node, std::string& out) {
  const std::string_view text = node.text(), with = row.with;
  std::int64_t number = 0;
  if (!IsScalar(node) && row.how != How::kCopy && row.how != How::kList && row.how != How::kIfThere) return false;
  switch (row.how) {
    case How::kText:
      out = Quoted(std::string(with) + std::string(text));
      return true;
    case How::kLower:
      out = Cased(text, std::tolower);
      return true;
    case How::kNumber:
      if (!ReadNumber(text, number)) return false;
      out = std::to_string(number);
      return true;
    case How::kList:
      out = IsScalar(node) ? "[" + std::string(node.raw) + "]" : std::string(node.raw);
      return true;
    case How::kTime:
      return Time(text, out);
    case How::kMillis:
      if (!ReadMillis(text, number)) return false;
      out = std::to_string(number);
      return true;
    case How::kNanos:
      return Scaled(text, 1e9, out);
    case How::kMilliSeconds:
      return Scaled(text, 1e3, out);
    case How::kAfter:
      if (!text.starts_with(with)) return false;
      out = Quoted(text.substr(with.size()));
      return true;
    case How::kHex:
      out = HexDigits(text);
      return true;
    case How::kWords:
      return FromWords(text, with, out);
    case How::kIfTrue:
      out = with;
      return text == "true";
    case How::kIfThere:
      out = with;
      return true;
    default:
      out = node.raw;
      return true;
  }
}

std::string Joined(const JsonTree& in, std::string_view paths) {
  std::string out = "\"";
  while (!paths.empty()) {
    const std::size_t comma = paths.find(',');
    const std::uint32_t node = in.Find(paths.substr(0, comma));
    if (node != 0 && IsScalar(in.at(node))) out += (out.size() > 1 ? "-" : "") + std::string(in.at(node).text());
    paths = comma == std::string_view::npos ? std::string_view{} : paths.substr(comma + 1);
  }
  return out + "\"";
}

}  // namespace

bool IsAmong(std::string_view list, std::string_view type) noexcept {
  while (!list.empty()) {
    const std::size_t bar = list.find('|');
    const std::string_view item = list.substr(0, bar);
    if (item == type || (item == "*" && !type.starts_with('='))) return true;
    list = bar == std::string_view::npos ? std::string_view{} : list.substr(bar + 1);
  }
  return false;
}

bool FromWords(std::string_view text, std::string_view list, std::string& out) {
  while (!list.empty()) {
    const std::size_t end = list.find(';');
    const std::string_view item = list.substr(0, end);
    const std::size_t equals = item.find('=');
    if (item.substr(0, equals) == text || item.substr(0, equals) == "*") {
      out = item.substr(equals + 1);
      return true;
    }
    list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 1);
  }
  return false;
}

FieldMap::FieldMap(std::span<const FieldRow> rows) : rows_(rows) {}

const std::vector<const FieldRow*>& FieldMap::RowsOf(std::string_view type) const {
  const auto known = by_type_.find(type);
  if (known != by_type_.end()) return known->second;
  if (by_type_.size() >= kMaxTypes) by_type_.clear();
  auto& rows = by_type_[std::string(type)];
  for (const FieldRow& row : rows_) {
    if (IsAmong(row.type, type)) rows.push_back(&row);
  }
  return rows;
}

void FieldMap::Apply(std::string_view type, JsonTree& in, JsonShape& out) const {
  for (const FieldRow* row : RowsOf(type)) ApplyRow(*row, row->to, 0, in, out);
}

void FieldMap::ApplyRow(const FieldRow& row, std::string_view to, std::uint32_t base, JsonTree& in,
                        JsonShape& out) const {
  if (row.how == How::kAlways) return void(out.Set(to, row.with));
  if (row.how == How::kJoin) return void(out.Set(to, Joined(in, row.with)));
  std::uint32_t node = in.Find(row.from, base);
  if (node == 0 || (in.Used(node) && !row.keep)) return;
  if (row.how == How::kEach) return ApplyEach(row, node, in, out);
  if (row.how == How::kFirst) node = in.at(node).first;
  if (node == 0) return;
  std::string value;
  if (row.how == How::kSum) {
    const std::uint32_t other = in.Find(row.with, base);
    std::int64_t a = 0, b = 0;
    if (other == 0 || !ReadNumber(in.at(node).raw, a) || !ReadNumber(in.at(other).raw, b)) return;
    value = std::to_string(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  } else if (!Convert(row, in.at(node), value)) {
    return;
  }
  const bool set = to.empty() || out.Set(to, value);
  if (set && !row.keep && row.how != How::kSum) in.Use(node);
}

// The rows' own targets stand behind the element's place: "dns.answers" + "[3]." + "name".
void FieldMap::ApplyEach(const FieldRow& row, std::uint32_t list, JsonTree& in, JsonShape& out) const {
  std::uint32_t number = 0;
  for (std::uint32_t element = in.at(list).first; element != 0; element = in.at(element).next, ++number) {
    const std::string place = std::string(row.to) + "[" + std::to_string(number) + "].";
    for (const FieldRow* inner : RowsOf(row.with)) ApplyRow(*inner, place + inner->to, element, in, out);
  }
}

}  // namespace gander::report

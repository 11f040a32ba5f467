// SPDX-License-Identifier: Apache-2.0
// Appends JSON to a string the caller keeps: no tree, no locale, no allocation beyond the string's own.
#ifndef GANDER_REPORT_JSON_WRITER_H_
#define GANDER_REPORT_JSON_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/record.h"

namespace gander::report {

// Calls must nest as JSON does; the writer places commas. An empty key means an element of an array, or the
// root. Integers are written in full, reals in the shortest form that reads back equal; NaN and infinities,
// which JSON lacks, as null.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) noexcept : out_(out) {}

  void BeginObject(std::string_view key = {}) { Open(key, '{'); }
  void EndObject() { Close('}'); }
  void BeginArray(std::string_view key = {}) { Open(key, '['); }
  void EndArray() { Close(']'); }
  void String(std::string_view key, std::string_view value);
  void Unsigned(std::string_view key, std::uint64_t value);
  void Integer(std::string_view key, std::int64_t value);
  void Real(std::string_view key, double value);
  void Boolean(std::string_view key, bool value);
  // The record's members, into the object that is open. A record that brings its own outer braces loses them;
  // one whose brackets do not match is closed, so that a line is JSON whatever a parser did.
  void Members(const Record& record);

 private:
  void Begin(std::string_view key);
  void Open(std::string_view key, char bracket);
  void Close(char bracket);

  std::string& out_;
  bool comma_ = false;
};

// Appends `value` in quotes. Each ill-formed UTF-8 sequence becomes one U+FFFD (Unicode 15, §3.9, "substitution
// of maximal subparts").
void AppendJsonString(std::string_view value, std::string& out);

// The length of the well-formed UTF-8 character at the start of `text`, or 0; then `bad` is how many bytes one
// U+FFFD stands for. `text` is not empty.
std::size_t Utf8Length(std::string_view text, std::size_t& bad) noexcept;

}  // namespace gander::report

#endif  // GANDER_REPORT_JSON_WRITER_H_

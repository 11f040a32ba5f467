// SPDX-License-Identifier: Apache-2.0
#include "selfcheck/value_search.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "report/json_writer.h"
#include "report/summary/html.h"

namespace gander::selfcheck {
namespace {

bool AlphaNumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

std::string Folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::string Coded(std::string_view value, bool all) {
  std::string out;
  char code[4];
  for (const char c : value) {
    const bool plain = !all && AlphaNumeric(c) && (c & 0x80) == 0;
    if (plain) {
      out += c;
      continue;
    }
    std::snprintf(code, sizeof code, all ? "%02x" : "%%%02x", static_cast<unsigned char>(c));
    out += code;
  }
  return out;
}

// The part of base64 text that does not depend on what stands before and after, at each of three phases.
std::vector<std::string> Base64(std::string_view value) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::string> out;
  for (std::size_t phase = 0; phase < 3; ++phase) {
    const std::string raw = std::string(phase, '\0') + std::string(value);
    const std::size_t first = (phase * 8 + 5) / 6, last = raw.size() * 8 / 6;
    std::string text;
    for (std::size_t i = first; i < last; ++i) {
      const std::size_t bit = i * 6;
      const auto octet = [&](std::size_t at) { return at < raw.size() ? static_cast<unsigned char>(raw[at]) : 0u; };
      const unsigned pair = octet(bit / 8) << 8 | octet(bit / 8 + 1);
      text += kAlphabet[pair >> (10 - bit % 8) & 0x3f];
    }
    out.push_back(std::move(text));
  }
  return out;
}

std::uint64_t StemAt(const char* text) noexcept {
  std::uint64_t stem;
  std::memcpy(&stem, text, sizeof stem);
  return stem;
}

}  // namespace

std::vector<std::string> ValueSearch::WritingsOf(std::string_view value, const char* writing) {
  const std::string_view w = writing;
  if (w == "as it is") return {std::string(value)};
  if (w == "base64") return Base64(value);
  std::string out;
  if (w == "without separators") std::copy_if(value.begin(), value.end(), std::back_inserter(out), AlphaNumeric);
  if (w == "percent-coded") out = Coded(value, false);
  if (w == "hexadecimal") out = Coded(value, true);
  if (w == "HTML-escaped") out = report::Html(value);
  if (w == "JSON-escaped") {
    report::AppendJsonString(value, out);
    out = out.substr(1, out.size() - 2);
  }
  if (out == value) return {};
  return {std::move(out)};
}

bool ValueSearch::Add(std::string_view value) {
  bool any = false;
  const std::size_t number = values_++;
  for (const char* writing : kWritings) {
    const bool cased = std::strcmp(writing, "base64") == 0;
    for (const std::string& text : WritingsOf(value, writing)) {
      const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
      if (text.size() < (digits ? kDigitsOnly : kStem)) continue;
      const std::string entry = cased ? text : Folded(text);
      const std::uint64_t stem = StemAt(entry.data());
      Index& index = cased ? exact_ : folded_;
      index.entries[stem].push_back({entry, {number, writing}});
      index.seen[SlotOf(stem)] = true;
      ++writings_;
      any = true;
    }
  }
  return any;
}

void ValueSearch::FindIn(std::string_view text, const Index& index, std::set<Hit>& out) {
  for (std::size_t i = 0; i + kStem <= text.size(); ++i) {
    const std::uint64_t stem = StemAt(text.data() + i);
    if (!index.seen[SlotOf(stem)]) continue;
    const auto at = index.entries.find(stem);
    if (at == index.entries.end()) continue;
    for (const Entry& entry : at->second) {
      if (text.substr(i).starts_with(entry.text)) out.insert(entry.hit);
    }
  }
}

std::set<ValueSearch::Hit> ValueSearch::Find(std::string_view output) const {
  std::set<Hit> out;
  FindIn(output, exact_, out);
  FindIn(Folded(output), folded_, out);
  return out;
}

}  // namespace gander::selfcheck

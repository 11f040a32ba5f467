// SPDX-License-Identifier: Apache-2.0
#include "report/json_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

namespace gander::report {
namespace {

enum Treatment : std::uint8_t { kPlain, kShort, kUnicode, kMultibyte };

// What a byte needs inside a JSON string (RFC 8259 §7).
constexpr std::array<Treatment, 256> kTreatment = [] {
  std::array<Treatment, 256> table{};
  for (std::size_t i = 0; i < 0x20; ++i) table[i] = kUnicode;
  for (std::size_t i = 0x80; i < 0x100; ++i) table[i] = kMultibyte;
  for (char c : {'\b', '\f', '\n', '\r', '\t', '"', '\\'}) table[static_cast<unsigned char>(c)] = kShort;
  table[0x7f] = kUnicode;  // allowed bare, but terminals act on it
  return table;
}();

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

template <class Word>
std::uint64_t Load(const char* p) noexcept {
  Word word;
  std::memcpy(&word, p, sizeof word);
  return word;
}

// Whether none of eight bytes needs anything: all within 0x20..0x7e, no quote, no backslash. The high bit of each byte
// of the sum says what is wrong with it; carries reach only a byte behind one that is wrong already.
bool AllPlain(std::uint64_t v) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101ULL, kHigh = 0x80 * kOnes;
  const auto zeros = [&](std::uint64_t x) { return (x - kOnes) & ~x; };
  const std::uint64_t wrong =
      v | (v - 0x20 * kOnes) | (v + kOnes) | zeros(v ^ ('"' * kOnes)) | zeros(v ^ ('\\' * kOnes));
  return (wrong & kHigh) == 0;
}

// The same of a whole string, the last eight bytes of which may be looked at twice.
bool IsPlain(std::string_view s) noexcept {
  const char* const p = s.data();
  const std::size_t n = s.size();
  if (n >= 8) {
    for (std::size_t i = 0; i + 8 < n; i += 8) {
      if (!AllPlain(Load<std::uint64_t>(p + i))) return false;
    }
    return AllPlain(Load<std::uint64_t>(p + n - 8));
  }
  if (n >= 4) return AllPlain(Load<std::uint32_t>(p) | Load<std::uint32_t>(p + n - 4) << 32);
  constexpr std::uint64_t kSpaces = 0x2020202020202020ULL;
  if (n == 0) return true;
  const auto at = [p](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(p[i])); };
  return AllPlain((kSpaces << 24) | at(0) << 16 | at(n / 2) << 8 | at(n - 1));
}

void AppendEscape(unsigned char c, std::string& out) {
  switch (c) {
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    default: break;
  }
  constexpr char kHex[] = "0123456789abcdef";
  out += "\\u00";
  out += kHex[c >> 4];
  out += kHex[c & 15];
}

// Brackets a record has opened. Deeper than any parser nests; what lies deeper still is left out.
class Brackets {
 public:
  bool Push(bool array) noexcept {
    if (depth_ == kMaxDepth) return false;
    arrays_ = (arrays_ << 1) | (array ? 1u : 0u);
    ++depth_;
    return true;
  }
  bool Pop() noexcept {
    const bool array = InArray();
    arrays_ >>= 1;
    --depth_;
    return array;
  }
  bool InArray() const noexcept { return depth_ > 0 && (arrays_ & 1) != 0; }
  bool empty() const noexcept { return depth_ == 0; }

 private:
  static constexpr int kMaxDepth = 64;
  std::uint64_t arrays_ = 0;
  int depth_ = 0;
};

template <class Number>
void AppendNumber(Number value, std::string& out) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  out.append(text, end);
}

}  // namespace

std::size_t Utf8Length(std::string_view text, std::size_t& bad) noexcept {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = at(0);
  bad = 1;
  if (lead < 0x80) return 1;
  // Well-formed byte sequences, Unicode 15 table 3-7: the second byte's range depends on the lead.
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size() || at(i) < (i == 1 ? low : 0x80) || at(i) > (i == 1 ? high : 0xbf)) return 0;
    ++bad;
  }
  return length;
}

void AppendJsonString(std::string_view value, std::string& out) {
  out += '"';
  if (IsPlain(value)) {
    out.append(value);
    out += '"';
    return;
  }
  std::size_t run = 0;  // start of the bytes that need nothing
  std::size_t i = 0;
  while (i < value.size()) {
    if (i + 8 <= value.size() && AllPlain(Load<std::uint64_t>(value.data() + i))) {
      i += 8;
      continue;
    }
    const auto c = static_cast<unsigned char>(value[i]);
    if (kTreatment[c] == kPlain) {
      ++i;
      continue;
    }
    if (c >= 0xc2 && c <= 0xdf && i + 1 < value.size() && (value[i + 1] & 0xc0) == 0x80) {  // the dots of a mask
      i += 2;
      continue;
    }
    std::size_t skip = 1;
    if (kTreatment[c] == kMultibyte) {
      if (const std::size_t length = Utf8Length(value.substr(i), skip); length != 0) {
        i += length;
        continue;
      }
    }
    out.append(value, run, i - run);
    if (kTreatment[c] == kMultibyte) {
      out += kReplacement;
    } else {
      AppendEscape(c, out);
    }
    i += skip;
    run = i;
  }
  out.append(value, run, i - run);
  out += '"';
}

// Most keys are short and plain, and go out in one piece.
void JsonWriter::Begin(std::string_view key) {
  const bool comma = std::exchange(comma_, true);
  std::array<char, 64> piece;
  if (!key.empty() && key.size() + 4 <= piece.size() && IsPlain(key)) {
    char* end = piece.data();
    *end = ',';
    end += comma ? 1 : 0;
    *end++ = '"';
    end = std::copy(key.begin(), key.end(), end);
    *end++ = '"';
    *end++ = ':';
    out_.append(piece.data(), end);
    return;
  }
  if (comma) out_ += ',';
  if (key.empty()) return;
  AppendJsonString(key, out_);
  out_ += ':';
}

void JsonWriter::Open(std::string_view key, char bracket) {
  Begin(key);
  out_ += bracket;
  comma_ = false;
}

void JsonWriter::Close(char bracket) {
  out_ += bracket;
  comma_ = true;
}

void JsonWriter::String(std::string_view key, std::string_view value) {
  Begin(key);
  AppendJsonString(value, out_);
}

void JsonWriter::Unsigned(std::string_view key, std::uint64_t value) {
  Begin(key);
  AppendNumber(value, out_);
}

void JsonWriter::Integer(std::string_view key, std::int64_t value) {
  Begin(key);
  AppendNumber(value, out_);
}

void JsonWriter::Real(std::string_view key, double value) {
  Begin(key);
  if (std::isfinite(value)) {
    AppendNumber(value, out_);
  } else {
    out_ += "null";
  }
}

void JsonWriter::Boolean(std::string_view key, bool value) {
  Begin(key);
  out_ += value ? "true" : "false";
}

void JsonWriter::Members(const Record& record) {
  using Kind = Record::Kind;
  const auto& tokens = record.tokens();
  const bool wrapped = !tokens.empty() && tokens.front().kind == Kind::kBeginObject && tokens.front().key == nullptr;
  Brackets open;
  std::size_t left_out = 0;  // brackets open below the deepest level that is written
  for (std::size_t i = wrapped ? 1 : 0; i < tokens.size(); ++i) {
    const Record::Token& token = tokens[i];
    const bool begins = token.kind == Kind::kBeginObject || token.kind == Kind::kBeginArray;
    const bool ends = token.kind == Kind::kEndObject || token.kind == Kind::kEndArray;
    if (left_out > 0) {
      if (begins) ++left_out;
      if (ends) --left_out;
      continue;
    }
    if (ends) {
      if (!open.empty()) Close(open.Pop() ? ']' : '}');
      continue;
    }
    std::string_view key = open.InArray() || token.key == nullptr ? std::string_view{} : token.key;
    if (key.empty() && !open.InArray()) key = "value";
    switch (token.kind) {
      case Kind::kString: String(key, record.text(token)); break;
      case Kind::kInteger: Integer(key, token.integer); break;
      case Kind::kReal: Real(key, token.real); break;
      case Kind::kBoolean: Boolean(key, token.integer != 0); break;
      default:
        if (open.Push(token.kind == Kind::kBeginArray)) {
          Open(key, token.kind == Kind::kBeginArray ? '[' : '{');
        } else {
          ++left_out;
        }
    }
  }
  while (!open.empty()) Close(open.Pop() ? ']' : '}');
}

}  // namespace gander::report

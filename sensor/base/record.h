// SPDX-License-Identifier: Apache-2.0
// The body of an event, built by a parser and rendered by report/: a flat list of tokens that mirrors
// JSON. It keeps its memory when cleared, so a pooled parser allocates nothing in steady state.
#ifndef GANDER_BASE_RECORD_H_
#define GANDER_BASE_RECORD_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gander {

// What identify/ does with a string before it leaves the worker when `privacy.metadata` is `masked`.
enum class Privacy : std::uint8_t {
  kPublic,      // protocol constants, versions, digests, host names of servers
  kIdentifier,  // may hold identifiers (URLs, file names, arguments): findings in it are masked
  kPersonal,    // is one as a whole (mail address, user name): masked as a whole
  kSecret,      // password or token: never leaves, not even raw
};

class Record {
 public:
  enum class Kind : std::uint8_t {
    kBeginObject, kEndObject, kBeginArray, kEndArray, kString, kInteger, kReal, kBoolean
  };
  struct Token {
    Kind kind;
    Privacy privacy;
    const char* key;        // static string; nullptr inside arrays
    std::uint32_t offset;   // of a string's bytes in text()
    std::uint32_t length;
    std::int64_t integer;   // kInteger, kBoolean
    double real;            // kReal
  };

  // A string longer than this is cut; a cut string ends in U+2026.
  static constexpr std::size_t kMaxString = 4096;

  void Clear() noexcept {
    tokens_.clear();
    text_.clear();
  }
  bool empty() const noexcept { return tokens_.empty(); }

  Record& BeginObject(const char* key = nullptr) { return Push(Kind::kBeginObject, key); }
  Record& EndObject() { return Push(Kind::kEndObject, nullptr); }
  Record& BeginArray(const char* key = nullptr) { return Push(Kind::kBeginArray, key); }
  Record& EndArray() { return Push(Kind::kEndArray, nullptr); }
  Record& String(const char* key, std::string_view value, Privacy privacy = Privacy::kPublic);
  Record& Integer(const char* key, std::int64_t value);
  Record& Real(const char* key, double value);
  Record& Boolean(const char* key, bool value);
  // Copies all tokens of `other` at this place.
  Record& Append(const Record& other);

  const std::vector<Token>& tokens() const noexcept { return tokens_; }
  std::string_view text(const Token& t) const noexcept {
    return std::string_view(text_).substr(t.offset, t.length);
  }
  // Gives token `index` other bytes (a mask made by identify/).
  void Replace(std::size_t index, std::string_view value);

 private:
  Record& Push(Kind kind, const char* key);
  std::vector<Token> tokens_;
  std::string text_;
};

}  // namespace gander

#endif  // GANDER_BASE_RECORD_H_

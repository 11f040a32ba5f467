// SPDX-License-Identifier: Apache-2.0
// JSON web tokens (RFC 7519): both parts must decode to JSON objects, so a torn or random string does not
// pass.
#include <cstdint>

#include "identify/char_class.h"
#include "identify/validators/families.h"

namespace gander::identify {
namespace {

int Base64UrlValue(char c) noexcept {
  if (IsUpper(c)) return c - 'A';
  if (IsLower(c)) return c - 'a' + 26;
  if (IsDigit(c)) return c - '0' + 52;
  return c == '-' ? 62 : c == '_' ? 63 : -1;
}

// Reads decoded bytes one at a time, so that no buffer is needed for a token of any length.
class DecodedReader {
 public:
  explicit DecodedReader(std::string_view encoded) noexcept : encoded_(encoded) { Advance(); }
  // 0..255, or -1 at the end or at a character outside the alphabet.
  int peek() const noexcept { return current_; }
  int Take() noexcept {
    const int c = current_;
    Advance();
    return c;
  }

 private:
  void Advance() noexcept {
    current_ = -1;
    while (bits_ < 8) {
      if (at_ == encoded_.size()) return;
      const int v = Base64UrlValue(encoded_[at_++]);
      if (v < 0) {
        at_ = encoded_.size();
        return;
      }
      held_ = held_ << 6 | static_cast<std::uint32_t>(v);
      bits_ += 6;
    }
    bits_ -= 8;
    current_ = static_cast<int>(held_ >> bits_ & 0xFF);
  }

  std::string_view encoded_;
  std::size_t at_ = 0;
  std::uint32_t held_ = 0;
  int bits_ = 0;
  int current_ = -1;
};

// RFC 8259, reading only: values nest at most kMaxDepth deep.
class JsonCheck {
 public:
  explicit JsonCheck(std::string_view encoded) noexcept : in_(encoded) {}

  bool IsObject() noexcept {
    SkipSpace();
    return in_.peek() == '{' && Value(0) && (SkipSpace(), in_.peek() < 0);
  }
  bool saw_alg() const noexcept { return saw_alg_; }

 private:
  static constexpr int kMaxDepth = 16;

  void SkipSpace() noexcept {
    while (in_.peek() == ' ' || in_.peek() == '\n' || in_.peek() == '\r' || in_.peek() == '\t') in_.Take();
  }
  bool Word(const char* rest) noexcept {
    for (; *rest != '\0'; ++rest) {
      if (in_.Take() != *rest) return false;
    }
    return true;
  }
  bool Tail(int c) noexcept {
    int more = c >= 0xC2 && c <= 0xDF ? 1 : c >= 0xE0 && c <= 0xEF ? 2 : c >= 0xF0 && c <= 0xF4 ? 3 : -1;
    for (; more > 0; --more) {
      const int next = in_.Take();
      if (next < 0x80 || next > 0xBF) return false;
    }
    return more == 0;
  }
  bool Escape() noexcept {
    const int c = in_.Take();
    if (c != 'u')
      return c > 0 && std::string_view("\"\\/bfnrt").find(static_cast<char>(c)) != std::string_view::npos;
    for (int i = 0; i < 4; ++i) {
      const int h = in_.Take();
      if (h < 0 || h > 'f' || AlnumValue(static_cast<char>(h)) < 0 || AlnumValue(static_cast<char>(h)) > 15)
        return false;
    }
    return true;
  }
  bool String(bool is_key) noexcept {
    std::uint32_t last_three = 0;
    int length = 0;
    for (;;) {
      const int c = in_.Take();
      if (c == '"') break;
      if (c < 0x20) return false;
      if (c == '\\' ? !Escape() : c >= 0x80 && !Tail(c)) return false;
      last_three = last_three << 8 | static_cast<std::uint32_t>(c);
      ++length;
    }
    if (is_key && length == 3 && last_three == ('a' << 16 | 'l' << 8 | 'g')) saw_alg_ = true;
    return true;
  }
  bool Number() noexcept {
    int digits = 0;
    if (in_.peek() == '-') in_.Take();
    while (in_.peek() >= 0 &&
           (IsDigit(static_cast<char>(in_.peek())) || in_.peek() == '.' || in_.peek() == 'e' ||
            in_.peek() == 'E' || in_.peek() == '+' || in_.peek() == '-')) {
      digits += IsDigit(static_cast<char>(in_.Take())) ? 1 : 0;
    }
    return digits > 0;
  }
  bool Members(int depth, int close, bool keyed) noexcept {
    in_.Take();
    SkipSpace();
    if (in_.peek() == close) return in_.Take() == close;
    for (;;) {
      SkipSpace();
      if (keyed) {
        if (in_.Take() != '"' || !String(true)) return false;
        SkipSpace();
        if (in_.Take() != ':') return false;
      }
      if (!Value(depth + 1)) return false;
      SkipSpace();
      const int c = in_.Take();
      if (c == close) return true;
      if (c != ',') return false;
    }
  }
  bool Value(int depth) noexcept {
    if (depth > kMaxDepth) return false;
    SkipSpace();
    switch (in_.peek()) {
      case '{':
        return Members(depth, '}', true);
      case '[':
        return Members(depth, ']', false);
      case '"':
        in_.Take();
        return String(false);
      case 't':
        return Word("true");
      case 'f':
        return Word("false");
      case 'n':
        return Word("null");
      default:
        return Number();
    }
  }

  DecodedReader in_;
  bool saw_alg_ = false;
};

}  // namespace

bool JsonWebToken(std::string_view raw) noexcept {
  const auto first = raw.find('.');
  if (first == std::string_view::npos) return false;
  const auto second = raw.find('.', first + 1);
  if (second == std::string_view::npos) return false;
  JsonCheck header(raw.substr(0, first));
  JsonCheck claims(raw.substr(first + 1, second - first - 1));
  return header.IsObject() && header.saw_alg() && claims.IsObject();
}

}  // namespace gander::identify

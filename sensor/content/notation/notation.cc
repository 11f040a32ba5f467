// SPDX-License-Identifier: Apache-2.0
#include "content/notation/notation.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "content/archive/directory_lines.h"
#include "content/decoder_pool.h"
#include "content/notation/character_references.h"
#include "content/notation/json_escapes.h"
#include "content/notation/percent_escapes.h"
#include "protocol/mime/header_value.h"

namespace gander::content {
namespace {

constexpr std::string_view kJsonTypes[] = {"json", "javascript", "ecmascript", "event-stream"};
constexpr std::string_view kMarkupTypes[] = {"html", "xml", "svg"};
constexpr std::string_view kCardTypes[] = {"vcard", "text/directory", "calendar"};
constexpr std::string_view kLdifTypes[] = {"ldif"};
// What is sent so may be anything.
constexpr std::string_view kVagueTypes[] = {"text/plain", "application/octet-stream"};

template <std::size_t kCount>
bool NamesOne(std::string_view type, const std::string_view (&words)[kCount]) noexcept {
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view word) {
    const auto equal = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
    return std::search(type.begin(), type.end(), word.begin(), word.end(), equal) != type.end();
  });
}

// The begin of a text, without byte order mark and blanks; of UTF-16 without the zeros.
class Start {
 public:
  explicit Start(Bytes prefix) noexcept {
    for (const std::byte b : prefix) {
      const auto c = static_cast<char>(b);
      const bool skipped = c == '\0' || c == '\xff' || c == '\xfe' || c == '\xef' || c == '\xbb' || c == '\xbf';
      if (size_ < text_.size() && !skipped) text_[size_++] = c;
    }
  }
  std::string_view text() const noexcept { return protocol::mime::Trim({text_.data(), size_}); }

 private:
  std::array<char, 64> text_;
  std::size_t size_ = 0;
};

// A bracket alone begins lines of logs, style sheets and RTF too.
bool BeginsJson(std::string_view s) noexcept {
  if (s.empty() || (s[0] != '{' && s[0] != '[')) return false;
  const std::string_view rest = protocol::mime::Trim(s.substr(1));
  if (rest.empty()) return false;
  return s[0] == '{' ? rest[0] == '"' || rest[0] == '\'' || rest[0] == '}'
                     : rest[0] == '"' || rest[0] == '{' || rest[0] == '[' || rest[0] == ']';
}

bool BeginsMarkup(std::string_view s) noexcept {
  if (s.size() < 2 || s[0] != '<') return false;
  const char next = static_cast<char>(s[1] | 0x20);
  return (next >= 'a' && next <= 'z') || s[1] == '!' || s[1] == '?' || s[1] == '/';
}

bool BeginsCard(std::string_view s) noexcept {
  using protocol::mime::StartsWithIgnoreCase;
  return StartsWithIgnoreCase(s, "BEGIN:VCARD") || StartsWithIgnoreCase(s, "BEGIN:VCALENDAR");
}

bool BeginsLdif(std::string_view s) noexcept {
  return s.starts_with("dn: ") || s.starts_with("dn:: ") || s.starts_with("version: 1\n") ||
         s.starts_with("version: 1\r\n");
}

// Names and values that are not text as they stand: only what an address may hold, and some of it escaped.
bool BeginsForm(std::string_view s) noexcept {
  constexpr std::string_view kMarks = "-._~%+=&*[]:/!'()";
  const auto may_stand = [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || kMarks.find(c) != kMarks.npos;
  };
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); };
  const std::size_t equals = s.find('='), escape = s.find('%');
  if (equals == 0 || equals == s.npos || escape == s.npos || escape < equals || escape + 2 >= s.size()) return false;
  return is_hex(s[escape + 1]) && is_hex(s[escape + 2]) && std::all_of(s.begin(), s.end(), may_stand);
}

// Puts one layer after the other around what there is.
class Wrapping {
 public:
  Wrapping(Body& body, LayerPtr inner) noexcept : body_(body) { escapes_.outermost = std::move(inner); }

  void Percent() noexcept { Put(body_.pool->Take<PercentEscapes>()); }
  void References() noexcept { Put(body_.pool->Take<CharacterReferences>()); }
  void Json(bool letters) noexcept {
    JsonEscapes* const layer = body_.pool->Take<JsonEscapes>();
    layer->SetLetters(letters);
    Put(layer);
  }
  void Lines(bool ldif) noexcept {
    DirectoryLines* const layer = body_.pool->Take<DirectoryLines>();
    layer->SetLdif(ldif);
    layer->Open(body_, std::move(escapes_.outermost), {});
    escapes_.outermost = LayerPtr(layer);
  }
  Escapes Take() noexcept { return std::move(escapes_); }

 private:
  void Put(EscapeLayer* layer) noexcept {
    layer->Open(body_, std::move(escapes_.outermost), {});
    escapes_.outermost = LayerPtr(layer);
    escapes_.layers[count_++] = layer;
  }

  Body& body_;
  Escapes escapes_;
  std::size_t count_ = 0;
};

}  // namespace

Notation NotationOf(std::string_view type, Bytes prefix) noexcept {
  const Start begin(prefix);
  const std::string_view start = begin.text();
  if (BeginsJson(start)) return Notation::kJson;
  if (BeginsMarkup(start)) return Notation::kMarkup;
  if (protocol::mime::EqualsIgnoreCase(type, "application/x-www-form-urlencoded")) return Notation::kForm;
  if (NamesOne(type, kJsonTypes)) return Notation::kJson;
  if (NamesOne(type, kMarkupTypes)) return Notation::kMarkup;
  if (BeginsCard(start) || NamesOne(type, kCardTypes)) return Notation::kCard;
  if (BeginsLdif(start) || NamesOne(type, kLdifTypes)) return Notation::kLdif;
  if (NamesOne(type, kVagueTypes) || type.empty()) return BeginsForm(start) ? Notation::kForm : Notation::kPlain;
  return Notation::kPlain;
}

Escapes OpenEscapes(Body& body, Notation notation, LayerPtr inner) noexcept {
  Wrapping wrapping(body, std::move(inner));
  // The last one stands first in the way of the bytes.
  switch (notation) {
    case Notation::kPlain:
      break;
    case Notation::kJson:
      wrapping.Percent();
      wrapping.References();
      wrapping.Json(true);
      break;
    case Notation::kMarkup:
      wrapping.Percent();
      wrapping.Json(false);
      wrapping.References();
      break;
    case Notation::kForm:
      wrapping.References();
      wrapping.Json(true);
      wrapping.Percent();
      break;
    case Notation::kCard:
    case Notation::kLdif:
      wrapping.Lines(notation == Notation::kLdif);
      break;
  }
  return wrapping.Take();
}

}  // namespace gander::content

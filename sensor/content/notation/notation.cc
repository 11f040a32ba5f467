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
  return s.starts_with("dn: ") || s.starts_with("dn:: ") || s.starts_with("version: 1\n") || s.starts_with("version: 1\r\n");
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

LayerPtr Put(Body& body, ConvertingLayer* layer, LayerPtr inner) noexcept {
  layer->Open(body, std::move(inner), {});
  return LayerPtr(layer);
}

LayerPtr OpenPercent(Body& body, LayerPtr inner) noexcept {
  return Put(body, body.pool->Take<PercentEscapes>(), std::move(inner));
}

LayerPtr OpenReferences(Body& body, LayerPtr inner) noexcept {
  return Put(body, body.pool->Take<CharacterReferences>(), std::move(inner));
}

LayerPtr OpenJson(Body& body, bool letters, LayerPtr inner) noexcept {
  JsonEscapes* const layer = body.pool->Take<JsonEscapes>();
  layer->SetLetters(letters);
  return Put(body, layer, std::move(inner));
}

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

LayerPtr OpenEscapes(Body& body, Notation notation, LayerPtr inner) noexcept {
  // The last one stands first in the way of the bytes.
  switch (notation) {
    case Notation::kPlain:
      break;
    case Notation::kJson:
      inner = OpenPercent(body, std::move(inner));
      inner = OpenReferences(body, std::move(inner));
      return OpenJson(body, true, std::move(inner));
    case Notation::kMarkup:
      inner = OpenPercent(body, std::move(inner));
      inner = OpenJson(body, false, std::move(inner));
      return OpenReferences(body, std::move(inner));
    case Notation::kForm:
      inner = OpenReferences(body, std::move(inner));
      inner = OpenJson(body, true, std::move(inner));
      return OpenPercent(body, std::move(inner));
    case Notation::kCard:
    case Notation::kLdif: {
      DirectoryLines* const lines = body.pool->Take<DirectoryLines>();
      lines->SetLdif(notation == Notation::kLdif);
      return Put(body, lines, std::move(inner));
    }
  }
  return inner;
}

}  // namespace gander::content

// SPDX-License-Identifier: Apache-2.0
#include "identify/sample_text.h"

#include <iterator>
#include <string_view>

namespace gander::identify {
namespace {

// Letters by their share of English text, in percent (E. S. Lewand, Cryptological Mathematics, table 1.1).
constexpr std::string_view kLetters =
    "eeeeeeeeeeeeetttttttttaaaaaaaaooooooooiiiiiiinnnnnnnsssssshhhhhhrrrrrrddddllllcccuuummmwwffggyyppbvk";

// Half of what is written consists of a few words, those of pages, scripts and messages between programs among them.
constexpr std::string_view kCommon[] = {
    "the",   "of",    "and",   "to",    "in",    "is",      "that",  "for",   "it",    "as",   "was",
    "with",  "be",    "by",    "on",    "not",   "he",      "his",   "are",   "this",  "at",   "from",
    "but",   "have",  "an",    "they",  "which", "one",     "you",   "were",  "all",   "her",  "she",
    "there", "would", "their", "we",    "him",   "been",    "has",   "when",  "who",   "will", "no",
    "more",  "if",    "out",   "so",    "said",  "what",    "up",    "its",   "about", "than", "into",
    "them",  "can",   "only",  "other", "time",  "new",     "some",  "could", "these", "two",  "may",
    "first", "then",  "do",    "any",   "like",  "my",      "now",   "over",  "such",  "our",  "man",
    "me",    "even",  "most",  "made",  "after", "also",    "well",  "page",  "home",  "name", "news",
    "click", "item",  "list",  "value", "title", "content", "index", "search",
    "html",     "head",    "body",    "div",      "section", "span",    "img",     "src",    "alt",     "href",
    "class",    "style",   "width",   "height",   "color",   "script",  "link",    "meta",   "button",  "header",
    "footer",   "image",   "static",  "assets",   "function", "return", "var",     "const",  "let",     "null",
    "true",     "false",   "type",    "status",   "state",   "session", "user",    "login",  "account", "password",
    "token",    "created", "updated", "active",   "error",   "info",    "message", "request", "response", "customer",
    "product",  "order",   "number",  "total",    "price",   "count",   "version", "path",   "host",    "query"};

class Author {
 public:
  explicit Author(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Below(std::uint64_t n) noexcept { return Next() % n; }

  std::string Word() {
    if (Below(2) == 0) return std::string(kCommon[Below(std::size(kCommon))]);
    std::string word;
    for (std::uint64_t left = 2 + Below(4) + Below(5); left > 0; --left)
      word += kLetters[Below(kLetters.size())];
    return word;
  }

  std::string Number(int digits) {
    std::string number(1, static_cast<char>('1' + Below(9)));
    while (--digits > 0) number += static_cast<char>('0' + Below(10));
    return number;
  }

  std::string Hex(int digits) {
    std::string hex;
    while (digits-- > 0) hex += "0123456789abcdef"[Below(16)];
    return hex;
  }

  std::string Time() {
    return "2026-0" + Number(1) + "-1" + std::to_string(Below(10)) + "T1" + std::to_string(Below(10)) + ":" +
           std::to_string(10 + Below(50)) + ":" + std::to_string(10 + Below(50)) + "Z";
  }

  std::string Words(std::uint64_t count) {
    std::string words = Word();
    while (--count > 0) words += ' ' + Word();
    return words;
  }

  std::string Paragraph() {
    std::string text;
    for (std::uint64_t left = 2 + Below(4); left > 0; --left) {
      std::string sentence = Words(6 + Below(12)) + ". ";
      sentence[0] = static_cast<char>(sentence[0] - 'a' + 'A');
      text += sentence;
    }
    return text + '\n';
  }

  std::string Json() {
    return "{\"id\":" + Number(8) + ",\"uuid\":\"" + Hex(8) + '-' + Hex(4) + '-' + Hex(4) + '-' + Hex(12) +
           "\",\"" + Word() + "\":\"" + Words(3) + "\",\"created\":\"" + Time() +
           "\",\"price\":" + Number(2) + '.' + Number(2) + ",\"" + Word() + "\":[" + Number(3) + ',' +
           Number(4) + "],\"active\":true}\n";
  }

  std::string Html() {
    return "<div class=\"" + Word() + "-" + Word() + "\" id=\"n" + Number(5) + "\"><a href=\"/" + Word() +
           '/' + Word() + "?page=" + Number(2) + "\">" + Words(4) + "</a><span>" + Words(9) +
           "</span></div>\n";
  }

  std::string Csv() {
    return Number(6) + ',' + Word() + ',' + Time() + ',' + Number(3) + '.' + Number(2) + ',' + Word() + ',' +
           Words(2) + '\n';
  }

 private:
  // splitmix64 (S. Vigna, public domain).
  std::uint64_t Next() noexcept {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15ULL;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
    return z ^ z >> 31;
  }

  std::uint64_t state_;
};

}  // namespace

std::string SampleText(const SampleOptions& options) {
  Author author(options.seed);
  std::string text;
  text.reserve(options.bytes + 1024);
  std::size_t next = 0;
  std::size_t next_at = options.spacing;
  while (text.size() < options.bytes) {
    // 4 KiB of one kind after another, so that every block that is scanned holds each of them.
    switch (text.size() / 4096 % 4) {
      case 0:
        text += author.Paragraph();
        break;
      case 1:
        text += author.Json();
        break;
      case 2:
        text += author.Html();
        break;
      default:
        text += author.Csv();
    }
    if (!options.sprinkled.empty() && text.size() >= next_at) {
      text += options.sprinkled[next++ % options.sprinkled.size()];
      text += ' ';
      next_at = text.size() + options.spacing;
    }
  }
  text.resize(options.bytes);
  return text;
}

}  // namespace gander::identify

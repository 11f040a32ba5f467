// SPDX-License-Identifier: Apache-2.0
#include "corpus/text.h"

#include <cctype>
#include <cstdio>

namespace gander::bench {
namespace {

constexpr const char* kCommon[] = {
    "the",     "of",      "and",      "to",       "a",        "in",      "is",      "it",       "for",
    "on",      "with",    "as",       "at",       "by",       "from",    "that",    "this",     "we",
    "are",     "was",     "or",       "be",       "an",       "have",    "not",     "all",      "can",
    "more",    "their",   "which",    "our",      "when",     "new",     "garden",  "river",    "market",
    "letter",  "window",  "station",  "autumn",   "recipe",   "museum",  "train",   "bridge",   "harbour",
    "concert", "library", "teacher",  "weather",  "kitchen",  "village", "product", "version",  "update",
    "service", "support", "account",  "order",    "delivery", "address", "payment", "phone",    "number",
    "email",   "card",    "bank",     "passport", "birth",    "health",  "patient", "password", "status",
    "result",  "total",   "customer", "company",  "project",  "network", "system",  "report",   "policy",
    "privacy", "search",  "login",    "image",    "video",    "header",  "footer",  "section",  "article",
    "summary", "detail",  "history",  "science",  "energy",   "travel",  "release"};
constexpr const char* kOnsets[] = {"b", "ch", "d", "f", "fl", "g",  "gr", "h", "k", "l",
                                   "m", "n",  "p", "r", "s",  "sk", "t",  "v", "w", "z"};
constexpr const char* kVowels[] = {"a", "e", "i", "o", "u", "ai", "ee", "oo"};
constexpr const char* kEndings[] = {"", "", "n", "r", "s", "t", "ld", "ning", "sion"};
constexpr int kInvented = 3000;

template <std::size_t N>
const char* Pick(Random& r, const char* const (&list)[N]) {
  return list[r.Below(N)];
}

std::string Two(std::uint32_t v) {
  return {static_cast<char>('0' + v / 10), static_cast<char>('0' + v % 10)};
}

std::string Uuid(Random& r) {
  return r.Hex(8) + '-' + r.Hex(4) + "-4" + r.Hex(3) + "-b" + r.Hex(3) + '-' + r.Hex(12);
}

}  // namespace

const char* MediaType(TextKind kind) {
  switch (kind) {
    case TextKind::kPage:
      return "text/html; charset=utf-8";
    case TextKind::kJson:
      return "application/json";
    case TextKind::kLog:
      return "text/plain";
    case TextKind::kScript:
      return "application/javascript";
  }
  return "text/plain";
}

TextMaker::TextMaker(Random random) : random_(random), words_(std::begin(kCommon), std::end(kCommon)) {
  for (int i = 0; i < kInvented; ++i) {
    std::string word;
    for (std::uint32_t syllables = random_.Between(1, 3); syllables > 0; --syllables) {
      word += Pick(random_, kOnsets);
      word += Pick(random_, kVowels);
    }
    words_.push_back(word + Pick(random_, kEndings));
  }
}

// The first of the list come most often, as words of a language do.
const std::string& TextMaker::Word() {
  const double u = random_.Unit();
  return words_[static_cast<std::size_t>(u * u * u * static_cast<double>(words_.size()))];
}

std::string TextMaker::Sentence() {
  std::string s = Word();
  s[0] = static_cast<char>(std::toupper(s[0]));
  for (std::uint32_t n = random_.Between(6, 19); n > 0; --n) {
    s += ' ';
    s += Word();
    if (random_.OneIn(40)) s += ' ' + random_.Number(static_cast<int>(random_.Between(1, 4)));
  }
  return s + ". ";
}

std::string TextMaker::IsoTime() {
  return "20" + Two(random_.Between(20, 26)) + '-' + Two(random_.Between(1, 12)) + '-' +
         Two(random_.Between(1, 28)) + 'T' + Two(random_.Below(24)) + ':' + Two(random_.Below(60)) + ':' +
         Two(random_.Below(60)) + 'Z';
}

void TextMaker::AddBlock(TextKind kind, std::string& out) {
  Random& r = random_;
  switch (kind) {
    case TextKind::kPage:
      out += "<section class=\"" + Word() + " c" + r.Number(2) + "\" id=\"s" + r.Number(5) + "\"><h2>" +
             Sentence() + "</h2>\n<p>";
      for (std::uint32_t n = r.Between(2, 7); n > 0; --n) out += Sentence();
      out += "</p>\n<a href=\"/" + Word() + '/' + Word() + '-' + r.Number(6) + "\">" + Word() +
             "</a><img src=\"/i/" + r.Hex(12) + ".webp\" width=\"" + r.Number(3) + "\" height=\"" +
             r.Number(3) + "\"><b>$" + r.Number(2) + '.' + r.Digits(2) + "</b></section>\n";
      return;
    case TextKind::kJson:
      out += "{\"id\":" + r.Number(7) + ",\"uuid\":\"" + Uuid(r) + "\",\"ts\":17" + r.Digits(11) +
             ",\"created\":\"" + IsoTime() + "\",\"title\":\"" + Word() + ' ' + Word() +
             "\",\"price\":" + r.Number(2) + '.' + r.Digits(2) + ",\"stock\":" + r.Number(2) +
             ",\"score\":0." + r.Digits(6) + ",\"tags\":[\"" + Word() + "\",\"" + Word() + "\"],\"text\":\"" +
             Sentence() + "\",\"ok\":true},\n";
      return;
    case TextKind::kLog:
      out += IsoTime() + " INFO [" + Word() + '-' + r.Number(2) + "] req=" + r.Hex(16) + " path=/" + Word() +
             '/' + Word() + " status=200 bytes=" + r.Number(5) + " ms=" + r.Number(2) + '.' + r.Digits(3) +
             " msg=\"" + Sentence() + "\"\n";
      return;
    case TextKind::kScript:
      out += "function " + Word() + r.Hex(3) + "(a,b){let n=" + r.Number(3) + ",s=\"" + Word() + "\";if(a[" +
             r.Number(2) + "]!==b." + Word() + ")return " + Word() + "(n^0x" + r.Hex(4) +
             ",{w:" + r.Number(4) + ",c:\"#" + r.Hex(6) + "\"});}\n";
      return;
  }
}

std::string TextMaker::Body(TextKind kind, std::size_t size, const std::function<void(std::string&)>& plant) {
  std::string out;
  out.reserve(size + 4096);
  if (kind == TextKind::kPage) {
    out = "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>" + Sentence() +
          "</title><link rel=\"stylesheet\" href=\"/s/" + random_.Hex(8) + ".css\"></head><body>\n";
  } else if (kind == TextKind::kJson) {
    out = "{\"items\":[\n";
  }
  while (out.size() < size) {
    AddBlock(kind, out);
    plant(out);
  }
  if (kind == TextKind::kPage) out += "</body></html>\n";
  if (kind == TextKind::kJson) out += "{}]}\n";
  return out;
}

}  // namespace gander::bench

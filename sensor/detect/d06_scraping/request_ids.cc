// SPDX-License-Identifier: Apache-2.0
#include "detect/d06_scraping/request_ids.h"

#include <algorithm>
#include <iterator>
#include <span>

namespace gander::detect {
namespace {

constexpr unsigned kBlockBits = 6;       // neighbours: ids that differ in the lowest six bits only
constexpr std::size_t kMaxDigits = 18;   // longer numbers do not fit into 64 bits and are taken as words

bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }
char Lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool IsLetter(char c) noexcept { return Lower(c) >= 'a' && Lower(c) <= 'z'; }
bool IsWordSign(char c) noexcept { return IsDigit(c) || IsLetter(c) || c == '_' || c == '-' ||
                                  static_cast<signed char>(c) < 0; }

bool AllDigits(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

// Without ".json" and the like.
std::string_view WithoutEnding(std::string_view segment) noexcept {
  const std::size_t dot = segment.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || segment.size() - dot > 6) return segment;
  const std::string_view ending = segment.substr(dot + 1);
  return std::all_of(ending.begin(), ending.end(), IsLetter) ? segment.substr(0, dot) : segment;
}

// Parameters that change with time or page size, not with the record asked for.
bool NamesNoRecord(std::string_view key) noexcept {
  static constexpr std::string_view kKeys[] = {"_",     "t",     "ts",    "time",  "timestamp", "nonce", "rand",
                                               "random",
                                               "cb",    "v",     "ver",   "version", "from",    "to",    "since",
                                                   "until",
                                               "start", "end",   "limit", "size",  "per_page",  "width", "height",
                                                   "token",
                                               "sig",   "signature", "session", "sid", "csrf",  "state", "code"};
  return std::any_of(std::begin(kKeys), std::end(kKeys), [&](std::string_view k) {
    return k.size() == key.size() && std::equal(k.begin(), k.end(), key.begin(),
                                                [](char a, char b) { return a == Lower(b); });
  });
}

}  // namespace

bool LooksLikeId(std::string_view text) noexcept {
  if (text.empty() || text.size() > 128) return false;
  std::size_t digits = 0, letters = 0;
  for (char c : text) {
    if (!IsWordSign(c) && c != '.' && c != ':' && c != '~') return false;
    digits += IsDigit(c);
    letters += IsLetter(c);
  }
  if (digits == text.size()) return true;
  // "v2", "ipv4", "oauth2": words of an interface, not of a record.
  return digits >= 2 && digits + letters >= 6 && 3 * digits >= letters;
}

void RequestIds::Read(std::string_view target) noexcept {
  shape_ = 0;
  count_ = 0;
  cut_ = target.size() > kMaxTarget;
  before_ = 0;
  target = target.substr(0, kMaxTarget);
  if (const std::size_t scheme = target.find("://"); scheme != std::string_view::npos && scheme < 8) {
    const std::size_t path = target.find('/', scheme + 3);
    target = path == std::string_view::npos ? "/" : target.substr(path);
  }
  if (target.empty() || target.front() != '/') return ReadStatement(target);
  target = target.substr(0, target.find('#'));
  const std::size_t query = target.find('?');
  ReadPath(target.substr(0, query));
  if (query != std::string_view::npos) ReadQuery(target.substr(query + 1));
}

// The last id of a path is the record; those before it ("/clinic/12/patient/4711") say where it lies.
void RequestIds::ReadPath(std::string_view path) noexcept {
  std::string_view last;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    if (const std::string_view bare = WithoutEnding(segment); LooksLikeId(bare)) {
      last = bare;
      Mix("{id}");
    } else {
      Mix(segment);
    }
  }
  if (!last.empty()) AddId(last);
}

// Values name records only where the path named none.
void RequestIds::ReadQuery(std::string_view query) noexcept {
  const bool named = count_ > 0;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    const std::string_view key = pair.substr(0, equals);
    const std::string_view value = equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    if (named || value.empty() || NamesNoRecord(key)) continue;
    const std::size_t before = count_;
    if (key == "query") {
      ReadStatement(value);  // GraphQL by GET
    } else {
      AddList(value);
    }
    // Keys without an id stay out of the shape: whoever makes one up for each request would make as many shapes.
    if (count_ > before) Mix(key);
  }
}

void RequestIds::AddList(std::string_view values) noexcept {
  while (!values.empty()) {
    std::size_t end = values.find(',');
    std::size_t skip = 1;
    if (const std::size_t coded = values.find("%2C"); coded < end) {
      end = coded;
      skip = 3;
    }
    const std::string_view value = values.substr(0, end);
    values.remove_prefix(end == std::string_view::npos ? values.size() : std::min(values.size(), end + skip));
    if (LooksLikeId(value)) AddId(value);
  }
}

// Words belong to the shape, literals are ids: numbers and what stands in quotes. What follows LIMIT, OFFSET, FIRST
// or TOP says how many, not which.
void RequestIds::ReadStatement(std::string_view statement) noexcept {
  std::size_t at = 0;
  while (at < statement.size()) {
    const char c = statement[at];
    if (c == '%' && at + 2 < statement.size()) {
      at += 3;  // a coded sign parts words
      continue;
    }
    if (c == '\'' || c == '"') {
      at = ReadQuoted(statement, at + 1);
    } else if (IsWordSign(c)) {
      at = ReadWord(statement, at);
    } else {
      const bool still_counts = before_ == 'n' && (c == ':' || c == '=');
      if (c != ' ' && c != ',' && !still_counts) before_ = c;
      ++at;
    }
  }
}

std::size_t RequestIds::ReadQuoted(std::string_view statement, std::size_t at) noexcept {
  const std::size_t end = std::min(statement.find(statement[at - 1], at), statement.size());
  if (end > at) AddId(statement.substr(at, end - at));
  return end + 1;
}

std::size_t RequestIds::ReadWord(std::string_view statement, std::size_t at) noexcept {
  std::size_t end = at;
  while (end < statement.size() && IsWordSign(statement[end])) ++end;
  const std::string_view word = statement.substr(at, end - at);
  // A filter such as (uid=ab4711) has its value bare.
  if (AllDigits(word) || (before_ == '=' && LooksLikeId(word))) {
    if (before_ != 'n') AddId(word);
    before_ = 0;
    return end;
  }
  Mix(word);
  static constexpr std::string_view kCounts[] = {"limit", "offset", "first", "top", "fetch", "skip", "last"};
  const bool counts = std::any_of(std::begin(kCounts), std::end(kCounts), [&](std::string_view k) {
    return k.size() == word.size() && std::equal(k.begin(), k.end(), word.begin(),
                                                 [](char a, char b) { return a == Lower(b); });
  });
  before_ = counts ? 'n' : 'w';  // signs that cannot stand there themselves, since they are letters
  return end;
}

void RequestIds::AddId(std::string_view text) noexcept {
  if (count_ == kMost) {
    cut_ = true;
    return;
  }
  RecordId id;
  if (AllDigits(text) && text.size() <= kMaxDigits) {
    std::uint64_t number = 0;
    for (char c : text) number = 10 * number + static_cast<std::uint64_t>(c - '0');
    id.tag = SipHash13(key_, number);
    id.block = SipHash13(key_, ~(number >> kBlockBits));  // no block is ever the tag of a number
    if (id.block == 0) id.block = 1;
  } else {
    id.tag = SipHash13(key_, std::as_bytes(std::span(text.data(), text.size())));
  }
  ids_[count_++] = id;
}

void RequestIds::Mix(std::string_view constant) noexcept {
  const std::uint64_t word = SipHash13(key_, std::as_bytes(std::span(constant.data(), constant.size())));
  shape_ = Mix64(shape_ * 0x9e3779b97f4a7c15ULL + word);
}

}  // namespace gander::detect

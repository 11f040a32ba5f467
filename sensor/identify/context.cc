// SPDX-License-Identifier: Apache-2.0
// Folding and matching of context words.
#include "identify/context.h"

#include <algorithm>
#include <deque>

#include "identify/char_class.h"

namespace gander::identify {
namespace {

// Base letters of U+00C0..U+00FF and U+0100..U+017F; '.' keeps what is there.
constexpr std::string_view kLatin1 =
    "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty";
constexpr std::string_view kLatinA =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
    "nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

// Second script bytes fold to lower case in place: Cyrillic and Greek capitals.
void FoldTwoByte(unsigned char lead, unsigned char next, char*& out) noexcept {
  const unsigned point = (lead & 0x1Fu) << 6 | (next & 0x3Fu);
  if (point >= 0xC0 && point < 0x100 && kLatin1[point - 0xC0] != '.') {
    *out++ = kLatin1[point - 0xC0];
    return;
  }
  if (point >= 0x100 && point < 0x100 + kLatinA.size()) {
    *out++ = kLatinA[point - 0x100];
    return;
  }
  if (point >= 0x300 && point < 0x370) return;  // combining accents
  unsigned lower = point;
  if (point >= 0x391 && point <= 0x3A9) lower = point + 0x20;
  if (point >= 0x410 && point <= 0x42F) lower = point + 0x20;
  if (point >= 0x400 && point <= 0x40F) lower = point + 0x50;
  *out++ = static_cast<char>(0xC0 | lower >> 6);
  *out++ = static_cast<char>(0x80 | (lower & 0x3F));
}

// Scripts written without spaces: their words have no border to look for.
bool NeedsBorder(char c) noexcept {
  const auto b = static_cast<unsigned char>(c);
  return b < 0x80 ? IsAlnum(c) : b < 0xE3;
}

}  // namespace

std::size_t FoldContext(std::string_view raw, char* out, std::size_t capacity) noexcept {
  char* const begin = out;
  char* const stop = out + (capacity >= 4 ? capacity - 3 : 0);
  bool after_lower = false;
  for (std::size_t i = 0; i < raw.size() && out < stop; ++i) {
    const char c = raw[i];
    if (IsAscii(c)) {
      if (IsAlnum(c)) {
        if (IsUpper(c) && after_lower) *out++ = ' ';
        *out++ = ToLower(c);
        after_lower = IsLower(c);
        continue;
      }
      after_lower = false;
      if (out != begin && out[-1] != ' ') *out++ = ' ';
      continue;
    }
    after_lower = false;
    const auto b = static_cast<unsigned char>(c);
    if (b >= 0xC3 && b < 0xE0 && i + 1 < raw.size() && IsContinuation(raw[i + 1])) {
      FoldTwoByte(b, static_cast<unsigned char>(raw[++i]), out);
    } else {
      *out++ = c;
    }
  }
  return static_cast<std::size_t>(out - begin);
}

void ContextMatcher::Add(std::string_view word, IdType rule) {
  char folded[256];
  std::string_view key(folded, FoldContext(word, folded, sizeof folded));
  while (!key.empty() && key.back() == ' ') key.remove_suffix(1);
  while (!key.empty() && key.front() == ' ') key.remove_prefix(1);
  if (key.empty()) return;
  auto at = std::find_if(words_.begin(), words_.end(), [&](const Word& w) { return w.folded == key; });
  if (at == words_.end()) at = words_.insert(at, Word{std::string(key), {}});
  const auto place = std::lower_bound(at->rules.begin(), at->rules.end(), rule);
  if (place == at->rules.end() || *place != rule) at->rules.insert(place, rule);
}

void ContextMatcher::Freeze() {
  for (const Word& w : words_) {
    for (char c : w.folded) {
      std::uint8_t& column = column_[static_cast<unsigned char>(c)];
      if (column == 0) column = static_cast<std::uint8_t>(columns_++);
    }
  }
  nodes_.assign(1, Node{});
  table_.assign(columns_, 0);
  for (std::size_t w = 0; w < words_.size(); ++w) {
    std::size_t node = 0;
    for (char c : words_[w].folded) {
      const std::size_t cell = node * columns_ + column_[static_cast<unsigned char>(c)];
      if (table_[cell] == 0) {
        table_[cell] = static_cast<std::uint16_t>(nodes_.size());
        nodes_.push_back(Node{});
        table_.resize(nodes_.size() * columns_, 0);
      }
      node = table_[cell];
    }
    nodes_[node].word = static_cast<std::int32_t>(w);
  }
  std::deque<std::size_t> queue;
  for (std::size_t c = 1; c < columns_; ++c) {
    if (table_[c] != 0) queue.push_back(table_[c]);
  }
  while (!queue.empty()) {
    const std::size_t node = queue.front();
    queue.pop_front();
    const auto fail = static_cast<std::size_t>(nodes_[node].fail);
    nodes_[node].next_word = nodes_[fail].word >= 0 ? static_cast<std::int32_t>(fail) : nodes_[fail].next_word;
    for (std::size_t c = 1; c < columns_; ++c) {
      std::uint16_t& cell = table_[node * columns_ + c];
      if (cell == 0) {
        cell = table_[fail * columns_ + c];
      } else {
        nodes_[cell].fail = table_[fail * columns_ + c];
        queue.push_back(cell);
      }
    }
  }
}

bool ContextMatcher::Bordered(std::string_view folded, std::size_t end, const Word& word) const noexcept {
  const std::size_t begin = end - word.folded.size();
  const char first = word.folded.front(), last = word.folded.back();
  const auto runs_on = [](char edge, char beyond) {
    return IsAscii(edge) ? IsLetter(beyond) : !IsAscii(beyond) && static_cast<unsigned char>(beyond) < 0xE3;
  };
  if (NeedsBorder(first) && begin > 0 && runs_on(first, folded[begin - 1])) return false;
  // The last byte of a word may be a continuation byte; its script is that of the first.
  if (NeedsBorder(first) && end < folded.size() && runs_on(IsAscii(last) ? last : first, folded[end])) return false;
  return true;
}

void ContextMatcher::Match(std::string_view folded, ContextWords& out) const noexcept {
  std::size_t node = 0;
  for (std::size_t i = 0; i < folded.size(); ++i) {
    node = table_[node * columns_ + column_[static_cast<unsigned char>(folded[i])]];
    for (auto n = static_cast<std::int32_t>(node); n > 0; n = nodes_[static_cast<std::size_t>(n)].next_word) {
      const std::int32_t w = nodes_[static_cast<std::size_t>(n)].word;
      if (w >= 0 && Bordered(folded, i + 1, words_[static_cast<std::size_t>(w)])) out.Add(static_cast<std::uint16_t>(w));
    }
  }
}

bool ContextMatcher::IsWhole(std::string_view folded, IdType rule) const noexcept {
  return std::any_of(words_.begin(), words_.end(), [&](const Word& w) {
    return w.folded == folded && std::binary_search(w.rules.begin(), w.rules.end(), rule);
  });
}

bool ContextMatcher::Names(const ContextWords& words, IdType rule) const noexcept {
  for (std::uint8_t i = 0; i < words.count; ++i) {
    const auto& rules = words_[words.ids[i]].rules;
    if (std::binary_search(rules.begin(), rules.end(), rule)) return true;
  }
  return false;
}

}  // namespace gander::identify

// SPDX-License-Identifier: Apache-2.0
// Columns, keys and nearby words.
#include "identify/context_reader.h"

#include <algorithm>
#include <cstring>

#include "base/hash.h"
#include "identify/byte_block.h"
#include "identify/char_class.h"
#include "identify/key_finder.h"

namespace gander::identify {
namespace {

std::uint64_t HashOf(std::string_view key) noexcept {
  std::uint64_t h = key.size();
  std::size_t i = 0;
  for (; i + 8 <= key.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, key.data() + i, 8);
    h = Mix64(h ^ word);
  }
  std::uint64_t word = 0;
  std::memcpy(&word, key.data() + i, key.size() - i);
  return Mix64(h ^ word);
}

// Where the last digit of text[begin, end) ends; `begin` where there is none, or none is near.
std::size_t BehindLastDigit(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  constexpr std::size_t kNear = 16;
  const std::size_t least = end - begin > kNear ? end - kNear : begin;
  while (end > least && !IsDigit(text[end - 1])) --end;
  return end > least ? end : begin;
}

}  // namespace

ContextReader::ContextReader(const RuleSet::Impl& rules, std::size_t reach)
    : rules_(rules), reach_(std::min(reach + 16, kMaxKeyReach)), cache_(kCachedKeys), columns_(kCachedColumns) {}

void ContextReader::Match(std::string_view raw, ContextWords& out) noexcept {
  rules_.context.Match(raw, out);
}

ContextWords ContextReader::WordsOf(std::string_view key) noexcept {
  ContextWords words;
  if (key.size() > kMaxCachedKey) {
    Match(key, words);
    return words;
  }
  CachedKey& c = cache_[HashOf(key) & (kCachedKeys - 1)];
  if (c.length == key.size() && std::memcmp(c.key, key.data(), key.size()) == 0) return c.words;
  Match(key, words);
  c.length = static_cast<std::uint8_t>(key.size());
  std::memcpy(c.key, key.data(), key.size());
  c.words = words;
  return words;
}

ContextWords ContextReader::Beside(const Window& window, std::size_t begin,
                                   TableColumns* columns) noexcept {
  if (columns != nullptr) {
    if (const Column* column = columns->current()) return column->words;
  }
  if (GoesOnBarren(window, begin)) return {};
  const KeyRegion region = FindKey(window.text, begin, reach_);
  const std::string_view raw = window.text.substr(region.begin, region.end - region.begin);
  if (region.is_key) return WordsOf(raw);
  const ContextWords near = WordsOfText(window, region.begin, region.end, begin);
  if (window.name_words == nullptr) return near;
  ContextWords words = *window.name_words;
  words.Append(near);
  return words;
}

// Whether `begin` stands behind a delimiter in text that holds no word as far as it may be looked at: it is known up to
// the last value, and no letter came since. Rows of numbers are read so.
bool ContextReader::GoesOnBarren(const Window& window, std::size_t begin) noexcept {
  constexpr std::size_t kMaxNew = 2 * ByteBlock::kBytes;
  const std::string_view text = window.text;
  if (barren_text_ != text.data() || window.name_words != nullptr) return false;
  if (begin <= barren_end_ || begin - barren_end_ > kMaxNew || begin < barren_begin_ + reach_) return false;
  const char before = text[begin - 1];
  if (before != ',' && before != ';') return false;
  std::uint32_t letters = 0;
  EachBlock(text.substr(barren_end_, begin - barren_end_),
            [&](const ByteBlock& block, std::size_t) { letters |= block.Letters() | block.Foreign(); });
  if (letters != 0) return false;
  barren_end_ = begin;
  return true;
}

ContextWords ContextReader::WordsOfText(const Window& window, std::size_t begin, std::size_t end,
                                        std::size_t value) noexcept {
  ContextWords words;
  const bool known = barren_text_ == window.text.data() && begin >= barren_begin_ && begin <= barren_end_;
  // Values part words, so none reaches over the end of what was read up to a value.
  const std::size_t from = known ? std::min(std::max(begin, barren_end_), end) : begin;
  if (from < end) Match(window.text.substr(from, end - from), words);
  if (words.count > 0) {
    // A word before `from` may have been cut off by an earlier, shorter region; read it all.
    if (from > begin) {
      words = ContextWords{};
      Match(window.text.substr(begin, end - begin), words);
    }
    return words;
  }
  // Letters that were tried as the begin of a value may be the end of a word of the value behind them, but none reaches
  // back over another value.
  if (IsLetter(window.At(value))) {
    end = BehindLastDigit(window.text, begin, end);
    if (end == begin) return words;
  }
  barren_text_ = window.text.data();
  barren_begin_ = known ? barren_begin_ : begin;
  barren_end_ = known ? std::max(barren_end_, end) : end;
  return words;
}

ContextWords ContextReader::Behind(const Window& window, std::size_t end) noexcept {
  constexpr std::size_t kBehind = 24;
  ContextWords words;
  std::string_view raw = window.text.substr(end, kBehind);
  Match(raw.substr(0, raw.find('|')), words);
  return words;
}

ContextWords ContextReader::BehindInSentence(const Window& window, std::size_t end) noexcept {
  constexpr std::size_t kBehind = 48;
  ContextWords words;
  if (window.At(end) != ' ' || !IsLetter(window.At(end + 1))) return words;
  const std::string_view raw = window.text.substr(end, kBehind);
  const auto stop = raw.find_first_of("\r\n:=\"<>{}[]|;,0123456789");
  const char end_sign = stop != std::string_view::npos ? raw[stop] : '\0';
  const bool names_another = end_sign == ':' || end_sign == '=' || IsDigit(end_sign);
  if (!names_another) Match(raw.substr(0, stop), words);
  return words;
}

Column ContextReader::NameColumn(std::string_view name) noexcept {
  if (name.size() > kMaxCachedKey) return MakeColumn(name);
  CachedColumn& c = columns_[HashOf(name) & (kCachedColumns - 1)];
  if (c.length != name.size() || std::memcmp(c.key, name.data(), name.size()) != 0) {
    c.column = MakeColumn(name);
    c.length = static_cast<std::uint8_t>(name.size());
    std::memcpy(c.key, name.data(), name.size());
  }
  return c.column;
}

Column ContextReader::MakeColumn(std::string_view name) const noexcept {
  Column column;
  rules_.context.Match(name, column.words);
  // Only a column that is called as the rule says, no more and no less: "name" is one, "file name" is not.
  char folded[160];
  std::string_view key(folded, FoldContext(name, folded, sizeof folded));
  while (!key.empty() && key.back() == ' ') key.remove_suffix(1);
  for (IdType rule : rules_.field_rules) {
    if (rules_.context.IsWhole(key, rule)) column.field_rule = rule;
  }
  return column;
}

}  // namespace gander::identify

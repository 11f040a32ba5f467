// SPDX-License-Identifier: Apache-2.0
// Folding and matching of context words.
#include "identify/context.h"

#include <algorithm>
#include <bit>
#include <deque>

#include "identify/byte_block.h"
#include "identify/char_class.h"

namespace gander::identify {
namespace {

// Base letters of U+00C0..U+00FF and U+0100..U+017F; '.' keeps what is there.
constexpr std::string_view kLatin1 = "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty";
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

// What a byte says of where words can begin.
enum class Glyph : std::uint8_t {
  kOther,
  kLower,
  kUpper,
  kForeign,     // lead byte of a letter of a script with borders: accented Latin, Cyrillic, Arabic, Indic ...
  kBorderless,  // lead byte of Chinese, Japanese, Korean
  kContinuation,
};
constexpr std::array<Glyph, 256> MakeGlyphs() {
  std::array<Glyph, 256> table{};
  for (unsigned b = 0; b < 256; ++b) {
    const char c = static_cast<char>(b);
    table[b] = IsLower(c)   ? Glyph::kLower
               : IsUpper(c) ? Glyph::kUpper
               : b < 0x80   ? Glyph::kOther
               : b < 0xC0   ? Glyph::kContinuation
               : b < 0xE3   ? Glyph::kForeign
                            : Glyph::kBorderless;
  }
  return table;
}
constexpr auto kGlyphs = MakeGlyphs();

// Two letters are part of a host's name as often as a word: "travis-ci.org", "ci.example.com".
constexpr std::size_t kShort = 2;
bool IsLabel(std::string_view raw, std::size_t end) noexcept {
  return end + 1 < raw.size() && raw[end] == '.' && IsLower(raw[end + 1]);
}

// Scripts written without spaces: their words have no border to look for.
bool NeedsBorder(char c) noexcept {
  const auto b = static_cast<unsigned char>(c);
  return b < 0x80 ? IsAlnum(c) : b < 0xE3;
}

}  // namespace

void ContextWords::Add(std::uint16_t id, bool within) noexcept {
  std::uint8_t i = 0;
  while (i < count && ids[i] != id) ++i;
  if (i < count) {
    if (within) return;
  } else if (count == kMax) {
    i = 0;
  } else {
    i = count++;
  }
  // To the end, or just before what is there.
  const auto place = static_cast<std::uint8_t>(within && count > 1 ? count - 2 : count - 1);
  for (; i < place; ++i) ids[i] = ids[i + 1u];
  for (; i > place; --i) ids[i] = ids[i - 1u];
  ids[place] = id;
}

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

void ContextMatcher::Add(std::string_view word, IdType rule) { AddTo(added_, word, rule); }
void ContextMatcher::AddForeign(std::string_view word, IdType rule) { AddTo(added_foreign_, word, rule); }

void ContextMatcher::AddTo(Added& words, std::string_view word, IdType rule) {
  char folded[256];
  std::string_view key(folded, FoldContext(word, folded, sizeof folded));
  while (!key.empty() && key.back() == ' ') key.remove_suffix(1);
  while (!key.empty() && key.front() == ' ') key.remove_prefix(1);
  if (key.empty()) return;
  std::vector<IdType>& rules = words.try_emplace(std::string(key)).first->second;
  const auto place = std::lower_bound(rules.begin(), rules.end(), rule);
  if (place == rules.end() || *place != rule) rules.insert(place, rule);
}

// Which rules each word names. Only the longest word that begins at a place is taken, so it names what the shorter ones
// in its front name, too.
void ContextMatcher::MakeNamed() {
  IdType most = 0;
  for (const Word& w : words_) most = std::max(most, w.rules.back());
  stride_ = most / 64 + 1u;
  named_.assign(words_.size() * 2 * stride_, 0);
  foreign_.assign(words_.size() * stride_, 0);
  for (std::size_t i = 0; i < words_.size(); ++i) {
    const std::string& folded = words_[i].folded;
    for (std::size_t n = 1; n <= folded.size(); ++n) {
      const bool ends = n == folded.size()    ? true
                        : IsAscii(folded[n]) ? !IsLetter(folded[n])
                                             : !NeedsBorder(folded[0]);
      if (!ends) continue;
      const auto rules = added_.find(std::string_view(folded).substr(0, n));
      if (rules == added_.end()) continue;
      const auto strange = added_foreign_.find(rules->first);
      for (IdType rule : rules->second) {
        const std::size_t at = i * 2 * stride_ + rule / 64u;
        const bool foreign = strange != added_foreign_.end() &&
                             std::binary_search(strange->second.begin(), strange->second.end(), rule);
        std::uint64_t& marks = foreign_[i * stride_ + rule / 64u];
        const std::uint64_t mark = std::uint64_t{1} << (rule % 64);
        marks = foreign ? marks | mark : marks & ~mark;  // the longest front decides
        named_[at] |= std::uint64_t{1} << (rule % 64);
        if (n == folded.size()) named_[at + stride_] |= std::uint64_t{1} << (rule % 64);
      }
    }
  }
}

void ContextMatcher::Freeze() {
  for (const auto& [folded, rules] : added_) words_.push_back({folded, rules});
  MakeNamed();
  added_.clear();
  added_foreign_.clear();
  nodes_.assign(1, Node{});
  bytes_.assign(1, 0);
  // Breadth first, so that the children of a node lie side by side. Each queue entry is a range of words that
  // share the path to its node.
  struct Range {
    std::size_t node, low, high, depth;
  };
  std::deque<Range> queue{{0, 0, words_.size(), 0}};
  while (!queue.empty()) {
    Range r = queue.front();
    queue.pop_front();
    if (r.low < r.high && words_[r.low].folded.size() == r.depth) {
      nodes_[r.node].word = static_cast<std::int32_t>(r.low++);
    }
    if (r.depth > 0 && r.high - r.low == 1 && nodes_[r.node].word < 0) {
      nodes_[r.node].only = static_cast<std::int32_t>(r.low);
      continue;
    }
    nodes_[r.node].first_child = static_cast<std::uint32_t>(nodes_.size());
    while (r.low < r.high) {
      const char c = words_[r.low].folded[r.depth];
      std::size_t end = r.low;
      while (end < r.high && words_[end].folded[r.depth] == c) ++end;
      queue.push_back({nodes_.size(), r.low, end, r.depth + 1});
      nodes_.emplace_back();
      bytes_.push_back(static_cast<unsigned char>(c));
      ++nodes_[r.node].child_count;
      r.low = end;
    }
  }
  for (const Word& w : words_) {
    const auto at = [&](std::size_t i) { return i < w.folded.size() ? w.folded[i] : ' '; };
    const std::size_t bit = Trigram(at(0), at(1), at(2));
    begins_[bit >> 6] |= 1ULL << (bit & 63);
    const std::size_t four = FourOf(at(0), at(1), at(2), at(3));
    fours_[four >> 6] |= 1ULL << (four & 63);
  }
  for (std::uint32_t i = 0; i < nodes_[0].child_count; ++i) {
    roots_[bytes_[nodes_[0].first_child + i]] = nodes_[0].first_child + i;
  }
}

// A capital behind a small letter begins another word: it stands for a space.
char ContextMatcher::Third(char second, char third) noexcept {
  return IsLower(second) && IsUpper(third) ? ' ' : third;
}

std::size_t ContextMatcher::Trigram(char a, char b, char c) noexcept {
  const auto five = [](char x) -> std::size_t {
    return IsLetter(x) || !IsAscii(x) ? static_cast<std::size_t>(x & 31) : 0;
  };
  return five(a) << 10 | five(b) << 5 | five(c);
}

const ContextMatcher::Node* ContextMatcher::Child(const Node& node, char c) const noexcept {
  const unsigned char* const bytes = bytes_.data() + node.first_child;
  for (std::uint32_t i = 0; i < node.child_count; ++i) {
    if (bytes[i] == static_cast<unsigned char>(c)) return nodes_.data() + node.first_child + i;
  }
  return nullptr;
}

// Whether a word that begins with `text` may end with text[last].
bool ContextMatcher::EndsAt(std::string_view text, std::size_t last) const noexcept {
  if (!NeedsBorder(text[0])) return true;
  const char next = last + 1 < text.size() ? text[last + 1] : ' ';
  return IsAscii(text[last]) ? !IsLetter(next) : IsAscii(next) || static_cast<unsigned char>(next) >= 0xE3;
}

// Follows the trie with the folded `text`; `longest` gets the longest word that ends at a border. Returns how many
// bytes were asked for.
std::size_t ContextMatcher::Follow(std::string_view text, std::int32_t& longest) const noexcept {
  const Node* node = nullptr;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0) {
      node = Child(*node, text[i]);
    } else if (const std::uint32_t root = roots_[static_cast<unsigned char>(text[0])]; root != 0) {
      node = nodes_.data() + root;
    }
    if (node == nullptr) return i + 1;
    if (node->only >= 0) return FollowOnly(text, i + 1, node->only, longest);
    if (node->word >= 0 && EndsAt(text, i)) longest = node->word;
  }
  return text.size();
}

// The same where text[0, from) is the front of one word alone.
std::size_t ContextMatcher::FollowOnly(std::string_view text, std::size_t from, std::int32_t word,
                                       std::int32_t& longest) const noexcept {
  const std::string_view whole = words_[static_cast<std::size_t>(word)].folded;
  const std::size_t shorter = std::min(text.size(), whole.size());
  while (from < shorter && text[from] == whole[from]) ++from;
  if (from == whole.size() && EndsAt(text, from - 1)) longest = word;
  return std::min(from + 1, text.size());
}

void ContextMatcher::Enter(std::string_view raw, std::size_t at, std::size_t& reached,
                           ContextWords& out) const noexcept {
  constexpr std::size_t kGlance = 8;  // most of what begins as a word parts from it soon
  char folded[kMaxWord + 4];
  std::int32_t longest = -1;
  std::string_view text(folded, FoldContext(raw.substr(at, kGlance), folded, sizeof folded));
  // Where the glance ends, a character may be cut in two.
  if (Follow(text, longest) >= text.size() && raw.size() - at > kGlance) {
    longest = -1;
    text = {folded, FoldContext(raw.substr(at, kMaxWord), folded, sizeof folded)};
    Follow(text, longest);
  }
  if (longest < 0) return;
  const std::size_t size = words_[static_cast<std::size_t>(longest)].folded.size();
  if (size == kShort && IsLabel(raw, at + size)) return;
  out.Add(static_cast<std::uint16_t>(longest), at < reached);
  reached = std::max(reached, at + size);
}

void ContextMatcher::Match(std::string_view raw, ContextWords& out) const noexcept {
  std::uint64_t letter_before = 0, upper_before = 0;
  std::size_t reached = 0;
  for (std::size_t begin = 0; begin < raw.size(); begin += 64) {
    std::uint64_t lower = 0, upper = 0, foreign = 0;
    EachBlock(raw.substr(begin, 64), [&](const ByteBlock& block, std::size_t at) {
      lower |= std::uint64_t{block.Within('a', 'z')} << at;
      upper |= std::uint64_t{block.Within('A', 'Z')} << at;
      foreign |= block.Foreign();
    });
    if (foreign != 0) return MatchAny(raw, begin, reached, out);
    const std::uint64_t letters = lower | upper;
    std::uint64_t starts = (lower & ~(letters << 1 | letter_before)) | (upper & ~(upper << 1 | upper_before));
    letter_before = letters >> 63;
    upper_before = upper >> 63;
    for (; starts != 0; starts &= starts - 1) {
      const std::size_t i = begin + static_cast<std::size_t>(std::countr_zero(starts));
      const char second = i + 1 < raw.size() ? raw[i + 1] : ' ', third = i + 2 < raw.size() ? raw[i + 2] : ' ';
      const char fourth = i + 3 < raw.size() ? raw[i + 3] : ' ';
      const bool ascii = IsAscii(second) && IsAscii(third);
      const bool plain = (letters >> (i - begin) & 7) == 7 && Third(second, third) == third &&
                         Third(raw[i], second) == second && IsAscii(fourth);
      const bool may_begin = plain   ? MayGoOn(raw[i], second, third, fourth)
                             : ascii ? MayBegin(raw[i], second, Third(second, third))
                                     : true;
      if (may_begin) Enter(raw, i, reached, out);
    }
  }
}

// The same of raw[from, end) whatever its script, byte by byte; raw[from - 1] is ASCII.
void ContextMatcher::MatchAny(std::string_view raw, std::size_t from, std::size_t& reached,
                              ContextWords& out) const noexcept {
  Glyph before = from > 0 ? kGlyphs[static_cast<unsigned char>(raw[from - 1])] : Glyph::kOther;
  for (std::size_t i = from; i < raw.size(); ++i) {
    const char c = raw[i];
    const Glyph glyph = kGlyphs[static_cast<unsigned char>(c)];
    const Glyph last = before;
    before = glyph == Glyph::kContinuation ? last : glyph;
    const bool inside_word = (glyph == Glyph::kLower && (last == Glyph::kLower || last == Glyph::kUpper)) ||
                             (glyph == Glyph::kUpper && last == Glyph::kUpper) ||
                             (glyph == Glyph::kForeign && last == Glyph::kForeign);
    if (glyph == Glyph::kOther || glyph == Glyph::kContinuation || inside_word) continue;
    const char second = i + 1 < raw.size() ? raw[i + 1] : ' ', third = i + 2 < raw.size() ? raw[i + 2] : ' ';
    // An accented letter folds to one that is not known yet; only plain trigrams and those of borderless
    // scripts can be ruled out.
    const bool plain = IsAscii(c) && IsAscii(second) && IsAscii(third);
    if ((plain || glyph == Glyph::kBorderless) && !MayBegin(c, second, Third(second, third))) continue;
    Enter(raw, i, reached, out);
  }
}

bool ContextMatcher::IsWhole(std::string_view folded, IdType rule) const noexcept {
  const auto at = std::lower_bound(words_.begin(), words_.end(), folded,
                                   [](const Word& w, std::string_view text) { return w.folded < text; });
  return at != words_.end() && at->folded == folded && std::binary_search(at->rules.begin(), at->rules.end(), rule);
}

}  // namespace gander::identify

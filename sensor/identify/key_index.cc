// SPDX-License-Identifier: Apache-2.0
#include "identify/key_index.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "identify/bit_list.h"
#include "identify/byte_block.h"
#include "identify/char_class.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace gander::identify {
namespace {

constexpr std::size_t kMaxBlanks = 16;  // between a key and its mark
constexpr std::string_view kValue = " value";

bool IsQuote(char c) noexcept { return c == '"' || c == '\'' || c == '`'; }

// Each of : = < > among 64 bytes.
#if defined(__AVX2__)
std::uint64_t MarksOf(const char* p) noexcept {
  // All four are of row 3 of the ASCII table; what is of another row looks up 0.
  const __m256i table = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, -1, -1, -1, 0));
  const auto look = [&](const char* at) {
    const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    const __m256i column = _mm256_adds_epu8(_mm256_xor_si256(x, _mm256_set1_epi8(0x30)), _mm256_set1_epi8(0x70));
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_shuffle_epi8(table, column)));
  };
  return std::uint64_t{look(p + 32)} << 32 | look(p);
}
#else
std::uint64_t MarksOf(const char* p) noexcept {
  std::uint64_t marks = 0;
  for (std::size_t at = 0; at < 64; at += ByteBlock::kBytes) {
    const ByteBlock block(p + at);
    marks |= std::uint64_t{block.Equal(':') | block.Within('<', '>')} << at;
  }
  return marks;
}
#endif

constexpr std::uint64_t kLower = 0x2020202020202020ULL;

// Knuth's multiplicative hashing (6.4): the upper `bits` of the product.
template <class Word>
std::uint32_t EndingOf(const char* end, int bits) noexcept {
  Word word;
  std::memcpy(&word, end - sizeof word, sizeof word);
  return (word | static_cast<Word>(kLower)) * 0x9E3779B1U >> (32 - bits);
}
void SetBit(std::uint64_t* words, std::uint32_t bit) noexcept { words[bit >> 6] |= std::uint64_t{1} << (bit & 63); }
bool HasBit(const std::uint64_t* words, std::uint32_t bit) noexcept { return (words[bit >> 6] >> (bit & 63) & 1) != 0; }

#if defined(__AVX2__)
// As KeyIndex::TailOf, of what ends at `end`; sixteen bytes may be read before it.
inline std::uint64_t TailBefore(const char* end) noexcept {
  const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(end - 16));
  // A range of n bytes moved to the lowest n values that a signed byte has.
  const auto within = [](__m128i v, char low, int n) {
    const __m128i moved = _mm_add_epi8(v, _mm_set1_epi8(static_cast<char>(128 - low)));
    return _mm_cmpgt_epi8(_mm_set1_epi8(static_cast<char>(n - 128)), moved);
  };
  const __m128i letters = within(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 26), digits = within(x, '0', 10);
  const __m128i bars = _mm_cmpeq_epi8(x, _mm_set1_epi8('_'));
  const __m128i word = _mm_or_si128(_mm_or_si128(letters, digits), _mm_or_si128(bars, x));  // x: its upper bits
  const auto bits = static_cast<std::uint32_t>(_mm_movemask_epi8(word));
  const int run = std::countl_one(bits << 16);
  const int left_out = run < 8 ? 8 * (8 - run) : 0;
  // Two shifts, since one of 64 is none.
  return (Load8(end - 8) | kLower) >> (left_out / 2) >> (left_out - left_out / 2);
}
#endif

// What may stand between a key and its value: blanks, a closing quote, or the name of HTML's attribute of values.
std::size_t KeyEndBehindBlanks(std::string_view text, std::size_t mark) noexcept {
  std::size_t end = mark;
  while (end > 0 && mark - end < kMaxBlanks && (text[end - 1] == ' ' || text[end - 1] == '\t')) --end;
  if (end > 0 && IsQuote(text[end - 1])) --end;
  if (text[mark] != '=' || end <= kValue.size() || text.substr(end - kValue.size(), kValue.size()) != kValue)
    return end;
  end -= kValue.size();
  while (end > 0 && text[end - 1] == ' ') --end;
  return end > 0 && IsQuote(text[end - 1]) ? end - 1 : 0;
}

// Where what stands before a mark ends as a key would; 0 where no key can.
inline std::size_t KeyEnd(std::string_view text, std::size_t mark) noexcept {
  if (mark == 0) [[unlikely]] return 0;
  const char before = text[mark - 1], c = text[mark];
  if (c == '<' || c == '>') return mark;
  const bool quoted = IsQuote(before);
  if (before == ' ' || before == '\t' || (c == '=' && (quoted || before == kValue.back()))) {
    return KeyEndBehindBlanks(text, mark);
  }
  return mark - quoted;
}

}  // namespace

std::uint64_t KeyIndex::TailOf(std::string_view text, std::size_t end) noexcept {
#if defined(__AVX2__)
  if (end >= 16) [[likely]] return TailBefore(text.data() + end);
#endif
  if (end == 0) return 0;
  const std::string_view front = text.substr(0, end);
  const ByteBlock block =
      end >= ByteBlock::kBytes ? ByteBlock(front.data() + end - ByteBlock::kBytes) : ByteBlock(front, end);
  const std::uint32_t at_end = end >= ByteBlock::kBytes ? 0 : static_cast<std::uint32_t>(ByteBlock::kBytes - end);
  const std::uint32_t wordish = block.Letters() | block.Within('0', '9') | block.Equal('_') | block.Foreign();
  // The last character in the uppermost bit.
  const auto run = static_cast<std::size_t>(std::countl_one(wordish << (16 + at_end)));
  const std::size_t n = std::min(run, kTail);
  if (n == 0) return 0;
  std::uint64_t tail = 0;
  if (end >= kTail) {
    tail = Load8(front.data() + end - kTail);
  } else {
    for (std::size_t i = 0; i < end; ++i) {
      tail |= std::uint64_t{static_cast<unsigned char>(front[end - 1 - i])} << (56 - 8 * i);
    }
  }
  return (tail | kLower) >> (8 * (kTail - n));
}

void KeyIndex::Add(std::string_view key, std::uint32_t id) {
  Entry e;
  for (char c : key) e.key += ToLower(c);
  e.id = id;
  const std::uint64_t tail = TailOf(e.key, e.key.size());
  e.hash = HashOf(HasLead(e.key.size(), tail) ? CodeOf(e.key, e.key.size(), tail) : tail);
  entries_.push_back(std::move(e));
}

void KeyIndex::Freeze() {
  std::stable_sort(entries_.begin(), entries_.end(),
                   [](const Entry& a, const Entry& b) { return a.hash < b.hash; });
  first_.assign((std::size_t{1} << kTableBits) + 1, 0);
  for (const Entry& e : entries_) {
    ++first_[SlotOf(e.hash) + 1];
    marks_.push_back(MarkOf(e.hash));
    bloom_[e.hash >> (64 - kLog2Words)] |= BitsOf(e.hash);
    const char* const end = e.key.data() + e.key.size();
    if (e.key.size() >= kEnding) {
      SetBit(endings_.data(), EndingOf<std::uint32_t>(end, kEndingBits));
    } else if (e.key.size() >= kShortEnding) {
      SetBit(short_endings_.data(), EndingOf<std::uint16_t>(end, kShortEndingBits));
    } else {
      short_endings_.fill(~std::uint64_t{0});
    }
  }
  for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
}

std::uint64_t KeyIndex::CodeOf(std::string_view text, std::size_t end, std::uint64_t tail) noexcept {
  std::uint32_t lead;
  std::memcpy(&lead, text.data() + end - LengthOf(tail) - kLead, sizeof lead);
  return tail ^ (lead | 0x20202020ULL) * 0xC2B2AE3D27D4EB4FULL;
}

bool KeyIndex::MayEndSo(std::string_view text, std::size_t end) const noexcept {
  if (end < kEnding) [[unlikely]] return end > 0;
  const char* const at = text.data() + end;
  return HasBit(endings_.data(), EndingOf<std::uint32_t>(at, kEndingBits)) |
         HasBit(short_endings_.data(), EndingOf<std::uint16_t>(at, kShortEndingBits));
}

bool KeyIndex::MayEnd(std::string_view text, std::size_t end) const noexcept {
  const std::uint64_t tail = TailOf(text, end);
  if (!HasLead(end, tail)) [[unlikely]] return MayHold(HashOf(tail));
  return MayHold(HashOf(tail)) | MayHold(HashOf(CodeOf(text, end, tail)));
}

// A key has a lead or is too short for one: it is looked for both ways. Hits come in the order in which keys were
// added.
void KeyIndex::Look(std::string_view text, std::size_t end, bool whole, std::vector<LiteralHit>& hits) const noexcept {
  const std::uint64_t tail = TailOf(text, end);
  const auto first = static_cast<std::ptrdiff_t>(hits.size());
  LookFor(tail, text, end, whole, hits);
  if (HasLead(end, tail)) LookFor(CodeOf(text, end, tail), text, end, whole, hits);
  if (hits.end() - hits.begin() > first + 1) {
    std::sort(hits.begin() + first, hits.end(),
              [](const LiteralHit& a, const LiteralHit& b) { return a.literal < b.literal; });
  }
}

void KeyIndex::LookFor(std::uint64_t code, std::string_view text, std::size_t end, bool whole,
                       std::vector<LiteralHit>& hits) const noexcept {
  const std::uint64_t hash = HashOf(code);
  const std::size_t slot = SlotOf(hash);
  const std::uint32_t mark = MarkOf(hash);
  for (std::uint32_t i = first_[slot]; i < first_[slot + 1]; ++i) {
    if (marks_[i] != mark) continue;
    const Entry& e = entries_[i];
    if (e.hash != hash || e.key.size() > end || (whole && e.key.size() != end)) continue;
    const std::size_t begin = end - e.key.size();
    const auto equal = [](char key, char c) { return key == ToLower(c); };
    if (!std::equal(e.key.begin(), e.key.end(), text.begin() + static_cast<std::ptrdiff_t>(begin), equal)) continue;
    if (begin > 0 && IsWord(text[begin - 1]) && IsWord(text[begin])) continue;
    hits.push_back({static_cast<std::uint32_t>(end), e.id});
  }
}

void KeyIndex::Find(std::string_view text, std::size_t from, std::size_t limit,
                    std::vector<LiteralHit>& hits) const noexcept {
  if (entries_.empty()) return;
  // A key may end before its mark: those just behind the limit are looked at, too, and kept where the key ends before.
  constexpr std::size_t kBehind = kMaxBlanks + 12;
  const std::size_t stop = std::min(text.size(), limit + kBehind);
  const auto first = static_cast<std::ptrdiff_t>(hits.size());
  constexpr std::size_t kPlaces = 256;
  std::uint32_t places[kPlaces];
  std::size_t count = 0;
  // Most marks end no key. They are left out in passes of their own, in which no branch hangs on which.
  const auto read = [&] {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t end = KeyEnd(text, places[i]);
      places[kept] = static_cast<std::uint32_t>(end);
      kept += MayEndSo(text, end);
    }
    count = std::exchange(kept, 0);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t end = places[i];
      places[kept] = static_cast<std::uint32_t>(end);
      kept += MayEnd(text, end);
    }
    for (std::size_t i = 0; i < kept; ++i) Look(text, places[i], false, hits);
    count = 0;
  };
  for (std::size_t at = from; at < stop; at += 64) {
    const char* p = text.data() + at;
    char rest[64];
    if (at + 64 > stop) {
      std::memset(rest, 0, sizeof rest);
      std::memcpy(rest, p, stop - at);
      p = rest;
    }
    count += ListBits(MarksOf(p), static_cast<std::uint32_t>(at), places + count);
    if (count + kListed > kPlaces) read();
  }
  read();
  hits.erase(std::remove_if(hits.begin() + first, hits.end(),
                            [&](const LiteralHit& h) { return h.end <= from || h.end > limit; }),
             hits.end());
}

void KeyIndex::FindWhole(std::string_view text, std::vector<LiteralHit>& hits) const noexcept {
  if (!entries_.empty()) Look(text, text.size(), true, hits);
}

}  // namespace gander::identify

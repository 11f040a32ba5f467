// SPDX-License-Identifier: Apache-2.0
#include "identify/literal_filter.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "identify/bit_list.h"
#include "identify/byte_block.h"
#include "identify/char_class.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace gander::identify {
namespace {

// Where the anchor of a literal stands that may begin behind a letter: at the first word behind its begin, or nowhere.
std::size_t InnerWord(std::string_view text) noexcept {
  for (std::size_t i = 0; i + LiteralFilter::kShortest <= text.size(); ++i) {
    if (!IsWord(text[i]) || (i > 0 && !IsWord(text[i - 1]))) return i;
  }
  return std::string_view::npos;
}

}  // namespace

std::uint32_t LiteralFilter::HashOf(const char* p) noexcept {
  std::uint16_t two;
  std::memcpy(&two, p, sizeof two);
  const std::uint32_t three = two | std::uint32_t{static_cast<unsigned char>(p[2])} << 16;
  return (three | 0x202020) * 0x9E3779B1u >> (32 - kHashBits);
}

std::uint32_t LiteralFilter::HashOfFour(const char* p) noexcept {
  std::uint32_t four;
  std::memcpy(&four, p, sizeof four);
  return (four | 0x20202020) * 0x9E3779B1u >> (32 - kFourBits);
}

bool LiteralFilter::MayStand(const char* p) const noexcept {
  const std::uint32_t three = HashOf(p), four = HashOfFour(p);
  return ((shorts_[three >> 6] >> (three & 63) | fours_[four >> 6] >> (four & 63)) & 1) != 0;
}

bool LiteralFilter::Add(std::string_view text, bool fold_case, LiteralPlace place, std::uint32_t literal) {
  if (text.size() < kShortest) return false;
  Entry e;
  e.literal = literal;
  e.length = text.size();
  if (place == LiteralPlace::kAnywhere) {
    const std::size_t inner = InnerWord(text);
    e.anchor.anywhere = inner == std::string_view::npos;
    e.anchor_at = e.anchor.anywhere ? 0 : static_cast<std::uint32_t>(inner);
  }
  std::string value, fold;
  for (char c : text) {
    const bool folds = fold_case && IsLetter(c);
    value += folds ? ToLower(c) : c;
    fold += folds ? '\x20' : '\0';
  }
  e.anchor.length = std::min(kAnchorBytes, text.size() - e.anchor_at);
  for (std::size_t i = 0; i < e.anchor.length; ++i) {
    e.anchor.key[i] = value[e.anchor_at + i];
    e.anchor.both_cases[i] = fold[e.anchor_at + i] != 0;
  }
  if (text.size() > 8) {
    e.rest = value.substr(8);
    e.rest_fold = fold.substr(8);
  }
  e.mask = text.size() < 8 ? (1ULL << (8 * text.size())) - 1 : ~0ULL;
  value.resize(std::max<std::size_t>(8, value.size()));
  fold.resize(value.size());
  e.value = Load8(value.data());
  e.fold = Load8(fold.data());
  entries_.push_back(std::move(e));
  return true;
}

void LiteralFilter::Freeze() {
  std::vector<Anchor> anchors;
  for (const Entry& e : entries_) anchors.push_back(e.anchor);
  tables_ = MakeAnchorTables(std::move(anchors));
  std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return HashOf(a.anchor.key.data()) < HashOf(b.anchor.key.data());
  });
  first_.assign((std::size_t{1} << kHashBits) + 1, 0);
  for (const Entry& e : entries_) {
    const std::uint32_t hash = HashOf(e.anchor.key.data()), four = HashOfFour(e.anchor.key.data());
    ++first_[hash + 1];
    if (e.anchor.length < kAnchorBytes) {
      shorts_[hash >> 6] |= 1ULL << (hash & 63);
    } else {
      fours_[four >> 6] |= 1ULL << (four & 63);
    }
  }
  for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
}

// Tells anchors among 64 bytes, of which kAnchorBytes - 1 more are read.
#if defined(__AVX2__)
class LiteralFilter::Eye {
 public:
  explicit Eye(const AnchorTables& tables) noexcept {
    const auto load = [](const AnchorTables::Halves& halves) {
      return _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(halves.data())));
    };
    for (std::size_t i = 0; i < kAnchorBytes; ++i) {
      low_[i] = load(tables.low[i]);
      high_[i] = load(tables.high[i]);
    }
  }
  [[gnu::always_inline]] Marks Look(const char* p) const noexcept {
    Marks marks;
#pragma GCC unroll 1  // both halves at once would want more registers than there are
    for (int part = 32; part >= 0; part -= 32) {
      const __m256i buckets = Buckets(p + part);
      marks.any = marks.any << 32 | Gather(_mm256_cmpeq_epi8(buckets, _mm256_setzero_si256()));
      marks.anywhere = marks.anywhere << 32 | Gather(buckets);
    }
    marks.any = ~marks.any;
    return marks;
  }

 private:
  [[gnu::always_inline]] __m256i Buckets(const char* p) const noexcept {
    const __m256i half = _mm256_set1_epi8(15);
    __m256i buckets = _mm256_set1_epi8(-1);
    for (std::size_t i = 0; i < kAnchorBytes; ++i) {
      const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + i));
      buckets = _mm256_and_si256(buckets, _mm256_shuffle_epi8(low_[i], _mm256_and_si256(x, half)));
      buckets = _mm256_and_si256(
          buckets, _mm256_shuffle_epi8(high_[i], _mm256_and_si256(_mm256_srli_epi16(x, 4), half)));
    }
    return buckets;
  }
  static std::uint32_t Gather(__m256i x) noexcept { return static_cast<std::uint32_t>(_mm256_movemask_epi8(x)); }

  __m256i low_[kAnchorBytes], high_[kAnchorBytes];
};
#else
class LiteralFilter::Eye {
 public:
  explicit Eye(const AnchorTables& tables) noexcept : tables_(tables) {}
  Marks Look(const char* p) const noexcept {
    Marks marks;
    for (std::size_t at = 0; at < 64; ++at) {
      const unsigned buckets = tables_.Buckets(p + at);
      if (buckets != 0) marks.any |= 1ULL << at;
      if (buckets >> AnchorTables::kAnywhereBucket != 0) marks.anywhere |= 1ULL << at;
    }
    return marks;
  }

 private:
  const AnchorTables& tables_;
};
#endif

bool LiteralFilter::Matches(const Entry& e, std::string_view text, std::size_t begin) noexcept {
  const char* const at = text.data() + begin;
  const std::size_t left = text.size() - begin;
  std::uint64_t word = 0;
  if (left >= 8) {
    word = Load8(at);
  } else {
    std::memcpy(&word, at, left);
  }
  if (((word | e.fold) & e.mask) != e.value || left < e.length) return false;
  for (std::size_t i = 0; i < e.rest.size(); ++i) {
    if ((at[8 + i] | e.rest_fold[i]) != e.rest[i]) return false;
  }
  return true;
}

// Whether a gate is among the literals whose anchor stands at one of `places`; the others are hits.
bool LiteralFilter::Verify(std::string_view text, std::span<std::uint32_t> places,
                           std::vector<LiteralHit>& hits) const noexcept {
  // Most words that begin like a literal are none: those are left out first, so that no branch hangs on which.
  std::size_t whole = places.size(), kept = 0;
  while (whole > 0 && places[whole - 1] + kAnchorBytes > text.size()) --whole;
  for (const std::uint32_t at : places.first(whole)) {
    places[kept] = at;
    kept += MayStand(text.data() + at);
  }
  for (const std::uint32_t at : places.subspan(whole)) {  // the last few of the text: a short anchor may fit
    places[kept] = at;
    kept += at + kShortest <= text.size();
  }
  bool gate = false;
  for (const std::uint32_t at : places.first(kept)) {
    const std::uint32_t hash = HashOf(text.data() + at);
    for (std::uint32_t i = first_[hash]; i < first_[hash + 1]; ++i) {
      const Entry& e = entries_[i];
      if (at < e.anchor_at || !Matches(e, text, at - e.anchor_at)) continue;
      if (e.literal == kGate) {
        gate = true;
      } else {
        hits.push_back({static_cast<std::uint32_t>(at - e.anchor_at + e.length), e.literal});
      }
    }
  }
  return gate;
}

bool LiteralFilter::Find(std::string_view text, std::size_t from, std::size_t limit, const RunMasks& runs,
                         std::vector<LiteralHit>& hits) const noexcept {
  const Eye eye(tables_);
  bool gate = false;
  // Places are gathered without a branch, as most blocks have one or none, and looked at many at a time.
  constexpr std::size_t kPlaces = 256;
  std::uint32_t places[kPlaces];
  std::size_t count = 0;
  std::uint64_t word_before = 0;
  for (std::size_t block = runs.BlockOf(from); block < runs.blocks(); ++block) {
    const std::size_t begin = runs.BlockBegin(block);
    if (begin >= limit || begin >= text.size()) break;
    const std::uint64_t word = runs.WordsOf(block);
    const std::uint64_t inside = word & (word << 1 | word_before);
    word_before = word >> 63;
    const char* p = text.data() + begin;
    char rest[64 + kAnchorBytes - 1];
    if (begin + sizeof rest > text.size()) {
      std::memset(rest, 0, sizeof rest);
      std::memcpy(rest, p, text.size() - begin);
      p = rest;
    }
    const Marks marks = eye.Look(p);
    std::uint64_t bits = (marks.any & ~inside) | marks.anywhere;
    count += ListBits(bits, static_cast<std::uint32_t>(begin), places + count);
    if (count + kListed > kPlaces) {
      gate = Verify(text, {places, count}, hits) || gate;
      count = 0;
    }
  }
  return Verify(text, {places, count}, hits) || gate;
}

}  // namespace gander::identify

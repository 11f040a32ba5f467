// SPDX-License-Identifier: Apache-2.0
// Words are followed by addition: a bit added to the lowest bit of a run of ones carries to the place behind the
// run, so one addition a block finds the ends of all words that hold a digit, across blocks too.
#include "identify/run_masks.h"

#include <algorithm>

#include "identify/char_class.h"
#include "identify/value_template.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace gander::identify {
namespace {

// The bits of `now` moved `by` places up, with those that come in from the block before.
std::uint64_t Shifted(std::uint64_t now, std::uint64_t before, int by) noexcept {
  return now << by | before >> (64 - by);
}

// Ends of the words of `word` that hold a bit of `marks` (a subset of `word`).
std::uint64_t EndsOf(std::uint64_t word, std::uint64_t marks, unsigned char& carry) noexcept {
  unsigned long long sum = 0;
#if defined(__AVX2__)
  carry = _addcarry_u64(carry, word, marks, &sum);  // the builtins below make no adc of it
#else
  const bool over = __builtin_uaddll_overflow(word, marks, &sum);
  const bool over_carry = __builtin_uaddll_overflow(sum, carry, &sum);
  carry = over || over_carry ? 1 : 0;
#endif
  return sum & ~word;
}

}  // namespace

BlockMasks ScalarMasks(const char* p, std::size_t n) noexcept {
  BlockMasks m;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t bit = 1ULL << i;
    if (IsWord(p[i])) m.word |= bit;
    if (IsDigit(p[i])) m.digit |= bit;
    if (IsUpper(p[i])) m.upper |= bit;
    if (IsSeparator(p[i])) m.separator |= bit;
    if (p[i] == '@') m.at |= bit;
    if (p[i] == '+') m.plus |= bit;
  }
  return m;
}

#if defined(__AVX2__)
namespace {

// A byte's class is what its two halves agree on, so two 16-byte look-ups tell it. Letters of columns 4 and 6
// of the ASCII table run from 1 to F, those of columns 5 and 7 from 0 to A.
constexpr char kAt = 1, kSeparator = 2, kPlus = 4, kLetter46 = 0x10, kLetter57 = 0x20, kBar = 0x40;
constexpr char kDigit = static_cast<char>(0x80);

__m256i Classes(__m256i x) noexcept {
  constexpr char kRow = kLetter46 | kLetter57 | kDigit;
  const __m256i by_low = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(kAt | kSeparator | kLetter57 | kDigit, kRow, kRow, kRow, kRow, kRow, kRow, kRow, kRow, kRow,
                    kLetter46 | kLetter57, kLetter46 | kPlus, kLetter46, kLetter46 | kSeparator,
                    kLetter46 | kSeparator, kLetter46 | kSeparator | kBar));
  const __m256i by_high = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(0, 0, kSeparator | kPlus, kDigit, kLetter46 | kAt, kLetter57 | kBar, kLetter46, kLetter57, 0, 0,
                    0, 0, 0, 0, 0, 0));
  const __m256i high = _mm256_and_si256(_mm256_srli_epi16(x, 4), _mm256_set1_epi8(15));
  // Bytes that are not ASCII look up 0 by themselves.
  return _mm256_and_si256(_mm256_shuffle_epi8(by_low, x), _mm256_shuffle_epi8(by_high, high));
}

std::uint64_t TopBits(__m256i low, __m256i high) noexcept {
  return std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(high))} << 32 |
         static_cast<std::uint32_t>(_mm256_movemask_epi8(low));
}

// A-Z, moved to the lowest 26 values a signed byte has.
__m256i Upper(__m256i x) noexcept {
  const __m256i moved = _mm256_add_epi8(x, _mm256_set1_epi8(128 - 'A'));
  return _mm256_cmpgt_epi8(_mm256_set1_epi8(-128 + 26), moved);
}

// What is told of each block. Gathering bits takes longer than making them, so of what is rare, '@', '+' and other
// scripts, it is done only where there is some.
class BlockReader {
 public:
  inline BlockMasks Read(const char* p) noexcept {
    const __m256i x0 = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    const __m256i x1 = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + 32));
    const __m256i c0 = Classes(x0), c1 = Classes(x1);
    const __m256i not_word = _mm256_set1_epi8(0x70);
    BlockMasks m;
    m.digit = TopBits(c0, c1);
    m.word = TopBits(_mm256_add_epi8(c0, not_word), _mm256_add_epi8(c1, not_word));
    m.upper = TopBits(Upper(x0), Upper(x1));
    m.separator = TopBits(_mm256_slli_epi16(c0, 6), _mm256_slli_epi16(c1, 6));
    if (_mm256_testz_si256(_mm256_or_si256(c0, c1), _mm256_set1_epi8(kAt | kPlus)) == 0) {
      m.plus = TopBits(_mm256_slli_epi16(c0, 5), _mm256_slli_epi16(c1, 5));
      m.at = TopBits(_mm256_slli_epi16(c0, 7), _mm256_slli_epi16(c1, 7));
    }
    seen_ = _mm256_or_si256(seen_, _mm256_or_si256(x0, x1));
    return m;
  }
  // Whether a byte of all that was read is not ASCII.
  bool foreign() const noexcept { return _mm256_movemask_epi8(seen_) != 0; }

 private:
  __m256i seen_ = _mm256_setzero_si256();
};

}  // namespace
#else
namespace {

class BlockReader {
 public:
  BlockMasks Read(const char* p) noexcept {
    foreign_ = foreign_ || std::any_of(p, p + 64, [](char c) { return !IsAscii(c); });
    return ScalarMasks(p, 64);
  }
  bool foreign() const noexcept { return foreign_; }

 private:
  bool foreign_ = false;
};

}  // namespace
#endif

BlockMasks VectorMasks(const char* p) noexcept { return BlockReader().Read(p); }

// What the block before says to the next.
struct RunMasks::Carry {
  BlockMasks before;
  std::uint64_t chain = 0, pairs = 0, fours = 0, sixes = 0, sevens = 0;  // so many characters of a chain end here
  std::uint64_t joints = 0;                        // separators behind a word with a digit
  std::uint64_t begins = 0, paired = 0;  // of words; of such three behind another
  unsigned char digit = 0, joined = 0, marked = 0;
};

[[gnu::always_inline]] inline void RunMasks::Add(std::size_t block, const BlockMasks& m, Carry& c) noexcept {
  const std::uint64_t word = m.word;
  const std::uint64_t ends = EndsOf(word, m.digit, c.digit);
  const std::uint64_t joints = ends & m.separator;
  const std::uint64_t joined = ends & EndsOf(word, Shifted(joints, c.joints, 1) & word, c.joined);

  // Words and what may join them: a separator behind a word with a digit.
  const std::uint64_t chain = word | joints;
  const std::uint64_t pairs = chain & Shifted(chain, c.chain, 1);
  const std::uint64_t fours = pairs & Shifted(pairs, c.pairs, 2);
  const std::uint64_t sixes = fours & Shifted(pairs, c.pairs, 4);
  const std::uint64_t sevens = fours & Shifted(fours, c.fours, 3);
  const std::uint64_t begins = word & ~Shifted(word, c.before.word, 1);
  const std::uint64_t marks = begins & (m.upper | Shifted(m.plus, c.before.plus, 1));
  const std::uint64_t marked = joints & EndsOf(word, marks, c.marked);

  words_[block + 1] = word;
  digits_[block + 1] = m.digit;
  runs_[block + 1] = chain;
  joined_[block + 1] = joined;
  candidates_[block + 1] = marked | (ends & Shifted(sevens, c.sevens, 1)) | (joined & Shifted(sixes, c.sixes, 1));
  const std::uint64_t paired = begins & Shifted(begins, c.begins, 3);
  ats_[block + 1] = m.at | (paired & Shifted(paired, c.paired, 6));
  c.begins = begins;
  c.paired = paired;
  c.before = m;
  c.chain = chain;
  c.pairs = pairs;
  c.fours = fours;
  c.sixes = sixes;
  c.sevens = sevens;
  c.joints = joints;
}

void RunMasks::Build(const char* text, std::size_t begin, std::size_t end) {
  begin_ = begin;
  // A word that reaches the end of the last block ends in the one behind it.
  const std::size_t whole = (end - begin) / 64, blocks = whole + 1;
  blocks_ = blocks;
  for (Bits* bits : {&words_, &digits_, &runs_, &joined_, &candidates_, &ats_}) {
    if (bits->size() < blocks + 3) bits->resize(blocks + 3);
    bits->front() = (*bits)[blocks + 1] = (*bits)[blocks + 2] = 0;
  }
  Carry carry;
  BlockReader reader;
  for (std::size_t i = 0; i < whole; ++i) {
    Add(i, reader.Read(text + begin + 64 * i), carry);
  }
  char rest[64] = {};
  std::copy(text + begin + 64 * whole, text + end, rest);  // none of no text, too
  Add(whole, reader.Read(rest), carry);
  foreign_ = reader.foreign();
}

std::size_t RunMasks::WordEnd(std::size_t begin) const noexcept {
  std::size_t at = begin;
  for (;;) {
    const int run = std::countr_one(Words(at));
    at += static_cast<std::size_t>(run);
    if (run < 64) return at;
  }
}

}  // namespace gander::identify

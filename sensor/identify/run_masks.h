// SPDX-License-Identifier: Apache-2.0
// The one pass over every byte: bit masks that say where words with a digit end and which of them can be a
// value or a part of one. Everything slower looks only there.
#ifndef GANDER_IDENTIFY_RUN_MASKS_H_
#define GANDER_IDENTIFY_RUN_MASKS_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace gander::identify {

// For 64 bytes, one bit a byte.
struct BlockMasks {
  std::uint64_t word = 0;  // letters, digits, '_'
  std::uint64_t digit = 0;
  std::uint64_t upper = 0;      // A-Z
  std::uint64_t separator = 0;  // space - . /
  std::uint64_t at = 0;         // '@'
  std::uint64_t plus = 0;       // '+'
};

// The same for any n <= 64: the model, and the way where there is no AVX2.
BlockMasks ScalarMasks(const char* p, std::size_t n) noexcept;
// Of 64 bytes.
BlockMasks VectorMasks(const char* p) noexcept;

// The masks of a stretch of text. All positions count from the text's begin; what lies outside of the stretch
// is neither word nor digit.
class RunMasks {
 public:
  // The shortest value there is, separators included.
  static constexpr std::size_t kMinValue = 7;
  static constexpr std::size_t kMinDecimal = 6;  // 8.1234, one half of a position

  // Of text[begin, end). Keeps its memory from call to call.
  void Build(const char* text, std::size_t begin, std::size_t end);

  // Whether a byte is not ASCII.
  bool foreign() const noexcept { return foreign_; }
  std::size_t blocks() const noexcept { return blocks_; }
  std::size_t BlockBegin(std::size_t block) const noexcept { return begin_ + 64 * block; }
  // The block that holds `at`, or the first.
  std::size_t BlockOf(std::size_t at) const noexcept { return at > begin_ ? (at - begin_) / 64 : 0; }
  std::uint64_t WordsOf(std::size_t block) const noexcept { return words_[block + 1]; }

  // Ends of those words with a digit up to which a chain of such words, each joined to the next by one separator,
  // is long enough to be a value: kMinValue characters, or kMinDecimal in several words; and of words with a
  // separator behind and a capital or a '+' in front, which say more. Where one chain has several, the first counts.
  std::uint64_t Candidates(std::size_t block) const noexcept { return candidates_[block + 1]; }
  // Each '@', and where the fourth of four words begins that are two characters long and one character apart.
  std::uint64_t Ats(std::size_t block) const noexcept { return ats_[block + 1]; }

  // 64 bits from `at` on.
  std::uint64_t Words(std::size_t at) const noexcept { return From(words_, at); }
  std::uint64_t Digits(std::size_t at) const noexcept { return From(digits_, at); }
  // Words and each separator behind a word with a digit. Of a run, all words but the last have a digit.
  std::uint64_t Runs(std::size_t at) const noexcept { return From(runs_, at); }
  // Ends of words with a digit that one separator joins to another such word before them.
  std::uint64_t Joined(std::size_t at) const noexcept { return From(joined_, at); }

  // Where the word that ends at `end` begins, or 64 bytes before its end when it is longer.
  std::size_t WordBegin(std::size_t end) const noexcept {
    return end - static_cast<std::size_t>(std::countl_one(From(words_, end - 64)));
  }
  // Where the word that begins at `begin` ends.
  std::size_t WordEnd(std::size_t begin) const noexcept;

 private:
  // One block of zeros before the first, two behind the last: 64 bits from the place behind the text's end reach there.
  using Bits = std::vector<std::uint64_t>;
  struct Carry;
  void Add(std::size_t block, const BlockMasks& m, Carry& carry) noexcept;
  std::uint64_t From(const Bits& bits, std::size_t at) const noexcept {
    const std::size_t i = at + 64 - begin_, block = i >> 6, shift = i & 63;
    return bits[block] >> shift | bits[block + 1] << 1 << (63 - shift);
  }

  std::size_t begin_ = 0, blocks_ = 0;
  bool foreign_ = false;
  Bits words_, digits_, runs_, joined_, candidates_, ats_;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_RUN_MASKS_H_

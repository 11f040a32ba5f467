// SPDX-License-Identifier: Apache-2.0
#include "content/charset/charset_guess.h"

#include <algorithm>
#include <array>

#include "content/charset/charset_models.h"
#include "content/charset/charset_pairs.h"

namespace gander::content {
namespace {

constexpr int kLeast = kMostLikely * 2 / 5;  // on average
constexpr int kBonus = kMostLikely / 6;      // for what is preferred

bool IsLetter(std::uint8_t c) noexcept { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

struct ByteCount {
  std::uint8_t index = 0;  // 0 for 0x80
  std::uint16_t count = 0;
};

// What is asked of bytes beyond ASCII before any set is tried.
struct Bytewise {
  std::array<ByteCount, 128> counts;  // the first `distinct` of them
  std::size_t distinct = 0;
  int beyond = 0;        // in all
  int beside_ascii = 0;  // of them beside an ASCII letter: in words of Latin script
  int alone = 0;         // of them in rows of at least two beside no ASCII letter: in words of any other
  int controls = 0;
};

Bytewise Count(Bytes text) noexcept {
  Bytewise seen;
  std::array<std::uint16_t, 128> of{};
  const std::uint8_t* const p = Octets(text);
  for (std::size_t i = 0; i < text.size();) {
    if (p[i] < 0x80) {
      seen.controls += p[i] < 0x20 && p[i] != '\t' && p[i] != '\n' && p[i] != '\r';
      ++i;
      continue;
    }
    const std::size_t begin = i;
    for (; i < text.size() && p[i] >= 0x80; ++i) ++of[p[i] - 0x80];
    const int before = begin > 0 && IsLetter(p[begin - 1]), behind = i < text.size() && IsLetter(p[i]);
    const int row = static_cast<int>(i - begin);
    seen.beyond += row;
    seen.beside_ascii += std::min(row, before + behind);
    seen.alone += before + behind == 0 && row > 1 ? row : 0;
  }
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (of[i] > 0) seen.counts[seen.distinct++] = {static_cast<std::uint8_t>(i), of[i]};
  }
  return seen;
}

int Score(const ByteModel& model, const Bytewise& seen) noexcept {
  int sum = 0, capitals = 0, capital_letters = 0;
  for (std::size_t i = 0; i < seen.distinct; ++i) {
    const auto [index, count] = seen.counts[i];
    sum += model.weights[index] * count;
    capitals += model.capitals[index] * count;
    capital_letters += model.capitals[index] != 0 ? count : 0;
  }
  // Capitals are few, or all there is.
  const bool shouted = capital_letters * 8 >= seen.beyond * 7;
  sum -= shouted ? seen.beyond * kMostLikely / 10 : capitals / 2;
  return sum - kMostLikely * 3 / 2 * (model.latin ? seen.alone : seen.beside_ascii);
}

// Of the bytes beyond ASCII, those in well-formed sequences; at least four in five, and it is UTF-8 with some damage.
bool IsDamagedUtf8(Bytes text, int beyond) noexcept {
  const std::uint8_t* const p = Octets(text);
  int good = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int more = p[i] >= 0xf0 ? 3 : p[i] >= 0xe0 ? 2 : p[i] >= 0xc2 ? 1 : 0;
    int k = 0;
    while (k < more && i + 1 < text.size() && (p[i + 1] & 0xc0) == 0x80) {
      ++k;
      ++i;
    }
    if (more > 0 && k == more) good += 1 + more;
  }
  return good * 5 >= beyond * 4;
}

}  // namespace

const Charset* GuessCharset(Bytes text, const Charset* preferred) noexcept {
  const Bytewise seen = Count(text);
  if (seen.beyond == 0 || seen.controls * 50 > static_cast<int>(text.size())) return nullptr;
  if (IsDamagedUtf8(text, seen.beyond)) return nullptr;
  // Scores of different sets are of different numbers of characters: averages, as fractions.
  const Charset* best = nullptr;
  int score = kLeast, of = 1;
  const auto consider = [&](const Charset& charset, int sum, int characters) {
    if (characters == 0 || sum * of <= score * characters) return;
    best = &charset;
    score = sum;
    of = characters;
  };
  for (const ByteModel& model : ByteModels()) {
    // One letter is a word in few languages, one sign beside words in all.
    if (seen.beyond == 1 && !model.latin) continue;
    const int bonus = model.charset == preferred ? seen.beyond * kBonus : 0;
    consider(*model.charset, Score(model, seen) + bonus, seen.beyond);
  }
  for (const PairReading& r : ReadPairs(text)) consider(*r.charset, r.score, r.characters);
  return best;
}

}  // namespace gander::content

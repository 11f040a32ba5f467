// SPDX-License-Identifier: Apache-2.0
// Words with digits, each joined to the next by one separator ("403 588 2690", "DE89 3704 ..."): what may hold values.
#ifndef GANDER_IDENTIFY_CHAIN_H_
#define GANDER_IDENTIFY_CHAIN_H_

#include <array>
#include <bit>
#include <cstdint>

#include "identify/run_masks.h"
#include "identify/value_template.h"

namespace gander::identify {

// A stretch of a window's text.
struct Group {
  std::uint32_t begin = 0, end = 0;
};

struct Chain {
  static constexpr std::size_t kMaxGroups = 12;

  std::array<Group, kMaxGroups> groups{};
  std::size_t count = 0;
  GroupShape shape = 0;   // of a chain gathered in one go
  bool overflow = false;  // its begin is gone: its tokens are read one by one
};

// A chain as the masks tell it, before its groups are known.
struct ChainForm {
  enum class Kind : std::uint8_t {
    kShort,      // known: it is within one word of bits
    kLongRun,    // a long word or many: to be read word by word, and its begin is not known
    kManyWords,  // more than a Chain holds: to be read word by word
  };
  static constexpr int kMaxShort = 61;

  Kind kind = Kind::kShort;
  int length = 0;  // of kShort
  std::size_t begin = 0;
  GroupShape shape = 0;
  std::size_t end() const noexcept { return begin + static_cast<std::size_t>(length); }
};

// The chain that holds the candidate word that ends at `end`, wherever that stands in it.
inline ChainForm ChainAt(const RunMasks& runs, std::size_t end) noexcept {
  ChainForm chain;
  chain.begin = end - static_cast<std::size_t>(std::countl_one(runs.Runs(end - 64)));
  const int run = std::countr_one(runs.Runs(chain.begin));
  if (run > ChainForm::kMaxShort) {
    chain.kind = ChainForm::Kind::kLongRun;
    return chain;
  }
  // The chain ends with the last word of the run that has a digit, which may be the first one.
  const std::uint64_t words = runs.Words(chain.begin), joined = runs.Joined(chain.begin) & ((2ULL << run) - 1);
  chain.length = 63 - std::countl_zero(joined | 1ULL << std::countr_one(words));
  const std::uint64_t within = (1ULL << chain.length) - 1;
  if (std::popcount(~words & within) >= static_cast<int>(Chain::kMaxGroups)) chain.kind = ChainForm::Kind::kManyWords;
  chain.shape = (words & within) | 1ULL << chain.length;
  return chain;
}

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_CHAIN_H_

// SPDX-License-Identifier: Apache-2.0
// Literals found where words begin. Whoever reads a literal wants it at the begin of a word only, so of 64 bytes a few
// shuffles leave the begins of words with the first four characters of a literal (nibble tables in buckets, as in
// Teddy: X. Wang et al., "Hyperscan", NSDI 2019), and only there texts are compared. What it costs does not depend on
// how many literals there are as long as few words begin like one.
#ifndef GANDER_IDENTIFY_LITERAL_FILTER_H_
#define GANDER_IDENTIFY_LITERAL_FILTER_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "identify/anchor_tables.h"
#include "identify/run_masks.h"

namespace gander::identify {

// Where a literal ended. Ascending by `end`.
struct LiteralHit {
  std::uint32_t end = 0;
  std::uint32_t literal = 0;
};

// Where a literal may begin.
enum class LiteralPlace : std::uint8_t {
  kWordBegin,  // not behind a letter, digit or '_' when it begins with one itself
  kAnywhere,
};

class LiteralFilter {
 public:
  static constexpr std::size_t kShortest = 3;  // no literal may be shorter
  // A hit that is not reported, only told: see Find.
  static constexpr std::uint32_t kGate = ~std::uint32_t{0};

  // `fold_case` folds ASCII letters. False when the text is too short: the filter is of no use to its set.
  bool Add(std::string_view text, bool fold_case, LiteralPlace place, std::uint32_t literal);
  void Freeze();  // after the last Add

  // Appends, in no order, the literals of `text` that begin in [from, limit), which `runs` must cover. Returns
  // whether one entered as kGate was among them.
  bool Find(std::string_view text, std::size_t from, std::size_t limit, const RunMasks& runs,
            std::vector<LiteralHit>& hits) const noexcept;

 private:
  static constexpr int kHashBits = 11;

  // Characters with the ASCII letters to be folded in lower case, and 0x20 where one is.
  struct Entry {
    std::uint64_t value = 0, fold = 0, mask = 0;  // of the first eight; those there are
    std::uint32_t literal = 0;
    std::uint32_t anchor_at = 0;  // where in it the anchor stands
    std::size_t length = 0;
    std::string rest, rest_fold;
    Anchor anchor;
  };
  struct Marks {
    std::uint64_t any = 0, anywhere = 0;
  };
  class Eye;

  static std::uint32_t HashOf(const char* p) noexcept;
  static std::uint32_t HashOfFour(const char* p) noexcept;
  // Whether an anchor can stand at `p`, of which kAnchorBytes are read: where literals are many, the buckets let most
  // words through and this does not.
  bool MayStand(const char* p) const noexcept;
  bool Verify(std::string_view text, std::span<std::uint32_t> places, std::vector<LiteralHit>& hits) const noexcept;
  static bool Matches(const Entry& entry, std::string_view text, std::size_t begin) noexcept;

  AnchorTables tables_;
  std::vector<Entry> entries_;  // by the hash of the anchor
  std::vector<std::uint32_t> first_;  // by hash: the first of its entries; one more at the end
  static constexpr int kFourBits = 15;
  std::array<std::uint64_t, (1 << kFourBits) / 64> fours_{};   // hashes of the first four characters of anchors
  std::array<std::uint64_t, (1 << kHashBits) / 64> shorts_{};  // and of the three of anchors that have no more
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_LITERAL_FILTER_H_

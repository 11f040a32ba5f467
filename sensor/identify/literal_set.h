// SPDX-License-Identifier: Apache-2.0
// Literal prefixes, field names and operators' own expressions. Expressions are Hyperscan's, in block mode, run where a
// literal that they must hold has been seen; literals are found by LiteralFilter or by Hyperscan, whichever is faster
// for the set.
#ifndef GANDER_IDENTIFY_LITERAL_SET_H_
#define GANDER_IDENTIFY_LITERAL_SET_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "identify/finding.h"
#include "identify/literal_build.h"
#include "identify/literal_cache.h"
#include "identify/literal_database.h"
#include "identify/literal_filter.h"
#include "identify/run_masks.h"
#include "identify/table_columns.h"

struct hs_scratch;

namespace gander::identify {

enum class LiteralUse : std::uint8_t {
  kToken,
  kField,
  kFieldInProse,
  kKey,
  kHl7Pid,
  kHl7Diagnosis,
  kSqlInsert,
  kExpression
};

struct Literal {
  LiteralUse use = LiteralUse::kToken;
  IdType rule = 0;
  std::uint32_t length = 0;      // of the literal; the widest match of an expression
  std::uint32_t expression = 0;  // index into begins_
  std::uint32_t record = 0;      // kKey: index into RuleSet::Impl::record_keys
  std::uint32_t part = 0;        // which part of that record the key is
};

class LiteralScratch {
 public:
  LiteralScratch() = default;
  ~LiteralScratch();
  LiteralScratch(const LiteralScratch&) = delete;
  LiteralScratch& operator=(const LiteralScratch&) = delete;

 private:
  friend class LiteralSet;
  hs_scratch* scratch_ = nullptr;
};

class LiteralSet {
 public:
  // Why Freeze failed; `rule` is kNoRule when no single one is to blame.
  struct Fault {
    std::string words;
    IdType rule = kNoRule;
  };

  // `fold_case` only folds ASCII letters. What begins behind another letter is found where `place` says so; else it
  // may be or may not be.
  void Add(std::string_view text, bool fold_case, LiteralPlace place, Literal literal);
  // Empty when taken, else what is wrong with the expression.
  std::string AddExpression(const std::string& expression, IdType rule);
  // Compiles, or takes from the cache what an earlier start has compiled. Of Hyperscan's two variants and the filter
  // the one that is fastest on sample text stays; they find the same. `words` is empty when all went well, else
  // Hyperscan's.
  Fault Freeze(LiteralCache& cache);

  const LiteralBuild& build() const noexcept { return build_; }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(literals_.size()); }
  bool empty() const noexcept { return literals_.empty(); }
  const Literal& literal(std::uint32_t i) const noexcept { return literals_[i]; }
  void Prepare(LiteralScratch& scratch) const;
  // Appends the hits that begin in text[from, limit) to `hits`, which may be followed by some behind it. `runs` are the
  // masks of that stretch at least.
  void Find(std::string_view text, std::size_t from, std::size_t limit, const RunMasks& runs, LiteralScratch& scratch,
            std::vector<LiteralHit>& hits) const noexcept;
  // Appends the hits of the database in `text` to `hits`.
  void Scan(std::string_view text, LiteralScratch& scratch, std::vector<LiteralHit>& hits) const noexcept;
  // Where the expression's match that ends at `end` begins; `end` when it cannot be told.
  std::size_t MatchBegin(const Literal& literal, std::string_view text, std::size_t end,
                         LiteralScratch& scratch) const noexcept;

  // Text of the kind a scan meets, with this set's literals in it.
  std::string Sample() const;
  // A set of this expression and nothing else, to see what it costs.
  LiteralSet OnlyExpression(std::uint32_t i) const;

  static constexpr std::uint32_t kMaxExpressionWidth = 128;

 private:
  LiteralCache::Key CacheKey() const;
  bool Restore(const LiteralCache::Entry& entry);
  Fault Compile(LiteralCache::Entry& entry);
  Fault CompileFaster(LiteralCache::Entry& entry);
  void TryFilter(LiteralCache::Entry& entry);
  Patterns Expressions() const;
  double FilterRate(std::string_view text) const;
  void Gate(std::string_view expression);

  Patterns patterns_;
  std::vector<std::string> texts_;  // literals as they are, for the sample
  std::vector<Literal> literals_;
  // With start of match, run only where the set has matched; by Literal::expression.
  std::vector<Database> begins_;
  std::uint32_t expressions_ = 0;
  Database database_;  // of all, or of expressions only when filtering_; null when there are none
  LiteralFilter filter_;
  bool filter_serves_ = true;  // it can find all literals there are
  bool filtering_ = false;
  bool gated_ = true;  // all expressions hold a literal that the filter looks for
  LiteralBuild build_;
};

// Length of the longest literal that every match of `expression` must hold, as far as it is plain to see.
std::size_t RequiredLiteral(std::string_view expression);
// That literal, but for the case of its letters; empty when the expression is written in a way that leaves a doubt.
std::string CertainLiteral(std::string_view expression);

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_LITERAL_SET_H_

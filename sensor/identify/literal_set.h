// SPDX-License-Identifier: Apache-2.0
// What Hyperscan is best at: literal prefixes, field names and operators' own expressions, in one pass in
// block mode.
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
#include "identify/table_columns.h"

struct hs_scratch;

namespace gander::identify {

enum class LiteralUse : std::uint8_t { kToken, kField, kHl7Pid, kSqlInsert, kExpression };

struct Literal {
  LiteralUse use = LiteralUse::kToken;
  IdType rule = 0;
  std::uint32_t length = 0;      // of the literal; the widest match of an expression
  std::uint32_t tail = 0;        // characters of the literal that are no part of the word (the ':' of "fn:")
  std::uint32_t expression = 0;  // index into begins_
};

// Where a literal ended. Ascending by `end`.
struct LiteralHit {
  std::uint32_t end = 0;
  std::uint32_t literal = 0;
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

  // `fold_case` only folds ASCII letters.
  void Add(std::string_view text, bool fold_case, Literal literal);
  // Empty when taken, else what is wrong with the expression.
  std::string AddExpression(const std::string& expression, IdType rule);
  // Compiles, or takes from the cache what an earlier start has compiled. Of the two variants the one that is
  // faster on sample text stays; they find the same. `words` is empty when all went well, else Hyperscan's.
  Fault Freeze(LiteralCache& cache);

  const LiteralBuild& build() const noexcept { return build_; }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(literals_.size()); }
  bool empty() const noexcept { return literals_.empty(); }
  const Literal& literal(std::uint32_t i) const noexcept { return literals_[i]; }
  void Prepare(LiteralScratch& scratch) const;
  // Appends the hits in `text` to `hits`.
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

  Patterns patterns_;
  std::vector<std::string> texts_;  // literals as they are, for the sample
  std::vector<Literal> literals_;
  // With start of match, run only where the set has matched; by Literal::expression.
  std::vector<Database> begins_;
  std::uint32_t expressions_ = 0;
  Database database_;
  LiteralBuild build_;
};

// Length of the longest literal that every match of `expression` must hold, as far as it is plain to see.
std::size_t RequiredLiteral(std::string_view expression) noexcept;

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_LITERAL_SET_H_

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

#include "base/result.h"
#include "identify/finding.h"

struct hs_database;
struct hs_scratch;

namespace gander::identify {

enum class LiteralUse : std::uint8_t { kToken, kField, kHl7Pid, kSqlInsert, kExpression };

struct Literal {
  LiteralUse use = LiteralUse::kToken;
  IdType rule = 0;
  std::uint32_t length = 0;      // of the literal; the widest match of an expression
  std::uint32_t tail = 0;        // characters of the literal that are no part of the word (the ':' of "fn:")
  std::uint32_t expression = 0;  // index into expressions_
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
  LiteralSet();
  ~LiteralSet();

  // `fold_case` only folds ASCII letters.
  void Add(std::string_view text, bool fold_case, Literal literal);
  // Empty when taken, else what is wrong with the expression.
  std::string AddExpression(const std::string& expression, IdType rule);
  // Empty when compiled, else Hyperscan's words.
  std::string Freeze();

  bool empty() const noexcept { return literals_.empty(); }
  const Literal& literal(std::uint32_t i) const noexcept { return literals_[i]; }
  void Prepare(LiteralScratch& scratch) const;
  // Appends the hits in `text` to `hits`.
  void Scan(std::string_view text, LiteralScratch& scratch, std::vector<LiteralHit>& hits) const noexcept;
  // Where the expression's match that ends at `end` begins; `end` when it cannot be told.
  std::size_t MatchBegin(const Literal& literal, std::string_view text, std::size_t end,
                         LiteralScratch& scratch) const noexcept;

  static constexpr std::uint32_t kMaxExpressionWidth = 128;

 private:
  struct Expression {
    hs_database* database = nullptr;  // with start of match, run only where the set has matched
  };
  std::vector<std::string> patterns_;
  std::vector<unsigned> flags_;
  std::vector<Literal> literals_;
  std::vector<Expression> expressions_;
  hs_database* database_ = nullptr;
};

// Length of the longest literal that every match of `expression` must hold, as far as it is plain to see.
std::size_t RequiredLiteral(std::string_view expression) noexcept;

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_LITERAL_SET_H_

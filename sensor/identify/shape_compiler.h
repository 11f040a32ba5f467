// SPDX-License-Identifier: Apache-2.0
// How a rule's values look, from words to tables: templates, tokens, fields, keys, expressions, registers.
#ifndef GANDER_IDENTIFY_SHAPE_COMPILER_H_
#define GANDER_IDENTIFY_SHAPE_COMPILER_H_

#include "identify/rule_tables.h"

namespace gander::identify {

// What is wrong with a rule, at its place.
Failure Wrong(const RuleSource& s, const std::string& what, const std::string& remedy);

class ShapeCompiler {
 public:
  explicit ShapeCompiler(RuleSet::Impl& tables) noexcept : impl_(&tables) {}

  // `type` is the place that `r` will have among the rules. Errors: a shape that is not one, or that another rule has.
  Result<bool> Add(const RuleSource& s, IdType type, CompiledRule& r);
  // What no rule asks for by a shape of its own; once all rules are added.
  void AddStructure();

  // `error`: Hyperscan's, or that the expression is too slow.
  static Failure WrongExpression(const RuleSource& s, const std::string& error);

 private:
  Result<bool> Claim(const RuleSource& s, IdType& place, IdType type);
  Result<std::vector<ValueTemplate>> FormsOf(const RuleSource& s, IdType type);
  Result<bool> AddTemplates(const RuleSource& s, IdType type);
  Result<bool> AddOtherForms(const RuleSource& s, IdType type);
  Result<bool> AddToken(const RuleSource& s, IdType type, CompiledRule& r);
  Result<bool> AddField(const RuleSource& s, IdType type, CompiledRule& r);
  Result<bool> AddKeys(const RuleSource& s, IdType type);
  Result<bool> AddRegister(const RuleSource& s, IdType type, CompiledRule& r);
  Result<bool> AddExpression(const RuleSource& s, IdType type);
  void AddKey(const std::string& key, LiteralUse use, IdType type, std::uint32_t record = 0, std::uint32_t part = 0);
  void AddProseKey(const std::string& key, IdType type);

  RuleSet::Impl* impl_;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_SHAPE_COMPILER_H_

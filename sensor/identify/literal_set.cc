// SPDX-License-Identifier: Apache-2.0
// Building and running the Hyperscan database.
#include "identify/literal_set.h"

#include <hs/hs.h>

#include <algorithm>
#include <new>

#include "identify/char_class.h"

namespace gander::identify {
namespace {

// Without the AVX2 flag Hyperscan takes its FDR engine for literals, which measured twice as fast on text.
const hs_platform_info_t kPlatform{HS_TUNE_FAMILY_GENERIC, 0, 0, 0};

std::string Escaped(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (char c : text) {
    const auto b = static_cast<unsigned char>(c);
    if (IsAlnum(c)) {
      out += c;
    } else {
      out += "\\x";
      out += kHex[b >> 4];
      out += kHex[b & 15];
    }
  }
  return out;
}

std::string Take(hs_compile_error_t* error) {
  std::string text = error != nullptr ? error->message : "unknown error";
  hs_free_compile_error(error);
  return text;
}

}  // namespace

LiteralScratch::~LiteralScratch() {
  if (scratch_ != nullptr) hs_free_scratch(scratch_);
}

LiteralSet::LiteralSet() = default;
LiteralSet::~LiteralSet() {
  if (database_ != nullptr) hs_free_database(database_);
  for (const Expression& e : expressions_) hs_free_database(e.database);
}

void LiteralSet::Add(std::string_view text, bool fold_case, Literal literal) {
  literal.length = static_cast<std::uint32_t>(text.size());
  patterns_.push_back(Escaped(text));
  flags_.push_back(fold_case ? HS_FLAG_CASELESS : 0);
  literals_.push_back(literal);
}

std::string LiteralSet::AddExpression(const std::string& expression, IdType rule) {
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_expression_info(expression.c_str(), 0, &info, &error) != HS_SUCCESS) return Take(error);
  const unsigned width = info->max_width;
  ::free(info);
  if (width == 0 || width > kMaxExpressionWidth) {
    return "it can match more than " + std::to_string(kMaxExpressionWidth) + " bytes (or nothing)";
  }
  if (RequiredLiteral(expression) < 3)
    return "it is too slow: no literal of three bytes that every match must hold";
  Expression e;
  if (hs_compile(expression.c_str(), HS_FLAG_SOM_LEFTMOST, HS_MODE_BLOCK, nullptr, &e.database, &error) !=
      HS_SUCCESS) {
    return Take(error);
  }
  Literal literal;
  literal.use = LiteralUse::kExpression;
  literal.rule = rule;
  literal.length = width;
  literal.expression = static_cast<std::uint32_t>(expressions_.size());
  expressions_.push_back(e);
  patterns_.push_back(expression);
  flags_.push_back(0);
  literals_.push_back(literal);
  return {};
}

std::string LiteralSet::Freeze() {
  if (patterns_.empty()) return {};
  std::vector<const char*> texts;
  std::vector<unsigned> ids;
  for (std::size_t i = 0; i < patterns_.size(); ++i) {
    texts.push_back(patterns_[i].c_str());
    ids.push_back(static_cast<unsigned>(i));
  }
  hs_compile_error_t* error = nullptr;
  const hs_error_t status =
      hs_compile_multi(texts.data(), flags_.data(), ids.data(), static_cast<unsigned>(ids.size()),
                       HS_MODE_BLOCK, &kPlatform, &database_, &error);
  return status == HS_SUCCESS ? std::string{} : Take(error);
}

void LiteralSet::Prepare(LiteralScratch& scratch) const {
  if (database_ != nullptr && hs_alloc_scratch(database_, &scratch.scratch_) != HS_SUCCESS)
    throw std::bad_alloc();
  for (const Expression& e : expressions_) {
    if (hs_alloc_scratch(e.database, &scratch.scratch_) != HS_SUCCESS) throw std::bad_alloc();
  }
}

void LiteralSet::Scan(std::string_view text, LiteralScratch& scratch,
                      std::vector<LiteralHit>& hits) const noexcept {
  if (database_ == nullptr || text.empty()) return;
  const auto on_match = [](unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) {
    auto& out = *static_cast<std::vector<LiteralHit>*>(context);
    out.push_back({static_cast<std::uint32_t>(to), id});
    return 0;
  };
  const std::size_t before = hits.size();
  (void)hs_scan(database_, text.data(), static_cast<unsigned>(text.size()), 0, scratch.scratch_, on_match,
                &hits);
  const auto by_end = [](const LiteralHit& a, const LiteralHit& b) {
    return a.end != b.end ? a.end < b.end : a.literal < b.literal;
  };
  const auto begin = hits.begin() + static_cast<std::ptrdiff_t>(before);
  if (!std::is_sorted(begin, hits.end(), by_end)) std::sort(begin, hits.end(), by_end);
}

std::size_t LiteralSet::MatchBegin(const Literal& literal, std::string_view text, std::size_t end,
                                   LiteralScratch& scratch) const noexcept {
  const std::size_t low = end > literal.length ? end - literal.length : 0;
  struct Best {
    std::size_t end, begin;
  } best{end - low, end - low};
  const auto on_match = [](unsigned, unsigned long long from, unsigned long long to, unsigned,
                           void* context) {
    auto& b = *static_cast<Best*>(context);
    if (to == b.end && from < b.begin) b.begin = static_cast<std::size_t>(from);
    return 0;
  };
  (void)hs_scan(expressions_[literal.expression].database, text.data() + low,
                static_cast<unsigned>(end - low), 0, scratch.scratch_, on_match, &best);
  return low + best.begin;
}

std::size_t RequiredLiteral(std::string_view expression) noexcept {
  std::size_t best = 0, run = 0;
  int depth = 0;
  const auto close_run = [&] {
    best = std::max(best, run);
    run = 0;
  };
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    if (c == '\\' && i + 1 < expression.size()) {
      const char next = expression[++i];
      if (IsAlnum(next)) {
        close_run();  // a class, an anchor or a numbered byte
      } else if (depth == 0) {
        ++run;
      }
    } else if (c == '[') {
      close_run();
      for (++i; i < expression.size() && expression[i] != ']'; ++i) i += expression[i] == '\\' ? 1 : 0;
    } else if (c == '(') {
      close_run();
      ++depth;
    } else if (c == ')') {
      --depth;
    } else if (c == '|') {
      if (depth == 0) return 0;  // what one branch holds the other need not
    } else if (c == '?' || c == '*' || c == '{') {
      if (run > 0) --run;  // may be missing
      close_run();
      while (c == '{' && i + 1 < expression.size() && expression[i] != '}') ++i;
    } else if (c == '.' || c == '^' || c == '$' || c == '+') {
      close_run();
    } else if (depth == 0) {
      ++run;
    }
  }
  close_run();
  return best;
}

}  // namespace gander::identify

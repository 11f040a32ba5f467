// SPDX-License-Identifier: Apache-2.0
// Taking literals in and running the database; how it is compiled or restored is in literal_freeze.cc.
#include "identify/literal_set.h"

#include <hs/hs.h>

#include <algorithm>
#include <new>

#include "identify/char_class.h"

namespace gander::identify {
namespace {

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

void LiteralSet::Add(std::string_view text, bool fold_case, LiteralPlace place, Literal literal) {
  filter_serves_ = filter_.Add(text, fold_case, place, size()) && filter_serves_;
  literal.length = static_cast<std::uint32_t>(text.size());
  patterns_.texts.push_back(Escaped(text));
  patterns_.flags.push_back(fold_case ? HS_FLAG_CASELESS : 0);
  texts_.emplace_back(text);
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
  Literal literal;
  literal.use = LiteralUse::kExpression;
  literal.rule = rule;
  literal.length = width;
  literal.expression = expressions_++;
  patterns_.texts.push_back(expression);
  patterns_.flags.push_back(0);
  literals_.push_back(literal);
  Gate(expression);
  return {};
}

// Its literal may stand anywhere and in either case, for all that is known of the expression.
void LiteralSet::Gate(std::string_view expression) {
  const std::string literal = CertainLiteral(expression);
  const bool ascii = std::all_of(literal.begin(), literal.end(), IsAscii);
  if (!ascii || !filter_.Add(literal, true, LiteralPlace::kAnywhere, LiteralFilter::kGate)) gated_ = false;
}

void LiteralSet::Prepare(LiteralScratch& scratch) const {
  if (database_ != nullptr && hs_alloc_scratch(database_.get(), &scratch.scratch_) != HS_SUCCESS)
    throw std::bad_alloc();
  for (const Database& begin : begins_) {
    if (hs_alloc_scratch(begin.get(), &scratch.scratch_) != HS_SUCCESS) throw std::bad_alloc();
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
  (void)hs_scan(database_.get(), text.data(), static_cast<unsigned>(text.size()), 0, scratch.scratch_, on_match,
                &hits);
}

void LiteralSet::Find(std::string_view text, std::size_t from, std::size_t limit, const RunMasks& runs,
                      LiteralScratch& scratch, std::vector<LiteralHit>& hits) const noexcept {
  const auto before = static_cast<std::ptrdiff_t>(hits.size());
  // What a call of Hyperscan costs before its first byte is more than the filter takes for a short text.
  constexpr std::size_t kShort = 256;
  const bool short_one = !filtering_ && filter_serves_ && gated_ && limit - from <= kShort;
  const bool filters = filtering_ || short_one;
  const bool gate = filters && filter_.Find(text, from, limit, runs, hits);
  if (!filters || gate || !gated_) {
    if (short_one) hits.resize(static_cast<std::size_t>(before));  // the database has all of them
    const auto found = static_cast<std::ptrdiff_t>(hits.size());
    Scan(text.substr(from), scratch, hits);
    std::for_each(hits.begin() + found, hits.end(),
                  [from](LiteralHit& h) { h.end += static_cast<std::uint32_t>(from); });
  }
  const auto by_end = [](const LiteralHit& a, const LiteralHit& b) {
    return a.end != b.end ? a.end < b.end : a.literal < b.literal;
  };
  const auto begin = hits.begin() + before;
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
  (void)hs_scan(begins_[literal.expression].get(), text.data() + low,
                static_cast<unsigned>(end - low), 0, scratch.scratch_, on_match, &best);
  return low + best.begin;
}

}  // namespace gander::identify

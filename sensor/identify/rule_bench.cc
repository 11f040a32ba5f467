// SPDX-License-Identifier: Apache-2.0
#include "identify/rule_bench.h"

#include <algorithm>
#include <string_view>

#include "identify/rule_tables.h"
#include "identify/scanner.h"

namespace gander::identify {
namespace {

constexpr std::size_t kPiece = 16 * 1024;
constexpr int kRounds = 7;
constexpr double kMaxSeconds = 0.2;  // no further round after so much

struct Ignore final : FindingSink {
  void OnFinding(const Finding&) noexcept override {}
};

// Calls `scan`, which says how many bytes it read, over and over; bytes a second of the best round.
template <class Scan>
double BestRate(Scan&& scan) {
  double best = 0, total = 0;
  for (int round = 0; round < kRounds && total < kMaxSeconds; ++round) {
    const double begin = ThreadSeconds();
    const std::size_t bytes = scan();
    const double seconds = std::max(ThreadSeconds() - begin, 1e-9);
    best = std::max(best, static_cast<double>(bytes) / seconds);
    total += seconds;
  }
  return best;
}

std::size_t ScanAll(Scanner& scanner, std::string_view text) {
  TextState state;
  Ignore sink;
  for (std::size_t at = 0; at < text.size(); at += kPiece) {
    content::TextPiece piece;
    piece.text = AsBytes(text.substr(at, kPiece));
    piece.offset = at;
    piece.first = at == 0;
    piece.last = at + kPiece >= text.size();
    scanner.Scan(state, piece, sink);
  }
  return text.size();
}

// As the scanner does it: a pass for the ends, then each match's begin. A very slow one gets through a part
// only.
std::size_t RunExpression(const LiteralSet& one, std::string_view text, LiteralScratch& scratch,
                          std::vector<LiteralHit>& hits) {
  const double begin = ThreadSeconds();
  std::size_t at = 0;
  for (; at < text.size() && ThreadSeconds() - begin < kMaxSeconds; at += kPiece) {
    const std::string_view piece = text.substr(at, kPiece);
    hits.clear();
    one.Scan(piece, scratch, hits);
    for (const LiteralHit& hit : hits)
      (void)one.MatchBegin(one.literal(hit.literal), piece, hit.end, scratch);
  }
  return std::min(at, text.size());
}

}  // namespace

RuleBench MeasureRules(const std::shared_ptr<const RuleSet>& rules) {
  const LiteralSet& literals = rules->impl().literals;
  RuleBench out;
  out.text = literals.Sample();
  const std::string& text = out.text;
  Scanner scanner(rules, Options{}, HashKey{});
  out.scan_rate = BestRate([&] { return ScanAll(scanner, text); });
  std::vector<LiteralHit> hits;
  for (std::uint32_t i = 0; i < literals.size(); ++i) {
    if (literals.literal(i).use != LiteralUse::kExpression) continue;
    const LiteralSet one = literals.OnlyExpression(i);
    LiteralScratch scratch;
    one.Prepare(scratch);
    const double rate = BestRate([&] { return RunExpression(one, text, scratch, hits); });
    out.expressions.push_back({literals.literal(i).rule, rate});
  }
  return out;
}

namespace {

// A rule that looks for next to nothing.
RuleSource InertRule() {
  RuleSource r;
  r.id = r.title = "none.inert";
  r.data_class = "record";
  r.sid = 1;
  r.shape.kind = ShapeKind::kField;
  r.context = {"qzxvjwk"};
  r.match = {"qzxvjwk: 1"};
  r.no_match = {"0"};
  return r;
}

double NanosecondsAKilobyte(const std::shared_ptr<const RuleSet>& rules, const std::string& text) {
  Scanner scanner(rules, Options{}, HashKey{});
  return 1024e9 / BestRate([&] { return ScanAll(scanner, text); });
}

}  // namespace

RuleCosts MeasureEach(const std::vector<RuleSource>& sources, const std::string& text) {
  RuleCosts out;
  const auto inert = RuleSet::Compile({InertRule()});
  if (!inert) return out;
  out.floor_ns = NanosecondsAKilobyte(*inert, text);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto alone = RuleSet::Compile({sources[i]});
    if (alone) out.rules.push_back({i, std::max(0.0, NanosecondsAKilobyte(*alone, text) - out.floor_ns)});
  }
  return out;
}

}  // namespace gander::identify

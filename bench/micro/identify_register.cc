// SPDX-License-Identifier: Apache-2.0
// identify/: what an operator's register of ten million values costs a scan, and one look into it.
#include "base/hash.h"
#include "identify/own/register_file.h"
#include "identify/rule_source.h"
#include "identify/scanner.h"
#include "micro/measure.h"

namespace gander::bench {
namespace {

constexpr HashKey kKey{5, 6};
constexpr std::uint64_t kValues = 10'000'000;

struct Ignore final : identify::FindingSink {
  void OnFinding(const identify::Finding&) noexcept override {}
};

// A customer's number as most are: a letter and eight digits.
std::string NumberOf(std::uint64_t i) { return "K" + std::to_string(10'000'000 + i); }
std::uint64_t TagOf(std::uint64_t i) { return identify::RegisterTag(kKey, NumberOf(i)); }

// Letters and digits as dice fall, 7 to 19 of them: the outline of such values tells them apart from little.
std::string TokenOf(std::uint64_t i) {
  constexpr char kAlnum[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ01234567890123456789";
  std::string token;
  std::uint64_t dice = Mix64(i + 1);
  for (std::size_t length = 7 + i % 13; token.size() < length; dice = Mix64(dice)) token += kAlnum[dice % 56];
  return token;
}

template <class ValueOf>
std::shared_ptr<const identify::Register> MakeRegister(std::uint32_t width, ValueOf value_of) {
  identify::Register::Draft draft(kKey);
  draft.width = width;
  for (std::uint64_t i = 0; i < kValues; ++i) draft.Enter(value_of(i));
  return std::make_shared<const identify::Register>(identify::Register::Make(std::move(draft)));
}

// Values that are not in it, in an order no cache foresees. `error` is how many of a million passed.
void RegisterLook(benchmark::State& state) {
  const auto customers = MakeRegister(static_cast<std::uint32_t>(state.range(0)), NumberOf);
  std::vector<std::uint64_t> others;
  for (std::uint64_t i = 0; i < 1 << 20; ++i) others.push_back(TagOf(kValues + i));
  std::uint64_t passed = 0, asked = 0;
  for (auto _ : state) {
    for (const std::uint64_t tag : others) passed += customers->HoldsTag(tag) ? 1 : 0;
    asked += others.size();
  }
  for (std::uint64_t i = 0; i < kValues; i += 997) {
    if (!customers->HoldsTag(TagOf(i))) return state.SkipWithError("a value that was entered is not found");
  }
  Report(state, others.size());
  state.counters["megabytes"] = static_cast<double>(customers->bytes()) / 1e6;
  state.counters["passed_of_a_million"] = static_cast<double>(passed) / static_cast<double>(asked) * 1e6;
}
BENCHMARK(RegisterLook)->Arg(1)->Arg(2)->Arg(4)->Arg(8)->Unit(benchmark::kMillisecond);

// Argument 1: with customers' numbers; 2: with tokens. The one rule beside it keeps all else equal.
void ScanWithRegister(benchmark::State& state, Density density) {
  std::vector<identify::RuleSource> sources(1);
  identify::RuleSource& mail = sources.front();
  mail.id = mail.title = "global.email";
  mail.data_class = "contact";
  mail.sid = 1;
  mail.chance = 1e-4;
  mail.shape.kind = identify::ShapeKind::kEmail;
  mail.match = {"a@example.org"};
  mail.no_match = {"icon@2x.png"};
  if (state.range(0) != 0) {
    identify::RuleSource own = mail;
    own.id = own.title = "own.customers";
    own.sid = 2;
    own.match.clear();  // its values are not at hand
    own.no_match.clear();
    own.shape.kind = identify::ShapeKind::kRegister;
    static const auto customers = MakeRegister(4, NumberOf), tokens = MakeRegister(4, TokenOf);
    own.own = state.range(0) == 1 ? customers : tokens;
    own.chance = own.own->error_rate();
    sources.push_back(own);
  }
  const auto rules = identify::RuleSet::Compile(std::move(sources));
  if (!rules) return state.SkipWithError(rules.error().ToString().c_str());
  const std::string& text = WebText(density);
  const std::vector<std::string_view> pieces = Pieces(text, 16384);
  identify::Scanner scanner(*rules, {}, HashKey{1, 2});
  identify::TextState text_state;
  Ignore sink;
  for (auto _ : state) ScanPieces(scanner, text_state, pieces, sink);
  Report(state, pieces.size(), text.size());
}
BENCHMARK_CAPTURE(ScanWithRegister, clean, Density::kClean)->Arg(0)->Arg(1)->Arg(2);
BENCHMARK_CAPTURE(ScanWithRegister, dense, Density::kDense)->Arg(0)->Arg(1)->Arg(2);

}  // namespace
}  // namespace gander::bench

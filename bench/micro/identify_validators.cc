// SPDX-License-Identifier: Apache-2.0
// identify/: validators over numbers of which one in ten or so passes.
#include "corpus/random.h"
#include "identify/validators/validator.h"
#include "micro/measure.h"

namespace gander::bench {
namespace {

std::vector<std::string> Values(std::string (*make)(Random&)) {
  Random random(5);
  std::vector<std::string> values;
  for (int i = 0; i < 4096; ++i) values.push_back(make(random));
  return values;
}
std::string Card(Random& r) { return "4" + r.Digits(15); }
std::string GermanIban(Random& r) { return "DE" + r.Digits(20); }
std::string Nine(Random& r) { return r.Number(9); }
std::string Eleven(Random& r) { return r.Number(11); }
std::string ChineseId(Random& r) {
  return "110101" + std::to_string(1950 + r.Below(50)) + "0" + r.Number(1) + "1" + r.Digits(5);
}

void Validate(benchmark::State& state, const char* validator, std::string (*make)(Random&)) {
  const identify::Validator* v = identify::FindValidator(validator);
  if (v == nullptr) return state.SkipWithError("there is no such validator");
  const std::vector<std::string> values = Values(make);
  std::uint64_t passed = 0;
  for (auto _ : state) {
    for (const std::string& value : values) passed += v->check(value) ? 1 : 0;
  }
  benchmark::DoNotOptimize(passed);
  Report(state, values.size());
}
BENCHMARK_CAPTURE(Validate, luhn, "luhn", Card);
BENCHMARK_CAPTURE(Validate, payment_card, "payment_card", Card);
BENCHMARK_CAPTURE(Validate, iban_mod97, "iban", GermanIban);
BENCHMARK_CAPTURE(Validate, us_ssn, "us_ssn", Nine);
BENCHMARK_CAPTURE(Validate, br_cpf, "br_cpf", Eleven);
BENCHMARK_CAPTURE(Validate, cn_resident_id, "cn_resident_id", ChineseId);

}  // namespace
}  // namespace gander::bench

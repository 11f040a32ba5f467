// SPDX-License-Identifier: Apache-2.0
// gander-hostile-rate CLEAN --dense DENSE [--rules PATH]... [--rounds N] [--megabytes M] [--only TEXT]...
// Identification of texts made to be slow, with all packs loaded, beside that of two captures: of web text with nobody
// in it and of tables of people. Bytes a second of CPU time, all in turns. JSON: `texts`, and by rule `near_misses`.
// --only: these texts, and no near-misses.
#include <algorithm>

#include "arguments.h"
#include "ceiling/payload.h"
#include "config/rule_packs.h"
#include "identify/hostile_texts.h"
#include "identify/identification.h"
#include "pipeline.h"
#include "timing.h"

namespace gander::bench {
namespace {

constexpr std::size_t kPiece = 16 * 1024;  // as bodies bring them

Payload PayloadOf(std::string text) {
  Payload payload;
  payload.bytes = text.size();
  payload.streams.push_back(std::move(text));
  return payload;
}

std::vector<identify::RuleSource> SourcesOf(const config::Snapshot& snapshot) {
  std::vector<std::string> files;
  for (const identify::RuleInfo& rule : snapshot.rules->rules()) {
    if (!rule.pack.empty() && (files.empty() || files.back() != rule.pack)) files.push_back(rule.pack);
  }
  auto sources = config::LoadRulePacks(files);
  if (!sources) {
    std::fprintf(stderr, "%s\n", sources.error().ToString().c_str());
    std::exit(2);
  }
  return std::move(*sources);
}

int Run(const Arguments& arguments) {
  const auto snapshot = LoadSnapshot({}, arguments.Texts("--rules"));
  const std::vector<identify::RuleSource> sources = SourcesOf(*snapshot);
  const auto bytes = static_cast<std::size_t>(arguments.Number("--megabytes", 1) * 1e6);
  const int rounds = static_cast<int>(arguments.Number("--rounds", 3));

  std::vector<std::pair<std::string, Payload>> texts;
  texts.emplace_back("clean", CollectPayload(MappedCapture(arguments.capture()), 4 * bytes));
  for (const std::string& dense : arguments.Texts("--dense"))
    texts.emplace_back("dense", CollectPayload(MappedCapture(dense), 4 * bytes));
  for (HostileText& hostile : PlainHostileTexts(bytes)) texts.emplace_back(hostile.name, PayloadOf(hostile.text));
  for (HostileText& hostile : RuleHostileTexts(sources, bytes))
    texts.emplace_back(hostile.name, PayloadOf(hostile.text));
  std::vector<std::pair<std::string, Payload>> near;
  for (const identify::RuleSource& rule : sources) {
    std::string text = NearMisses(rule, bytes / 8);
    if (!text.empty()) near.emplace_back(rule.id, PayloadOf(std::move(text)));
  }

  Identification identification(*snapshot);
  const auto measure = [&](const auto& all) {
    std::vector<Contender> contenders;
    for (const auto& [name, payload] : all) {
      contenders.push_back({name, static_cast<double>(payload.bytes),
                            [&identification, &payload] { return identification.Scan(payload, kPiece); }});
    }
    return RunInTurns(contenders, rounds);
  };
  if (const std::vector<std::string> only = arguments.Texts("--only"); !only.empty()) {
    const auto wanted = [&](const auto& text) { return std::find(only.begin(), only.end(), text.first) != only.end(); };
    std::erase_if(texts, [&](const auto& text) { return !wanted(text); });
    near.clear();
  }
  PinTo(0);
  const nlohmann::json result{
      {"rules", sources.size()}, {"texts", measure(texts)}, {"near_misses", measure(near)}};
  std::printf("%s\n", result.dump(1).c_str());
  return 0;
}

}  // namespace
}  // namespace gander::bench

int main(int argc, char** argv) {
  return gander::bench::Run(
      {argc, argv,
       "gander-hostile-rate CLEAN --dense DENSE [--rules PATH]... [--rounds N] [--megabytes M] [--only TEXT]..."});
}

// SPDX-License-Identifier: Apache-2.0
// gander rules list --table: the catalogue of what is recognised, for readers (rules/CATALOGUE.md) and for
// spreadsheets.
#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "app/options.h"
#include "app/rules_verbs.h"
#include "config/rule_packs.h"

namespace gander::app {
namespace {

using identify::CheckSource;
using identify::RuleSource;

// Others whose published lists say that they look for the same, by their letter in rules/peers.tsv.
struct Peer {
  char letter;
  const char* name;
};
constexpr Peer kPeers[] = {{'P', "Presidio"}, {'G', "Google DLP"}, {'M', "Purview"}, {'N', "Snort"}};

// What rules/peers.tsv says of an identifier; neither of one that only Gander has.
struct Entry {
  std::string tier, peers;
};
using Entries = std::map<std::string, Entry>;

Result<Entries> ReadPeers(const Paths& paths) {
  const std::string file = PacksOf(paths).front() + "/peers.tsv";
  Entries out;
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) return out;  // own packs have none
  for (int number = 2; std::getline(in, line); ++number) {
    std::istringstream fields(line);
    std::string id, tier, peers;
    if (!std::getline(fields, id, '\t') || !std::getline(fields, tier, '\t'))
      return Fail(file, number, "this line has no id and tier",
                  "write id, tier and letters of peers with tabs between");
    std::getline(fields, peers);
    out[id] = {tier, peers};
  }
  return out;
}

void Note(std::vector<std::string>& words, const std::string& word) {
  if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
}

// What a check tests, in a word or two.
void NoteCheck(const CheckSource& c, std::vector<std::string>& words) {
  const auto modulus = [&] { return c.moduli.empty() ? "" : " mod " + std::to_string(c.moduli.front()); };
  switch (c.kind) {
    case CheckSource::Kind::kWeights: return Note(words, "weights" + modulus());
    case CheckSource::Kind::kNumber: return Note(words, "number" + modulus());
    case CheckSource::Kind::kAlgorithm: return Note(words, c.name);
    case CheckSource::Kind::kDate: return Note(words, "date");
    case CheckSource::Kind::kPlaces: return Note(words, "ranges");
    case CheckSource::Kind::kLength: return;
    case CheckSource::Kind::kAny:
      for (const auto& way : c.ways) {
        for (const CheckSource& part : way) NoteCheck(part, words);
      }
  }
}

std::string ValidatorOf(const RuleSource& s) {
  std::vector<std::string> words;
  if (s.validator != "none") words.push_back(s.validator);
  for (const auto* checks : {&s.checks, &s.unnamed_checks}) {
    for (const CheckSource& c : *checks) NoteCheck(c, words);
  }
  if (s.needs_context) words.push_back("context");
  if (!s.needs.empty()) words.push_back("beside " + Joined(s.needs, " or "));
  return words.empty() ? "form" : Joined(words, ", ");
}

struct Tally {
  std::size_t rules = 0, match = 0, no_match = 0;
  std::set<std::string> regions;
  std::array<std::size_t, std::size(kPeers)> peers{};

  void Add(const RuleSource& s, const Entry& entry) {
    ++rules;
    match += s.match.size();
    no_match += s.no_match.size();
    if (s.region != "GLOBAL") regions.insert(s.region);
    for (std::size_t i = 0; i < peers.size(); ++i) peers[i] += entry.peers.find(kPeers[i].letter) != std::string::npos;
  }
};

using Cells = std::vector<std::string>;

void Row(const Cells& cells) { std::printf("| %s |\n", Joined(cells, " | ").c_str()); }

void Head(const Cells& cells) {
  Row(cells);
  std::printf("|%s\n", [&] {
    std::string rule;
    for (std::size_t i = 0; i < cells.size(); ++i) rule += "---|";
    return rule;
  }().c_str());
}

// `|` would end a cell.
std::string Cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

void Summary(const char* what, const std::map<std::string, Tally>& tallies, const Tally& all) {
  Cells head = {what, "identifiers", "countries", "must match", "must not"};
  for (const Peer& peer : kPeers) head.emplace_back(peer.name);
  Head(head);
  const auto row = [](const std::string& name, const Tally& t) {
    Cells cells = {name};
    for (const std::size_t n : {t.rules, t.regions.size(), t.match, t.no_match}) cells.push_back(std::to_string(n));
    for (const std::size_t n : t.peers) cells.push_back(std::to_string(n));
    Row(cells);
  };
  for (const auto& [name, tally] : tallies) row(name, tally);
  row("all", all);
  std::printf("\n");
}

void WriteMarkdown(const std::vector<RuleSource>& rules,
                   const std::function<const Entry&(const RuleSource&)>& entry_of) {
  std::map<std::string, Tally> packs, tiers;
  Tally all;
  for (const RuleSource& s : rules) {
    const Entry& entry = entry_of(s);
    packs[FileName(s.file)].Add(s, entry);
    tiers[entry.tier.empty() ? "none" : entry.tier].Add(s, entry);
    all.Add(s, entry);
  }
  std::printf("# What is recognised\n\n"
              "Made by `gander rules list --table markdown > rules/CATALOGUE.md`; a test says when it is not current.\n"
              "Peers, as far as their public lists and sources name the same identifier (`peers.tsv`): P Presidio,\n"
              "G Google DLP, M Purview, N Snort, S python-stdnum, V validator.js. Tier 1 is what every deployment\n"
              "meets, 2 the other large populations, 3 the rest; for `none` no list was compared.\n\n"
              "## By pack: regions, then domains\n\n");
  Summary("pack", packs, all);
  std::printf("## By tier\n\n");
  Summary("tier", tiers, all);
  std::printf("## Each\n\n");
  Head({"identifier", "title", "rule file", "tier", "validator", "match / not", "peers", "references"});
  for (const RuleSource& s : rules) {
    const Entry& entry = entry_of(s);
    Row({"`" + s.id + "`", Cell(s.title), FileName(s.file), entry.tier, Cell(ValidatorOf(s)),
         std::to_string(s.match.size()) + " / " + std::to_string(s.no_match.size()), entry.peers,
         Cell(Joined(s.references, "; "))});
  }
}

void WriteTsv(const std::vector<RuleSource>& rules, const std::function<const Entry&(const RuleSource&)>& entry_of) {
  std::printf(
      "id\ttitle\tregion\tclass\tsensitivity\tfile\tline\ttier\tvalidator\tmatch\tno_match\tpeers\treferences\n");
  for (const RuleSource& s : rules) {
    const Entry& entry = entry_of(s);
    std::printf("%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\t%zu\t%zu\t%s\t%s\n", s.id.c_str(), s.title.c_str(),
                s.region.c_str(), s.data_class.c_str(), identify::NameOf(s.sensitivity), FileName(s.file).c_str(), s.line,
                entry.tier.c_str(), ValidatorOf(s).c_str(), s.match.size(), s.no_match.size(), entry.peers.c_str(),
                Joined(s.references, "; ").c_str());
  }
}

}  // namespace

int TableOfRules(const Paths& paths, const std::string& format) {
  auto rules = config::LoadRulePacks(PacksOf(paths));
  if (!rules) return Complain(rules.error());
  auto entries = ReadPeers(paths);
  if (!entries) return Complain(entries.error());
  const Entry none;
  const auto entry_of = [&](const RuleSource& s) -> const Entry& {
    const auto found = entries->find(s.id);
    return found == entries->end() ? none : found->second;
  };
  format == "tsv" ? WriteTsv(*rules, entry_of) : WriteMarkdown(*rules, entry_of);
  return kDone;
}

}  // namespace gander::app

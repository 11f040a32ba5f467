// SPDX-License-Identifier: Apache-2.0
// One rule set after another in the same run: numbers of rules stay, open texts go on.
#include <algorithm>

#include "identify/support_rules.h"

namespace gander::identify {
namespace {

using Found = std::vector<std::string>;

RuleSource Member() {
  RuleSource r = MakeRule("xx.member", 50, ShapeKind::kTemplate, "none");
  r.chance = 1e-6;
  r.shape.templates = {"MBR-NNNNNNNN"};
  r.match = {"MBR-12345678"};
  r.no_match = {"MBR-12345"};
  return r;
}

std::shared_ptr<const RuleSet> After(const RuleSet& before, std::vector<RuleSource> sources) {
  KeepPlaces(before, sources);
  return CompileOrDie(std::move(sources));
}

std::vector<std::string> Ids(const RuleSet& rules) {
  std::vector<std::string> ids;
  for (const RuleInfo& r : rules.rules()) ids.push_back(r.retired ? "(" + r.id + ")" : r.id);
  return ids;
}

TEST(KeepPlaces, RulesKeepTheirNumbers) {
  const auto first = CompileOrDie(TestRules());
  std::vector<RuleSource> sources = TestRules();
  std::reverse(sources.begin(), sources.end());
  sources.insert(sources.begin(), Member());
  const auto second = After(*first, sources);
  std::vector<std::string> expected = Ids(*first);
  expected.push_back("xx.member");
  EXPECT_EQ(Ids(*second), expected);
  EXPECT_GT(second->serial(), first->serial());

  const auto third = After(*second, TestRules());
  expected.back() = "(xx.member)";
  EXPECT_EQ(Ids(*third), expected);
  EXPECT_EQ(third->size(), first->size());
  EXPECT_EQ(third->digest(), first->digest()) << "the same rules, whatever was loaded between";

  std::vector<RuleSource> renamed = TestRules();
  RuleSource other = Member();
  other.id = "xx.renamed";  // with the sid of the one that is gone
  renamed.push_back(other);
  renamed.push_back(SsnRule());
  KeepPlaces(*third, renamed);
  EXPECT_FALSE(RuleSet::Compile(renamed)) << "two of one id";
  renamed.erase(std::find_if(renamed.begin(), renamed.end(), [](const RuleSource& s) { return s.id == "us.ssn"; }));
  const auto fourth = After(*third, renamed);
  expected.push_back("xx.renamed");
  EXPECT_EQ(Ids(*fourth), expected);
}

// Cut anywhere, before the cut the first set judges and behind it the second.
TEST(Succession, OpenTextsGoOn) {
  const std::string text =
      "name,card,email\nHugo Moreau,4716 2210 5188 5662,hugo@example.org\nAnna Bell,4716461583322103,anna@example.org\n"
      "ssn 536-90-4399 and MBR-12345678 then 1 2 3 MBR-87654321 or +49 152 720 43033 end of it";
  const auto first = CompileOrDie(TestRules());
  std::vector<RuleSource> more = TestRules();
  more.insert(more.begin(), Member());
  const auto second = After(*first, more);
  for (const bool staged : {false, true}) {
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      auto before = std::make_unique<Scanner>(first, Options{}, HashKey{1, 2});
      Scanner after(second, Options{}, HashKey{1, 2});
      Collector sink;
      TextState state;
      int owner = 0;
      const auto give = [&](Scanner& scanner, std::size_t begin, std::size_t end) {
        const std::string part = text.substr(begin, end - begin);
        content::TextPiece piece;
        piece.text = AsBytes(part);
        piece.offset = begin;
        piece.first = begin == 0;
        piece.last = end == text.size();
        staged ? scanner.Stage(state, piece, &owner, sink) : scanner.Scan(state, piece, sink);
      };
      if (cut > 0 && cut < text.size()) give(*before, 0, cut);
      const std::uint64_t bytes = before->counters().bytes;
      after.Succeed(*before, sink);
      before.reset();
      give(after, cut < text.size() ? cut : 0, text.size());
      EXPECT_EQ(after.counters().bytes, bytes + text.size() - (cut < text.size() ? cut : 0));
      const auto found = Describe(*second, sink.findings);
      for (const char* always : {"global.phone_e164@", "global.email@"}) {
        EXPECT_TRUE(std::any_of(found.begin(), found.end(), [&](const auto& f) { return f.starts_with(always); }))
            << always << " cut at " << cut;
      }
      const auto members =
          std::count_if(found.begin(), found.end(), [](const auto& f) { return f.starts_with("xx."); });
      const std::size_t last = text.find("MBR-87654321");
      EXPECT_TRUE(cut == text.size() || cut > last || members >= 1) << cut;
      auto sorted = found;
      std::sort(sorted.begin(), sorted.end());
      EXPECT_EQ(std::adjacent_find(sorted.begin(), sorted.end()), sorted.end()) << "found twice, cut at " << cut;
    }
  }
}

TEST(Succession, EvidenceOfTheOldSetIsNotTheNewOnes) {
  const auto first = CompileOrDie(TestRules());
  const auto second = After(*first, {SsnRule(), Member()});  // fewer chance slots
  auto before = std::make_unique<Scanner>(first, Options{}, HashKey{1, 2});
  Scanner after(second, Options{}, HashKey{1, 2});
  Collector sink;
  TextState state;
  content::TextPiece piece;
  const std::string cards = "4716461583322103 4716221051885662 4716461583322103 4716221051885662 ";
  piece.text = AsBytes(cards);
  piece.last = false;
  before->Scan(state, piece, sink);
  after.Succeed(*before, sink);
  before.reset();
  piece.offset = cards.size();
  piece.first = false;
  piece.last = true;
  const std::string rest = std::string(700, ' ') + "ssn 536-90-4399, MBR-12345678";
  piece.text = AsBytes(rest);
  after.Scan(state, piece, sink);
  EXPECT_EQ(Describe(*second, sink.findings).back().substr(0, 9), "xx.member");
}

RuleSource CallRecord() {
  RuleSource r = MakeRule("xx.call_record", 51, ShapeKind::kKeys, "none");
  r.shape.parts = {{"caller"}, {"called"}, {"duration"}};
  r.identifies_person = false;
  r.chance = 0.0001;
  r.match = {"{\"caller\":\"1\",\"called\":\"2\",\"duration\":3}"};
  r.no_match = {"{\"caller\":\"1\"}"};
  return r;
}

// What two texts say one behind the other, the second read by `after`.
Found ReadOn(const std::shared_ptr<const RuleSet>& first, const std::shared_ptr<const RuleSet>& second,
             const std::string& head, const std::string& rest) {
  auto before = std::make_unique<Scanner>(first, Options{}, HashKey{1, 2});
  Scanner after(second, Options{}, HashKey{1, 2});
  Collector sink;
  TextState state;
  content::TextPiece piece;
  piece.text = AsBytes(head);
  piece.last = false;
  before->Scan(state, piece, sink);
  after.Succeed(*before, sink);
  before.reset();
  piece.offset = head.size();
  piece.first = false;
  piece.last = true;
  piece.text = AsBytes(rest);
  sink.findings.clear();
  after.Scan(state, piece, sink);
  return Describe(*second, sink.findings);
}

bool Has(const Found& found, std::string_view beginning) {
  return std::any_of(found.begin(), found.end(), [&](const auto& f) { return f.starts_with(beginning); });
}

// Rows and records half read are those of the old set: the new one counts its own, and no number of the old is asked of
// its tables.
TEST(Succession, OpenRowsAndRecordsBeginAnew) {
  const std::string head = std::string(600, '.') + "\n{\"caller\":\"1\",\"called\":\"2\"" + std::string(330, ' ');
  const std::string rest = ",\"duration\":3}" + std::string(400, '.');
  std::vector<RuleSource> sources = TestRules();
  sources.push_back(CallRecord());
  const auto first = CompileOrDie(sources);
  EXPECT_TRUE(Has(ReadOn(first, first, head, rest), "xx.call_record@")) << "the same rules go on with the record";
  std::vector<RuleSource> fewer = {CallRecord(), Member()};
  EXPECT_FALSE(Has(ReadOn(first, After(*first, fewer), head, rest), "xx.call_record@"));
  EXPECT_FALSE(Has(ReadOn(first, After(*first, {Member()}), head, rest), "xx.")) << "no keys at all";

  // Two rows before the cut, and one behind it.
  const std::string rows = "a@example.org +16465550248\nb@example.org +16465550249\n";
  const std::string one = "c@example.org +16465550250\n" + std::string(400, '.');
  const std::string before = std::string(600, '.') + "\n" + rows + std::string(330, '.') + "\n";
  EXPECT_TRUE(Has(ReadOn(first, first, before, one), "record.people_table@"));
  const auto second = After(*first, TestRules());
  EXPECT_FALSE(Has(ReadOn(first, second, before, one), "record.people_table@")) << "one row is no table";
  EXPECT_TRUE(Has(ReadOn(first, second, before, rows + one), "record.people_table@"));
}

}  // namespace
}  // namespace gander::identify

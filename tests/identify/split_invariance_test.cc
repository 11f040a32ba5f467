// SPDX-License-Identifier: Apache-2.0
// Wherever a text is cut, the same values are found, each once.
#include <algorithm>
#include <random>

#include "identify/people_tally.h"
#include "identify/support_rules.h"

namespace gander::identify {
namespace {

class Collector final : public FindingSink {
 public:
  void OnFinding(const Finding& f) noexcept override { findings.push_back(f); }
  void OnPeople(std::span<const Finding> told) noexcept override {
    people.insert(people.end(), told.begin(), told.end());
  }
  std::vector<Finding> findings, people;
};

// In order, with the people of its records.
std::vector<std::string> All(const RuleSet& rules, const std::vector<Finding>& findings,
                             const std::vector<Finding>& people) {
  auto described = Describe(rules, findings);
  for (const Finding& p : people) {
    described.push_back("person@" + std::to_string(p.offset) + "+" + std::to_string(p.length));
  }
  std::sort(described.begin(), described.end());
  return described;
}

std::size_t FirstOffset(const std::string& described) {
  return std::stoul(described.substr(described.find('@') + 1));
}

std::string Row(std::mt19937& random) {
  const auto digits = [&](int n) {
    std::string s;
    for (int i = 0; i < n; ++i) s += static_cast<char>('0' + random() % 10);
    return s;
  };
  const char* const samples[] = {"4716461583322103",
                                 "4716 2210 5188 5662",
                                 "DE89 3704 0044 0532 0130 00",
                                 "+49 152 720 43033",
                                 "maria.garcia@mail.example.de",
                                 "536-90-4399",
                                 "\"name\":\"Hugo Moreau\"",
                                 "ssn 536 90 4399",
                                 "姓名: 赵静\n",
                                 "card ４７１６４６１５８３３２２１０３ ",
                                 "card 4716\u00a02210\u202f5188\u200b\u20095662",
                                 "card 𝟒𝟕𝟏𝟔\u00ad४६१५ 8332－2103\u200f",
                                 "li.na@example。org。",
                                 "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"};
  std::string row;
  for (int i = 0; i < 6; ++i) {
    switch (random() % 4) {
      case 0:
        row += samples[random() % std::size(samples)];
        break;
      case 1:
        row += digits(1 + static_cast<int>(random() % 18));
        break;
      case 2:
        row += "some words and a time 12:30:05.123 ";
        break;
      default:
        row += digits(3) + "." + digits(4);
        break;
    }
    row += ",; \n\t-"[random() % 6];
  }
  return row;
}

class SplitInvariance : public ScannerTest {
 protected:
  std::vector<std::string> InPieces(const std::string& text, const std::vector<std::size_t>& cuts) {
    Collector sink;
    state_.Reset();
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= cuts.size(); ++i) {
      const std::size_t end = i < cuts.size() ? cuts[i] : text.size();
      content::TextPiece piece;
      // A copy of its own, so that a read outside the piece is seen by the sanitizer.
      const std::vector<char> bytes(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                    text.begin() + static_cast<std::ptrdiff_t>(end));
      piece.text = AsBytes({bytes.data(), bytes.size()});
      piece.offset = begin;
      piece.first = i == 0;
      piece.last = i == cuts.size();
      scanner_.Scan(state_, piece, sink);
      begin = end;
    }
    return All(*rules_, sink.findings, sink.people);
  }
};

// Findings of staged texts, by owner; nobody's where no owner was named.
class OwnedCollector final : public FindingSink {
 public:
  explicit OwnedCollector(std::size_t owners) : findings(owners), people(owners) {}
  void OnOwner(void* owner) noexcept override { owner_ = static_cast<std::size_t*>(owner); }
  void OnFinding(const Finding& f) noexcept override {
    if (owner_ == nullptr) {
      ++strays;
    } else {
      findings[*owner_].push_back(f);
    }
  }
  void OnPeople(std::span<const Finding> told) noexcept override {
    if (owner_ == nullptr) {
      ++strays;
    } else {
      people[*owner_].insert(people[*owner_].end(), told.begin(), told.end());
    }
  }
  std::vector<std::vector<Finding>> findings, people;
  int strays = 0;

 private:
  std::size_t* owner_ = nullptr;
};

// More texts at once than there are stages, in pieces of any size, flushed now and then.
TEST_F(SplitInvariance, StagedTextsOfManyFlowsAtOnce) {
  constexpr std::size_t kTexts = 700;
  std::mt19937 random(5);
  std::vector<std::string> texts(kTexts);
  std::vector<std::size_t> names(kTexts), at(kTexts, 0), open;
  std::vector<TextState> states(kTexts);
  for (std::size_t i = 0; i < kTexts; ++i) {
    names[i] = i;
    open.push_back(i);
    const std::size_t size = i < 20 ? 60000 : random() % 5000;
    while (texts[i].size() < size) texts[i] += Row(random);
  }
  OwnedCollector sink(kTexts);
  const auto before = scanner_.counters();
  std::size_t bytes = 0;
  while (!open.empty()) {
    const std::size_t place = random() % open.size(), i = open[place];
    const std::size_t left = texts[i].size() - at[i], most = random() % 50 == 0 ? 30000 : 1460;
    const std::size_t n = std::min(left, random() % (most + 1));
    content::TextPiece piece;
    const std::vector<char> copy(texts[i].begin() + static_cast<std::ptrdiff_t>(at[i]),
                                 texts[i].begin() + static_cast<std::ptrdiff_t>(at[i] + n));
    piece.text = AsBytes({copy.data(), copy.size()});
    piece.offset = at[i];
    piece.first = at[i] == 0;
    piece.last = n == left;
    if (piece.first && n == 0 && !piece.last) continue;
    scanner_.Stage(states[i], piece, &names[i], sink);
    bytes += n;
    at[i] += n;
    if (random() % 100 == 0) scanner_.Flush(states[random() % kTexts], sink);
    if (random() % 3000 == 0) scanner_.FlushAll(sink);
    if (piece.last) {
      open[place] = open.back();
      open.pop_back();
    }
  }
  EXPECT_EQ(sink.strays, 0);
  EXPECT_EQ(scanner_.counters().bytes - before.bytes, bytes);
  for (std::size_t i = 0; i < kTexts; ++i) {
    ASSERT_EQ(All(*rules_, sink.findings[i], sink.people[i]), InPieces(texts[i], {})) << "text " << i;
  }
}

TEST_F(SplitInvariance, AResetTextGivesItsStageBack) {
  OwnedCollector sink(1);
  std::size_t name = 0;
  content::TextPiece piece;
  piece.text = AsBytes(std::string_view("ssn 536-90-4399 and more "));
  piece.last = false;
  for (int round = 0; round < 2000; ++round) {
    TextState gone;
    scanner_.Stage(gone, piece, &name, sink);
    scanner_.Stage(state_, piece, &name, sink);
    state_.Reset();
  }
  EXPECT_TRUE(sink.findings[0].empty());
  scanner_.Stage(state_, piece, &name, sink);
  piece.first = false;
  piece.last = true;
  piece.offset = piece.text.size();
  scanner_.Stage(state_, piece, &name, sink);
  EXPECT_EQ(sink.findings[0].size(), 2u);
}

TEST_F(SplitInvariance, EveryCutOfAShortText) {
  const std::string text =
      "name,card,email\nHugo Moreau,4716 2210 5188 5662,hugo@example.org\nAnna "
      "Bell,4716461583322103,anna@example.org\n"
      "ssn 536-90-4399 and DE89 3704 0044 0532 0130 00 or +49 152 720 43033, token "
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N end\n";
  const auto whole = InPieces(text, {});
  EXPECT_EQ(whole.size(), 11u);  // nine values, two people
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    EXPECT_EQ(InPieces(text, {cut}), whole) << "cut at " << cut;
}

// An expression may match more than any literal is long: it must be looked for from so far back.
TEST(SplitInvarianceOfExpressions, AMatchAsLongAsMayBe) {
  std::vector<RuleSource> sources = TestRules();
  RuleSource rule = MakeRule("local.docket", 90, ShapeKind::kExpression, "none");
  rule.chance = 1e-6;
  rule.shape.expression = "docket[a-f]{115}ending";
  const std::string match = "docket" + std::string(115, 'c') + "ending";
  rule.match = {match};
  rule.no_match = {"docket ending"};
  sources.push_back(rule);
  const auto rules = CompileOrDie(std::move(sources));
  Scanner scanner{rules, Options{}, HashKey{1, 2}};
  const std::string text = std::string(600, '.') + "\n" + match + "\n" + std::string(900, '.');
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    TextState state;
    Collector sink;
    content::TextPiece piece;
    piece.text = AsBytes(std::string_view(text).substr(0, cut));
    piece.last = false;
    scanner.Scan(state, piece, sink);
    piece.text = AsBytes(std::string_view(text).substr(cut));
    piece.offset = cut;
    piece.first = false;
    piece.last = true;
    scanner.Scan(state, piece, sink);
    EXPECT_EQ(Describe(*rules, sink.findings), std::vector<std::string>{"local.docket@601+127"}) << "cut at " << cut;
  }
}

TEST_F(SplitInvariance, ManyRandomCutsOfLongTexts) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::string text;
    while (text.size() < 3000 + random() % 9000) text += Row(random);
    const auto whole = InPieces(text, {});
    std::vector<std::size_t> cuts;
    const std::size_t step = 1 + random() % 1500;
    for (std::size_t at = random() % step; at < text.size(); at += 1 + random() % step) cuts.push_back(at);
    const auto cut = InPieces(text, cuts);
    std::vector<std::string> differ;
    std::set_symmetric_difference(cut.begin(), cut.end(), whole.begin(), whole.end(),
                                  std::back_inserter(differ));
    ASSERT_TRUE(differ.empty()) << "round " << round << ": " << differ[0] << " in "
                                << text.substr(FirstOffset(differ[0]) > 60 ? FirstOffset(differ[0]) - 60 : 0,
                                               140);
  }
}

// Cards without a name are held back until there are enough of them, which happens in another window when the text is
// cut before: whether rows make a table of people must not depend on it, nor which value completes it.
TEST_F(SplitInvariance, RowsOfPeopleAreTheSameWithValuesProvenLate) {
  std::mt19937 random(11);
  const auto card = [&] {
    std::string digits = "4716";
    while (digits.size() < 15) digits += static_cast<char>('0' + random() % 10);
    for (char check = '0';; ++check) {
      int sum = 0;
      for (std::size_t i = 0; i < 15; ++i) {
        const int d = (digits[i] - '0') * (i % 2 == 0 ? 2 : 1);
        sum += d > 9 ? d - 9 : d;
      }
      if ((sum + check - '0') % 10 == 0) return digits + check;
    }
  };
  int records = 0;
  for (int round = 0; round < 40; ++round) {
    std::string text = "listing of today\n";
    for (int row = 0; row < 12; ++row) {
      const std::string number = std::to_string(10000000 + random() % 90000000);
      text += card() + ", p" + number + "@example.org, +4915" + number + "1\n";
      if (random() % 3 == 0) text += "{\"name\":\"Hugo Moreau\"}\n";
    }
    const auto whole = InPieces(text, {});
    records += static_cast<int>(std::count_if(whole.begin(), whole.end(), [](const std::string& f) {
      return f.find("people_table") != std::string::npos;
    }));
    for (std::size_t cut = 1; cut < text.size(); cut += 1 + random() % 40) {
      ASSERT_EQ(InPieces(text, {cut}), whole) << "round " << round << " cut at " << cut;
    }
  }
  EXPECT_EQ(records, 40);
}

TEST_F(SplitInvariance, ByteByByte) {
  std::mt19937 random(11);
  std::string text;
  while (text.size() < 2500) text += Row(random);
  std::vector<std::size_t> cuts;
  for (std::size_t i = 1; i < text.size(); ++i) cuts.push_back(i);
  EXPECT_EQ(InPieces(text, cuts), InPieces(text, {}));
}

}  // namespace
}  // namespace gander::identify

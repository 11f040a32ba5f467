// SPDX-License-Identifier: Apache-2.0
// Wherever a text is cut, the same values are found, each once.
#include <algorithm>
#include <random>

#include "identify/support_rules.h"

namespace gander::identify {
namespace {

class Collector final : public FindingSink {
 public:
  void OnFinding(const Finding& f) noexcept override { findings.push_back(f); }
  std::vector<Finding> findings;
};

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
    auto described = Describe(*rules_, sink.findings);
    std::sort(described.begin(), described.end());
    return described;
  }
};

TEST_F(SplitInvariance, EveryCutOfAShortText) {
  const std::string text =
      "name,card,email\nHugo Moreau,4716 2210 5188 5662,hugo@example.org\nAnna "
      "Bell,4716461583322103,anna@example.org\n"
      "ssn 536-90-4399 and DE89 3704 0044 0532 0130 00 or +49 152 720 43033, token "
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N end\n";
  const auto whole = InPieces(text, {});
  EXPECT_EQ(whole.size(), 9u);
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    EXPECT_EQ(InPieces(text, {cut}), whole) << "cut at " << cut;
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

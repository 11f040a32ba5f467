// SPDX-License-Identifier: Apache-2.0
// What is found in a text, how sure, and what is said of it.
#include "identify/scanner.h"

#include <algorithm>
#include <cstdlib>
#include <new>

#include "identify/support_rules.h"

namespace {
std::size_t allocations = 0;
}

#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
void* operator new(std::size_t size) {
  ++allocations;
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

namespace gander::identify {
namespace {

using Found = std::vector<std::string>;

TEST_F(ScannerTest, SpansAreExactSeparatorsIncluded) {
  EXPECT_EQ(Scan("ssn 536-90-4399."), Found{"us.ssn@4+11"});
  EXPECT_EQ(Scan("card 4716 2210 5188 5662 x"), Found{"global.payment_card@5+19"});
  EXPECT_EQ(Scan("to DE89 3704 0044 0532 0130 00, thanks"), Found{"global.iban@3+27"});
  EXPECT_EQ(Scan("call +49 152 720 43033 now"), Found{"global.phone_e164@5+17"});
  EXPECT_EQ(Scan("信用卡４７１６４６１５８３３２２１０３。"), Found{"global.payment_card@9+48"});
}

// The span is that of the original, from the value's first byte to its last.
TEST_F(ScannerTest, ValuesInOtherDigitsAndSigns) {
  const auto card = [](const std::string& value) {
    return Found{"global.payment_card@5+" + std::to_string(value.size())};
  };
  for (const std::string value : {
           "４７１６　２２１０　５１８８　５６６２", "4716\u00a02210\u202f5188\u20095662", "4716‐2210–5188−5662", "4716－2210﹣5188﹘5662",
           "४७१६२२१०५१८८५६६२", "৪৭১৬২২১০৫১৮৮৫৬৬২", "๔๗๑๖๒๒๑๐๕๑๘๘๕๖๖๒", "٤٧١٦ ٢٢١٠ ٥١٨٨ ٥٦٦٢", "۴۷۱۶۲۲۱۰۵۱۸۸۵۶۶۲",
           "𝟒𝟕𝟏𝟔𝟐𝟐𝟏𝟎𝟓𝟏𝟖𝟖𝟓𝟔𝟔𝟐", "𝟺𝟽𝟷𝟼 𝟸𝟸𝟷𝟶 𝟻𝟷𝟾𝟾 𝟻𝟼𝟼𝟸", "4７𝟏६ 2210 5188 5662",
           "4\u200b7\u200c1\u200d6\u20602\ufeff2\u00ad1\ufe0f0\u200e5\u200f1885662", "4716\u200b-2210\u00ad-5188-5662",
       }) {
    EXPECT_EQ(Scan("card " + value + "\u200f, thanks"), card(value)) << value;
    EXPECT_EQ(Scan("card " + value), card(value)) << value;
  }
  EXPECT_EQ(Scan("ca\u00adrd\u00a04716461583322103"), Found{"global.payment_card@8+16"});
  EXPECT_EQ(Scan("ｓｓｎ　５３６－９０－４３９９"), Found{"us.ssn@12+33"});
  EXPECT_EQ(Scan("card ４７１６４６１５８３３２２１０４"), Found{});
}

TEST_F(ScannerTest, AddressesOfFullWidthAsAWhole) {
  EXPECT_EQ(Scan("ｌｉ．ｎａ＠ｅｘａｍｐｌｅ．ｏｒｇ"), Found{"global.email@0+51"});
  EXPECT_EQ(Scan("ｌｉ＿ｎａ＠ｅｘａｍｐｌｅ。ｏｒｇ。"), Found{"global.email@0+51"});
  EXPECT_EQ(Scan("邮箱：li.na@example。org。"), Found{"global.email@9+19"});
  EXPECT_EQ(Scan("li.na＠example．org"), Found{"global.email@0+21"});
  EXPECT_EQ(Scan("li\u200b.na@exam\u00adple.org"), Found{"global.email@0+22"});
  EXPECT_EQ(Scan("ｌｉ@example.org"), Found{});
}

TEST_F(ScannerTest, BordersAreRespected) {
  for (const char* text :
       {"ssn 1536-90-4399", "ssn 536-90-43991", "ssn x536-90-4399", "ssn 536-90-4399-1", "ssn 536-90-4399_x",
        "ssn 0.536904399", "card $4716461583322103", "card 4716461583322103@x"}) {
    EXPECT_EQ(Scan(text), Found{}) << text;
  }
}

TEST_F(ScannerTest, AKeyOfItsOwnOutweighsWordsNearby) {
  EXPECT_EQ(Scan(R"({"ssn":"536-90-4399","order":"214740617"})"), Found{"us.ssn@8+11"});
  EXPECT_EQ(Scan(R"({"order":"536-90-4399"})"), Found{});
}

TEST_F(ScannerTest, ColumnsGiveContext) {
  EXPECT_EQ(Scan("id;ssn\n214740617;536904399\n"), Found{"us.ssn@17+9"});
  EXPECT_EQ(Scan("INSERT INTO t (id, ssn) VALUES (214740617, '536904399');"), Found{"us.ssn@44+9"});
}

TEST_F(ScannerTest, AnEmptyFirstLineHidesNothing) {
  EXPECT_EQ(Scan("\nssn 536-90-4399."), Found{"us.ssn@5+11"});
  EXPECT_EQ(Scan("\n"), Found{});
  // In pieces, and far more of them than a stage holds.
  struct Sink final : FindingSink {
    int n = 0;
    void OnFinding(const Finding&) noexcept override { ++n; }
  } sink;
  const std::string line = "\nssn 536-90-4399 and some words that say nothing about anybody at all";
  content::TextPiece piece;
  piece.last = false;
  for (int i = 0; i < 1000; ++i) {
    piece.text = AsBytes(line);
    scanner_.Stage(state_, piece, nullptr, sink);
    piece.offset += line.size();
    piece.first = false;
  }
  scanner_.FlushAll(sink);
  EXPECT_GE(sink.n, 990);
}

TEST_F(ScannerTest, FieldNameOfThePieceGivesContext) {
  struct Sink final : FindingSink {
    int n = 0;
    void OnFinding(const Finding&) noexcept override { ++n; }
  } sink;
  content::TextPiece piece;
  piece.text = AsBytes("536-90-4399");
  scanner_.Scan(state_, piece, sink);
  EXPECT_EQ(sink.n, 0);
  piece.name = "X-Customer-SSN";
  scanner_.Scan(state_, piece, sink);
  EXPECT_EQ(sink.n, 1);
}

TEST_F(ScannerTest, OneCardWithoutContextIsNotCountedButAListIs) {
  EXPECT_EQ(Scan("order 4716461583322103 shipped"), Found{});
  EXPECT_EQ(Scan("x 4716461583322103\nx 5210986499491459\nx 4929722653797141\nx 5217597532398230\n").size(),
            4u);
}

// Random numbers of which one in ten passes must not gather into evidence.
TEST_F(ScannerTest, RandomNumbersStayUnproven) {
  std::string text;
  std::uint64_t state = 1;
  for (int i = 0; i < 3000; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    text += "x 4" + std::to_string(state >> 14).substr(0, 15) + "\n";
  }
  EXPECT_EQ(Scan(text), Found{});
  EXPECT_GT(scanner_.counters().unproven, 100u);
}

TEST_F(ScannerTest, FindingsCarryTagsMasksCountriesAndTestFlags) {
  const auto one = [&](std::string_view text) {
    const auto found = ScanDocument(scanner_, state_, text);
    EXPECT_EQ(found.size(), 1u) << text;
    return found.empty() ? Finding{} : found[0];
  };
  const Finding a = one("ssn 536-90-4399"), b = one("ssn: 536904399 or so"), c = one("ssn 536-90-4398");
  EXPECT_EQ(a.tag, b.tag);
  EXPECT_NE(a.tag, c.tag);
  EXPECT_EQ(a.mask.ToString(), "5·········9");
  EXPECT_EQ(a.subject_country[0], 'U');
  EXPECT_EQ(a.evidence, Evidence::kCertain);
  EXPECT_TRUE(one("card 4111 1111 1111 1111").is_test_value);
  EXPECT_EQ(one("DE89 3704 0044 0532 0130 00").subject_country[1], 'E');
  EXPECT_EQ(one("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N").mask.ToString(),
               "················");
  Scanner other(rules_, Options{}, HashKey{3, 4});
  EXPECT_NE(ScanDocument(other, state_, "ssn 536-90-4399")[0].tag, a.tag);
}

TEST_F(ScannerTest, MaskTextReadsPercentCodes) {
  std::string out;
  for (const char* shown : {"/q?to=maria%40example.org&x=1", "/q?to=%6daria@example%2eorg&x=1", "/q?card=4716%204615%208332%202103",
                            "/%zz%4/a%20b?c=%e4%"}) {
    out.clear();
    scanner_.MaskText(shown, false, out);
    EXPECT_EQ(out.find("aria"), std::string::npos) << out;
    EXPECT_EQ(out.find("4615"), std::string::npos) << out;
    EXPECT_TRUE(out.starts_with("/q?") || out == shown) << out;
  }
  out.clear();
  scanner_.MaskText("/q?to=maria%40example.org&x=1", false, out);
  EXPECT_TRUE(out.ends_with("&x=1")) << out;  // no more than the value
}

TEST_F(ScannerTest, MaskTextHidesEvenWhatIsUnproven) {
  std::string out;
  scanner_.MaskText("/pay/4716461583322103?to=maria@example.org&x=1", false, out);
  EXPECT_EQ(out, "/pay/4··············3?to=m···············g&x=1");
  const std::string once = out;
  out = "x";
  scanner_.MaskText("/pay/4716461583322103?to=maria@example.org&x=1", false, out);
  EXPECT_EQ(out, "x" + once) << "said again";
  out.clear();
  scanner_.MaskText("anna", true, out);
  EXPECT_EQ(out, "····");
}

TEST_F(ScannerTest, AllocatesNothingInSteadyState) {
  struct Sink final : FindingSink {
    int n = 0;
    void OnFinding(const Finding&) noexcept override { ++n; }
  } sink;
  std::string text = "name,card,ssn\n";
  for (int i = 0; i < 400; ++i) text += "Hugo Moreau,4716 2210 5188 5662,536-90-4399,a@example.org,４７\n";
  const auto run = [&] {
    state_.Reset();
    for (std::size_t at = 0; at < text.size(); at += 1460) {
      content::TextPiece piece;
      piece.text = AsBytes(std::string_view(text).substr(at, 1460));
      piece.offset = at;
      piece.first = at == 0;
      piece.last = at + 1460 >= text.size();
      scanner_.Scan(state_, piece, sink);
    }
  };
  run();
  const std::size_t before = allocations;
  run();
  EXPECT_EQ(allocations, before);
  EXPECT_GT(sink.n, 3000);
}

}  // namespace
}  // namespace gander::identify

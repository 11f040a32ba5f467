// SPDX-License-Identifier: Apache-2.0
// The literal database: both variants find the same, and so does one that comes out of the cache.
#include "identify/literal_set.h"

#include <gmock/gmock.h>
#include <hs/hs.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "identify/sample_text.h"
#include "identify/support_rules.h"

namespace gander::identify {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kWords = {"password", "eyJ",  "ghp_",   "name\"", "surname", "geburtsdatum",
                                         "AKIA",     "PID|", "token=", "ssn",    "card",    "INSERT INTO "};

Patterns SomePatterns() {
  Patterns p;
  for (const std::string& word : kWords) {
    std::string escaped;
    for (char c : word) escaped += c == '|' ? std::string("\\|") : std::string(1, c);
    p.texts.push_back(escaped);
    p.flags.push_back(word[0] >= 'a' ? HS_FLAG_CASELESS : 0);
  }
  for (const char* expression : {"GND-[0-9]{6}", "emp[ _-]?no[:=] ?[A-Z]{2}[0-9]{4}"}) {
    p.texts.push_back(expression);
    p.flags.push_back(0);
  }
  return p;
}

std::vector<std::pair<unsigned long long, unsigned>> Hits(const Database& database, const std::string& text) {
  std::vector<std::pair<unsigned long long, unsigned>> hits;
  hs_scratch_t* scratch = nullptr;
  EXPECT_EQ(hs_alloc_scratch(database.get(), &scratch), HS_SUCCESS);
  const auto on_match = [](unsigned id, unsigned long long, unsigned long long to, unsigned, void* out) {
    static_cast<decltype(hits)*>(out)->emplace_back(to, id);
    return 0;
  };
  EXPECT_EQ(
      hs_scan(database.get(), text.data(), static_cast<unsigned>(text.size()), 0, scratch, on_match, &hits),
      HS_SUCCESS);
  hs_free_scratch(scratch);
  std::sort(hits.begin(), hits.end());
  return hits;
}

TEST(LiteralDatabase, BothVariantsFindTheSame) {
  Refusal refusal;
  const Database generic = CompileForScan(SomePatterns(), Variant::kGeneric, refusal);
  const Database native = CompileForScan(SomePatterns(), Variant::kNative, refusal);
  ASSERT_NE(generic, nullptr) << refusal.words;
  ASSERT_NE(native, nullptr) << refusal.words;
  std::vector<std::string> sprinkled = kWords;
  sprinkled.insert(sprinkled.end(),
                   {"GND-123456", "emp no: AB1234", "emp_no:XY0001", "PassWord", "xGND-1234567"});
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    SampleOptions options;
    options.sprinkled = sprinkled;
    options.spacing = seed * 37;
    options.seed = seed;
    const std::string text = SampleText(options);
    const auto hits = Hits(generic, text);
    EXPECT_GT(hits.size(), 200u);
    EXPECT_EQ(hits, Hits(native, text));
    const Database restored = Deserialise(Serialise(*native));
    ASSERT_NE(restored, nullptr);
    EXPECT_EQ(hits, Hits(restored, text));
  }
}

TEST(LiteralDatabase, RefusesWhatIsNoDatabase) {
  EXPECT_EQ(Deserialise(""), nullptr);
  EXPECT_EQ(Deserialise("not a database, nor anything like one, but long enough to have a header"), nullptr);
}

TEST(SampleTextOf, IsTheSameEachTimeAndHoldsWhatIsSprinkled) {
  SampleOptions options;
  options.bytes = 64 * 1024;
  options.sprinkled = kWords;
  const std::string text = SampleText(options);
  EXPECT_EQ(text.size(), options.bytes);
  EXPECT_EQ(text, SampleText(options));
  for (const std::string& word : kWords) EXPECT_NE(text.find(word), std::string::npos) << word;
  options.seed = 7;
  EXPECT_NE(text, SampleText(options));
}

class CachedRules : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/gander_cache_XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  static std::vector<RuleSource> Rules() {
    std::vector<RuleSource> rules = TestRules();
    RuleSource badge = MakeRule("local.badge", 90, ShapeKind::kExpression, "none");
    badge.chance = 0.0001;
    badge.shape.expression = "GND-[0-9]{6}";
    badge.match = {"badge GND-123456 ok"};
    badge.no_match = {"badge GND-12 ok"};
    rules.push_back(badge);
    return rules;
  }
  static std::vector<std::string> Found(const std::shared_ptr<const RuleSet>& rules) {
    static const std::vector<std::string> kRecords = {
        "{\"name\":\"Hugo Moreau\",\"ssn\":\"536-90-4399\"}", "card 4716461583322103", "GND-654321",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N", "ada@example.org"};
    SampleOptions options;
    options.sprinkled = kRecords;
    options.spacing = 900;
    Scanner scanner(rules, Options{}, HashKey{1, 2});
    TextState state;
    return Describe(*rules, ScanDocument(scanner, state, SampleText(options)));
  }
  std::shared_ptr<const RuleSet> Compile() {
    auto rules = RuleSet::Compile(Rules(), folder_);
    EXPECT_TRUE(rules.has_value()) << rules.error().ToString();
    return *rules;
  }

  std::string folder_;
};

TEST_F(CachedRules, ASecondCompileTakesTheFirstOnesDatabasesAndFindsTheSame) {
  const auto uncached = CompileOrDie(Rules());
  EXPECT_FALSE(uncached->literal_build().from_cache);
  EXPECT_EQ(uncached->literal_build().cache_file, "");
  const auto first = Compile(), second = Compile();
  const LiteralBuild& a = first->literal_build();
  const LiteralBuild& b = second->literal_build();
  EXPECT_FALSE(a.from_cache);
  EXPECT_TRUE(b.from_cache);
  EXPECT_EQ(a.cache_file, b.cache_file);
  EXPECT_EQ(b.variant, a.variant);
  EXPECT_EQ(b.generic_rate, a.generic_rate);
  EXPECT_EQ(b.native_rate, a.native_rate);
  EXPECT_GT(a.generic_rate, 0);
  EXPECT_EQ(b.expressions, 1u);
  EXPECT_EQ(b.cache_note, "");
  const auto found = Found(uncached);
  EXPECT_GT(found.size(), 200u);
  EXPECT_EQ(found, Found(first));
  EXPECT_EQ(found, Found(second));
}

// Which way literals are looked for hangs on how long a text is.
TEST_F(CachedRules, AShortTextGivesWhatALongOneDoes) {
  const auto rules = Compile();
  Scanner scanner(rules, Options{}, HashKey{1, 2});
  for (const char* record : {"ssn: 536-90-4399", "badge GND-654321 ok", "name: Hugo Moreau", "nothing of the kind",
                             "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"}) {
    TextState state, long_state;
    const std::size_t found = ScanDocument(scanner, state, record).size();
    const std::string after_much = std::string(1000, ' ') + record;
    EXPECT_EQ(ScanDocument(scanner, long_state, after_much).size(), found) << record;
    EXPECT_EQ(found, record[0] == 'n' && record[1] == 'o' ? 0u : 1u) << record;
  }
}

TEST_F(CachedRules, OtherRulesHaveAnotherFile) {
  const auto first = Compile();
  auto changed = Rules();
  changed.back().shape.expression = "GND-[0-9]{5,6}";
  const auto other = RuleSet::Compile(changed, folder_);
  ASSERT_TRUE(other.has_value());
  EXPECT_FALSE((*other)->literal_build().from_cache);
  EXPECT_NE((*other)->literal_build().cache_file, first->literal_build().cache_file);
}

TEST_F(CachedRules, DamageIsCompiledOverAndMended) {
  const std::string path = Compile()->literal_build().cache_file;
  fs::resize_file(path, fs::file_size(path) / 2);
  const auto over = Compile();
  EXPECT_FALSE(over->literal_build().from_cache);
  EXPECT_THAT(over->literal_build().cache_note, ::testing::HasSubstr("digest is wrong"));
  EXPECT_EQ(Found(over), Found(CompileOrDie(Rules())));
  EXPECT_TRUE(Compile()->literal_build().from_cache);
}

TEST_F(CachedRules, WhatHyperscanWillNotTakeBackIsCompiledOver) {
  const std::string path = Compile()->literal_build().cache_file;
  LiteralCache cache(folder_);
  LiteralCache::Key key{};
  const std::string hex = fs::path(path).stem();
  for (std::size_t i = 0; i < key.size(); ++i) {
    key[i] = static_cast<unsigned char>(std::stoi(hex.substr(2 * i, 2), nullptr, 16));
  }
  LiteralCache::Entry entry;
  ASSERT_TRUE(cache.Load(key, entry));
  entry.blobs[0][entry.blobs[0].size() / 2] ^= 1;  // within the digest's protection: as a bug would write it
  cache.Store(key, entry);
  EXPECT_FALSE(Compile()->literal_build().from_cache);
  entry.blobs.pop_back();
  cache.Store(key, entry);
  EXPECT_FALSE(Compile()->literal_build().from_cache);
  EXPECT_TRUE(Compile()->literal_build().from_cache);
}

}  // namespace
}  // namespace gander::identify

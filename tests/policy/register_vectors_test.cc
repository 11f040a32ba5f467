// SPDX-License-Identifier: Apache-2.0
// The table of vectors, each in any order of the file; and what must hold for any register.
#include "policy/register_vectors.h"

#include <algorithm>
#include <random>

#include "policy/register_words.h"

namespace gander::policy {
namespace {

using test::EntryOf;
using test::RegisterOf;
using test::RegisterVector;
using test::Scenario;
using test::WideWorld;

struct Outcome {
  Verdict verdict;
  std::string entry, why;
  bool operator==(const Outcome&) const = default;
};

Outcome OutcomeOf(std::vector<TransferEntry> entries, const std::string& movement) {
  PolicySource source = WideWorld();
  source.transfers = std::move(entries);
  const auto policy = test::Built(std::move(source));
  if (policy == nullptr) return {};
  const Judgement j = Scenario(movement).JudgeBy(*policy);
  return {j.verdict, j.entry < 0 ? "" : policy->transfers()[static_cast<std::size_t>(j.entry)].id, j.why};
}

TEST(RegisterVectorsTest, EachHasItsVerdictAndEntryInAnyOrderOfTheFile) {
  std::mt19937 random(1);
  for (const RegisterVector& v : test::kVectors) {
    SCOPED_TRACE(v.name);
    std::vector<TransferEntry> entries = RegisterOf(v.entries);
    const Outcome outcome = OutcomeOf(entries, v.movement);
    EXPECT_STREQ(NameOf(outcome.verdict), v.verdict) << outcome.why;
    EXPECT_EQ(outcome.entry, v.entry);
    EXPECT_FALSE(outcome.why.empty());
    std::shuffle(entries.begin(), entries.end(), random);
    EXPECT_EQ(OutcomeOf(entries, v.movement), outcome);
    std::reverse(entries.begin(), entries.end());
    EXPECT_EQ(OutcomeOf(entries, v.movement), outcome);
  }
}

TEST(RegisterVectorsTest, EveryVerdictIsReached) {
  std::vector<std::string> seen;
  for (const RegisterVector& v : test::kVectors) seen.push_back(v.verdict);
  for (std::size_t i = 0; i < kVerdicts; ++i) {
    EXPECT_NE(std::find(seen.begin(), seen.end(), NameOf(static_cast<Verdict>(i))), seen.end());
  }
  EXPECT_GE(std::size(test::kVectors), 40u);
}

// Explanations agree with the judgement and look at every entry once.
TEST(RegisterVectorsTest, ExplanationsNameTheDecidingEntryAsCandidate) {
  for (const RegisterVector& v : test::kVectors) {
    SCOPED_TRACE(v.name);
    PolicySource source = WideWorld();
    source.transfers = RegisterOf(v.entries);
    const auto policy = test::Built(source);
    Scenario scenario(v.movement);
    const Judgement judged = scenario.JudgeBy(*policy);
    const Explanation e = policy->Explain(scenario.movement);
    EXPECT_EQ(e.judgement.why, judged.why);
    EXPECT_EQ(e.considered.size(), source.transfers.size());
    for (const Consideration& c : e.considered) {
      EXPECT_FALSE(c.why.empty());
      EXPECT_TRUE(c.fits_way || !c.fits);
      EXPECT_TRUE(c.fits_way || c.entry != judged.entry);
    }
  }
}

class RandomRegisters {
 public:
  explicit RandomRegisters(unsigned seed) : random_(seed) {}

  std::vector<TransferEntry> Register() {
    std::vector<TransferEntry> out;
    for (std::size_t n = random_() % 8; n > 0; --n) {
      std::string line = "e" + std::to_string(out.size());
      const bool deny = random_() % 4 == 0;
      line += deny ? " deny" : "";
      line += Any({"", " from=wards", " from=patient-api", " from=api", " from=branch"});
      line +=
          Any({" state=DE", " net=203.0.113.0/24", " net=203.0.113.5", " domain=example.de", " domain=lab.example.de",
               " net=203.0.113.0/28 domain=example.de", " asn=64500", " state=DE,JP", " recipient=mail-partner"});
      line += Any({"", "", " class=national_id", " class=sensitive", " class=health"});
      line += Any({"", "", " people=NO", " people=SE"});
      line += Any({"", "", " until=2026-07-01", " begin=2026-12-24", " until=2026-12-31"});
      line += Any({"", "", " push", " pull"});
      if (!deny) line += Any({"", "", " encrypted", " hours=20-6", " basis=judicial", " basis=agreement,-,NO-DE-1"});
      out.push_back(EntryOf(line));
    }
    return out;
  }

  std::string Movement() {
    std::string words = Any({"", " from=10.20.4.8", " from=10.20.4.9", " from=10.30.0.1", " from=10.20.4.9 port=8080"});
    words += Any({"", " to=203.0.113.77", " to=198.18.0.9", " to=192.0.2.25", " to=10.20.9.1", " to=9.9.9.9"});
    words += Any({"", " domain=example.de", " domain=x.lab.example.de", " domain=cdn.example.net"});
    words += Any({"", " class=health", " class=contact sensitivity=contact", " class=criminal_record"});
    words += Any({"", " people=SE", " people=ZZ"});
    return words + Any({"", " pulled", " unsure"}) + Any({"", " encrypted"}) + Any({"", " at=2026-11-24T22:00:00Z"});
  }

  std::mt19937& random() { return random_; }

 private:
  std::string Any(std::initializer_list<const char*> of) { return *(of.begin() + random_() % of.size()); }
  std::mt19937 random_;
};

TEST(RegisterPropertyTest, TheOrderOfTheFileNeverMatters) {
  RandomRegisters make(7);
  for (int round = 0; round < 2000; ++round) {
    std::vector<TransferEntry> entries = make.Register();
    const std::string movement = make.Movement();
    const Outcome outcome = OutcomeOf(entries, movement);
    std::shuffle(entries.begin(), entries.end(), make.random());
    ASSERT_EQ(OutcomeOf(entries, movement), outcome) << movement << "\n" << outcome.why;
  }
}

// So that nothing is hidden by adding permissions, and no alert is lost by removing them (DETECTION.md §6.4).
TEST(RegisterPropertyTest, RemovingAPermissionNeverPermitsMore) {
  RandomRegisters make(11);
  int removed = 0;
  for (int round = 0; round < 2000; ++round) {
    const std::vector<TransferEntry> entries = make.Register();
    const std::string movement = make.Movement();
    const Outcome outcome = OutcomeOf(entries, movement);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].deny) continue;
      std::vector<TransferEntry> fewer = entries;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      const Outcome without = OutcomeOf(fewer, movement);
      ASSERT_TRUE(Permits(outcome.verdict) || !Permits(without.verdict)) << movement << ", without " << entries[i].id;
      removed += without.verdict != outcome.verdict;
    }
  }
  EXPECT_GT(removed, 100);  // the registers do decide something
}

TEST(RegisterPropertyTest, AnUnsureOpenerIsNeverBetterThanEitherWay) {
  RandomRegisters make(13);
  for (int round = 0; round < 1000; ++round) {
    const std::vector<TransferEntry> entries = make.Register();
    std::string movement = make.Movement();
    for (const char* word : {" pulled", " unsure"}) {
      if (const std::size_t at = movement.find(word); at != std::string::npos)
        movement.erase(at, std::string(word).size());
    }
    const int unsure = Badness(OutcomeOf(entries, movement + " unsure").verdict);
    const int pushed = Badness(OutcomeOf(entries, movement).verdict);
    const int pulled = Badness(OutcomeOf(entries, movement + " pulled").verdict);
    ASSERT_EQ(unsure, std::max(pushed, pulled)) << movement;
  }
}

}  // namespace
}  // namespace gander::policy

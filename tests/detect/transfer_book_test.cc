// SPDX-License-Identifier: Apache-2.0
// Sessions, the run's totals, verdicts and quotas of the book.
#include "detect/account/transfer_book.h"

#include "detect/script.h"
#include "identify/people_tally.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

policy::TransferEntry Entry(const char* id, const char* state) {
  policy::TransferEntry e;
  e.id = id;
  e.to_jurisdictions = {{{state[0], state[1]}}};
  e.basis = {"agreement", "REF-1", "NO-DE"};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  return e;
}

policy::PolicySource World(policy::TransferEntry entry) {
  policy::PolicySource world = TestWorld();
  world.agreements = {{"NO-DE", {{{'N', 'O'}}, {{'D', 'E'}}}, "bilateral", 1}};
  world.transfers = {std::move(entry)};
  return world;
}

TEST(TransferBookTest, OneSummaryAClass) {
  Script script(World(Entry("lab", "DE")));
  for (std::uint64_t i = 0; i < 30; ++i) {
    script.See({.person = i, .country = "NO", .port = static_cast<std::uint16_t>(40000 + i % 3), .bytes = 100});
    script.See({.person = i / 2, .rule = kEmail, .bytes = 10});
  }
  script.Next();
  const auto all = script.book().Summaries(10, nullptr);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].data_class, "national_id");
  EXPECT_EQ(all[0].subjects.estimate, 30u);
  EXPECT_TRUE(all[0].subjects.exact());
  EXPECT_EQ(all[0].subject_jurisdiction, (policy::Jurisdiction{{'N', 'O'}}));
  EXPECT_EQ(all[0].bytes, 3300u);  // of the way, whatever was found on it
  EXPECT_EQ(all[0].flows, 3u);
  EXPECT_EQ(all[0].verdict, policy::Verdict::kRegistered);
  EXPECT_EQ(all[0].entry_id, "lab");
  EXPECT_EQ(all[0].basis, "agreement REF-1 NO-DE");
  EXPECT_EQ(all[1].data_class, "contact");
  EXPECT_EQ(all[1].subjects.estimate, 15u);
}

constexpr Rule kPerson = static_cast<Rule>(identify::kPersonOfRecord);

TEST(TransferBookTest, PeopleAreThoseOfTheRecords) {
  Script script;
  for (std::uint64_t i = 0; i < 60; ++i) script.See({.person = i, .rule = kEmail});
  for (std::uint64_t i = 100; i < 110; ++i) script.See({.person = i, .rule = kPhone});  // who has no mail address
  for (std::uint64_t i = 0; i < 66; ++i) script.See({.person = i, .rule = kPerson});
  script.See({.to = "203.0.113.6", .rule = kPhone});
  script.Next();
  const auto all = script.book().Summaries(10, nullptr);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].subjects.estimate, 66u);
  EXPECT_EQ(all[0].types.size(), 2u);
  EXPECT_EQ(all[1].subjects.estimate, 1u);  // in no record
}

TEST(TransferBookTest, RecordsThatSayMuchLessThanOneKindAreNotBelieved) {
  Script script;
  for (std::uint64_t i = 0; i < 60; ++i) script.See({.person = i, .rule = kEmail});
  for (std::uint64_t i = 0; i < 44; ++i) script.See({.person = i, .rule = kPerson});
  script.Next();
  EXPECT_EQ(script.book().Summaries(1, nullptr)[0].subjects.estimate, 60u);
  script.See({.person = 44, .rule = kPerson});
  script.Next();
  EXPECT_EQ(script.book().Summaries(1, nullptr)[0].subjects.estimate, 45u);
}

TEST(TransferBookTest, RecordsSayNoLessThanAKindOfWhichAPersonHasOne) {
  Script script;
  for (std::uint64_t i = 0; i < 12; ++i) script.See({.person = i});
  for (std::uint64_t i = 3; i < 12; ++i) script.See({.person = i, .rule = kPerson});
  script.Next();
  EXPECT_EQ(script.book().Summaries(1, nullptr)[0].subjects.estimate, 12u);
}

TEST(TransferBookTest, SecretsAreListedButAreNobody) {
  Script script;
  script.See({.rule = kToken});
  script.Next();
  const auto all = script.book().Summaries(10, nullptr);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].subjects.estimate, 0u);
  EXPECT_EQ(all[0].types[0].distinct.estimate, 1u);
}

TEST(TransferBookTest, FivePeopleOfAThirdStateDecide) {
  Script script(World(Entry("lab", "DE")));
  for (std::uint64_t i = 0; i < 30; ++i) script.See({.person = i, .country = "NO"});
  for (std::uint64_t i = 100; i < 104; ++i) script.See({.person = i, .country = "SE"});
  script.Next();
  EXPECT_EQ(script.book().Summaries(1, nullptr)[0].verdict, policy::Verdict::kRegistered);
  script.See({.person = 104, .country = "SE"});
  script.Next();
  const auto t = script.book().Summaries(1, nullptr)[0];
  EXPECT_EQ(t.verdict, policy::Verdict::kThirdState);
  EXPECT_EQ(t.why, "register entry lab does not cover people of SE, no party to agreement NO-DE");
}

TEST(TransferBookTest, SessionsCloseAfterAPauseAndOnlyOnce) {
  Script script;
  script.See({.person = 1});
  script.Next();
  EXPECT_TRUE(script.book().TakeClosed(false).empty());
  script.Pass(600);
  script.See({.person = 2});
  script.Next();
  script.Pass(900);
  EXPECT_TRUE(script.book().TakeClosed(false).empty());
  script.Pass(120);
  const auto closed = script.book().TakeClosed(false);
  ASSERT_EQ(closed.size(), 1u);
  EXPECT_EQ(closed[0].subjects.estimate, 2u);
  EXPECT_TRUE(script.book().TakeClosed(false).empty());
  script.See({.person = 3});
  script.Next();
  const auto rest = script.book().TakeClosed(true);
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].subjects.estimate, 1u);
  EXPECT_TRUE(script.book().TakeClosed(true).empty());
  EXPECT_EQ(script.book().Summaries(10, nullptr)[0].subjects.estimate, 3u);  // the run goes on
}

TEST(TransferBookTest, AQuotaIsSharedByAllUnderTheEntryAndRenewedEachDay) {
  policy::TransferEntry entry = Entry("lab", "DE");
  entry.subjects_per_day = 10;
  Script script(World(entry));
  const auto verdicts = [&] {
    std::string out;
    for (const Moved& m : script.book().moved()) out += std::string(policy::NameOf(m.judgement.verdict)) + ";";
    return out;
  };
  for (std::uint64_t i = 0; i < 5; ++i) script.See({.to = "203.0.113.5", .person = i});
  for (std::uint64_t i = 5; i < 10; ++i) script.See({.to = "203.0.113.6", .person = i});
  script.Next();
  EXPECT_EQ(verdicts(), "registered;registered;");
  script.See({.to = "203.0.113.6", .person = 3});  // known already
  script.Next();
  EXPECT_EQ(verdicts(), "registered;");
  script.See({.to = "203.0.113.6", .person = 10});
  script.Next();
  EXPECT_EQ(verdicts(), "over_quota;");
  script.Pass(14 * 3600);  // past midnight UTC
  script.See({.to = "203.0.113.6", .person = 11});
  script.Next();
  EXPECT_EQ(verdicts(), "registered;");
}

TEST(TransferBookTest, ByteQuota) {
  policy::TransferEntry entry = Entry("lab", "DE");
  entry.bytes_per_day = 1000;
  Script script(World(entry));
  script.See({.bytes = 1000});
  script.Next();
  EXPECT_EQ(script.book().moved()[0].judgement.verdict, policy::Verdict::kRegistered);
  script.See({.bytes = 1});
  script.Next();
  EXPECT_EQ(script.book().moved()[0].judgement.verdict, policy::Verdict::kOverQuota);
  EXPECT_EQ(script.book().moved()[0].judgement.why,
            "register entry lab: 1,000 bytes a day are allowed and at least 1,001 were seen");
}

TEST(TransferBookTest, TheLargestAreShownAndTheRestIsCounted) {
  Script script;
  for (int host = 1; host <= 50; ++host) {
    for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(host); ++i) {
      script.See({.to = "203.0.113." + std::to_string(host), .person = i});
    }
  }
  script.Next();
  std::uint64_t left_out = 0;
  const auto most = script.book().Summaries(3, &left_out);
  ASSERT_EQ(most.size(), 3u);
  EXPECT_EQ(most[0].subjects.estimate, 50u);
  EXPECT_EQ(most[2].subjects.estimate, 48u);
  EXPECT_EQ(left_out, 47u);
}

TEST(TransferBookTest, AFloodOfKeysIsHeldAndTheProvenOnesStay) {
  Options options;
  options.max_keys = 40;
  Script script(TestWorld(), options);
  for (std::uint64_t i = 0; i < 30; ++i) script.See({.person = i});
  script.Next();
  for (int i = 0; i < 400; ++i) {
    script.See({.to = "192.0." + std::to_string(i / 100) + "." + std::to_string(i % 100 + 1), .person = 1});
    if (i % 20 == 19) script.Next();
  }
  EXPECT_LE(script.book().sessions().size(), 40u);
  EXPECT_EQ(script.book().sessions().count({Ip("10.20.0.1"), Ip("203.0.113.5"), 0}), 1u);
  EXPECT_EQ(script.book().keys_lost(), 0u);
  EXPECT_FALSE(script.book().TakeClosed(false).empty());  // what was given up was still told
}

}  // namespace
}  // namespace gander::detect

// SPDX-License-Identifier: Apache-2.0
// Vectors for the register: each verdict, the order of specificity, and words that name the entry.
#include <algorithm>
#include <functional>

#include "policy/sources.h"

namespace gander::policy {
namespace {

using test::Built;
using test::Day;
using test::Entry;
using test::Ip;
using test::Net;
using test::State;
using test::ToGermany;
using test::World;

class JudgeTest : public ::testing::Test {
 protected:
  TransferEntry& Add(const char* id) {
    source_.transfers.push_back(Entry(id));
    return source_.transfers.back();
  }
  // Also with the file turned round: order must never matter.
  Judgement Judge(const std::function<void(Movement&)>& change = nullptr) {
    const auto judge = [&](PolicySource source) {
      const auto policy = Built(std::move(source));
      Movement m = ToGermany(*policy);
      if (change) change(m);
      m.from = policy->Locate(m.sender);
      m.to = policy->Locate(m.recipient);
      Judgement j = policy->Judge(m);
      entry_ = j.entry < 0 ? "" : policy->transfers()[static_cast<std::size_t>(j.entry)].id;
      return j;
    };
    PolicySource reversed = source_;
    std::reverse(reversed.transfers.begin(), reversed.transfers.end());
    const Judgement other = judge(reversed);
    const std::string other_entry = entry_;
    const Judgement j = judge(source_);
    EXPECT_EQ(other.verdict, j.verdict);
    EXPECT_EQ(other_entry, entry_);
    EXPECT_EQ(other.why, j.why);
    EXPECT_FALSE(j.why.empty());
    return j;
  }

  PolicySource source_ = World();
  std::string entry_;
};

TEST_F(JudgeTest, NothingRegisteredIsUnregistered) {
  EXPECT_EQ(Judge().verdict, Verdict::kUnregistered);
  EXPECT_EQ(entry_, "");
}

TEST_F(JudgeTest, UnknownJurisdictionIsAnUnknownParty) {
  EXPECT_EQ(Judge([](Movement& m) { m.recipient = Ip("8.8.4.4"); }).verdict, Verdict::kUnknownParty);
}

TEST_F(JudgeTest, AnEntryForAnUnknownPartyStillPermits) {
  Add("any-resolver").to_nets = {Net("8.8.0.0/16")};
  EXPECT_EQ(Judge([](Movement& m) { m.recipient = Ip("8.8.4.4"); }).verdict, Verdict::kRegistered);
}

TEST_F(JudgeTest, RegisteredSaysUntilWhen) {
  TransferEntry& e = Add("billing");
  e.from = "wards";
  e.to_jurisdictions = {State("DE")};
  e.classes = {"national_id", "health"};
  const Judgement j = Judge();
  EXPECT_EQ(j.verdict, Verdict::kRegistered);
  EXPECT_EQ(j.why, "register entry billing permits it until 2027-03-31");
}

TEST_F(JudgeTest, EveryGivenFieldMustMatch) {
  TransferEntry& e = Add("billing");
  e.from = "wards";
  e.to_jurisdictions = {State("DE")};
  e.to_domains = {"lab.example.de"};
  e.classes = {"national_id"};
  e.subjects = {State("NO")};
  const auto right = [](Movement& m) { m.recipient_domain = "LAB.example.de:8080"; };
  EXPECT_EQ(Judge(right).verdict, Verdict::kRegistered);
  EXPECT_EQ(Judge().verdict, Verdict::kUnregistered);
  EXPECT_EQ(Judge([&](Movement& m) { right(m), m.recipient_domain = "notlab.example.de"; }).verdict,
            Verdict::kUnregistered);
  EXPECT_EQ(Judge([&](Movement& m) { right(m), m.recipient = Ip("192.0.2.9"); }).verdict, Verdict::kUnregistered);
  EXPECT_EQ(Judge([&](Movement& m) { right(m), m.sender = Ip("10.30.0.1"); }).verdict, Verdict::kUnregistered);
  EXPECT_EQ(Judge([&](Movement& m) { right(m), m.data_class = "financial"; }).verdict, Verdict::kUnregistered);
}

TEST_F(JudgeTest, LifeIsHeldAgainstPacketTime) {
  Add("billing").to_jurisdictions = {State("DE")};
  const Judgement over = Judge([](Movement& m) { m.time = Day("2027-03-31"); });
  EXPECT_EQ(over.verdict, Verdict::kExpired);
  EXPECT_EQ(over.why, "register entry billing ended on 2027-03-31");
  EXPECT_EQ(entry_, "billing");
  EXPECT_EQ(Judge([](Movement& m) { m.time = {Day("2027-03-31").ns - 1}; }).verdict, Verdict::kRegistered);
  const Judgement early = Judge([](Movement& m) { m.time = Day("2026-05-31"); });
  EXPECT_EQ(early.verdict, Verdict::kExpired);
  EXPECT_EQ(early.why, "register entry billing does not begin before 2026-06-01");
}

TEST_F(JudgeTest, AnEndedCloserEntryDoesNotHideAValidWiderOne) {
  TransferEntry& close = Add("close");
  close.to_nets = {Net("203.0.113.5")};
  close.until = Day("2026-07-01");
  Add("wide").to_jurisdictions = {State("DE")};
  EXPECT_EQ(Judge().verdict, Verdict::kRegistered);
  EXPECT_EQ(entry_, "wide");
}

TEST_F(JudgeTest, RecipientSpecificityDecidesInTheStatedOrder) {
  // From closest to widest; each round the closest is taken away.
  Add("1-host").to_nets = {Net("203.0.113.5")};
  Add("2-subdomain").to_domains = {"lab.example.de"};
  Add("3-domain").to_domains = {"example.de"};
  Add("4-net-28").to_nets = {Net("203.0.113.0/28")};
  Add("5-net-24").to_nets = {Net("203.0.113.0/24")};
  Add("6-state").to_jurisdictions = {State("DE")};
  while (!source_.transfers.empty()) {
    const std::string expected = source_.transfers.front().id;
    EXPECT_EQ(Judge([](Movement& m) { m.recipient_domain = "lab.example.de"; }).verdict, Verdict::kRegistered);
    EXPECT_EQ(entry_, expected);
    source_.transfers.erase(source_.transfers.begin());
  }
}

TEST_F(JudgeTest, SourceThenClassBreakTies) {
  const auto add = [&](const char* id, const char* from, std::vector<std::string> classes) {
    TransferEntry& e = Add(id);
    e.to_jurisdictions = {State("DE")};
    e.from = from;
    e.classes = std::move(classes);
  };
  add("1-asset", "patient-api", {});
  add("2-zone-class", "wards", {"national_id"});
  add("3-zone-sensitivity", "wards", {"sensitive"});
  add("4-zone", "wards", {});
  add("5-any", "any", {"national_id"});
  while (!source_.transfers.empty()) {
    const std::string expected = source_.transfers.front().id;
    EXPECT_EQ(Judge([](Movement& m) { m.sender = Ip("10.20.4.8"); }).verdict, Verdict::kRegistered);
    EXPECT_EQ(entry_, expected);
    source_.transfers.erase(source_.transfers.begin());
  }
}

TEST_F(JudgeTest, DenyWinsAtEqualRankAndLosesToCloserEntries) {
  Add("allow").to_jurisdictions = {State("DE")};
  TransferEntry& deny = Add("deny");
  deny.deny = true;
  deny.to_jurisdictions = {State("DE")};
  const Judgement j = Judge();
  EXPECT_EQ(j.verdict, Verdict::kDenied);
  EXPECT_EQ(j.why, "register entry deny forbids it");
  Add("closer").to_nets = {Net("203.0.113.0/24")};
  EXPECT_EQ(Judge().verdict, Verdict::kRegistered);
}

TEST_F(JudgeTest, ShorterRemainingLifeWinsAtEqualRank) {
  Add("b-long").to_jurisdictions = {State("DE")};
  TransferEntry& shorter = Add("c-short");
  shorter.to_jurisdictions = {State("DE")};
  shorter.until = Day("2026-12-31");
  Judge();
  EXPECT_EQ(entry_, "c-short");
}

TEST_F(JudgeTest, JudicialBasisNeedsItsReference) {
  TransferEntry& e = Add("mla");
  e.to_jurisdictions = {State("DE")};
  e.basis = {"judicial", "", ""};
  const Judgement j = Judge();
  EXPECT_EQ(j.verdict, Verdict::kWrongBasis);
  EXPECT_EQ(j.why, "register entry mla is a judicial one without a reference");
  source_.transfers[0].basis.reference = "MLA-2026-88";
  EXPECT_EQ(Judge().verdict, Verdict::kRegistered);
}

TEST_F(JudgeTest, DemandedEncryption) {
  TransferEntry& e = Add("tls");
  e.to_jurisdictions = {State("DE")};
  e.transport = TransferEntry::Transport::kEncrypted;
  EXPECT_EQ(Judge().verdict, Verdict::kWrongBasis);
  EXPECT_EQ(Judge([](Movement& m) { m.encrypted = true; }).verdict, Verdict::kRegistered);
}

TEST_F(JudgeTest, HoursAreAQuota) {
  TransferEntry& e = Add("night");
  e.to_jurisdictions = {State("DE")};
  e.hours_from = 22;
  e.hours_to = 6;
  EXPECT_EQ(Judge().verdict, Verdict::kOverQuota);  // 10:30
  EXPECT_EQ(Judge([](Movement& m) { m.time = Day("2026-11-24T23:00:00Z"); }).verdict, Verdict::kRegistered);
  EXPECT_EQ(Judge([](Movement& m) { m.time = Day("2026-11-24T05:59:59Z"); }).verdict, Verdict::kRegistered);
  EXPECT_EQ(Judge([](Movement& m) { m.time = Day("2026-11-24T06:00:00Z"); }).verdict, Verdict::kOverQuota);
}

TEST_F(JudgeTest, ThirdStates) {
  TransferEntry& e = Add("bilateral");
  e.to_jurisdictions = {State("DE")};
  e.basis = {"agreement", "", "NO-DE-1"};
  const Judgement j = Judge([](Movement& m) { m.subjects = State("SE"); });
  EXPECT_EQ(j.verdict, Verdict::kThirdState);
  EXPECT_EQ(j.why, "register entry bilateral does not cover people of SE, no party to agreement NO-DE-1");
  EXPECT_EQ(Judge().verdict, Verdict::kRegistered);
  EXPECT_EQ(Judge([](Movement& m) { m.subjects = State("DE"); }).verdict, Verdict::kRegistered);
  EXPECT_EQ(Judge([](Movement& m) { m.subjects = {}; }).verdict, Verdict::kRegistered);  // nothing to hold against it
}

TEST_F(JudgeTest, SubjectsOfAnEntryLimitIt) {
  TransferEntry& e = Add("own-people");
  e.to_jurisdictions = {State("DE")};
  e.subjects = {State("NO")};
  EXPECT_EQ(Judge([](Movement& m) { m.subjects = State("SE"); }).verdict, Verdict::kThirdState);
  source_.transfers[0].basis.agreement = "NO-DE-1";
  // Germans are a party, so not third; the entry just does not cover them.
  EXPECT_EQ(Judge([](Movement& m) { m.subjects = State("DE"); }).verdict, Verdict::kUnregistered);
}

TEST_F(JudgeTest, InternalMovements) {
  EXPECT_EQ(Judge([](Movement& m) { m.recipient = Ip("10.20.1.1"); }).verdict, Verdict::kInternal);
  EXPECT_EQ(Judge([](Movement& m) { m.recipient = Ip("10.20.9.1"); }).verdict, Verdict::kInternal);  // wards to lab
  EXPECT_EQ(Judge([](Movement& m) { m.recipient = Ip("10.30.0.1"); }).verdict, Verdict::kUnregistered);  // to SE
  EXPECT_EQ(Judge([](Movement& m) { m.recipient = Ip("198.51.100.1"); }).verdict, Verdict::kUnregistered);
}

TEST_F(JudgeTest, OwnZonesOfUnknownJurisdictionAreNotOneJurisdiction) {
  source_.zones[0].jurisdiction = source_.zones[1].jurisdiction = {};
  EXPECT_EQ(Judge([](Movement& m) { m.recipient = Ip("10.20.9.1"); }).verdict, Verdict::kUnregistered);
}

TEST_F(JudgeTest, AProhibitionHoldsInside) {
  TransferEntry& e = Add("no-lab");
  e.deny = true;
  e.to_zone = "lab";
  EXPECT_EQ(Judge([](Movement& m) { m.recipient = Ip("10.20.9.1"); }).verdict, Verdict::kDenied);
}

TEST_F(JudgeTest, AnycastIsJudgedByNameOnly) {
  Add("by-state").to_jurisdictions = {State("XA"), State("DE")};
  const auto cdn = [](Movement& m) { m.recipient_domain = "img.cdn.example.net"; };
  const Judgement j = Judge(cdn);
  EXPECT_EQ(j.verdict, Verdict::kUnregistered);
  EXPECT_NE(j.why.find("cannot be proved"), std::string::npos);
  Add("by-name").to_domains = {"cdn.example.net"};
  EXPECT_EQ(Judge(cdn).verdict, Verdict::kRegistered);
}

TEST_F(JudgeTest, RemovingEntriesNeverPermitsMore) {
  Add("a").to_jurisdictions = {State("DE")};
  TransferEntry& b = Add("b");
  b.to_domains = {"example.de"};
  b.classes = {"health"};
  TransferEntry& c = Add("c");
  c.from = "wards";
  c.subjects = {State("SE")};
  c.to_nets = {Net("203.0.113.0/24")};
  const auto all = source_.transfers;
  for (unsigned mask = 0; mask < 8; ++mask) {
    for (unsigned removed = 0; removed < 3; ++removed) {
      const auto with = [&](unsigned bits) {
        source_.transfers.clear();
        for (unsigned i = 0; i < 3; ++i) {
          if (bits >> i & 1) source_.transfers.push_back(all[i]);
        }
        return Permits(Judge().verdict);
      };
      EXPECT_LE(with(mask & ~(1u << removed)), with(mask));
    }
  }
}

}  // namespace
}  // namespace gander::policy

// SPDX-License-Identifier: Apache-2.0
// Which excerpts are kept, for how long, and which an alert brings to the officer.
#include "runtime/excerpt_book.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <random>

#include "support/officer.h"

namespace gander::runtime {
namespace {

constexpr Timestamp kStart{1'700'000'000 * kNanosPerSecond};

IpAddress Host(std::uint32_t n) { return IpAddress::FromV4(0x0a000000 + n); }

report::Excerpt Between(std::uint32_t from, std::uint32_t to, std::int64_t second, std::uint64_t flow = 1) {
  report::Excerpt e;
  e.key.time = kStart + Duration::Seconds(second);
  e.key.flow_id = flow;
  e.tuple = {Host(from), Host(to), 40000, 80, ip_proto::kTcp};
  e.app_proto = "http";
  e.identifier = "us.ssn";
  e.text = std::to_string(from) + ">" + std::to_string(to) + "@" + std::to_string(second);
  return e;
}

detect::Alert AlertOf(IpAddress source, IpAddress destination, std::uint64_t flow = 0) {
  detect::Alert alert;
  alert.detector = "D01";
  alert.signature = "GANDER test";
  alert.time = kStart;
  alert.tuple = {source, destination, 0, 0, ip_proto::kTcp};
  alert.flow_id = flow;
  return alert;
}

class Excerpts : public testing::Test {
 protected:
  void Epoch(std::vector<report::Excerpt> excerpts, std::int64_t end = 10) {
    std::vector<std::unique_ptr<SealedEpoch>> parts;
    parts.push_back(std::make_unique<SealedEpoch>());
    for (report::Excerpt& e : excerpts) parts[0]->excerpts.Add(std::move(e));
    book_.Merge(parts, kStart + Duration::Seconds(end));
  }
  std::vector<std::string> Told(const detect::Alert& alert) const {
    std::vector<std::string> texts;
    for (const report::Excerpt* e : book_.Fitting(alert)) texts.push_back(e->text);
    return texts;
  }
  using Texts = std::vector<std::string>;
  ExcerptBook book_;
};

TEST(EpochExcerpts, OnePairOneExcerpt) {
  EpochExcerpts epoch;
  report::Excerpt field = Between(1, 2, 1);
  field.key.is_field = true;
  epoch.Add(field);
  epoch.Add(Between(2, 1, 3));
  epoch.Add(Between(1, 2, 2));
  EXPECT_FALSE(epoch.Wants(Between(1, 2, 4).tuple, Between(1, 2, 4).key));
  ASSERT_EQ(epoch.kept().size(), 1u);
  EXPECT_EQ(epoch.kept().begin()->second.text, "1>2@2");
  EXPECT_EQ(epoch.refused(), 0u);
}

// Whoever saw them, and in whatever order.
TEST(EpochExcerpts, TheSameAreKeptOfManyWorkers) {
  std::mt19937 random(5);
  std::vector<report::Excerpt> all;
  for (std::uint32_t i = 0; i < 1000; ++i) all.push_back(Between(random() % 700, 1000, random() % 50, i));
  EpochExcerpts one, sum, parts[4];
  for (const report::Excerpt& e : all) one.Add(e);
  std::shuffle(all.begin(), all.end(), random);
  for (const report::Excerpt& e : all) parts[e.tuple.source.octets[15] % 4].Add(e);
  for (EpochExcerpts& part : parts) sum.Merge(part);
  EXPECT_EQ(one.kept().size(), EpochExcerpts::kMaxPairs);
  EXPECT_GT(one.refused(), 0u);
  ASSERT_EQ(sum.kept().size(), one.kept().size());
  for (auto a = one.kept().begin(), b = sum.kept().begin(); a != one.kept().end(); ++a, ++b) {
    EXPECT_EQ(a->second.text, b->second.text);
    EXPECT_EQ(a->second.key, b->second.key);
  }
}

TEST_F(Excerpts, FitTheAddressesOfTheAlert) {
  Epoch({Between(1, 2, 1), Between(3, 2, 2), Between(4, 5, 3)});
  EXPECT_EQ(Told(AlertOf(Host(1), Host(2))), Texts{"1>2@1"});
  EXPECT_EQ(Told(AlertOf(Host(2), Host(1))), Texts{"1>2@1"});
  EXPECT_EQ(Told(AlertOf({}, Host(2))), (Texts{"1>2@1", "3>2@2"}));
  EXPECT_EQ(Told(AlertOf(Host(2), {})), (Texts{"1>2@1", "3>2@2"}));
  EXPECT_EQ(Told(AlertOf(Host(1), Host(5))), Texts{});
  EXPECT_EQ(Told(AlertOf({}, {})), Texts{});
}

TEST_F(Excerpts, TheFlowsOwnThenTheNewestInOrderOfTime) {
  Epoch({Between(1, 9, 1, 77), Between(2, 9, 2), Between(3, 9, 3), Between(4, 9, 4)});
  EXPECT_EQ(Told(AlertOf({}, Host(9))), (Texts{"2>9@2", "3>9@3", "4>9@4"}));
  EXPECT_EQ(Told(AlertOf({}, Host(9), 77)), (Texts{"1>9@1", "3>9@3", "4>9@4"}));
}

TEST_F(Excerpts, OfAPairTheNewestAreKept) {
  for (std::int64_t second = 1; second <= 5; ++second) Epoch({Between(1, 2, second)});
  EXPECT_EQ(Told(AlertOf(Host(1), Host(2))), (Texts{"1>2@3", "1>2@4", "1>2@5"}));
  EXPECT_EQ(book_.counters().given_up, 0u);
}

TEST_F(Excerpts, AreForgottenAfterAWhile) {
  Epoch({Between(1, 2, 1)});
  Epoch({Between(3, 4, 3601)}, 3602);
  EXPECT_EQ(Told(AlertOf(Host(1), Host(2))), Texts{});
  EXPECT_EQ(Told(AlertOf(Host(3), Host(4))), Texts{"3>4@3601"});
}

TEST_F(Excerpts, TheOldestIsGivenUpWhereThereIsNoRoom) {
  std::uint32_t host = 0;
  while (host < ExcerptBook::kMaxKept + 100) {
    std::vector<report::Excerpt> epoch;
    for (std::size_t i = 0; i < 100; ++i, ++host) epoch.push_back(Between(host, 0xffff, 1));
    Epoch(std::move(epoch));
  }
  EXPECT_EQ(book_.size(), ExcerptBook::kMaxKept);
  EXPECT_EQ(book_.counters().given_up, host - ExcerptBook::kMaxKept);
  EXPECT_EQ(Told(AlertOf(Host(0), Host(0xffff))), Texts{});
  EXPECT_EQ(Told(AlertOf(Host(host - 1), Host(0xffff))).size(), 1u);
}

TEST_F(Excerpts, AreSealedAndNamedWhereThereIsRoom) {
  const std::string folder = testing::TempDir() + "gander-excerpts-" + std::to_string(::getpid());
  std::filesystem::create_directories(folder);
  const test::Officer officer(EVP_RSA_gen(2048), folder + "/cert.pem");
  report::QuarantineOptions options;
  options.directory = folder + "/kept";
  options.certificate = folder + "/cert.pem";
  options.max_total = 700;
  auto quarantine = report::Quarantine::Open(options, true);
  ASSERT_TRUE(quarantine) << quarantine.error().ToString();
  Epoch({Between(1, 2, 1), Between(3, 2, 2)});

  detect::Alert none = AlertOf(Host(7), Host(8));
  book_.Seal(none, **quarantine);
  EXPECT_TRUE(none.context.empty());
  detect::Alert alert = AlertOf(Host(1), Host(2));
  book_.Seal(alert, **quarantine);
  ASSERT_GE(alert.context.tokens().size(), 5u);
  EXPECT_STREQ(alert.context.tokens()[0].key, "excerpt");
  const std::string name(alert.context.text(alert.context.tokens()[1]));
  detect::Alert too_much = AlertOf({}, Host(2));
  book_.Seal(too_much, **quarantine);
  EXPECT_TRUE(too_much.context.empty());
  (*quarantine)->Close();
  EXPECT_EQ(book_.counters().sealed, 1u);
  EXPECT_EQ(book_.counters().refused, 1u);
  const std::string document = officer.Open(folder + "/kept/" + name + ".cms");
  EXPECT_NE(document.find(R"("signature":"GANDER test")"), std::string::npos) << document;
  EXPECT_NE(document.find(R"("masked":true,"text":"1>2@1")"), std::string::npos) << document;
  EXPECT_EQ(document.find("3>2"), std::string::npos) << document;
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace gander::runtime

// SPDX-License-Identifier: Apache-2.0
// The worker's meter: merge commutes and associates, caps hold, memory is taken once.
#include "detect/account/transfer_meter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>

#include "base/hash.h"

namespace gander::detect {
namespace {

struct Event {
  FlowFacts flow;
  identify::Finding finding;
  std::uint64_t bytes;
};

Event RandomEvent(std::mt19937_64& random, std::uint64_t people) {
  static constexpr const char* kProtocols[] = {"http", "smtp"};
  Event e;
  e.flow.tuple = {IpAddress::FromV4(0x0a000000u + random() % 4), IpAddress::FromV4(0x0b000000u + random() % 3),
                  static_cast<std::uint16_t>(1000 + random() % 3), 80, ip_proto::kTcp};
  e.flow.flow_id = Mix64(e.flow.tuple.source_port * 31 + e.flow.tuple.source.octets[15]);
  e.flow.app_proto = kProtocols[random() % 2];
  e.flow.server_name = random() % 2;
  e.flow.time = {static_cast<std::int64_t>(random() % 1000)};
  e.finding.tag = Mix64(1 + random() % people);
  e.finding.type = static_cast<identify::IdType>(random() % 3);
  e.finding.direction = static_cast<Direction>(random() % 2);
  e.finding.evidence = static_cast<identify::Evidence>(random() % 3);
  e.finding.offset = random() % 500;
  e.finding.is_test_value = random() % 16 == 0;
  if (random() % 2 == 0) std::copy_n(random() % 2 == 0 ? "NO" : "SE", 2, e.finding.subject_country);
  e.finding.mask = {static_cast<char>('a' + e.finding.tag % 26), 'z', 2};
  e.bytes = random() % 100;
  return e;
}

void Feed(TransferMeter& meter, const Event& e) {
  meter.OnFinding(e.flow, e.finding);
  meter.OnPayload(e.flow, e.finding.direction, e.bytes);
}

// Everything a meter knows, in an order of its own.
std::multiset<std::string> Dump(const TransferMeter& meter) {
  std::multiset<std::string> out;
  const auto path_text = [&](const TransferMeter::Path& p) {
    return p.sender.ToString() + ">" + p.recipient.ToString() + "/" + std::to_string(p.host) + p.app_proto +
           std::to_string(p.encrypted);
  };
  const auto flows = meter.Flows();
  for (std::size_t i = 0; i < meter.paths().size(); ++i) {
    const auto& p = meter.paths()[i];
    out.insert(path_text(p) + " bytes " + std::to_string(p.bytes) + " flows " +
               std::to_string(flows[i].Count().estimate) + " at " + std::to_string(p.first_seen.ns) + "-" +
               std::to_string(p.last_seen.ns) + " sample " + std::to_string(p.sample.flow_id));
  }
  const auto people = meter.People();
  for (std::size_t i = 0; i < meter.strands().size(); ++i) {
    const auto& s = meter.strands()[i];
    std::string text = path_text(meter.paths()[s.path]) + " type " + std::to_string(s.type) +
                       std::string(s.country.text()) + " findings " + std::to_string(s.findings) + "/" +
                       std::to_string(s.certain) + " people " + std::to_string(people[i].Count().estimate);
    for (const MaskSample& m : s.samples) text += " " + m.mask.ToString() + std::to_string(m.time.ns);
    out.insert(text);
  }
  return out;
}

TEST(TransferMeterTest, MergeDoesNotDependOnDealOrOrder) {
  // 40 people stay exact, 3,000 fill registers.
  for (std::uint64_t people : {40u, 3000u}) {
    std::mt19937_64 random(people);
    std::vector<Event> events;
    for (int i = 0; i < 12'000; ++i) events.push_back(RandomEvent(random, people));
    TransferMeter one{Options{}};
    for (const Event& e : events) Feed(one, e);
    const auto expected = Dump(one);
    for (int trial = 0; trial < 4; ++trial) {
      std::shuffle(events.begin(), events.end(), random);
      std::vector<std::unique_ptr<TransferMeter>> workers;
      for (int w = 0; w < 3; ++w) workers.push_back(std::make_unique<TransferMeter>(Options{}));
      for (const Event& e : events) Feed(*workers[random() % 3], e);
      TransferMeter left{Options{}}, right{Options{}}, pair{Options{}};
      for (const auto& w : workers) left.Merge(*w);
      pair.Merge(*workers[1]);
      pair.Merge(*workers[2]);
      right.Merge(pair);
      right.Merge(*workers[0]);
      EXPECT_EQ(Dump(left), expected);
      EXPECT_EQ(Dump(right), expected);
    }
  }
}

TEST(TransferMeterTest, ClearLeavesNothingAndEpochsRepeat) {
  std::mt19937_64 random(5);
  std::vector<Event> events;
  for (int i = 0; i < 3000; ++i) events.push_back(RandomEvent(random, 900));
  TransferMeter meter{Options{}};
  for (const Event& e : events) Feed(meter, e);
  const auto first = Dump(meter);
  meter.Clear();
  EXPECT_TRUE(Dump(meter).empty());
  for (const Event& e : events) Feed(meter, e);
  EXPECT_EQ(Dump(meter), first);
}

// A packet's findings at once are its findings one by one.
TEST(TransferMeterTest, BatchesChangeNothing) {
  std::mt19937_64 random(8);
  TransferMeter single{Options{}}, batched{Options{}};
  for (int packet = 0; packet < 400; ++packet) {
    const Event e = RandomEvent(random, 2000);
    std::vector<identify::Finding> findings;
    for (std::uint64_t i = random() % 60; i > 0; --i) findings.push_back(RandomEvent(random, 2000).finding);
    for (const auto& f : findings) single.OnFinding(e.flow, f);
    batched.OnFindings(e.flow, findings);
  }
  EXPECT_EQ(Dump(batched), Dump(single));
}

// Merging much into an empty meter takes its tables as they are.
TEST(TransferMeterTest, AnEmptyMeterTakesOverALargeOne) {
  std::mt19937_64 random(9);
  TransferMeter large{Options{}}, small{Options{}}, whole{Options{}};
  const auto feed = [&](TransferMeter& meter, std::uint32_t senders, int findings) {
    for (int i = 0; i < findings; ++i) {
      Event e = RandomEvent(random, 5000);
      e.flow.tuple.source = IpAddress::FromV4(0x0a000000u + random() % senders);
      e.flow.flow_id = e.flow.tuple.source.octets[15] + 1u;
      Feed(meter, e);
      Feed(whole, e);
    }
  };
  feed(large, 200, 60'000);
  feed(small, 4, 5000);
  TransferMeter merged{Options{}};
  merged.Merge(large);
  merged.Merge(small);
  EXPECT_EQ(Dump(merged), Dump(whole));
  merged.Clear();
  merged.Merge(small);
  EXPECT_EQ(Dump(merged), Dump(small));
}

TEST(TransferMeterTest, UnprovenAndTestValuesOpenNoKey) {
  TransferMeter meter{Options{}};
  FlowFacts flow;
  identify::Finding f;
  meter.OnFinding(flow, f);
  f.evidence = identify::Evidence::kCertain;
  f.is_test_value = true;
  meter.OnFinding(flow, f);
  EXPECT_TRUE(meter.paths().empty());
}

TEST(TransferMeterTest, EveryTableIsHeldAtItsCapAndCounted) {
  Options options;
  options.epoch_paths = 10;
  options.epoch_strands = 10;
  options.epoch_tags = 400;
  options.epoch_registers = 1;
  TransferMeter meter(options);
  FlowFacts flow;
  identify::Finding f;
  f.evidence = identify::Evidence::kCounted;
  for (std::uint32_t i = 0; i < 100; ++i) {
    flow.tuple.source = IpAddress::FromV4(i);
    f.tag = Mix64(i + 1);
    meter.OnFinding(flow, f);
  }
  EXPECT_EQ(meter.paths().size(), 10u);
  EXPECT_EQ(meter.strands().size(), 10u);
  EXPECT_EQ(meter.overflow().findings, 90u);
  // One strand outgrows its pairs and takes the registers; another fills the table and is held there.
  for (std::uint32_t source : {0u, 1u}) {
    flow.tuple.source = IpAddress::FromV4(source);
    for (std::uint32_t i = 0; i < 2000; ++i) {
      f.tag = Mix64(1'000'000 + i);
      meter.OnFinding(flow, f);
    }
  }
  const auto people = meter.People();
  EXPECT_NEAR(static_cast<double>(people[0].Count().estimate), 2001, 2001 * 0.07);
  EXPECT_LT(people[1].Count().estimate, 400u);
  EXPECT_GT(meter.overflow().findings, 1000u);
}

// Registers given early, because the pairs ran out, never make few people many.
TEST(TransferMeterTest, AFullTableClaimsNobodyWhoWasNotSeen) {
  Options options;
  options.epoch_tags = 50;
  TransferMeter meter(options), merged(options);
  FlowFacts flow;
  identify::Finding f;
  f.evidence = identify::Evidence::kCounted;
  for (std::uint32_t i = 0; i < 120; ++i) {
    flow.tuple.source = IpAddress::FromV4(i / 60);
    f.tag = Mix64(i + 1);
    meter.OnFinding(flow, f);
  }
  merged.Merge(meter);
  for (const TransferMeter* m : {&meter, &merged}) {
    for (const sketch::DistinctSet& people : m->People()) EXPECT_LE(people.Count().low, 60u);
  }
}

TEST(MaskSamplesTest, KeepsTheEarliestOfThreePeople) {
  std::mt19937 random(3);
  for (int trial = 0; trial < 100; ++trial) {
    std::map<identify::SubjectTag, std::int64_t> earliest;
    MaskSamples samples, a, b;
    for (int i = 0; i < 40; ++i) {
      MaskSample s;
      s.tag = random() % 8;
      s.time = {static_cast<std::int64_t>(random() % 50)};
      const auto [at, fresh] = earliest.emplace(s.tag, s.time.ns);
      if (!fresh) at->second = std::min(at->second, s.time.ns);
      samples.Add(s);
      (random() % 2 == 0 ? a : b).Add(s);
    }
    std::vector<std::pair<std::int64_t, identify::SubjectTag>> model;
    for (const auto& [tag, time] : earliest) model.emplace_back(time, tag);
    std::sort(model.begin(), model.end());
    const auto check = [&](const MaskSamples& got) {
      std::size_t i = 0;
      for (const MaskSample& s : got) {
        EXPECT_EQ(s.time.ns, model[i].first);
        EXPECT_EQ(s.tag, model[i].second);
        ++i;
      }
      EXPECT_EQ(i, std::min<std::size_t>(3, model.size()));
    };
    check(samples);
    a.Merge(b);
    check(a);
  }
}

}  // namespace
}  // namespace gander::detect

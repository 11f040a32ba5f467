// SPDX-License-Identifier: Apache-2.0
// Sketches of a fleet: two sites add up to one, whoever counted; windows, restarts, caps; and what they do not tell.
#include "detect/fleet/fleet_book.h"

#include <map>
#include <set>

#include "detect/script.h"
#include "detect/state/state_reader.h"
#include "sketch/hll_storage.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

const std::string kKeyText = "gander-fleet-key-1\ntags " + std::string(64, '1') + "\nepoch 0 " + std::string(64, '2') +
                             "\n";

std::unique_ptr<FleetKey> SharedKeyOf(const std::string& text) {
  auto key = FleetKey::Parse("fleet.key", text, 7);
  EXPECT_TRUE(key.has_value());
  return key ? std::move(*key) : nullptr;
}

// A sensor of a fleet: real meters, book and sketches, and the tags that its workers would make of people.
class FleetSite {
 public:
  explicit FleetSite(const std::string& name, std::size_t workers = 1, bool saved = false, FleetOptions options = {},
                const std::string& key = kKeyText)
      : key_(SharedKeyOf(key)), saved_(saved), fleet_options_(std::move(options)), merged_(options_, key_.get()) {
    fleet_options_.sensor = name;
    auto built = policy::Policy::Build(TestWorld(), nullptr);
    EXPECT_TRUE(built.has_value());
    policy_ = *built;
    for (std::size_t i = 0; i < workers; ++i) {
      meters_.push_back(std::make_unique<TransferMeter>(options_, key_.get()));
    }
    Start();
    EXPECT_TRUE(ParseDate("2026-11-24T10:00:00Z", now_));
  }

  void At(const char* date) { EXPECT_TRUE(ParseDate(date, now_)); }

  void See(const Sighting& s) {
    FlowFacts facts;
    const IpAddress sender = Ip(s.from), recipient = Ip(s.to);
    facts.tuple = {sender, recipient, s.port, 80, ip_proto::kTcp};
    facts.flow_id = Mix64(s.port + 7 * sender.octets[15] + 7919ULL * recipient.octets[15]) >> 13;
    facts.app_proto = s.app_proto;
    facts.time = now_;
    if (!s.host.empty()) {
      facts.server_name = Mix64(std::hash<std::string>{}(s.host));
      host_names_[facts.server_name] = s.host;
    }
    identify::Finding f;
    f.tag = SipHash13(key_->TagKey(), s.person + 1);
    f.type = s.rule;
    f.evidence = s.evidence;
    f.offset = s.person;
    if (!s.country.empty()) std::copy_n(s.country.begin(), 2, f.subject_country);
    TransferMeter& meter = *meters_[(sender.octets[15] + recipient.octets[15]) % meters_.size()];
    meter.OnFinding(facts, f);
    if (s.bytes > 0) meter.OnPayload(facts, f.direction, s.bytes);
  }

  void Carry(const std::string& from, const std::string& to, std::uint64_t bytes) {
    FlowFacts facts;
    facts.tuple = {Ip(from), Ip(to), 40000, 80, ip_proto::kTcp};
    facts.app_proto = "http";
    facts.time = now_;
    meters_[0]->OnPayload(facts, Direction::kToServer, bytes);
  }

  void Next(std::int64_t seconds = 5, bool final = false) {
    merged_.Clear();
    for (auto& meter : meters_) {
      merged_.Merge(*meter);
      meter->Clear();
    }
    const Timestamp end = now_ + Duration::Seconds(seconds);
    EpochView view{now_, end, final, *policy_, *rules_, ledger_, ledger_, port_, host_names_, merged_};
    view.book = book_.get();
    book_->OnEpoch(view);
    fleet_->OnEpoch(nullptr, view, nobody_);
    for (FleetSketch& s : fleet_->TakeDue()) told_.push_back(std::move(s));
    if (fleet_->MustSave() || saves_all_) state_ = Save();
    now_ = end;
  }
  void Pass(std::int64_t seconds) {
    for (std::int64_t i = 0; i < seconds; i += 5) Next();
  }

  std::string Save() {
    const SavedPart part{FleetBook::kId, fleet_.get()};
    return SaveState(now_, *book_, {&part, 1});
  }
  // Ends as by a crash and starts from what was saved last; ids of parts that could not be read.
  std::vector<std::string> Crash(const std::string& key = kKeyText) {
    if (key != kKeyText) key_ = SharedKeyOf(key);
    Start();
    const SavedPart part{FleetBook::kId, fleet_.get()};
    const auto loaded = LoadState(state_, *book_, {&part, 1});
    EXPECT_TRUE(loaded.has_value());
    if (loaded && !loaded->refused.empty()) Start();
    return loaded ? loaded->refused : std::vector<std::string>{"all"};
  }
  void SaveEveryEpoch() { saves_all_ = true; }

  const std::vector<FleetSketch>& told() const { return told_; }
  FleetBook& fleet() { return *fleet_; }

 private:
  void Start() {
    book_ = std::make_unique<TransferBook>(options_, *policy_, *rules_);
    fleet_ = std::make_unique<FleetBook>(fleet_options_, *key_, saved_);
  }
  struct Nobody : AlertSink {
    void OnAlert(Alert) override {}
  } nobody_;

  std::unique_ptr<FleetKey> key_;
  bool saved_, saves_all_ = false;
  Options options_;
  FleetOptions fleet_options_;
  std::shared_ptr<const policy::Policy> policy_;
  std::shared_ptr<const identify::RuleSet> rules_ = TestRules();
  std::vector<std::unique_ptr<TransferMeter>> meters_;
  TransferMeter merged_;
  std::unique_ptr<TransferBook> book_;
  std::unique_ptr<FleetBook> fleet_;
  ByteLedger ledger_;
  PortHealth port_;
  HostNames host_names_;
  Timestamp now_;
  std::string state_;
  std::vector<FleetSketch> told_;
};

sketch::HyperLogLog RegistersOf(const std::string& hll) {
  sketch::HyperLogLog registers;
  EXPECT_EQ(sketch::HllStorage::Read(AsBytes(hll), registers), sketch::HllStorage::Fault::kNone);
  return registers;
}

std::string RowText(const FleetSketch& s) {
  return s.sensor + "|" + std::to_string(s.epoch) + "|" + s.key_id + "|" + FormatEveTime(s.begin) + "|" +
         s.key.collector + "|" + NameOf(s.key.kind) + "|" + s.key.address.ToString() + "|" + s.key.from_zone + "|" +
         std::string(s.key.from_country.text()) + "|" + s.type + "|" + std::string(s.key.subject_country.text()) +
         "|" + policy::NameOf(s.key.verdict) + "|" + s.key.entry_id;
}
std::string RowFigures(const FleetSketch& s) {
  return std::to_string(s.people.estimate) + "/" + std::to_string(s.people.low) + "/" +
         std::to_string(s.people.high) + " " + std::to_string(s.senders.estimate) + " " + std::to_string(s.findings) +
         " " + std::to_string(s.bytes) + " " + std::to_string(s.flows) + s.people_hll + s.senders_hll;
}
// As a database has them: by key, the highest revision.
std::map<std::string, std::string> LatestRows(const std::vector<FleetSketch>& told) {
  std::map<std::string, std::pair<std::uint32_t, std::string>> best;
  for (const FleetSketch& s : told) {
    auto& row = best[RowText(s)];
    EXPECT_TRUE(row.second.empty() || s.revision > row.first) << "told twice with one revision: " << RowText(s);
    row = {s.revision, RowFigures(s)};
  }
  std::map<std::string, std::string> out;
  for (auto& [key, row] : best) out[key] = row.second;
  return out;
}

// 900 people each, 600 of them the same; in one epoch (registers, filled by a worker) and over many (exact sets).
TEST(FleetBookTest, TwoSitesAddUpWhoeverCounted) {
  for (const bool at_once : {true, false}) {
    FleetSite a("site-a"), b("site-b"), one("all");
    for (std::uint64_t i = 0; i < 1200; ++i) {
      const auto see = [&](FleetSite& site) { site.See({.person = i, .host = "www.collect.example"}); };
      if (i < 900) see(a);
      if (i >= 300) see(b);
      see(one);
      if (!at_once && i % 100 == 99) {
        for (FleetSite* site : {&a, &b, &one}) site->Next();
      }
    }
    for (FleetSite* site : {&a, &b, &one}) site->Next(5, true);
    ASSERT_EQ(a.told().size(), 1u);
    const FleetSketch& s = a.told()[0];
    EXPECT_EQ(s.key.collector, "collect.example");
    EXPECT_EQ(s.key.kind, CollectorKind::kDomain);
    EXPECT_EQ(s.key.from_zone, "wards");
    EXPECT_EQ(s.data_class, "national_id");
    EXPECT_LE(s.people.low, 900u);
    EXPECT_GE(s.people.high, 900u);
    EXPECT_EQ(s.key_id, b.told()[0].key_id);
    EXPECT_EQ(s.findings, 900u);
    sketch::HyperLogLog sum = RegistersOf(s.people_hll);
    sum.Merge(RegistersOf(b.told()[0].people_hll));
    EXPECT_EQ(sum, RegistersOf(one.told()[0].people_hll)) << "at once: " << at_once;
    EXPECT_NEAR(sum.Estimate(), 1200, 3 * sketch::HyperLogLog::kRelativeError * 1200);
    EXPECT_EQ(s.senders.estimate, 1u);
    EXPECT_NE(s.senders_hll, b.told()[0].senders_hll) << "10.20.0.1 is another host at each site";
  }
}

TEST(FleetBookTest, WorkersDoNotShow) {
  const auto play = [](std::size_t workers) {
    FleetSite site("site", workers);
    for (std::uint64_t i = 0; i < 4000; ++i) {
      const std::string last = std::to_string(1 + i % 7);
      site.See({.from = "10.20.0." + last, .to = "203.0.113." + std::to_string(i % 3), .person = i % 1500,
                .rule = i % 5 == 0 ? kEmail : kNationalId, .bytes = 10});
      if (i % 900 == 0) site.Next();
    }
    site.Next(5, true);
    std::string all;
    for (const FleetSketch& s : site.told()) all += RowText(s) + RowFigures(s) + std::to_string(s.sequence) + "\n";
    return all;
  };
  const std::string one = play(1);
  EXPECT_EQ(one, play(3));
  EXPECT_EQ(one, play(8));
}

TEST(FleetBookTest, WindowsBeginAtTheSameMomentsEverywhere) {
  FleetSite site("site");
  site.At("2026-11-24T10:09:50Z");
  site.See({.person = 1});
  site.Next();
  site.See({.person = 2});
  EXPECT_TRUE(site.told().empty());
  site.Next();  // up to 10:10:00
  ASSERT_EQ(site.told().size(), 1u);
  EXPECT_EQ(FormatEveTime(site.told()[0].begin), "2026-11-24T10:00:00.000000+0000");
  EXPECT_EQ(FormatEveTime(site.told()[0].end), "2026-11-24T10:10:00.000000+0000");
  EXPECT_EQ(site.told()[0].people.estimate, 2u);
  site.See({.person = 2});
  site.Pass(600);
  site.Pass(1200);  // nothing moves, nothing is told
  ASSERT_EQ(site.told().size(), 2u);
  EXPECT_EQ(site.told()[1].people.estimate, 1u);
  EXPECT_EQ(site.told()[0].sequence + 1, site.told()[1].sequence);
  site.See({.person = 3});
  site.Next(5, true);  // the end of a run tells what there is
  EXPECT_EQ(site.told().size(), 3u);
}

TEST(FleetBookTest, BytesAndFlowsAddUpToWhatMoved) {
  FleetSite site("site");
  for (std::uint64_t i = 0; i < 40; ++i) site.See({.person = i, .bytes = 100});
  for (std::uint64_t i = 0; i < 10; ++i) site.See({.person = i, .rule = kEmail, .port = 40001, .bytes = 5});
  site.Next();
  site.Carry("10.20.0.1", "203.0.113.5", 70000);  // the rest of the first, and of nobody
  site.Carry("10.20.0.9", "203.0.113.9", 900);
  site.Next(5, true);
  std::uint64_t bytes = 0, flows = 0;
  for (const FleetSketch& s : site.told()) {
    bytes += s.bytes;
    flows += s.flows;
  }
  ASSERT_EQ(site.told().size(), 2u);
  EXPECT_EQ(bytes, 74050u);
  EXPECT_EQ(flows, 2u);
}

TEST(FleetBookTest, EpochsCannotBeLinked) {
  const auto see = [](const char* date) {
    FleetSite site("site");
    site.At(date);
    for (std::uint64_t i = 0; i < 2000; ++i) site.See({.person = i});
    site.Next(5, true);
    EXPECT_EQ(site.told().size(), 1u);
    return site.told().at(0);
  };
  const FleetSketch first = see("2026-11-24T10:00:00Z"), second = see("2026-11-27T10:00:00Z");
  EXPECT_EQ(first.epoch + 1, second.epoch);
  EXPECT_NE(first.key_id, second.key_id);
  // Neither a turn of the registers nor any other one leads from one to the other: ranks differ as a multiset.
  const sketch::HyperLogLog before = RegistersOf(first.people_hll), after = RegistersOf(second.people_hll);
  std::multiset<std::uint8_t> a(before.ranks().begin(), before.ranks().end());
  std::multiset<std::uint8_t> b(after.ranks().begin(), after.ranks().end());
  EXPECT_NE(a, b);
  for (std::size_t turn = 0; turn < sketch::HyperLogLog::kRegisters; ++turn) {
    std::size_t same = 0;
    for (std::size_t i = 0; i < sketch::HyperLogLog::kRegisters; ++i) same += before.at(i) == after.at(i ^ turn);
    EXPECT_LT(same, 800u) << "turn " << turn;  // by chance 600 of 2,048; the same people would be all
  }
}

TEST(FleetBookTest, ARestartNeitherLosesNorDoubles) {
  const auto play = [](std::size_t crash_every) {
    FleetOptions options;
    options.window_s = 60;
    FleetSite site("site", 1, true, options);
    site.SaveEveryEpoch();
    for (std::uint64_t epoch = 1; epoch <= 60; ++epoch) {
      for (std::uint64_t i = 0; i < 30; ++i) {
        site.See({.to = "203.0.113." + std::to_string(i % 3), .person = epoch * 7 + i, .bytes = 10});
      }
      site.Next();
      if (crash_every != 0 && epoch % crash_every == 0) {
        EXPECT_TRUE(site.Crash().empty());
      }
    }
    site.Next(5, true);
    std::uint64_t last = 0;
    for (const FleetSketch& s : site.told()) {
      EXPECT_GT(s.sequence, last) << "rises over restarts";
      last = s.sequence;
    }
    return site.told();
  };
  const std::vector<FleetSketch> calm = play(0);
  for (const FleetSketch& s : calm) EXPECT_EQ(s.revision, 0u);
  const auto expected = LatestRows(calm);
  ASSERT_EQ(expected.size(), 15u);
  for (const std::size_t every : {1u, 4u, 11u, 12u, 13u, 25u}) {
    const std::vector<FleetSketch> told = play(every);
    EXPECT_EQ(LatestRows(told), expected) << "a crash every " << every << " epochs";
    // Twelve epochs are a window: there each crash comes after it was saved and before it was told.
    EXPECT_TRUE(every == 12 ? told.size() == calm.size() : told.size() > calm.size()) << every;
  }
}

// The state is written when a window is over and before it is told: what a crash leaves is told, and the same.
TEST(FleetBookTest, AWindowIsSavedBeforeItIsTold) {
  FleetOptions options;
  options.window_s = 60;
  FleetSite site("site", 1, true, options);
  site.See({.person = 1});
  site.Pass(60);
  EXPECT_TRUE(site.told().empty());  // saved by now
  site.Crash();
  site.Next();
  ASSERT_EQ(site.told().size(), 1u);
  EXPECT_EQ(site.told()[0].people.estimate, 1u);
  EXPECT_EQ(site.told()[0].revision, 1u);
}

TEST(FleetBookTest, AnotherKeyDoesNotGoOnWithTheRowsOfTheFirst) {
  FleetSite site("site", 1, true);
  site.SaveEveryEpoch();
  site.See({.person = 1});
  site.Next();
  const std::string other = "gander-fleet-key-1\ntags " + std::string(64, '1') + "\nepoch 0 " + std::string(64, '3') +
                            "\n";
  EXPECT_EQ(site.Crash(other), std::vector<std::string>{FleetBook::kId});
}

TEST(FleetBookTest, KeysBeyondTheCapAreGivenUpAndSaid) {
  FleetOptions options;
  options.max_keys = 16;
  FleetSite site("site", 1, false, options);
  for (std::uint64_t to = 0; to < 40; ++to) {
    for (std::uint64_t i = 0; i <= to; ++i) site.See({.to = "203.0.113." + std::to_string(to), .person = i});
  }
  site.Next(5, true);
  ASSERT_FALSE(site.told().empty());
  EXPECT_LE(site.told().size(), 16u);
  for (const FleetSketch& s : site.told()) {
    EXPECT_EQ(s.given_up, 40 - site.told().size());
    EXPECT_GT(s.people.estimate, 20u) << "the lightest go";
  }
  EXPECT_EQ(site.fleet().keys_lost(), 40 - site.told().size() - 7) << "those of fewer than eight people prove nothing";
}

TEST(FleetBookTest, DamagedStatesDoNoHarm) {
  FleetSite site("site", 1, true);
  site.SaveEveryEpoch();
  for (std::uint64_t i = 0; i < 700; ++i) {
    site.See({.to = "203.0.113." + std::to_string(i % 4), .person = i});
  }
  site.Next();
  SnapshotWriter whole;
  site.fleet().Save(whole);
  const std::string state = whole.bytes();
  const SavedNumbers numbers{{}, {}, TestRules()->size()};
  const auto key = SharedKeyOf(kKeyText);
  const auto load = [&](const std::string& bytes) {
    FleetOptions options;
    options.sensor = "site";
    FleetBook book(options, *key, true);
    StateReader in(SnapshotReader(AsBytes(bytes)), numbers);
    const bool good = book.Load(in) && !in.failed() && in.remaining() == 0;
    SnapshotWriter again;
    if (good) book.Save(again);
    return good;
  };
  EXPECT_TRUE(load(state));
  for (std::size_t n = 0; n < state.size(); n += 1 + n / 64) EXPECT_FALSE(load(state.substr(0, n))) << n;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    std::string damaged = state;
    damaged[Mix64(i) % state.size()] ^= static_cast<char>(1 << i % 8);
    load(damaged);
  }
}

}  // namespace
}  // namespace gander::detect

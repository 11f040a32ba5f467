// SPDX-License-Identifier: Apache-2.0
// The script's own body, and what every detector owes: stable order, worker count that never shows, no raw value.
#include "detect/script.h"

#include <algorithm>

#include "base/hash.h"
#include "detect/state/saved_state.h"
#include "identify/rule_source.h"

namespace gander::detect::test {

std::shared_ptr<const identify::RuleSet> TestRules() {
  using identify::Sensitivity;
  struct Row {
    const char *id, *data_class;
    Sensitivity sensitivity;
    bool person, secret;
    bool canary = false;
  };
  static constexpr Row kRows[] = {{"test.national", "national_id", Sensitivity::kPersonal, true, false},
                                  {"test.email", "contact", Sensitivity::kContact, true, false},
                                  {"test.phone", "contact", Sensitivity::kContact, true, false},
                                  {"test.token", "credentials", Sensitivity::kCritical, false, true},
                                  {"test.company", "tax_id", Sensitivity::kPersonal, false, false},
                                  {"test.canary", "record", Sensitivity::kSensitive, true, false, true},
                                  {"global.imei", "device", Sensitivity::kDevice, true, false},
                                  {"global.mac", "device", Sensitivity::kDevice, false, false},
                                  {"device.mac_random", "device", Sensitivity::kDevice, false, false},
                                  {"global.advertising_id", "device", Sensitivity::kDevice, true, false},
                                  {"device.opaque_id", "device", Sensitivity::kDevice, false, false},
                                  {"global.geo_coordinates", "location", Sensitivity::kSensitive, false, false},
                                  {"test.plant_model", "infrastructure", Sensitivity::kSensitive, false, false},
                                  {"test.health", "health", Sensitivity::kSensitive, true, false},
                                  {"test.table", "record", Sensitivity::kSensitive, false, false}};
  static const std::shared_ptr<const identify::RuleSet> rules = [] {
    std::vector<identify::RuleSource> sources;
    std::uint32_t sid = 1;
    for (const Row& row : kRows) {
      identify::RuleSource r;
      r.id = row.id;
      r.title = row.id;
      r.data_class = row.data_class;
      r.sensitivity = row.sensitivity;
      r.identifies_person = row.person;
      r.secret = row.secret;
      r.canary = row.canary;
      r.sid = sid;
      r.chance = 1e-6;
      const std::string prefix = "Q" + std::to_string(sid++);
      r.shape.templates = {prefix + "-NNNNNNNN"};
      r.self_evident = true;
      r.match = {"number " + prefix + "-48213977 follows"};
      r.no_match = {"number " + prefix + "-482 follows"};
      r.file = "test.yaml";
      if (r.id == "test.table") {
        r.shape = {};
        r.shape.kind = identify::ShapeKind::kRegister;
        r.self_evident = false;
        r.match = r.no_match = {};
        r.rows = std::make_shared<const identify::RowTable>(identify::RowTable::Make({{1, 1}, {2, 1}}, {}));
      }
      sources.push_back(std::move(r));
    }
    auto compiled = identify::RuleSet::Compile(std::move(sources));
    EXPECT_TRUE(compiled.has_value()) << compiled.error().ToString();
    return *compiled;
  }();
  return rules;
}

IpAddress Ip(const std::string& text) {
  IpAddress a;
  EXPECT_TRUE(IpAddress::Parse(text, a)) << text;
  return a;
}

policy::PolicySource TestWorld() {
  const auto net = [](const char* text) {
    IpPrefix p;
    EXPECT_TRUE(IpPrefix::Parse(text, p)) << text;
    return std::vector<IpPrefix>{p};
  };
  policy::PolicySource s;
  s.file = "policy.yaml";
  s.name = "test";
  policy::Zone wards, branch;
  wards.id = "wards";
  wards.nets = net("10.20.0.0/16");
  wards.jurisdiction = {{'N', 'O'}};
  branch.id = "branch";
  branch.nets = net("10.30.0.0/16");
  branch.jurisdiction = {{'S', 'E'}};
  s.zones = {wards, branch};
  s.overrides = {{net("203.0.113.0/24"), "", {{'D', 'E'}}, "", 1}, {net("198.51.100.0/24"), "", {{'U', 'S'}}, "", 2}};
  return s;
}

Script::Script(policy::PolicySource source, Options options, std::size_t workers_count)
    : options_(options), merged_(options), traffic_(options) {
  auto built = policy::Policy::Build(std::move(source), nullptr);
  EXPECT_TRUE(built.has_value()) << built.error().ToString();
  policy_ = *built;
  for (std::size_t i = 0; i < workers_count; ++i) meters_.push_back(std::make_unique<TransferMeter>(options));
  sensor_ = NewSensor(true);
  twin_ = NewSensor(false);
  EXPECT_TRUE(ParseDate("2026-11-24T10:00:00Z", now_));
}

Script::Sensor Script::NewSensor(bool with_meters) const {
  Sensor sensor{std::make_unique<TransferBook>(options_, *policy_, *rules_), {}};
  for (const DetectorInfo& info : Detectors()) {
    Running r{&info, info.create(options_), nullptr};
    if (with_meters) r.meter = r.detector->NewMeter();
    sensor.detectors.push_back(std::move(r));
  }
  return sensor;
}

std::vector<SavedPart> Script::Sensor::parts() const {
  std::vector<SavedPart> out;
  for (const Running& r : detectors) out.push_back({r.info->id, r.detector.get()});
  return out;
}

Script::Sensor Script::Loaded(const std::string& state) const {
  Sensor sensor = NewSensor(false);
  const auto loaded = LoadState(state, *sensor.book, sensor.parts());
  EXPECT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded ? loaded->refused : std::vector<std::string>{}, std::vector<std::string>{});
  EXPECT_EQ(Save(sensor).size(), state.size());
  return sensor;
}

std::string Script::Restart(std::int64_t seconds, bool with_state) {
  std::string state = Save(sensor_);
  sensor_ = with_state ? Loaded(state) : NewSensor(false);
  for (Running& r : sensor_.detectors) r.meter = r.detector->NewMeter();
  twin_ = with_state ? Loaded(state) : NewSensor(false);
  if (with_state) port.absent.push_back({now_, now_ + Duration::Seconds(seconds)});
  now_ = now_ + Duration::Seconds(seconds);
  return state;
}

namespace {

// All but how many people the samples show: over a restart one may be shown twice.
std::string Spoken(const Alert& a) {
  std::string text = a.detector + FormatEveTime(a.time) + FormatEveTime(a.first_seen) + NameOf(a.severity) +
                     a.dedup_key +
                     a.signature + "\n" + a.explanation + "\n" + a.app_proto + a.tuple.source.ToString() +
                     std::to_string(a.flow_id) + "\n" + Flat(a.context);
  if (const std::size_t at = text.find("samples="); at != std::string::npos) text.erase(at, text.find("transfer=",
  at) - at);
  return text;
}

}  // namespace

// A state cut short, or with a bit turned, is refused or leads to no harm in the epoch after it.
void Script::LoadDamaged(const std::string& state, EpochView view) const {
  struct Nobody : AlertSink {
    void OnAlert(Alert) override {}
  } nobody;
  constexpr std::uint64_t kVariants = 24;
  for (std::uint64_t variant = 0; variant < kVariants; ++variant) {
    std::string damaged = state;
    const std::uint64_t draw = Mix64(variant + state.size());
    if (variant % 4 == 0) damaged.resize(draw % state.size());
    for (int i = 0; variant % 4 != 0 && i < 3; ++i) {
      char& byte = damaged[Mix64(draw + static_cast<std::uint64_t>(i)) % state.size()];
      byte = static_cast<char>(byte ^ 1 << (draw + static_cast<std::uint64_t>(i)) % 8);
    }
    const Sensor sensor = NewSensor(false);
    const auto loaded = LoadState(damaged, *sensor.book, sensor.parts());
    const bool whole = loaded.has_value() && loaded->refused.empty();
    EXPECT_FALSE(whole && variant % 4 == 0) << "cut at " << damaged.size();
    if (!loaded || !loaded->refused.empty()) continue;
    view.book = sensor.book.get();
    sensor.book->OnEpoch(view);
    for (std::size_t i = 0; i < sensor.detectors.size(); ++i) {
      sensor.detectors[i].detector->OnEpoch(sensor_.detectors[i].meter.get(), view, nobody);
    }
    (void)Save(sensor);
  }
}

void Script::PlayToTwin(const EpochView& view, std::size_t said_before) {
  constexpr std::size_t kBetweenRestarts = 3, kBetweenRestartsInLongScripts = 331;
  struct Notes : AlertSink {
    std::vector<Alert> alerts;
    void OnAlert(Alert alert) override { alerts.push_back(std::move(alert)); }
  } said;
  EpochView twins = view;
  twins.book = twin_.book.get();
  twin_.book->OnEpoch(twins);
  for (std::size_t i = 0; i < twin_.detectors.size(); ++i) {
    twin_.detectors[i].detector->OnEpoch(sensor_.detectors[i].meter.get(), twins, said);
  }
  EXPECT_EQ(said.alerts.size(), alerts_.size() - said_before) << "over a restart";
  for (std::size_t i = 0; i < said.alerts.size() && said_before + i < alerts_.size(); ++i) {
    EXPECT_EQ(Spoken(said.alerts[i]), Spoken(alerts_[said_before + i])) << "over a restart";
  }
  const std::size_t between = epochs_ < 100 ? kBetweenRestarts : kBetweenRestartsInLongScripts;
  if (++epochs_ % between != 0) return;
  const std::string state = Save(twin_);
  if (state.size() > 2 * damaged_bytes_) {
    LoadDamaged(state, view);
    damaged_bytes_ = state.size();
  }
  twin_ = Loaded(state);
}

std::size_t Script::Obey(const BaselineRequest& request) {
  std::size_t concerned = 0;
  for (Running& r : sensor_.detectors) {
    if (request.detector.empty() || request.detector == r.info->id) concerned += r.detector->Obey(request, now_);
  }
  for (Running& r : twin_.detectors) {
    if (request.detector.empty() || request.detector == r.info->id) r.detector->Obey(request, now_);
  }
  return concerned;
}

std::vector<Baseline> Script::Baselines(const std::string& detector) const {
  for (const Running& r : sensor_.detectors) {
    if (detector == r.info->id) return r.detector->Baselines(now_);
  }
  return {};
}

void Script::See(const Sighting& s) {
  FlowFacts facts;
  const IpAddress sender = Ip(s.from), recipient = Ip(s.to);
  facts.tuple = {s.pull ? recipient : sender, s.pull ? sender : recipient, s.port, 80, ip_proto::kTcp};
  facts.flow_id = Mix64(s.port + 7 * sender.octets[15] + 7919ULL * recipient.octets[15]) >> 13;
  facts.client = policy_->Locate(facts.tuple.source);
  facts.server = policy_->Locate(facts.tuple.destination);
  facts.app_proto = s.app_proto;
  facts.encrypted = s.encrypted;
  facts.time = now_;
  if (!s.host.empty()) {
    facts.server_name = Mix64(std::hash<std::string>{}(s.host));
    host_names_[facts.server_name] = s.host;
  }
  identify::Finding f;
  f.tag = SipHash13({1, 2}, s.person + 1);
  f.type = s.rule;
  f.direction = s.pull ? Direction::kToClient : Direction::kToServer;
  f.evidence = s.evidence;
  f.is_test_value = s.test_value;
  f.offset = s.person;
  if (!s.country.empty()) std::copy_n(s.country.begin(), 2, f.subject_country);
  f.mask = {'7', '9', 2};
  const std::size_t worker = (sender.octets[15] + recipient.octets[15]) % meters_.size();
  meters_[worker]->OnFinding(facts, f);
  if (s.bytes > 0) meters_[worker]->OnPayload(facts, f.direction, s.bytes);
}

FlowFacts Script::Facts(const Flow& flow) {
  FlowFacts facts;
  facts.tuple = {Ip(flow.from), Ip(flow.to), flow.port, flow.server_port, flow.transport};
  facts.flow_id =
      Mix64(flow.port + 7 * facts.tuple.source.octets[15] + 7919ULL * facts.tuple.destination.octets[15]) >> 13;
  facts.client = policy_->Locate(facts.tuple.source);
  facts.server = policy_->Locate(facts.tuple.destination);
  facts.app_proto = flow.app_proto;
  facts.encrypted = flow.encrypted;
  facts.time = now_;
  if (!flow.host.empty()) {
    facts.server_name = Mix64(std::hash<std::string>{}(flow.host));
    host_names_[facts.server_name] = flow.host;
  }
  return facts;
}

void Script::Exchange(const Flow& flow, const Volume& volume) {
  TrafficStretch stretch;
  stretch.begin = stretch.end = now_;
  stretch.opened = volume.opened;
  stretch.packets = {volume.packets_out, volume.packets_in};
  stretch.payload = {volume.out, volume.in};
  traffic_.OnStretch(Facts(flow), stretch);
}

void Script::Observe(Observation what, const std::function<void(Meter&)>& tell) {
  for (Running& r : sensor_.detectors) {
    if (r.meter != nullptr && (r.meter->observes() & MaskOf(what)) != 0) tell(*r.meter);
  }
}

void Script::Find(const FlowFacts& facts, const identify::Finding& finding) {
  for (Running& r : sensor_.detectors) {
    if (r.meter != nullptr) r.meter->OnFinding(facts, finding);
  }
}

void Script::EndFlow(const FlowFacts& facts, const FlowTotals& totals) {
  for (Running& r : sensor_.detectors) {
    if (r.meter != nullptr) r.meter->OnFlowEnd(facts, totals);
  }
}

void Script::Next(std::int64_t seconds, bool final) {
  const Timestamp end = now_ + Duration::Seconds(seconds);
  merged_.Clear();
  for (auto& meter : meters_) {
    merged_.Merge(*meter);
    meter->Clear();
  }
  total_.Merge(ledger);
  EpochView view{now_,   end,  final,       *policy_, *rules_,       ledger,
                 total_, port, host_names_, merged_,  workers_alive, workers};
  view.book = sensor_.book.get();
  traffic_.Place(*policy_);
  view.traffic = &traffic_;
  view.keys_lost = sensor_.book->keys_lost();
  const std::size_t said_before = alerts_.size();
  sensor_.book->OnEpoch(view);
  for (Running& r : sensor_.detectors) r.detector->OnEpoch(r.meter.get(), view, *this);
  PlayToTwin(view, said_before);
  for (Running& r : sensor_.detectors) {
    if (r.meter != nullptr) r.meter->Clear();
  }
  traffic_.Clear();
  ledger = {};
  port = {};
  now_ = end;
}

void Script::Pass(std::int64_t seconds) {
  const std::int64_t step = seconds > 3600 ? 60 : 5;
  for (; seconds > 0; seconds -= step) Next(std::min(step, seconds));
}

std::vector<Alert> Script::Of(const std::string& detector) const {
  std::vector<Alert> out;
  std::copy_if(alerts_.begin(), alerts_.end(), std::back_inserter(out),
               [&](const Alert& a) { return a.detector == detector; });
  return out;
}

std::string Flat(const Record& record) {
  std::string out;
  for (const Record::Token& t : record.tokens()) {
    if (t.key != nullptr) out += std::string(t.key) + "=";
    if (t.kind == Record::Kind::kString) out += std::string(record.text(t));
    if (t.kind == Record::Kind::kInteger) out += std::to_string(t.integer);
    if (t.kind == Record::Kind::kReal) out += std::to_string(t.real);
    out += ";";
  }
  return out;
}

namespace {

// The test's world with an entry that has ended.
policy::PolicySource SceneWorld() {
  policy::PolicySource world = TestWorld();
  policy::TransferEntry e;
  e.id = "ended";
  EXPECT_TRUE(IpPrefix::Parse("203.0.113.200", e.to_nets.emplace_back()));
  EXPECT_TRUE(ParseDate("2026-11-01", e.until));
  world.transfers = {e};
  policy::LegalMeter meter;
  meter.id = "all";
  meter.tiers = {{300, {}, "assessment"}};
  world.meters = {meter};
  return world;
}

// A busy scene that makes many detectors speak.
std::string RunScene(std::size_t workers) {
  Script script(SceneWorld(), {}, workers);
  for (int epoch = 0; epoch < 6; ++epoch) {
    for (std::uint64_t i = 0; i < 260; ++i) {
      const std::uint64_t person = static_cast<std::uint64_t>(epoch) * 200 + i;
      Sighting s;
      s.from = "10.20.0." + std::to_string(person % 60 + 1);
      s.person = person;
      s.port = static_cast<std::uint16_t>(40000 + person % 7);
      s.country = person % 3 == 0 ? "NO" : "FR";
      script.See(s);
      s.from = "10.20.0.9";
      s.to = "198.51.100.77";
      s.rule = kEmail;
      s.host = i % 2 == 0 ? "a.example.com" : "b.example.com";
      s.bytes = 2000;
      script.See(s);
      script.See({.from = "10.20.0.8", .to = "198.51.100." + std::to_string(100 + i % 20), .person = person});
      script.See({.from = "10.20.0.7", .to = "203.0.113.200", .person = person, .country = "SE"});
      script.See({.from = "10.20.0.6", .to = "203.0.113.6", .person = person, .pull = true});
    }
    script.Exchange({.from = "10.20.0.5", .to = "198.51.100.250", .encrypted = true, .app_proto = "tls"},
                    {.out = 9'000'000});
    script.Next();
  }
  script.Next(5, true);
  std::string out;
  for (const Alert& a : script.alerts()) {
    out += FormatEveTime(a.time) + a.signature + a.explanation + a.dedup_key + Flat(a.context) +
           std::to_string(a.flow_id) + a.tuple.source.ToString() + "\n";
  }
  for (const TransferSummary& t : script.book().Summaries(1000, nullptr)) {
    out += t.sender.ToString() + t.recipient.ToString() + t.recipient_domain + t.data_class + t.why +
           std::to_string(t.subjects.estimate) + "/" + std::to_string(t.bytes) + "/" + std::to_string(t.flows) + "\n";
  }
  return out;
}

TEST(ScriptTest, WorkerCountNeverShows) {
  const std::string one = RunScene(1);
  for (const char* id : {"D01|", "D02|", "D03|", "D04|", "D07|", "D07|opaque", "D08|", "D21|", "D21|meter|"})
    EXPECT_NE(one.find(id), std::string::npos) << id;
  for (std::size_t workers : {2u, 3u, 8u}) EXPECT_EQ(RunScene(workers), one) << workers;
  EXPECT_EQ(RunScene(1), one);
}

TEST(ScriptTest, RegistryIsOrderedAndUnique) {
  std::string last;
  for (const DetectorInfo& info : Detectors()) {
    EXPECT_LT(last, info.id);
    last = info.id;
    EXPECT_NE(info.create({}), nullptr);
  }
}

TEST(ScriptTest, AlertsCarryWhatAnalystsNeed) {
  Script script;
  for (std::uint64_t i = 0; i < 120; ++i) script.See({.person = i});
  script.Next();
  ASSERT_FALSE(script.alerts().empty());
  for (const Alert& a : script.alerts()) {
    EXPECT_EQ(a.signature.rfind("GANDER ", 0), 0u) << a.signature;
    EXPECT_GT(a.sid, 2'090'000u);
    EXPECT_FALSE(a.mitre.empty());
    for (const char* part : {"Severity ", "Coverage ", "What to do: ", "Threshold", "Verdict "}) {
      if (a.detector == std::string("D01") && part == std::string("Threshold")) continue;  // one is enough
      EXPECT_NE(a.explanation.find(part), std::string::npos) << a.explanation;
    }
    for (const char* word : {"illegal", "stolen", "theft", "criminal", "attack"}) {
      EXPECT_EQ(a.explanation.find(word), std::string::npos) << a.explanation;
    }
    const std::string context = Flat(a.context);
    for (const char* part : {"pii=", "subjects=", "transfer=", "verdict=", "evidence=", "policy_digest=", "coverage=",
                             "sample=", "why="}) {
      EXPECT_NE(context.find(part), std::string::npos) << part;
    }
    // Begin and end tokens balance.
    int depth = 0;
    for (const Record::Token& t : a.context.tokens()) {
      depth += t.kind == Record::Kind::kBeginObject || t.kind == Record::Kind::kBeginArray;
      depth -= t.kind == Record::Kind::kEndObject || t.kind == Record::Kind::kEndArray;
      EXPECT_GE(depth, 0);
    }
    EXPECT_EQ(depth, 0);
  }
}

}  // namespace
}  // namespace gander::detect::test

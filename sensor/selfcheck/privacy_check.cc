// SPDX-License-Identifier: Apache-2.0
#include "selfcheck/privacy_check.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "config/rule_packs.h"
#include "decode/decoded.h"
#include "evidence/recorder.h"
#include "report/history/history.h"
#include "report/metrics/metrics.h"
#include "report/summary/summary.h"
#include "runtime/engine.h"
#include "selfcheck/conversations.h"
#include "selfcheck/value_search.h"

namespace gander::selfcheck {
namespace {

constexpr const char* kOpened = "snapshot, opened with its key";
constexpr Timestamp kStart{1'795'512'600 * kNanosPerSecond};  // 2026-11-24 09:30 UTC, as the demo

// Keeps what is written; lives on in its owner when the sink is gone.
class KeepingSink final : public report::Sink {
 public:
  explicit KeepingSink(std::string& out) : Sink("privacy self-check", "memory"), out_(out) {}
  std::size_t Write(const report::EventBatch& batch, std::size_t from) noexcept override {
    for (std::size_t i = from; i < batch.lines.size(); ++i) out_ += batch.line(i);
    meter().Written(batch.lines.size() - from, batch.text.size());
    return batch.lines.size();
  }

 private:
  std::string& out_;
};

// One sink of each layout.
std::unique_ptr<report::Outputs> KeepAll(std::string& eve, std::string& ecs, std::string& ocsf) {
  auto outputs = std::make_unique<report::Outputs>(report::Outputs::Options{.offline = true});
  report::QueueOptions queue;
  queue.offline = true;
  outputs->Attach(std::make_unique<KeepingSink>(eve), report::Layout::kEve, queue);
  outputs->Attach(std::make_unique<KeepingSink>(ecs), report::Layout::kEcs, queue);
  outputs->Attach(std::make_unique<KeepingSink>(ocsf), report::Layout::kOcsf, queue);
  return outputs;
}

// Standard error goes into memory as long as this lives.
class HeldLog {
 public:
  HeldLog() : file_(memfd_create("log", MFD_CLOEXEC)), before_(dup(STDERR_FILENO)) {
    std::fflush(stderr);
    if (file_ >= 0) dup2(file_, STDERR_FILENO);
  }
  ~HeldLog() { Release(); }
  std::string Release() {
    if (file_ < 0) return {};
    std::fflush(stderr);
    dup2(before_, STDERR_FILENO);
    std::string text;
    char block[4096];
    lseek(file_, 0, SEEK_SET);
    for (ssize_t n = 0; (n = read(file_, block, sizeof block)) > 0;) text.append(block, static_cast<std::size_t>(n));
    close(file_);
    close(before_);
    file_ = -1;
    return text;
  }

 private:
  int file_, before_;
};

class OwnFolder {
 public:
  OwnFolder() {
    const char* base = std::getenv("TMPDIR");
    std::string name = std::string(base != nullptr && *base != '\0' ? base : "/tmp") + "/gander-privacy-XXXXXX";
    if (mkdtemp(name.data()) != nullptr) path_ = name;  // for its owner alone
  }
  ~OwnFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

std::string FileText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// As configured, but nothing of the operator's is read from a wire or written to.
config::Settings OwnSettings(config::Settings s, const std::string& folder) {
  s.report.events = folder + "/events.json";  // says that they are wanted; the sink is our own
  s.report.html.clear();
  s.report.metrics = {};
  s.control = {};
  s.suppress_file.clear();
  s.quarantine.directory.clear();
  s.quarantine.excerpt = report::QuarantineExcerpt::kOff;
  s.evidence.directory = folder + "/evidence";
  s.evidence.key_file = folder + "/sign.pem";
  s.evidence.origin = "gander/self-check";
  s.snapshot.file = folder + "/state";
  s.snapshot.key_file = folder + "/state.key";
  s.decode.checksums = decode::Checksums::kIgnore;
  s.runtime.workers = std::min<std::uint32_t>(s.runtime.workers, 2);
  return s;
}

Result<std::unique_ptr<evidence::Recorder>> OpenEvidence(const evidence::Options& options) {
  auto key = evidence::SigningKey::Open(options.key_file);
  if (!key) return Failure(key.error());
  const evidence::Clock clock = [] { return kStart; };
  auto log = evidence::Log::Open(options, std::move(*key), clock, {});
  if (!log) return Failure(log.error());
  return std::make_unique<evidence::Recorder>(std::move(*log), options, clock, true);
}

struct Run {
  report::RunState state;
  std::string events, ecs, ocsf, evidence, log, sealed, snapshot;
};

Result<Run> RunSensor(const std::shared_ptr<const config::Snapshot>& snapshot, const Frames& frames) {
  Run run;
  const detect::SnapshotOptions& kept = snapshot->settings.snapshot;
  auto key = detect::OpenSnapshotKey(kept.key_file);
  if (!key) return Failure(key.error());
  runtime::RunRequest request;
  request.snapshot = snapshot;
  request.sources.push_back(frames.Source());
  request.outputs = KeepAll(run.events, run.ecs, run.ocsf);
  request.state_key = &*key;
  auto recorder = OpenEvidence(snapshot->settings.evidence);
  if (!recorder) return Failure(recorder.error());
  request.evidence = recorder->get();
  HeldLog log;
  auto state = runtime::RunOffline(std::move(request));
  run.log = log.Release();
  if (!state) return Failure(state.error());
  run.state = std::move(*state);
  run.evidence = FileText(evidence::RecordsPath(snapshot->settings.evidence.directory, 0));
  run.sealed = FileText(kept.file);
  auto plain = detect::ReadSnapshot(kept.file, *key, 4 * snapshot->settings.detect.memory);
  if (plain && *plain) run.snapshot = std::move(**plain);
  return run;
}

report::RunState ReadBack(const std::string& events) {
  report::History history({});
  for (std::size_t at = 0; at < events.size();) {
    const std::size_t end = std::min(events.find('\n', at), events.size());
    history.OnLine(std::string_view(events).substr(at, end - at));
    at = end + 1;
  }
  return history.Finish();
}

std::vector<std::pair<std::string, std::string>> Outputs(Run& run) {
  const report::RunState past = ReadBack(run.events);
  return {
      {"summary (terminal)", report::TextSummary(run.state, {.color = true, .events_path = "events.json"})},
      {"summary (--json, /status)", report::JsonSummary(run.state)},
      {"page (scan --report)", report::HtmlReport(run.state)},
      {"page (gander report)", report::HtmlReport(past)},
      {"metrics", report::RenderMetrics(run.state, {})},
      {"log (standard error)", std::move(run.log)},
      {"snapshot, as it lies on disk", std::move(run.sealed)},
      {kOpened, std::move(run.snapshot)},
      {"evidence log", std::move(run.evidence)},
      {"events (ECS)", std::move(run.ecs)},
      {"events (OCSF)", std::move(run.ocsf)},
      {"events (EVE)", std::move(run.events)},
  };
}

// Each writing of each value in a text of its own: what this does not find proves nothing by not being found.
Result<std::uint64_t> Prove(const ValueSearch& search, const std::vector<std::string>& values) {
  std::uint64_t proofs = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    ValueSearch one;
    if (!one.Add(values[i])) continue;
    for (const char* writing : kWritings) {
      for (const std::string& text : ValueSearch::WritingsOf(values[i], writing)) {
        if (one.Find("before " + text + " behind").empty()) continue;  // too short to be searched for
        ++proofs;
        const auto hits = search.Find("{\"x\":\"" + text + "\"}");
        if (std::none_of(hits.begin(), hits.end(), [&](const ValueSearch::Hit& h) { return values[h.value] == values[i]; })) {
          return Fail("privacy self-check", 0, std::string("does not find a planted value written ") + writing,
                      "report this fault of Gander");
        }
      }
    }
  }
  return proofs;
}

std::string Document(const std::vector<MarkedValue>& values) {
  std::string out;
  for (const MarkedValue& v : values) out += v.text + "\n\n";
  return out;
}

std::uint64_t SumOf(const std::vector<SearchedOutput>& outputs, bool sealed) noexcept {
  std::uint64_t sum = 0;
  for (const SearchedOutput& output : outputs) {
    if (output.sealed != sealed) continue;
    for (const auto& [what, n] : output.found) sum += n;
  }
  return sum;
}

void Describe(const report::RunState& state, PrivacyCheck& check) {
  std::set<std::string> rules;
  for (const auto& [key, n] : state.findings) {
    check.findings += n;
    rules.insert(key.first);
  }
  check.rules_found = rules.size();
  for (const auto& [key, n] : state.alerts) check.alerts += n;
  check.transfers = state.transfers.size() + state.transfers_not_shown;
  check.protocols = state.app_flows;
}

}  // namespace

std::uint64_t PrivacyCheck::leaks() const noexcept { return SumOf(outputs, false); }
std::uint64_t PrivacyCheck::kept() const noexcept { return SumOf(outputs, true); }

Result<PrivacyCheck> CheckPrivacy(const config::Settings& settings, const std::string& shipped_rules,
                                  std::uint64_t seed) {
  const OwnFolder folder;
  if (folder.path().empty()) {
    return Fail("TMPDIR", 0, "no folder for temporary files can be made there", "name another in the environment");
  }
  auto sources = config::LoadRulePacks(settings.rule_paths.empty() ? std::vector{shipped_rules} : settings.rule_paths);
  if (!sources) return Failure(sources.error());
  auto snapshot = config::BuildSnapshot(OwnSettings(settings, folder.path()), shipped_rules);
  if (!snapshot) return Failure(snapshot.error());

  PrivacyCheck check;
  check.seed = seed;
  check.raw = settings.metadata == config::MetadataPrivacy::kRaw;
  const std::vector<MarkedValue> values = DrawValues(*sources, (*snapshot)->rules, seed);
  if (values.empty()) return Fail("identify.rules", 0, "no rule has an example to plant", "name packs with examples");
  ValueSearch search;
  std::set<std::string> rules;
  std::vector<std::string> texts;
  for (const MarkedValue& v : values) {
    rules.insert(v.rule);
    texts.push_back(v.value);
    check.drawn += v.drawn ? 1 : 0;
    check.too_short += search.Add(v.value) ? 0 : 1;
  }
  check.values = values.size();
  check.rules = rules.size();
  check.writings = search.writings();
  auto proofs = Prove(search, texts);
  if (!proofs) return Failure(proofs.error());
  check.proofs = *proofs;

  Frames frames(kStart);
  const Planted planted{values, Document(values)};
  for (const Conversation& c : Conversations()) {
    c.say(planted, frames);
    check.conversations.push_back(c.protocol);
  }
  check.packets = frames.packets();
  check.packet_bytes = frames.bytes();
  auto run = RunSensor(*snapshot, frames);
  if (!run) return Failure(run.error());
  Describe(run->state, check);
  if (check.findings == 0) {
    return Fail("privacy self-check", 0, "the sensor found nothing of what was planted, so its silence proves nothing",
                "check identify.rules and identify.registers");
  }
  for (const auto& [name, text] : Outputs(*run)) {
    SearchedOutput output{name, text.size(), {}, name == kOpened};
    for (const ValueSearch::Hit& hit : search.Find(text)) ++output.found[values[hit.value].rule + ", " + hit.writing];
    check.outputs.push_back(std::move(output));
  }
  return check;
}

}  // namespace gander::selfcheck

// SPDX-License-Identifier: Apache-2.0
// What a flood of made-up senders and recipients does to the state of the detectors:
//
//   gander-state-flood [MILLIONS OF PAIRS]
//
// Thirty days of packet time. Every pair is new and carries one person; among them one bulk transfer of 3,000 people, a
// collector of 1,200 people from 60 sources, and 40 senders of 20 people a day each. Prints what the tables hold, the
// memory of the process, and who was found.
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "detect/account/transfer_meter.h"
#include "detect/state/saved_state.h"
#include "identify/rule_source.h"
#include "policy/policy.h"

namespace {

using namespace gander;          // NOLINT
using namespace gander::detect;  // NOLINT

constexpr std::int64_t kDays = 30, kDay = 86'400;
constexpr std::uint64_t kSlow = 40, kSlowADay = 20;

struct Heard final : AlertSink {
  std::set<std::string> keys;
  void OnAlert(Alert alert) override { keys.insert(alert.dedup_key); }
};

std::shared_ptr<const identify::RuleSet> OneRule() {
  identify::RuleSource r;
  r.id = "bench.national";
  r.title = "number";
  r.data_class = "national_id";
  r.sid = 1;
  r.chance = 1e-6;
  r.shape.templates = {"Q1-NNNNNNNN"};
  r.self_evident = true;
  r.match = {"number Q1-48213977 follows"};
  r.no_match = {"number Q1-482 follows"};
  auto rules = identify::RuleSet::Compile({r});
  if (!rules) std::abort();
  return *rules;
}

std::uint64_t ResidentMegabytes() {
  std::ifstream in("/proc/self/statm");
  std::uint64_t size = 0, resident = 0;
  in >> size >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) >> 20;
}

class Flood {
 public:
  explicit Flood(std::uint64_t pairs) : epochs_(pairs / kPairsAnEpoch) {}

  void Run() {
    for (std::uint64_t e = 0; e < epochs_; ++e) {
      for (std::uint64_t i = 0; i < kPairsAnEpoch; ++i, ++fresh_) SeeFresh();
      SeeTrue(e);
      Judge(e + 1 == epochs_);
      if (e % (epochs_ / 10 + 1) == 0) Print(e);
    }
    Print(epochs_);
  }

 private:
  static constexpr std::uint64_t kPairsAnEpoch = 16'000;

  void See(std::uint32_t from, std::uint32_t to, std::uint64_t person) {
    FlowFacts flow;
    flow.tuple = {IpAddress::FromV4(from), IpAddress::FromV4(to), 40000, 80, ip_proto::kTcp};
    flow.flow_id = Mix64(std::uint64_t{from} << 32 | to);
    flow.time = now_;
    flow.encrypted = true;
    identify::Finding f;
    f.tag = SipHash13({1, 2}, person + 1);
    f.evidence = identify::Evidence::kCertain;
    meter_.OnFinding(flow, f);
  }
  void SeeFresh() {
    const std::uint64_t random = SipHash13({3, 4}, fresh_);
    See(static_cast<std::uint32_t>(random), static_cast<std::uint32_t>(random >> 32) | 0x80000000u,
        (1ULL << 40) + fresh_);
  }
  // 10.0.0.1 sends in bulk to 20.0.0.1 in the middle; 10.1.0.x report to 20.1.0.1; 10.2.0.x each leak to 20.2.x.1.
  void SeeTrue(std::uint64_t epoch) {
    if (epoch == epochs_ / 2) {
      for (std::uint64_t p = 0; p < 3000; ++p) See(0x0a000001, 0x14000001, p);
      for (std::uint64_t p = 0; p < 1200; ++p)
        See(0x0a010001 + static_cast<std::uint32_t>(p % 60), 0x14010001, 10'000 + p);
    }
    const std::uint64_t due = kDays * kSlowADay * (epoch + 1) / epochs_;
    for (; sent_ < due; ++sent_) {
      for (std::uint32_t k = 0; k < kSlow; ++k)
        See(0x0a020001 + k, 0x14020001 + (k << 8), 1'000'000 + k * 10'000 + sent_);
    }
  }
  void Judge(bool final) {
    const Timestamp end = now_ + Duration{kDays * kDay * kNanosPerSecond / static_cast<std::int64_t>(epochs_)};
    EpochView view{now_, end, final, *policy_, *rules_, ledger_, ledger_, port_, names_, meter_};
    view.book = &book_;
    book_.OnEpoch(view);
    for (std::size_t i = 0; i < detectors_.size(); ++i) detectors_[i]->OnEpoch(meters_[i].get(), view, heard_);
    meter_.Clear();
    (void)book_.TakeClosed(false);
    now_ = end;
  }
  void Print(std::uint64_t epoch) {
    StateUse use = book_.use();
    std::uint64_t lost = book_.keys_lost();
    for (const auto& d : detectors_) {
      use.Add(d->use());
      lost += d->keys_lost();
    }
    std::uint64_t slow = 0;
    for (const std::string& key : heard_.keys) slow += key.starts_with("D05|10.2.0.");
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    std::printf(
        "%6.1f M pairs %6.0f s  tables %7.1f MB of %.0f  keys %8llu  refused %9llu  lost %llu  resident %llu MB  "
        "bulk %s  collector %s  slow %llu/%llu\n",
        static_cast<double>(fresh_) / 1e6, seconds, static_cast<double>(use.bytes) / 1048576.0,
        static_cast<double>(options_.memory) / 1048576.0, static_cast<unsigned long long>(use.keys),
        static_cast<unsigned long long>(use.refused), static_cast<unsigned long long>(lost),
        static_cast<unsigned long long>(ResidentMegabytes()),
        heard_.keys.contains("D02|10.0.0.1|20.0.0.1") ? "found" : "-",
        heard_.keys.contains("D03|20.1.0.1") ? "found" : "-", static_cast<unsigned long long>(slow),
        static_cast<unsigned long long>(kSlow));
    std::fflush(stdout);
    (void)epoch;
  }

  std::uint64_t epochs_, fresh_ = 0, sent_ = 0;
  Options options_;
  std::shared_ptr<const identify::RuleSet> rules_ = OneRule();
  std::shared_ptr<const policy::Policy> policy_ = *policy::Policy::Build({}, nullptr);
  TransferMeter meter_{options_};
  TransferBook book_{options_, *policy_, *rules_};
  std::vector<std::unique_ptr<Detector>> detectors_ = [this] {
    std::vector<std::unique_ptr<Detector>> out;
    for (const DetectorInfo& info : Detectors()) {
      const std::string id = info.id;
      if (id == "D02" || id == "D03" || id == "D05") out.push_back(info.create(options_));
    }
    return out;
  }();
  std::vector<std::unique_ptr<Meter>> meters_ = std::vector<std::unique_ptr<Meter>>(detectors_.size());
  ByteLedger ledger_;
  PortHealth port_;
  HostNames names_;
  Heard heard_;
  Timestamp now_{1'800'000'000 * kNanosPerSecond};
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

int main(int argc, char** argv) {
  const double millions = argc > 1 ? std::strtod(argv[1], nullptr) : 50.0;
  Flood(static_cast<std::uint64_t>(millions * 1e6)).Run();
}

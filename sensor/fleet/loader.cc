// SPDX-License-Identifier: Apache-2.0
#ifdef GANDER_WITH_FLEET_LOADER
#include "fleet/loader.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "base/file.h"
#include "fleet/consumer.h"
#include "fleet/database.h"
#include "fleet/judging.h"
#include "fleet/loader_counters.h"

namespace gander::fleet {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kFirstPause = std::chrono::milliseconds(250);  // while the database is away, then doubled
constexpr auto kLastPause = std::chrono::milliseconds(30'000);
constexpr auto kNap = std::chrono::milliseconds(50);  // at most so late is `stop` heard
constexpr auto kPartitionsEvery = std::chrono::hours(1);
constexpr auto kMetricsEvery = std::chrono::seconds(5);

class Loader {
 public:
  Loader(const LoaderOptions& options, Consumer& consumer, const std::atomic<bool>& stop,
         const std::function<void(const std::string&)>& log)
      : options_(options), consumer_(consumer), stop_(stop), log_(log), database_(options.database), judging_(options.database, options.judge_s) {}

  void Run() {
    while (!stop_) {
      Batch batch = consumer_.Poll(options_.batch, static_cast<int>(options_.linger_ms));
      Say(consumer_.problem(), broker_problem_, "broker");
      if (!batch.empty()) {
        for (Item& item : batch) Read(item);
        if (!Take(batch)) break;  // stopped before the database had it: it comes again
        consumer_.Commit(batch);
      }
      Upkeep();
    }
    WriteMetrics();
  }

 private:
  void Read(Item& item) {
    item.message = ReadMessage(item.bytes);
    if (std::holds_alternative<Ignored>(item.message)) ++counters_.ignored;
    if (const auto* refused = std::get_if<Refused>(&item.message))
      ++counters_.refused[static_cast<std::size_t>(refused->reason)];
  }

  // False when stopped before it was done.
  bool Take(std::span<Item> items) {
    auto pause = kFirstPause;
    while (!stop_) {
      Taken taken;
      switch (database_.Take(items, taken)) {
        case Outcome::kDone:
          Add(taken);
          Say("", database_problem_, "database");
          return true;
        case Outcome::kBadData:
          return TakeParts(items);
        case Outcome::kAway:
          break;
      }
      ++counters_.waits;
      Say(database_.problem(), database_problem_, "database");
      WriteMetrics();
      Sleep(pause);
      pause = std::min(pause * 2, kLastPause);
    }
    return false;
  }

  // One of them is what the database will not take: halves, until it stands alone. Taken before, taken again: the same.
  bool TakeParts(std::span<Item> items) {
    if (items.size() > 1) {
      const std::size_t half = items.size() / 2;
      return Take(items.first(half)) && Take(items.subspan(half));
    }
    Item& item = items.front();
    if (std::holds_alternative<Refused>(item.message)) {  // not even into the quarantine; kept in the topic
      log_("a message of " + item.topic + " at " + std::to_string(item.offset) +
           " is left out: " + database_.problem());
      return true;
    }
    const auto* sketch = std::get_if<SketchMessage>(&item.message);
    item.message = Refused{Refusal::kDatabase, sketch != nullptr ? sketch->sensor : std::string(), database_.problem()};
    ++counters_.refused[static_cast<std::size_t>(Refusal::kDatabase)];
    return Take(items);
  }

  void Add(const Taken& taken) {
    ++counters_.batches;
    counters_.taken.rows += taken.rows;
    counters_.taken.duplicates += taken.duplicates;
    counters_.taken.refused += taken.refused;
    counters_.taken.events += taken.events;
  }

  // A trouble is told when it begins, changes and ends.
  void Say(const std::string& problem, std::string& said, const char* whose) {
    if (problem == said) return;
    log_(problem.empty() ? std::string(whose) + ": well again" : std::string(whose) + ": " + problem);
    said = problem;
  }

  void Upkeep() {
    const auto now = Clock::now();
    if (now >= next_partitions_) {
      next_partitions_ =
          now + (database_.KeepPartitions() ? Clock::duration(kPartitionsEvery) : Clock::duration(kLastPause));
    }
    Say(judging_.problem(), judging_problem_, "judgement");
    if (now >= next_metrics_) WriteMetrics();
  }

  void WriteMetrics() {
    next_metrics_ = Clock::now() + kMetricsEvery;
    if (options_.metrics.empty()) return;
    counters_.lag = consumer_.lag();
    counters_.uncommitted = consumer_.uncommitted();
    counters_.judgements = judging_.judgements();
    counters_.judged = judging_.collectors();
    counters_.broker = broker_problem_.empty();
    counters_.database = database_problem_.empty();
    if (!ReplaceFile(options_.metrics, RenderCounters(counters_))) {
      if (!std::exchange(metrics_failed_, true)) log_(options_.metrics + ": cannot be written");
      return;
    }
    // Who collects is another user.
    std::error_code ignored;
    std::filesystem::permissions(options_.metrics, std::filesystem::perms(0644), ignored);
    metrics_failed_ = false;
  }

  void Sleep(Clock::duration span) const {
    for (const auto until = Clock::now() + span; !stop_ && Clock::now() < until;) std::this_thread::sleep_for(kNap);
  }

  const LoaderOptions& options_;
  Consumer& consumer_;
  const std::atomic<bool>& stop_;
  const std::function<void(const std::string&)>& log_;
  Database database_;
  LoaderCounters counters_;
  std::string broker_problem_, database_problem_, judging_problem_;
  Clock::time_point next_partitions_{}, next_metrics_{};
  bool metrics_failed_ = false;
  Judging judging_;
};

}  // namespace

Result<bool> Load(const LoaderOptions& options, const std::atomic<bool>& stop,
                  const std::function<void(const std::string&)>& log) {
  auto consumer = Consumer::Open(options);
  if (!consumer) return Failure(consumer.error());
  Loader(options, **consumer, stop, log).Run();
  return true;
}

}  // namespace gander::fleet
#endif

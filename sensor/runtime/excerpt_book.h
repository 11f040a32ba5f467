// SPDX-License-Identifier: Apache-2.0
// Excerpts on their way to the officer: kept until an alert tells of their addresses, then sealed beside it. What no
// alert asks for is given up after kKeptFor, or as the oldest of kMaxKept, and leaves by no other way.
#ifndef GANDER_RUNTIME_EXCERPT_BOOK_H_
#define GANDER_RUNTIME_EXCERPT_BOOK_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "base/counters.h"
#include "detect/alert.h"
#include "report/quarantine/quarantine.h"
#include "runtime/sealed_epoch.h"

namespace gander::runtime {

struct ExcerptCounters {
  std::uint64_t sealed, refused, crowded, given_up;
  static constexpr CounterName<ExcerptCounters> kNames[] = {
      {"sealed", "alerts with excerpts, sealed in the quarantine", &ExcerptCounters::sealed},
      {"refused", "alerts whose excerpts the quarantine had no room for", &ExcerptCounters::refused},
      {"crowded", "excerpts not kept because an epoch had those of more pairs of addresses",
       &ExcerptCounters::crowded},
      {"given_up", "excerpts given up for newer ones before an alert asked for them", &ExcerptCounters::given_up},
  };
};

class ExcerptBook {
 public:
  static constexpr std::size_t kMaxKept = 4096;
  static constexpr std::size_t kMaxOfPair = 3;  // the newest
  static constexpr std::size_t kMaxTold = 3;    // with one alert
  static constexpr Duration kKeptFor = Duration::Seconds(3600);

  ~ExcerptBook();
  // Takes those of an epoch that ends at `end`.
  void Merge(std::span<const std::unique_ptr<SealedEpoch>> parts, Timestamp end);
  // Seals what fits the alert's addresses: of its own flow, then the newest, in order of time. Names it in the alert's
  // context: {"sha256", "masked", "texts"} under `excerpt`.
  void Seal(detect::Alert& alert, report::Quarantine& quarantine);
  std::vector<const report::Excerpt*> Fitting(const detect::Alert& alert) const;

  std::size_t size() const noexcept { return kept_.size(); }
  const ExcerptCounters& counters() const noexcept { return counters_; }

 private:
  void Keep(report::Excerpt excerpt);
  void GiveUp(const std::deque<report::Excerpt>::iterator& at);

  std::deque<report::Excerpt> kept_;  // as they came
  EpochExcerpts epoch_;
  ExcerptCounters counters_{};
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_EXCERPT_BOOK_H_

// SPDX-License-Identifier: Apache-2.0
// A run in plain language, for those who answer for the data and not for the network: how many people, which data, to
// whom, over which border, permitted or not and why; and what to do next. Text is clean, not escaped.
#ifndef GANDER_REPORT_OVERVIEW_H_
#define GANDER_REPORT_OVERVIEW_H_

#include <string>
#include <string_view>
#include <vector>

#include "report/movement.h"
#include "report/run_state.h"

namespace gander::report {

struct OverviewLine {
  std::string question;  // "How many people"
  std::vector<std::string> sentences;
};
std::vector<OverviewLine> Overview(const RunState& state, const Movements& movements);

// From one State to another, all movements over that border; internal ones have none.
struct Border {
  policy::Jurisdiction from, to;
  std::uint64_t movements = 0, forbidden = 0;
  detect::SubjectCount people;  // low: of the largest movement; high: the sum
  bool complete = true;         // false: `high` bounds nothing
};
// Those with movements that had no permission first, then by people.
std::vector<Border> Borders(const Movements& movements);

// One recipient, all who sent to it; internal movements are left out.
struct RecipientSum {
  const Movement* lead = nullptr;
  std::uint64_t movements = 0, forbidden = 0, senders = 0, bytes = 0;
  detect::SubjectCount people;
  bool complete = true;
  std::vector<std::string> classes;  // in plain words, sorted
};
std::vector<RecipientSum> Recipients(const RunState& state, const Movements& movements);

// "between 1,131 and 1,504 people", "240 people", "at least 20 people".
std::string PeopleBetween(const detect::SubjectCount& people, bool complete);
// "national identity numbers" for national_id; a class of the operator's own as it is.
std::string ClassWords(std::string_view data_class);
// What a verdict means: "no entry of the register covers it".
std::string_view VerdictMeaning(policy::Verdict v) noexcept;
// "NO", "place unknown".
std::string StateName(const policy::Jurisdiction& state);

struct Advice {
  std::string title, text;
  std::vector<std::string> commands;  // for a shell; words in CAPITALS are to be filled in
};
std::vector<Advice> NextSteps(const RunState& state, const Movements& movements);

}  // namespace gander::report

#endif  // GANDER_REPORT_OVERVIEW_H_

// SPDX-License-Identifier: Apache-2.0
// Transfers as a person counts them. RunState holds one per sender, recipient and class of data; to a reader
// a table with names, numbers and accounts in it is one movement, and sixty machines that report to one
// receiver are one too.
#ifndef GANDER_REPORT_MOVEMENT_H_
#define GANDER_REPORT_MOVEMENT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "report/run_state.h"

namespace gander::report {

// From this many senders on, those to one recipient under one verdict and register entry are shown as one.
inline constexpr std::size_t kManySenders = 4;

struct Movement {
  // The transfer with the most people. Recipient, verdict and register entry are those of all; its sender,
  // its class and its `why` stand for the others. Points into the RunState, which must live longer.
  const detect::TransferSummary* lead = nullptr;
  std::vector<std::size_t> transfers;  // all it is made of: indices into RunState::transfers, ascending
  std::vector<Movement> parts;  // one a sender, the most people first; empty where there is but one sender
  std::vector<policy::Party> from;  // where the senders stand: each zone and jurisdiction once

  // Of one sender: the largest count over its classes. Of many: the same people may have been sent twice, so
  // counts do not add; `low` is the largest of one sender or what a D03 alert proves, `high` the sum.
  detect::SubjectCount people;
  bool by_alert = false;  // a D03 alert raised `low`
  std::uint32_t sessions = 1;  // of `lead`, see RunState::sessions
  bool complete = true;   // false: smaller transfers were left out of the state, so `high` bounds nothing

  std::vector<detect::TransferSummary::Type>
      types;  // by id; of many senders `distinct` goes from largest to sum
  // Classes of one sender travel in the same flows, so the largest figure of them is taken, and summed over
  // senders: a lower bound where the classes differ.
  std::uint64_t bytes = 0, flows = 0;
  bool carried_at_least = false;
  std::vector<std::string> app_protos;  // sorted, each once
  bool encrypted = false, clear = false;

  std::size_t senders() const noexcept { return parts.empty() ? 1 : parts.size(); }
};

struct Movements {
  std::vector<Movement>
      all;  // not permitted first, then permitted, then internal; in each the most people first
  std::uint64_t nameless =
      0;  // pairs whose data tells no person from another (dates of birth alone), not in `all`
};

// a + b, at most what the type holds.
std::uint64_t AddUpTo(std::uint64_t a, std::uint64_t b) noexcept;
// Takes `one` into `all`, when the same people may be in both.
void Widen(const detect::SubjectCount& one, detect::SubjectCount& all) noexcept;

// The same for the same transfers in any order.
Movements GroupTransfers(const RunState& state);

}  // namespace gander::report

#endif  // GANDER_REPORT_MOVEMENT_H_

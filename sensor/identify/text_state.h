// SPDX-License-Identifier: Apache-2.0
// What one flow direction carries from piece to piece. At rest some 1,500 bytes with a tail; the rest is made
// on demand.
#ifndef GANDER_IDENTIFY_TEXT_STATE_H_
#define GANDER_IDENTIFY_TEXT_STATE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "identify/companions.h"
#include "identify/open_excerpt.h"
#include "identify/own/row_fields.h"
#include "identify/people_tally.h"
#include "identify/record_keys.h"
#include "identify/record_tally.h"
#include "identify/scanner.h"
#include "identify/table_columns.h"

namespace gander::identify {

struct Stage;  // identify/staging.h

struct TextState::Impl {
  // Of the text at hand.
  std::vector<char> tail;  // bytes [tail_begin, tail_begin + tail.size()) seen but not all judged
  std::uint64_t tail_begin = 0;
  std::uint64_t resume = 0;         // what begins before is judged
  std::uint64_t covered_begin = 0;  // the last value reported: nothing that begins inside it is another
  std::uint64_t covered_end = 0;
  std::uint64_t last_field = ~0ULL;  // begin of the last field value reported
  IdType last_field_rule = kNoRule;
  char home[2] = {};                 // country of the last value that a word named: others may be of there, too
  std::unique_ptr<TableColumns> columns;
  std::unique_ptr<RowFields> fields;  // of operators' tables
  RecordTally records;
  PeopleTally people;
  std::vector<RecordKeysTally> record_keys;  // by RuleSet::Impl::record_keys; empty until a key was seen
  std::unique_ptr<OpenCompanions> companions;  // null while nothing is open
  std::vector<Finding> rows_ahead;  // that begin behind what is judged: not told to `records` yet
  std::unique_ptr<OpenExcerpt> excerpt;  // null until one is taken
  Stage* stage = nullptr;  // what was staged of it and is not scanned yet

  // Of the flow direction.
  std::uint64_t serial = 0;      // of the rule set whose numbers stand here
  std::vector<float> scores;     // chance filter, by CompiledRule::chance_slot
  std::array<std::uint32_t, 16> recent{};  // hashes of the last different values that were tested, 0 = none
  std::uint32_t recent_next = 0;
  std::unique_ptr<std::vector<Finding>> backlog;  // unproven yet, oldest first; null while none is
  std::uint64_t held_types = 0;  // of the backlog, a bit each (type modulo 64); may say more

  // Words, chance slots and places of record keys mean something else in another set (numbers of rules do not):
  // evidence and rows begin anew, and an open table goes on without its headings, so nothing more is shown of it.
  void MeetRules(std::uint64_t of) noexcept {
    if (serial == of) return;
    serial = of;
    scores.clear();
    if (backlog != nullptr) backlog->clear();
    held_types = 0;
    last_field_rule = kNoRule;
    records.Clear();
    record_keys.clear();
    people.Clear();
    rows_ahead.clear();
    if (companions != nullptr) companions->Clear();
    if (columns != nullptr) columns->Clear();
    fields.reset();
    if (excerpt != nullptr) excerpt->GiveUp();
  }
  bool Covers(std::uint64_t offset) const noexcept { return offset >= covered_begin && offset < covered_end; }
  void NewText() noexcept {
    tail.clear();
    tail_begin = resume = covered_begin = covered_end = 0;
    last_field = ~0ULL;
    home[0] = home[1] = '\0';
    if (fields != nullptr) *fields = {};
    if (columns != nullptr) columns->Clear();
    records.Clear();
    people.Clear();
    record_keys.clear();
    rows_ahead.clear();
    if (companions != nullptr) companions->Clear();
    if (excerpt != nullptr) excerpt->Clear();
  }
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_TEXT_STATE_H_

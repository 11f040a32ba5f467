// SPDX-License-Identifier: Apache-2.0
// How the summary says things: the terminal and the HTML page share every number and sentence, so they cannot
// disagree. All text from the wire passes Clean().
#ifndef GANDER_REPORT_WORDS_H_
#define GANDER_REPORT_WORDS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/movement.h"
#include "report/run_state.h"

namespace gander::report {

// Text that is safe to print: control characters and those that reorder text (bidirectional marks, invisible
// separators) become U+FFFD, as does what is not UTF-8.
std::string Clean(std::string_view text);
// Terminal columns of clean text, one a character.
std::size_t Columns(std::string_view utf8) noexcept;
// At most `columns` of clean text: begin and end stay, what had to go between them is "…". Cut between words
// where that costs little. The end gets its half, or `tail` columns where that is less.
std::string Fit(const std::string& text, std::size_t columns, std::size_t tail = std::string::npos);
// Without as many of its parentheses, from the left, as it takes to come down to `columns`.
std::string WithoutAsides(std::string text, std::size_t columns);
// Up to the first full stop that ends a sentence.
std::string_view FirstSentence(std::string_view text) noexcept;

std::string Grouped(std::uint64_t n);                                    // 12,345,678
std::string ByteText(std::uint64_t n);                                   // 999 B, 12.4 MB (powers of 1000)
std::string Percent(std::uint64_t part, std::uint64_t whole);            // 12.3 %, <0.1 %, 0 %
std::string Plural(std::uint64_t n, const char* one, const char* many);  // 1 flow, 1,234 flows
std::string ShortTime(Timestamp t);                                      // 2026-11-24 09:30:00 UTC
std::string Length(Duration d);                                          // 1 h 12 min, 72 s, 0.4 s

// "1 person", or "≈ 1,230 people (1,150 to 1,310)" when it is an estimate.
std::string People(const detect::SubjectCount& count);

// One end: "10.20.4.8, wards, NO"; "60 senders in wards, NO".
std::string Sender(const Movement& m, const RunState& state);
// lab.example (198.51.100.20), DE
std::string Recipient(const Movement& m, const RunState& state);
// Short, for a column: "412 people", "≈ 1,230 people", and of many senders "up to 1,200 people", "1,131–1,200
// people", "at least 1,131 people".
std::string MovedPeople(const Movement& m);
// What that count is worth: "1,150 to 1,310 people", "at least 20, the most of one sender". Empty when it is
// exact.
std::string Bounds(const Movement& m);
// no.fnr 412, email ≈ 206, pan 3 and 2 more kinds: the most people first, without figures where senders were
// summed.
std::string Identifiers(const Movement& m, std::size_t most_kinds = 4);
// 12.4 MB in 31 flows, http, clear text
std::string Carriage(const Movement& m);
// A sentence about pairs that are no movement; empty when there are none.
std::string Nameless(const Movements& movements);
std::string VerdictText(policy::Verdict v);  // "over quota"

// 0 not permitted, 1 permitted, 2 internal.
int ReadingRank(policy::Verdict v) noexcept;
// Indices into state.transfers as a reader wants them: not permitted first, then permitted, then internal; in
// each the most people first.
std::vector<std::size_t> ReadingOrder(const RunState& state);
// "GANDER Bulk transfer ..." without the name that every signature begins with.
std::string_view WithoutName(std::string_view signature) noexcept;
// Raised over the run; more than state.raised holds, when that was full.
std::uint64_t AlertsRaised(const RunState& state) noexcept;
// Indices into state.raised: worst first, then by time.
std::vector<std::size_t> AlertOrder(const RunState& state);

// One sentence that a person takes away; it counts movements, not transfers.
struct Headline {
  std::string text;
  bool alarm = false;  // something was not permitted, or an alert of high severity was raised
};
Headline Verdict(const RunState& state, const Movements& movements);

struct LedgerRow {
  std::string category, reason;  // reason is empty where the category has but one
  const char* help = "";
  std::uint64_t bytes = 0;
};
std::vector<LedgerRow> LedgerRows(
    const ByteLedger& ledger);  // rows with bytes only, in the order of ByteFate
// "equals what arrived", or by how much it does not and why.
std::string Balance(const RunState& state);

// What this run cannot speak about, a sentence each; empty when all was seen.
std::vector<std::string> NotSeen(const RunState& state);

}  // namespace gander::report

#endif  // GANDER_REPORT_WORDS_H_

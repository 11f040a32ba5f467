// SPDX-License-Identifier: Apache-2.0
// What stood around a value, for the officer who may read it: never in an event, only sealed (Quarantine::Offer). One
// JSON document an alert; the alert names it by its SHA-256.
#ifndef GANDER_REPORT_QUARANTINE_EXCERPT_H_
#define GANDER_REPORT_QUARANTINE_EXCERPT_H_

#include <compare>
#include <cstdint>
#include <span>
#include <string>

#include "base/net.h"
#include "base/time.h"
#include "detect/alert.h"

namespace gander::report {

// Which of two excerpts is kept: the smaller. A field (a header, an argument) shows less than a text.
struct ExcerptKey {
  bool is_field = false;
  Timestamp time;
  std::uint64_t flow_id = 0;
  Direction direction = Direction::kToServer;
  std::uint64_t offset = 0;  // of the value within its text

  auto operator<=>(const ExcerptKey&) const = default;
};

struct Excerpt {
  ExcerptKey key;
  FiveTuple tuple;  // source: who said it
  const char* app_proto = "";
  std::string identifier;  // rule of the value in the middle: "global.email"
  bool masked = true;
  std::string text;

  // Before it is let go.
  void Wipe() noexcept;
};

// {"alert": {...}, "excerpts": [...]}, one line.
std::string WriteExcerpts(const detect::Alert& alert, std::span<const Excerpt* const> excerpts);

}  // namespace gander::report

#endif  // GANDER_REPORT_QUARANTINE_EXCERPT_H_

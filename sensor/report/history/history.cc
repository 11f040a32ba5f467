// SPDX-License-Identifier: Apache-2.0
#include "report/history/history.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>

#include "report/history/past_alerts.h"
#include "report/history/past_changes.h"
#include "report/history/past_counters.h"
#include "report/history/past_transfers.h"

namespace gander::report {
namespace {

constexpr std::size_t kBlock = 1u << 16;
constexpr std::string_view kTypeKey = "\"event_type\":";

struct Close {
  void operator()(std::FILE* file) const noexcept {
    if (file != stdin) std::fclose(file);
  }
};
using File = std::unique_ptr<std::FILE, Close>;

// The value of the first `event_type`, which EVE writers put before the event's own members; "" without one.
std::string_view TypeOf(std::string_view line) noexcept {
  std::size_t at = line.find(kTypeKey);
  if (at == line.npos) return {};
  at += kTypeKey.size();
  while (at < line.size() && line[at] == ' ') ++at;
  if (at >= line.size() || line[at] != '"') return {};
  const std::size_t end = line.find('"', at + 1);
  return end == line.npos ? std::string_view{} : line.substr(at + 1, end - at - 1);
}

bool Read(std::string_view type) noexcept {
  for (const char* known : {"transfer", "alert", "stats", "blind_spot"}) {
    if (type == known) return true;
  }
  return PastChanges::Reads(type);
}

std::string_view Trimmed(std::string_view line) noexcept {
  while (!line.empty() && std::strchr(" \t\r\n", line.back()) != nullptr) line.remove_suffix(1);
  while (!line.empty() && std::strchr(" \t", line.front()) != nullptr) line.remove_prefix(1);
  return line;
}

}  // namespace

struct History::Impl {
  explicit Impl(const HistoryOptions& o) : options(o), transfers(o.max_transfers), alerts(o.shown_alerts) {}

  void Damaged() {
    if (counters.damaged++ == 0 && !file.empty()) counters.first_damaged = file + ":" + std::to_string(line_number);
  }

  void OnLine(std::string_view line) {
    line = Trimmed(line);
    if (line.empty()) return;
    ++counters.lines;
    const std::string_view type = TypeOf(line);
    if (line.front() != '{' || line.back() != '}' || type.empty()) return Damaged();
    if (!Read(type)) {
      ++counters.other;
      return;
    }
    const Json event = Json::parse(line, nullptr, false);
    Timestamp time;
    if (!ParseEveTime(TextAt(event, "timestamp"), time)) return Damaged();
    counters.first = std::min(counters.first, time);
    counters.last = std::max(counters.last, time);
    const std::string known = TextAt(event, "event_type");
    // Counters before the stretch are what it is counted from.
    const bool before = time < options.from, within = !before && time <= options.to;
    if (!within && !(before && known == "stats")) {
      ++counters.outside;
      return;
    }
    if (!Take(known, event, within)) return Damaged();
    ++(within ? counters.used : counters.outside);
  }

  bool Take(const std::string& type, const Json& event, bool within) {
    if (type == "transfer") return transfers.Add(event);
    if (type == "alert") return alerts.Add(event);
    if (type == "stats") {
      return totals.Add(event, within ? PastCounters::When::kWithin : PastCounters::When::kBefore);
    }
    return changes.Add(type, event);
  }

  const HistoryOptions options;
  HistoryCounters counters;
  PastTransfers transfers;
  PastAlerts alerts;
  PastCounters totals;
  PastChanges changes;
  std::string file;
  std::uint64_t files = 0, line_number = 0;
};

History::History(const HistoryOptions& options) : impl_(std::make_unique<Impl>(options)) {}

History::~History() = default;

void History::OnLine(std::string_view line) { impl_->OnLine(line); }

const HistoryCounters& History::counters() const noexcept { return impl_->counters; }

Result<bool> History::ReadFile(const std::string& path) {
  const File file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
  if (file == nullptr) {
    return Fail(path, 0, std::string("cannot be read: ") + std::strerror(errno),
                "name a file of events, as `gander scan --events FILE` writes it");
  }
  Impl& in = *impl_;
  in.file = path;
  in.line_number = 0;
  ++in.files;
  std::string line;
  bool too_long = false;
  char block[kBlock];
  const auto end_line = [&] {
    ++in.line_number;
    if (too_long) {
      ++in.counters.lines;
      in.Damaged();
    } else {
      in.OnLine(line);
    }
    line.clear();
    too_long = false;
  };
  for (std::size_t n = 0; (n = std::fread(block, 1, sizeof block, file.get())) > 0;) {
    std::string_view rest(block, n);
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      const std::string_view part = rest.substr(0, end);
      too_long = too_long || line.size() + part.size() > in.options.max_line;
      if (!too_long) line.append(part);
      if (end == rest.npos) break;
      end_line();
      rest.remove_prefix(end + 1);
    }
  }
  if (std::ferror(file.get()) != 0) return Fail(path, 0, "cannot be read to its end", "check the disk");
  if (!line.empty() || too_long) end_line();
  return true;
}

RunState History::Finish() {
  Impl& in = *impl_;
  RunState state;
  in.totals.Fill(state);
  in.transfers.Fill(in.options.shown_transfers, state);
  in.alerts.Fill(state);
  in.changes.Fill(state);
  PastGround& past = *state.past;
  past.from = in.options.from;
  past.to = in.options.to;
  past.files = in.files;
  past.lines = in.counters.lines;
  past.damaged = in.counters.damaged;
  if (in.counters.damaged > 0) {
    state.warnings.push_back(std::to_string(in.counters.damaged) +
                             " lines of the event files cannot be read as events and are not in this report" +
                             (in.counters.first_damaged.empty() ? "" : "; the first is " + in.counters.first_damaged));
  }
  return state;
}

std::vector<std::string> OldestFirst(std::vector<std::string> paths) {
  std::vector<std::pair<Timestamp, std::string>> begun;
  for (std::string& path : paths) {
    Timestamp first = kDistantFuture;
    if (path != "-") {
      const File file(std::fopen(path.c_str(), "rb"));
      char block[4096];
      const std::size_t n = file == nullptr ? 0 : std::fread(block, 1, sizeof block, file.get());
      constexpr std::string_view kKey = "\"timestamp\":\"";
      const std::string_view text(block, n);
      if (const std::size_t at = text.find(kKey); at != text.npos) ParseEveTime(text.substr(at + kKey.size(), 31), first);
    }
    begun.emplace_back(first, std::move(path));
  }
  std::stable_sort(begun.begin(), begun.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  paths.clear();
  for (auto& [first, path] : begun) paths.push_back(std::move(path));
  return paths;
}

}  // namespace gander::report

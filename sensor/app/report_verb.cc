// SPDX-License-Identifier: Apache-2.0
// gander report: the page of `scan --report`, made of the events of the past.
#include <cstdio>
#include <filesystem>

#include "app/options.h"
#include "app/verbs.h"
#include "report/history/history.h"
#include "report/summary/summary.h"
#include "report/words.h"

namespace gander::app {
namespace {

struct ReportOptions {
  ConfigOptions config;
  std::vector<std::string> events;
  std::string since, from, to, output = "report.html";
  bool json = false, text = false;
};

// "90m", "24h", "7d".
bool ParseSpan(const std::string& text, Duration& out) {
  std::size_t used = 0;
  std::int64_t number = 0;
  for (; used < text.size() && text[used] >= '0' && text[used] <= '9' && number < 1'000'000; ++used) {
    number = number * 10 + (text[used] - '0');
  }
  if (used == 0 || number == 0 || used + 1 != text.size()) return false;
  switch (text[used]) {
    case 's':
      out = Duration::Seconds(number);
      return true;
    case 'm':
      out = Duration::Seconds(number * 60);
      return true;
    case 'h':
      out = Duration::Seconds(number * 3600);
      return true;
    case 'd':
      out = Duration::Seconds(number * 86'400);
      return true;
    case 'w':
      out = Duration::Seconds(number * 7 * 86'400);
      return true;
    default:
      return false;
  }
}

Result<bool> ReadTimes(const ReportOptions& options, report::HistoryOptions& out) {
  constexpr const char* kRemedy = "write a day or a moment in UTC: 2026-11-24 or 2026-11-24T09:30:00Z";
  if (!options.since.empty()) {
    Duration span;
    if (!ParseSpan(options.since, span)) {
      return Fail("--since", 0, "`" + options.since + "` is no span of time", "write a number and s, m, h, d or w: 24h");
    }
    out.from = {Now().ns - span.ns};
  }
  if (!options.from.empty() && !ParseDate(options.from, out.from)) {
    return Fail("--from", 0, "`" + options.from + "` is no time", kRemedy);
  }
  if (!options.to.empty() && !ParseDate(options.to, out.to)) {
    return Fail("--to", 0, "`" + options.to + "` is no time", kRemedy);
  }
  if (out.from > out.to) return Fail("--from", 0, "is later than --to", "exchange the two");
  return true;
}

// The configured file and what rotation has set aside beside it: "events.json", "events.json.1", "events.json-2026...".
std::vector<std::string> WithRotated(const std::string& path) {
  namespace fs = std::filesystem;
  const fs::path file(path);
  const std::string name = file.filename().string();
  std::vector<std::string> out;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(file.has_parent_path() ? file.parent_path() : ".", ignored)) {
    const std::string other = entry.path().filename().string();
    const bool rotated = other.size() > name.size() && other.starts_with(name) &&
                         (other[name.size()] == '.' || other[name.size()] == '-');
    const bool packed = other.ends_with(".gz") || other.ends_with(".zst") || other.ends_with(".xz");
    if (packed && rotated) {
      std::fprintf(stderr, "gander: warning: %s is compressed and not read; unpack it and name it with --events\n",
                   entry.path().c_str());
    } else if ((other == name || rotated) && entry.is_regular_file(ignored)) {
      out.push_back(entry.path().string());
    }
  }
  return out;
}

Result<std::vector<std::string>> FindEvents(const ReportOptions& options) {
  if (!options.events.empty()) return options.events;
  auto settings = LoadSettings(options.config);
  if (!settings) return Failure(settings.error());
  const std::string& path = settings->report.events;
  if (path.empty() || path == "-") {
    return Fail("report.events", 0, "names no file to read the past from",
                "name event files with --events, or a configuration that writes one with --config");
  }
  std::vector<std::string> found = WithRotated(path);
  if (found.empty()) return Fail(path, 0, "is not there", "check report.events, or name event files with --events");
  return found;
}

void TellWhatWasRead(const report::History& history, std::size_t files) {
  const report::HistoryCounters& c = history.counters();
  std::fprintf(stderr, "gander: %s of %s in %s; %s of other kinds, %s of another time\n", report::Grouped(c.used).c_str(),
               report::Plural(c.lines, "event", "events").c_str(), report::Plural(files, "file", "files").c_str(),
               report::Grouped(c.other).c_str(), report::Grouped(c.outside).c_str());
  if (c.damaged > 0) {
    std::fprintf(stderr, "gander: warning: %s cannot be read as an event and left out, the first at %s\n",
                 report::Plural(c.damaged, "line", "lines").c_str(), report::Clean(c.first_damaged).c_str());
  }
}

int Report(const ReportOptions& options) {
  report::HistoryOptions wanted;
  if (auto read = ReadTimes(options, wanted); !read) return Complain(read.error());
  auto files = FindEvents(options);
  if (!files) return Complain(files.error());
  report::History history(wanted);
  for (const std::string& file : report::OldestFirst(*files)) {
    if (auto read = history.ReadFile(file); !read) return Complain(read.error());
  }
  TellWhatWasRead(history, files->size());
  if (history.counters().used == 0) {
    const Timestamp last = history.counters().last;
    return Complain({files->front(), 0,
                     last == kDistantPast ? "holds no event of Gander that a report is made of"
                                          : "holds no such event of that time; the latest is of " + report::ShortTime(last),
                     last == kDistantPast ? "name files that hold `transfer`, `alert` or `stats` events in the EVE layout"
                                          : "ask for another time with --since, --from and --to"});
  }
  const report::RunState state = history.Finish();
  if (options.json) std::fputs(report::JsonSummary(state).c_str(), stdout);
  if (options.text) std::fputs(report::TextSummary(state, {}).c_str(), stdout);
  if (options.json || options.text) return kDone;
  if (options.output == "-") {
    std::fputs(report::HtmlReport(state).c_str(), stdout);
    return kDone;
  }
  if (auto written = report::WriteFile(options.output, report::HtmlReport(state)); !written) {
    return Complain(written.error(), kFailed);
  }
  std::printf("%s\n", options.output.c_str());
  return kDone;
}

}  // namespace

void AddReport(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("report", "a page about the past, made of event files");
  auto options = std::make_shared<ReportOptions>();
  auto* since = verb->add_option("--since", options->since, "so long ago until now: 90m, 24h, 7d, 4w")->type_name("SPAN");
  verb->add_option("--from", options->from, "first day or moment, UTC")->type_name("TIME")->excludes(since);
  verb->add_option("--to", options->to, "last moment, UTC; a day is its first instant")->type_name("TIME");
  verb->add_option("--events", options->events, "event files (EVE lines), rotated ones too; - is standard input")
      ->type_name("FILE");
  verb->add_option("--output,-o", options->output, "the page; - is standard output")->capture_default_str();
  verb->add_flag("--json", options->json, "the summary as JSON on standard output, no page");
  verb->add_flag("--text", options->text, "the summary as text on standard output, no page");
  AddConfigOptions(*verb, options->config);
  verb->footer("Without --events the file is read that the configuration's report.events names, with what rotation has\n"
               "set aside beside it. Memory does not grow with the files.\n"
               "Examples:\n"
               "  gander report --config gander.yaml --since 24h\n"
               "  gander report --events events.json.1 events.json --from 2026-11-01 --to 2026-12-01 -o november.html\n"
               "  zcat events.json.2.gz | gander report --events - --json");
  verb->callback([options, &exit_code] { exit_code = Report(*options); });
}

}  // namespace gander::app

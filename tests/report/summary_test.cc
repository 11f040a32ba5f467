// SPDX-License-Identifier: Apache-2.0
#include "report/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>

#include "report/html.h"
#include "report/samples.h"
#include "report/words.h"
#include "support/paths.h"

namespace gander::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using test::SampleState;
using test::SampleTransfer;

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// A wire that wants to own the reader's terminal and browser.
RunState HostileState() {
  RunState s = SampleState();
  s.source = "\x1b]0;owned\x07<script>alert(1)</script>.pcap";
  s.transfers[0].recipient_domain = "evil\x1b[2J\xe2\x80\xae<img src=x onerror=\"a'b\">\xff.example";
  s.transfers[0].why = "because </td><script>";
  s.raised[0].signature = "GANDER \"><svg onload=x>\n\x1b[31m";
  s.raised[0].explanation = "line\r\nbreak";
  s.warnings = {"a\x9b" "31mb & c"};
  return s;
}

TEST(Words, NumbersReadAsPeopleWriteThem) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1'234'567), "1,234,567");
  EXPECT_EQ(ByteText(999), "999 B");
  EXPECT_EQ(ByteText(1000), "1.0 kB");
  EXPECT_EQ(ByteText(999'950), "1.0 MB");
  EXPECT_EQ(ByteText(UINT64_MAX), "18.4 EB");
  EXPECT_EQ(Percent(1, 100'000), "<0.1 %");
  EXPECT_EQ(Percent(99'999, 100'000), ">99.9 %");
  EXPECT_EQ(Percent(7, 7), "100.0 %");
  EXPECT_EQ(Percent(1, 0), "0 %");
  EXPECT_EQ(Length(Duration::Seconds(3723)), "62 min 3 s");
  EXPECT_EQ(Length(Duration::Millis(400)), "0.4 s");
  EXPECT_EQ(People({1, 1, 1}), "1 person");
  EXPECT_EQ(People({1230, 1150, 1310}), "≈ 1,230 people (1,150 to 1,310)");
}

TEST(Words, CleanTextCannotMoveTheCursorOrReorder) {
  const std::string r = "\xef\xbf\xbd";
  EXPECT_EQ(Clean("a\x1b[2Jb\n"), "a" + r + "[2Jb" + r);
  EXPECT_EQ(Clean("\xc2\x9b" "x"), r + "x");                 // C1 control sequence introducer
  EXPECT_EQ(Clean("\xe2\x80\xae" "abc"), r + "abc");         // right-to-left override
  EXPECT_EQ(Clean("\xf3\xa0\x81\x81"), r);                   // tag characters
  EXPECT_EQ(Clean("\xff\xc3"), r + r);
  EXPECT_EQ(Clean("Zürich 東京 🪿"), "Zürich 東京 🪿");
}

TEST(Words, WhatIsNotPermittedComesFirst) {
  RunState s;
  s.transfers = {SampleTransfer(policy::Verdict::kInternal, 9000), SampleTransfer(policy::Verdict::kRegistered, 500),
                 SampleTransfer(policy::Verdict::kDenied, 3), SampleTransfer(policy::Verdict::kOverQuota, 40)};
  EXPECT_EQ(ReadingOrder(s), (std::vector<std::size_t>{3, 2, 1, 0}));
}

TEST(Words, HeadlineSaysHowManyAndHowBad) {
  RunState s = SampleState();
  EXPECT_EQ(Verdict(s).text, "1 of 2 movements of personal data had no permission; the largest concerns 412 people.");
  EXPECT_TRUE(Verdict(s).alarm);
  s.alerts.clear();
  s.transfers.erase(s.transfers.begin());
  EXPECT_EQ(Verdict(s).text, "The one movement of personal data was permitted.");
  EXPECT_FALSE(Verdict(s).alarm);
  s.transfers = {SampleTransfer(policy::Verdict::kInternal)};
  EXPECT_EQ(Verdict(s).text, "Personal data moved inside your own zones only.");
  s.transfers = {SampleTransfer()};
  EXPECT_EQ(Verdict(s).text, "The one movement of personal data had no permission; it concerns 412 people.");
  s.transfers.clear();
  EXPECT_EQ(Verdict(s).text, "No personal data was seen moving.");
}

TEST(TextSummary, SaysWhoWhatWhyAndWhatWasNotSeen) {
  const std::string text = TextSummary(SampleState(), {.events_path = "eve.json", .report_path = "report.html"});
  for (const char* part :
       {"Gander 0.1.0  demo.pcap", "12,345 packets", "unregistered", "412 people", "10.20.4.8, wards, NO",
        "collector.example (203.0.113.9), DE", "no.fnr 412, email 206", "12.4 MB in 31 flows, http, clear text",
        "no register entry names this recipient", "high      D02 GANDER Bulk transfer", "The sum equals what arrived.",
        "was encrypted", "2.9 kB in 2 holes", "demo.pcap: cut at packet 12345", "Events: eve.json (210)",
        "Report: report.html"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(text, Not(HasSubstr("\x1b"))) << "no colour unless asked for";
  EXPECT_THAT(TextSummary(SampleState(), {.color = true}), HasSubstr("\x1b[31;1m"));
}

TEST(TextSummary, LinesFitTheWidth) {
  for (const int width : {80, 100, 140}) {
    for (const std::string& line : Lines(TextSummary(SampleState(), {.width = width}))) {
      EXPECT_LE(Columns(line), static_cast<std::size_t>(width)) << line;
    }
  }
}

TEST(TextSummary, ALedgerThatDoesNotBalanceIsSaidAloud) {
  RunState s = SampleState();
  s.ledger.received += 17;
  EXPECT_THAT(TextSummary(s, {.width = 200}), HasSubstr("17 bytes less than what arrived: this is a fault in Gander"));
  s.finished = false;
  EXPECT_THAT(TextSummary(s, {.width = 200}), HasSubstr("held for reassembly"));
  s.ledger.received -= 20;
  EXPECT_THAT(TextSummary(s, {.width = 200}), HasSubstr("3 bytes more than what arrived"));
}

TEST(TextSummary, AnEmptyRunIsAnAnswerToo) {
  const std::string text = TextSummary(RunState{}, {});
  EXPECT_THAT(text, HasSubstr("No packet arrived."));
  EXPECT_THAT(text, HasSubstr("No personal data was seen moving."));
}

TEST(TextSummary, NothingFromTheWireReachesTheTerminalRaw) {
  const std::string text = TextSummary(HostileState(), {});
  for (const char c : text) EXPECT_TRUE(c == '\n' || (c & 0x80) != 0 || (c >= 0x20 && c < 0x7f)) << static_cast<int>(c);
  EXPECT_THAT(text, Not(HasSubstr("\xe2\x80\xae")));
}

TEST(JsonSummary, HoldsWhatTheTextHolds) {
  const auto json = nlohmann::json::parse(JsonSummary(SampleState()));
  EXPECT_EQ(json["transfers"].size(), 2u);
  EXPECT_EQ(json["transfers"][0]["verdict"], "unregistered");
  EXPECT_EQ(json["transfers"][0]["direction"], "outbound");
  EXPECT_EQ(json["transfers"][0]["from"]["zone"], "wards");
  EXPECT_EQ(json["transfers"][0]["to"]["country"], "DE");
  EXPECT_EQ(json["transfers"][0]["cross_border"], true);
  EXPECT_EQ(json["transfers"][0]["subjects"]["method"], "exact");
  EXPECT_EQ(json["transfers"][1]["entry"], "lab-billing");
  EXPECT_EQ(json["alerts"][0]["detector"], "D02");
  EXPECT_EQ(json["ledger"]["balanced"], true);
  EXPECT_EQ(json["ledger"]["bytes"]["encrypted"]["encrypted"], 900000);
  EXPECT_EQ(json["ledger"]["bytes"]["lost"].size(), 12u);
  EXPECT_EQ(json["flows"]["by_protocol"]["http"], 40);
  EXPECT_TRUE(nlohmann::json::accept(JsonSummary(HostileState())));
  EXPECT_TRUE(nlohmann::json::accept(JsonSummary(RunState{})));
}

TEST(JsonSummary, AForeignZoneThatHasANameIsStillForeign) {
  RunState s = SampleState();
  s.zone_names = {"wards", "partner"};
  s.zone_own = {true, false};
  s.transfers[0].to.zone = 1;
  EXPECT_EQ(nlohmann::json::parse(JsonSummary(s))["transfers"][0]["direction"], "outbound");
  s.zone_own = {};
  EXPECT_EQ(nlohmann::json::parse(JsonSummary(s))["transfers"][0]["direction"], "internal");
}

TEST(HtmlReport, EscapesEverythingFromTheWire) {
  const std::string page = HtmlReport(HostileState());
  for (const char* part : {"<script", "<img", "<svg onload", "</td><script", "onerror=\"", "\x1b", "\xe2\x80\xae"}) {
    EXPECT_THAT(page, Not(HasSubstr(part)));
  }
  EXPECT_EQ(Html("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
}

TEST(HtmlReport, NeedsNothingFromElsewhere) {
  const std::string page = HtmlReport(SampleState());
  for (const char* part : {"http://", "https://", "url(", "@import", "<script", "<link", " src="}) {
    EXPECT_THAT(page, Not(HasSubstr(part)));
  }
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
}

TEST(HtmlReport, IsWellFormedAndAccessible) {
  const std::string page = HtmlReport(SampleState());
  // Every element that is opened is closed, in order.
  std::vector<std::string> open;
  const std::string body = page.substr(page.find("<body>"));
  const std::regex tag("<(/?)([a-z0-9]+)[^>]*?(/?)>");
  for (std::sregex_iterator it(body.begin(), body.end(), tag), end; it != end; ++it) {
    if ((*it)[3].length() > 0) continue;
    if ((*it)[1].length() == 0) {
      open.push_back((*it)[2]);
      continue;
    }
    if ((*it)[2] == "html") break;
    ASSERT_FALSE(open.empty());
    EXPECT_EQ(open.back(), (*it)[2].str());
    open.pop_back();
  }
  EXPECT_TRUE(open.empty());
  for (const char* part : {"<html lang=\"en\">", "<main", "<header>", "<footer>", "<caption>", "scope=\"col\"", "scope=\"row\"",
                           "role=\"img\"", "prefers-color-scheme", "@media print", "collector.example (203.0.113.9), DE"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
}

TEST(HtmlReport, AMapOfManyMovementsStaysBounded) {
  RunState s = SampleState();
  for (int i = 0; i < 5000; ++i) {
    s.transfers.push_back(SampleTransfer());
    s.transfers.back().recipient_domain = "host-" + std::to_string(i) + std::string(200, 'x') + ".example";
  }
  EXPECT_LT(FlowMap(s).size(), 60'000u);
  EXPECT_EQ(FlowMap(RunState{}), "");
}

TEST(Summaries, AreTheSameEachTime) {
  EXPECT_EQ(TextSummary(SampleState(), {}), TextSummary(SampleState(), {}));
  EXPECT_EQ(HtmlReport(SampleState()), HtmlReport(SampleState()));
}

TEST(WriteFile, WritesAllOrSaysWhyNot) {
  const std::string path = ::testing::TempDir() + "gander-report-" + std::to_string(::getpid()) + ".html";
  ASSERT_TRUE(WriteFile(path, "text"));
  ASSERT_TRUE(WriteFile(path, "new"));
  EXPECT_EQ(gander::test::ReadFile(path), "new");
  std::filesystem::remove(path);
  const auto failed = WriteFile("/no/such/directory/report.html", "x");
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().ToString(), HasSubstr("remedy"));
}

}  // namespace
}  // namespace gander::report

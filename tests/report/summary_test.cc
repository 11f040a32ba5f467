// SPDX-License-Identifier: Apache-2.0
#include "report/summary/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>

#include "report/samples.h"
#include "report/summary/html.h"
#include "report/words.h"
#include "support/paths.h"

namespace gander::report {
namespace {

using test::Collected;
using test::SampleState;
using test::SampleTransfer;
using ::testing::HasSubstr;
using ::testing::Not;

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
  s.warnings = {
      "a\x9b"
      "31mb & c"};
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
  EXPECT_EQ(Clean("\xc2\x9b"
                  "x"),
            r + "x");  // C1 control sequence introducer
  EXPECT_EQ(Clean("\xe2\x80\xae"
                  "abc"),
            r + "abc");                     // right-to-left override
  EXPECT_EQ(Clean("\xf3\xa0\x81\x81"), r);  // tag characters
  EXPECT_EQ(Clean("\xff\xc3"), r + r);
  EXPECT_EQ(Clean("Zürich 東京 🪿"), "Zürich 東京 🪿");
}

TEST(Words, WhatIsNotPermittedComesFirst) {
  RunState s;
  s.transfers = {
      SampleTransfer(policy::Verdict::kInternal, 9000), SampleTransfer(policy::Verdict::kRegistered, 500),
      SampleTransfer(policy::Verdict::kDenied, 3), SampleTransfer(policy::Verdict::kOverQuota, 40)};
  EXPECT_EQ(ReadingOrder(s), (std::vector<std::size_t>{3, 2, 1, 0}));
}

TEST(Words, HeadlineSaysHowManyAndHowBad) {
  RunState s = SampleState();
  const auto said = [&] { return Verdict(s, GroupTransfers(s)); };
  EXPECT_EQ(said().text,
            "1 of 2 movements of personal data had no permission; the largest concerns 412 people.");
  EXPECT_TRUE(said().alarm);
  s.alerts.clear();
  s.transfers.erase(s.transfers.begin());
  EXPECT_EQ(said().text, "The one movement of personal data was permitted.");
  EXPECT_FALSE(said().alarm);
  s.transfers = {SampleTransfer(policy::Verdict::kInternal)};
  EXPECT_EQ(said().text, "Personal data moved inside your own zones only.");
  s.transfers = {SampleTransfer()};
  EXPECT_EQ(said().text, "The one movement of personal data had no permission; it concerns 412 people.");
  s.transfers = {SampleTransfer(policy::Verdict::kUnregistered, 0)};
  EXPECT_EQ(said().text, "No data that tells one person from another was seen moving.");
  s.transfers = Collected();
  EXPECT_EQ(said().text,
            "The one movement of personal data had no permission; it concerns up to 1,200 people.");
  s.transfers.clear();
  EXPECT_EQ(said().text, "No personal data was seen moving.");
}

TEST(Words, FitKeepsBothEnds) {
  EXPECT_EQ(Fit("short", 5), "short");
  EXPECT_EQ(Fit("from the one sender to the other", 20), "from the … other");
  EXPECT_EQ(Fit("東京東京東京東京東京東京", 9), "東京東…京東京");
  EXPECT_EQ(Fit("records from host 10.30.0.9 to mail.example", 30), "records from … mail.example")
      << "the rest of an address is no address";
  EXPECT_EQ(Fit("what matters stands in front of the rest", 24, 4), "what matters … rest");
  for (std::size_t columns = 0; columns < 40; ++columns) {
    EXPECT_LE(Columns(Fit("a bb ccc dddd éééé ffffff ggg hh i jjjjjjjjjjjjjj", columns)), columns);
  }
}

TEST(Words, AsidesGoFromTheLeftWhileTheTextIsTooLong) {
  EXPECT_EQ(WithoutAsides("9 (8 to 10), a (b) to c", 15), "9, a (b) to c");
  EXPECT_EQ(WithoutAsides("9 (8 to 10), a (b) to c", 9), "9, a to c");
  EXPECT_EQ(WithoutAsides("open (and never closed", 3), "open (and never closed");
  EXPECT_EQ(WithoutAsides("short (enough)", 14), "short (enough)");
}

TEST(Words, FirstSentenceEndsWhereTheNextBegins) {
  EXPECT_EQ(FirstSentence("To 203.0.113.9 at 6.25 %. Next. More"), "To 203.0.113.9 at 6.25 %.");
  EXPECT_EQ(FirstSentence("One, e.g. this."), "One, e.g. this.");
  EXPECT_EQ(FirstSentence("Ends. "), "Ends. ");
  EXPECT_EQ(FirstSentence(""), "");
}

TEST(TextSummary, SaysWhoWhatWhyAndWhatWasNotSeen) {
  const std::string text =
      TextSummary(SampleState(), {.events_path = "eve.json", .report_path = "report.html"});
  for (const char* part :
       {"Gander 0.1.0  demo.pcap", "12,345 packets", "unregistered", "412 people", "10.20.4.8, wards, NO",
        "collector.example (203.0.113.9), DE", "no.fnr 412, email 206",
        "12.4 MB in 31 flows, http, clear text", "no register entry names this recipient",
        "high      D02 Bulk transfer", "Why each was raised",
        "The sum equals what arrived.", "was encrypted", "2.9 kB in 2 holes",
        "demo.pcap: cut at packet 12345", "Events: eve.json (210)", "Report: report.html"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(text, Not(HasSubstr("\x1b"))) << "no colour unless asked for";
  EXPECT_THAT(TextSummary(SampleState(), {.color = true}), HasSubstr("\x1b[31;1m"));
}

TEST(TextSummary, LinesFitTheWidth) {
  for (const int width : {80, 100, 140}) {
    RunState s = SampleState();
    s.transfers[1].recipient_domain = std::string(300, 'x') + ".example";
    s.transfers.push_back(SampleTransfer(policy::Verdict::kInternal));
    for (auto& t : Collected()) s.transfers.push_back(t);
    s.raised[0].signature += std::string(300, 'y');
    for (const std::string& line : Lines(TextSummary(s, {.width = width}))) {
      EXPECT_LE(Columns(line), static_cast<std::size_t>(width)) << line;
    }
  }
}

TEST(TextSummary, ManySendersToOneReceiverAreOneMovement) {
  RunState s = SampleState();
  s.transfers = Collected();
  const std::string text = TextSummary(s, {});
  EXPECT_THAT(text,
              HasSubstr("up to 1,200 people  60 senders in wards, NO → collect.example (203.0.113.80), US"));
  EXPECT_THAT(text, HasSubstr("at least 20, the most of one sender: email, fr.nir"));
  EXPECT_THAT(text, HasSubstr("160.7 kB in 60 flows, http, clear text; no register entry"));
  EXPECT_LT(Lines(text).size(), 40u);
}

TEST(TextSummary, StaysShortAndCountsWhatItLeavesOut) {
  RunState s = SampleState();
  s.transfers.clear();
  for (std::size_t i = 0; i < 40; ++i) {
    s.transfers.push_back(SampleTransfer(i < 15   ? policy::Verdict::kDenied
                                         : i < 20 ? policy::Verdict::kRegistered
                                                  : policy::Verdict::kInternal,
                                         100 + i));
    s.transfers.back().recipient_domain = "host-" + std::to_string(i) + ".example";
  }
  s.transfers.push_back(SampleTransfer(policy::Verdict::kDenied, 0));
  s.transfers_not_shown = 7;
  s.raised.assign(30, test::SampleAlert());
  s.alerts = {{{"D02", "high"}, 35}};
  const std::string text = TextSummary(s, {});
  EXPECT_THAT(text, HasSubstr("and 3 more without permission, 5 more permitted: in the events"));
  EXPECT_THAT(text, HasSubstr("internal  20 movements inside your own zones; the largest: 139 people"));
  EXPECT_THAT(text, HasSubstr("1 pair of sender and recipient moved only data that tells no person"));
  EXPECT_THAT(text, HasSubstr("7 smaller transfers are neither listed nor summed"));
  EXPECT_THAT(text, HasSubstr("and 23 more, in the events"));
  EXPECT_LT(Lines(text).size(), 100u);
}

TEST(TextSummary, ALedgerThatDoesNotBalanceIsSaidAloud) {
  RunState s = SampleState();
  s.ledger.received += 17;
  EXPECT_THAT(TextSummary(s, {.width = 200}),
              HasSubstr("17 bytes less than what arrived: this is a fault in Gander"));
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
  for (const char c : text)
    EXPECT_TRUE(c == '\n' || (c & 0x80) != 0 || (c >= 0x20 && c < 0x7f)) << static_cast<int>(c);
  EXPECT_THAT(text, Not(HasSubstr("\xe2\x80\xae")));
}

TEST(Words, WhatWasNotSeenNamesPlacesAndSpans) {
  std::string all;
  for (const std::string& sentence : NotSeen(test::LiveState())) all += sentence + "\n";
  for (const char* part :
       {"67 packets were lost before Gander saw them", "no packet buffer was free 11", "the kernel's ring was full 13",
        "Port eth0, queue 0, worker 0: ", "left out for 24 seconds", "up to all but first: 3.4 MB left out",
        "Port eth1 does not work: the interface broke off."}) {
    EXPECT_NE(all.find(part), std::string::npos) << part << "\n" << all;
  }
  EXPECT_EQ(all.find("queue 1"), std::string::npos) << "it lost nothing";
}

TEST(JsonSummary, HoldsQueuesAndSpansOfALiveRun) {
  const auto json = nlohmann::json::parse(JsonSummary(test::LiveState()));
  EXPECT_EQ(json["capture"]["queues"][0]["nic_missed"], 7);
  EXPECT_EQ(json["capture"]["shedding"][0]["bytes_left_out"], 3'400'000);
  EXPECT_EQ(json["capture"]["broken_ports"]["eth1"], "the interface broke off");
  EXPECT_FALSE(nlohmann::json::parse(JsonSummary(test::SampleState()))["capture"].contains("queues"));
}

TEST(JsonSummary, CountsWhatWasNotTold) {
  RunState state = SampleState();
  state.suppressed["D03"] = 2;
  EXPECT_EQ(nlohmann::json::parse(JsonSummary(state))["alerts_suppressed"], (nlohmann::json{{"D03", 2}}));
}

TEST(JsonSummary, SaysWhatARunningSensorHasGivenAway) {
  ConfinementState c;
  c.user = "gander";
  c.seccomp = "enforce";
  c.system_calls = 131;
  c.core_dumps = false;
  c.refused["mkdirat"] = 3;
  const auto json = nlohmann::json::parse(JsonSummary(test::LiveState(), &c))["confinement"];
  EXPECT_EQ(json["user"], "gander");
  EXPECT_EQ(json["seccomp"], "enforce");
  EXPECT_EQ(json["system_calls"], 131);
  EXPECT_EQ(json["core_dumps"], false);
  EXPECT_EQ(json["refused"], (nlohmann::json{{"mkdirat", 3}}));
  EXPECT_FALSE(nlohmann::json::parse(JsonSummary(test::LiveState())).contains("confinement"));
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
  EXPECT_EQ(json["movements"].size(), 2u);
  EXPECT_EQ(json["movements"][0]["subjects"]["method"], "exact");
  EXPECT_EQ(json["movements"][1]["transfers"], nlohmann::json::parse("[1]"));
  EXPECT_EQ(json["alerts"][0]["detector"], "D02");
  EXPECT_EQ(json["ledger"]["balanced"], true);
  EXPECT_EQ(json["ledger"]["bytes"]["encrypted"]["encrypted"], 900000);
  EXPECT_EQ(json["ledger"]["bytes"]["lost"].size(), 13u);
  EXPECT_EQ(json["flows"]["by_protocol"]["http"], 40);
  EXPECT_TRUE(nlohmann::json::accept(JsonSummary(HostileState())));
  EXPECT_TRUE(nlohmann::json::accept(JsonSummary(RunState{})));
}

TEST(JsonSummary, MovementsPointAtTheirTransfers) {
  RunState s = SampleState();
  s.transfers.push_back(SampleTransfer(policy::Verdict::kInternal, 5000));
  for (auto& t : Collected()) s.transfers.push_back(t);
  const auto json = nlohmann::json::parse(JsonSummary(s));
  EXPECT_EQ(json["transfers"].size(), 123u);
  ASSERT_EQ(json["movements"].size(), 4u);
  const auto& group = json["movements"][0];
  EXPECT_EQ(group["senders"], 60);
  EXPECT_EQ(group["subjects"]["method"], "bounds");
  EXPECT_EQ(group["subjects"]["low"], 20);
  EXPECT_EQ(group["subjects"]["high"], 1200);
  EXPECT_EQ(group["transfers"].size(), 120u);
  for (const auto& i : group["transfers"]) {
    EXPECT_EQ(json["transfers"][i.get<std::size_t>()]["recipient"], group["recipient"]);
  }
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
  for (const char* part :
       {"<script", "<img", "<svg onload", "</td><script", "onerror=\"", "\x1b", "\xe2\x80\xae"}) {
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

TEST(HtmlReport, GroupsOpenToTheirSenders) {
  RunState s = SampleState();
  s.transfers = Collected();
  const std::string page = HtmlReport(s);
  EXPECT_THAT(page, HasSubstr("60 senders in wards, NO<details><summary>Each sender</summary>"));
  EXPECT_THAT(page, HasSubstr("<li>10.20.1.59, wards, NO: 20 people, email 20, fr.nir 20; 2.7 kB in 1 flow, "
                              "http, clear text</li>"));
  EXPECT_THAT(page,
              HasSubstr("<summary>412 people in one session of 12.4 MB; the threshold is 100.</summary>"));
  EXPECT_THAT(page, HasSubstr(s.raised[0].explanation + "</p></details>"));
}

TEST(HtmlReport, IsWellFormedAndAccessible) {
  RunState s = SampleState();
  for (auto& t : Collected()) s.transfers.push_back(t);
  const std::string page = HtmlReport(s);
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
  for (const char* part :
       {"<html lang=\"en\">", "<main", "<header>", "<footer>", "<caption>", "scope=\"col\"", "scope=\"row\"",
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
  EXPECT_LT(FlowMap(s, GroupTransfers(s)).size(), 60'000u);
  EXPECT_EQ(FlowMap(RunState{}, {}), "");
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

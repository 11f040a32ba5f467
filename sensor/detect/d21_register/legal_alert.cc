// SPDX-License-Identifier: Apache-2.0
#include "detect/d21_register/legal_alert.h"

#include <algorithm>
#include <cmath>

#include "detect/alerting/words.h"

namespace gander::detect {
namespace {

constexpr std::size_t kDate = 10;  // of FormatEveTime: "2026-01-01"

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& w : words) text += (text.empty() ? "" : ", ") + w;
  return text;
}

std::string Where(const TierSaid& said) {
  if (said.meter.per == policy::LegalMeter::Per::kEach) return "to " + StateWords(said.key.to);
  if (said.meter.anywhere) return "to others";
  std::string states;
  for (policy::Jurisdiction j : said.meter.to) states += (states.empty() ? "" : ", ") + StateWords(j);
  return states.empty() ? "to other States" : "to " + states;
}

std::string WindowWords(const TierSaid& said, const std::string& since) {
  if (said.key.ring == Ring::kCalendarYear) return "since " + since + ", of the window since 1 January (UTC)";
  return "since " + since + ", which holds the last 12 months and at most half as much before them";
}

void AppendMeter(const TierSaid& said, const PeopleFigures& figures, Timestamp since, Record& out) {
  out.BeginObject("meter").String("id", said.meter.id).String("law", said.meter.law);
  out.String("duty", said.tier.duty).String("classes", Joined(said.tier.classes));
  out.Integer("tier", static_cast<std::int64_t>(said.tier.people)).Boolean("reached", said.reached);
  out.Real("share", static_cast<double>(figures.subjects.low) / static_cast<double>(said.tier.people));
  out.String("window", said.key.ring == Ring::kCalendarYear ? "since 1 January" : "12 months");
  out.String("since", FormatEveTime(since));
  if (said.meter.per == policy::LegalMeter::Per::kEach) out.String("to", said.key.to.text());
  out.EndObject();
}

std::string Account(const TierSaid& said, const PeopleFigures& figures, const std::string& since) {
  const std::string tier = Figure(said.tier.people) + " people" +
                           (said.tier.classes.empty() ? "" : " (" + Joined(said.tier.classes) + ")");
  std::string text = "Data of " + People(figures.subjects) + " (" + figures.TypeWords() + ") left " + Where(said) +
                     " under meter " + said.meter.id + " " + WindowWords(said, since) + ". Its tier of " + tier +
                     (said.reached ? " is reached." : " is near.");
  if (!said.meter.law.empty()) text += " Source of the figure: " + said.meter.law + ".";
  if (!said.tier.duty.empty()) text += " What the policy says is then due: " + said.tier.duty + ".";
  text += " Counted are distinct people, whether the register permits it or not; kinds of identifiers are not added "
          "up, and nobody is counted whose data could not be read. Threshold: " +
          Figure(said.reached ? said.tier.people : said.near) +
          " people; it is compared with the lower bound, " + Figure(figures.subjects.low) + ".";
  return text;
}

}  // namespace

std::uint64_t NearOf(const policy::LegalTier& tier, double share) noexcept {
  return std::max(std::uint64_t{1}, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(tier.people))));
}

Saying SayingOfTier(const TierSaid& said, const PeopleFigures& figures, const LegalCounts& counts) {
  const LegalCount& count = counts.all().at(said.key);
  const Timestamp since = counts.Since(said.key);
  const std::string day = FormatEveTime(since).substr(0, kDate);
  Saying s;
  s.dedup = "D21|meter|" + said.key.meter + "|" + std::string(said.key.to.text()) + "|" + Figure(said.tier.people) +
            "|" + Joined(said.tier.classes);
  s.signature = std::string("Volume tier of law ") + (said.reached ? "reached" : "near") + ": meter " + said.meter.id +
                ", " + People(figures.subjects) + " of " + Figure(said.tier.people) + " " + Where(said) + " since " +
                day + (said.tier.duty.empty() ? "" : ": " + said.tier.duty);
  s.what = Account(said, figures, day);
  s.verdict = "Verdict of the latest movement: " + std::string(policy::NameOf(count.judgement.verdict)) + ".";
  s.remedy = said.reached ? "have counsel say whether the duty has arisen and since when; the transfers behind it are "
                            "in the `transfer` events"
                          : "have counsel prepare what will be due, or find transfers that can do with fewer people";
  s.weighed = said.reached ? Plainly(Severity::kHigh, "a figure of law is reached")
                           : Plainly(Severity::kMedium, "a notice before a figure of law is reached");
  s.ends.from = count.from;
  s.ends.to = count.to;
  s.ends.judgement = count.judgement;
  s.ends.sources = 0;
  s.ends.app_proto = count.app_proto;
  s.people = &figures;
  s.sample = count.sample;
  s.app_proto = count.app_proto;
  s.first_seen = since;
  s.last_seen = count.last_seen;
  AppendMeter(said, figures, since, s.extra);
  return s;
}

LegalReading ReadingOfTier(const TierSaid& said, const PeopleFigures& figures, const LegalCounts& counts) {
  LegalReading r;
  r.meter = said.meter.id;
  r.law = said.meter.law;
  r.duty = said.tier.duty;
  r.classes = Joined(said.tier.classes);
  if (said.meter.per == policy::LegalMeter::Per::kEach) r.to = said.key.to;
  r.tier = said.tier.people;
  r.people = figures.subjects;
  r.near = figures.subjects.low >= said.near;
  r.calendar_year = said.key.ring == Ring::kCalendarYear;
  r.since = counts.Since(said.key);
  return r;
}

}  // namespace gander::detect

// SPDX-License-Identifier: Apache-2.0
// What to do next, from what was seen: whom to ask what, a draft of the register entry, and the command for it.
#include <algorithm>
#include <set>

#include "report/overview.h"
#include "report/packet_loss.h"
#include "report/words.h"

namespace gander::report {
namespace {

constexpr std::size_t kMostAsked = 5;

// What may stand in a shell's command line as it is. Names come from the wire.
bool Plain(std::string_view text) noexcept {
  return !text.empty() && text.front() != '-' && text.size() <= 253 &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
                  c == '_' || c == ':' || c == '/';
         });
}

std::string Option(const char* name, const std::string& value) { return std::string(" ") + name + " " + value; }

// Of the first zone that sent; "" where none has a name for a shell.
std::string FromOption(const Movement& m, const RunState& s) {
  for (const policy::Party& place : m.from) {
    const std::string zone = s.ZoneName(place.zone);
    if (place.zone != policy::kOutside && Plain(zone)) return Option("--from", zone);
  }
  return {};
}

std::string ClassesOf(const Movement& m, const RunState& s) {
  std::set<std::string> classes;
  for (const std::size_t i : m.transfers) {
    if (Plain(s.transfers[i].data_class)) classes.insert(s.transfers[i].data_class);
  }
  std::string out;
  for (const std::string& c : classes) out += (out.empty() ? "" : ",") + c;
  return out;
}

// An entry that would cover it, as a draft: what only people know is left in capitals.
std::string DraftEntry(const Movement& m, const RunState& s) {
  const detect::TransferSummary& t = *m.lead;
  const bool named = Plain(t.recipient_domain) && t.recipient_domain.find('.') != std::string::npos;
  std::string out = "gander register add policy.yaml --dry-run --id ENTRY-ID" + FromOption(m, s);
  out += named ? Option("--to-domain", t.recipient_domain) : Option("--to-net", t.recipient.ToString());
  if (const std::string classes = ClassesOf(m, s); !classes.empty()) out += Option("--class", classes);
  out += " --purpose PURPOSE --basis contract --ref REFERENCE --not-before FIRST-DAY --until LAST-DAY";
  out += Option("--transport", m.clear ? "clear" : "encrypted");
  return out;
}

std::string ExplainCommand(const Movement& m) {
  const detect::TransferSummary& t = *m.lead;
  std::string out = "gander register explain policy.yaml" + Option("--from", t.sender.ToString()) +
                    Option("--to", t.recipient.ToString());
  if (Plain(t.recipient_domain)) out += Option("--domain", t.recipient_domain);
  if (Plain(t.data_class)) out += Option("--class", t.data_class);
  return out;
}

std::string Asked(const Movement& m, const RunState& s) {
  const detect::TransferSummary& t = *m.lead;
  std::string zone = t.from.zone == policy::kOutside ? "" : " in zone " + Clean(s.ZoneName(t.from.zone));
  const std::string who = m.parts.empty() ? t.sender.ToString() + zone : Sender(m, s);
  return "Ask whoever is responsible for " + who + " what was sent there on " + ShortTime(t.first_seen) +
         ", on whose order and on which legal basis.";
}

Advice AboutMovement(const Movement& m, const RunState& s) {
  const detect::TransferSummary& t = *m.lead;
  Advice a;
  a.title = VerdictText(t.verdict) + ": " + MovedPeople(m) + " to " + Recipient(m, s);
  a.title[0] = a.title[0] >= 'a' && a.title[0] <= 'z' ? static_cast<char>(a.title[0] - 'a' + 'A') : a.title[0];
  a.text = Asked(m, s);
  switch (t.verdict) {
    case policy::Verdict::kUnregistered:
    case policy::Verdict::kUnknownParty:
      a.text += " If it is meant and lawful, enter it in the register; a draft is below, words in capitals are yours to "
                "fill in. If nobody can say, stop it and treat it as a possible breach: where the GDPR applies, Article "
                "33 counts 72 hours from when you are aware of one.";
      if (m.clear) a.text += " It went in clear text: demand encryption in either case.";
      a.commands = {DraftEntry(m, s)};
      break;
    case policy::Verdict::kDenied:
      a.text += " The register forbids it: stop it, find out since when it runs, and treat it as a possible breach.";
      a.commands = {ExplainCommand(m)};
      break;
    default:
      a.text += " Register entry " + Clean(t.entry_id) + " is about it, but does not permit it: " + Clean(t.why) +
                ". Stop it, or renew or amend that entry if its basis still holds.";
      a.commands = {ExplainCommand(m)};
      break;
  }
  return a;
}

void AboutMeters(const RunState& s, std::vector<Advice>& out) {
  for (const detect::LegalReading& m : s.meters) {
    if (!m.near) continue;
    Advice a;
    a.title = "Volume tier of law " + std::string(m.reached() ? "reached" : "near") + ": " + Clean(m.meter) + ", " +
              People(m.people) + " of " + Grouped(m.tier);
    a.text = m.reached() ? "Have counsel say whether the duty has arisen and since when."
                         : "Have counsel prepare what will be due, or find transfers that can do with fewer people.";
    if (!m.duty.empty()) a.text += " The policy names as due: " + Clean(m.duty) + ".";
    out.push_back(std::move(a));
  }
}

void AboutSight(const RunState& s, std::vector<Advice>& out) {
  const std::uint64_t lost = Total(PacketLosses(s)), gaps = s.ledger.gap_bytes, late = s.ledger.Lost();
  if (lost > 0 || gaps > 0 || late > 0 || !s.shedding.empty() || !s.broken_ports.empty()) {
    out.push_back({"Have the sensor see what it missed",
                   "Some traffic did not reach Gander or could not be read in time, so the true figures may be higher. "
                   "Ask whoever runs the sensor and the mirror port; this command looks for the causes.",
                   {s.offline ? "gander doctor" : "gander doctor --interface INTERFACE"}});
  }
  const std::uint64_t encrypted = s.ledger.Of(ByteFate::kEncrypted);
  if (encrypted * 10 >= s.ledger.received && encrypted > 0) {
    out.push_back({"Find out what the encrypted part was",
                   Percent(encrypted, s.ledger.received) +
                       " of all bytes were encrypted. Compare the peers of the tls, quic and ssh events with the "
                       "processors you have contracts with; who talks to whom is in them, the content is not.",
                   {"jq -r 'select(.event_type == \"tls\") | [.src_ip, .dest_ip, .tls.sni] | @tsv' events.json | sort | "
                    "uniq -c"}});
  }
}

}  // namespace

std::vector<Advice> NextSteps(const RunState& state, const Movements& movements) {
  std::vector<Advice> out;
  std::size_t forbidden = 0;
  for (const Movement& m : movements.all) {
    if (policy::Permits(m.lead->verdict)) continue;
    if (forbidden++ < kMostAsked) out.push_back(AboutMovement(m, state));
  }
  if (forbidden > kMostAsked) {
    out.push_back({"Do the same for the " + Plural(forbidden - kMostAsked, "other movement", "other movements") +
                       " without permission",
                   "They stand in the table above, those with the most people first.",
                   {}});
  }
  AboutMeters(state, out);
  AboutSight(state, out);
  if (forbidden > 0) {
    out.push_back({"See what a changed register would have said",
                   "Before a new policy takes hold, judge the past by it: which verdicts would change, and for how many "
                   "people.",
                   {"gander policy replay --policy policy.yaml events.json"}});
  }
  out.push_back({"Keep this page and the event files",
                 "The page is a summary; the event files are the record behind it, with every alert's figures, the rules "
                 "and the policy that judged.",
                 {}});
  return out;
}

}  // namespace gander::report

// SPDX-License-Identifier: Apache-2.0
#include "detect/alerting/pattern_alert.h"

#include <algorithm>
#include <cstdio>

#include "detect/alerting/words.h"

namespace gander::detect {
namespace {

void AppendPattern(const Pattern& p, Record& out) {
  out.BeginObject("pattern");
  for (const auto& [name, value] : p.figures) {
    if (value == static_cast<double>(static_cast<std::int64_t>(value))) {
      out.Integer(name, static_cast<std::int64_t>(value));
    } else {
      out.Real(name, value);
    }
  }
  out.EndObject();
}

Weighed WeighPattern(const Pattern& p, double lost_share) {
  Weighed weighed = Weigh(p.base, false, p.ends, lost_share);
  if (p.may_be_critical || weighed.severity != Severity::kCritical) return weighed;
  weighed.severity = Severity::kHigh;
  weighed.words = "Severity high: " + std::string(NameOf(p.base)) +
                  " by the figures, and no more whatever the circumstances, because nobody saw what it carries.";
  return weighed;
}

}  // namespace

void Raise(Pattern p, const Topic& topic, AlertGate& gate, const EpochView& epoch, AlertSink& alerts) {
  p.ends.judgement = JudgeOpaque(epoch.policy, p.ends, p.sender, p.recipient, p.last_seen);
  if (p.unless_permitted && policy::Permits(p.ends.judgement.verdict)) return;
  p.ends.sender = p.sender.ToString();
  if (p.ends.recipient.empty()) p.ends.recipient = p.recipient.ToString();
  const Weighed weighed = WeighPattern(p, LostShare(epoch.ledger));
  const std::string dedup = std::string(topic.id) + "|" + p.dedup;
  const AlertGate::Answer answer = gate.Offer(dedup, p.last_seen, p.figure, p.threshold, weighed.severity);
  if (!answer.raise) return;

  Alert alert = NewAlert(topic, weighed.severity, p.sample, dedup);
  alert.time = alert.last_seen = p.last_seen;
  alert.first_seen = p.first_seen;
  alert.signature = "GANDER " + p.headline;
  alert.explanation = p.account + " " + VerdictWords(p.ends.judgement) + " " + weighed.words + " " +
                      CoverageWords(epoch.ledger);
  if (answer.again) {
    alert.explanation += " Said again because it has grown or lasts; " + Figure(answer.suppressed) +
                         " notices were held back since.";
  }
  alert.explanation += " What to do: " + p.remedy;
  AppendPattern(p, alert.context);
  AppendTransfer(p.ends, epoch.policy, alert.context);
  AppendEvidence(topic, epoch, alert.context);
  alert.context.String("why", alert.explanation);
  alerts.OnAlert(std::move(alert));
}

bool Outward(const policy::Policy& policy, const policy::Party& client, const policy::Party& server) noexcept {
  return !policy.Own(server.zone) && (client.zone == policy::kOutside || client.zone != server.zone);
}

bool NamesNobody(const IpAddress& a) noexcept {
  if (a.v4) {
    const std::uint8_t first = a.octets[12];
    return first == 0 || first == 127 || first >= 224;
  }
  const bool zeros = std::all_of(a.octets.begin(), a.octets.begin() + 15, [](std::uint8_t o) { return o == 0; });
  return a.octets[0] == 0xff || (zeros && a.octets[15] <= 1);
}

policy::Judgement JudgeOpaque(const policy::Policy& policy, const EndFigures& ends, const IpAddress& sender,
                              const IpAddress& recipient, Timestamp now) {
  policy::Movement m;
  m.sender = sender;
  m.recipient = recipient;
  m.from = ends.from;
  m.to = ends.to;
  m.recipient_domain = ends.recipient_domain;
  m.time = now;
  m.encrypted = ends.encrypted;
  const policy::Judgement bare = policy.Judge(m);
  if (policy::Permits(bare.verdict) || bare.verdict == policy::Verdict::kDenied) return bare;
  for (const policy::TransferEntry& entry : policy.transfers()) {
    for (const std::string& data_class : entry.classes) {
      m.data_class = data_class;
      policy::Judgement judged = policy.Judge(m);
      if (policy::Permits(judged.verdict)) return judged;
    }
  }
  return bare;
}

std::string HostOf(const EpochView& epoch, HostTag host) {
  const auto at = host == 0 ? epoch.host_names.end() : epoch.host_names.find(host);
  return at == epoch.host_names.end() ? std::string() : at->second;
}

std::string OneDecimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string LearningWords(Duration watched, Duration needed) {
  return "Still learning: watched for " + Span(watched) + " of " + Span(needed) + ".";
}

}  // namespace gander::detect

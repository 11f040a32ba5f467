// SPDX-License-Identifier: Apache-2.0
#include "detect/alerting/compose.h"

#include <utility>

#include "detect/account/transfer_book.h"
#include "detect/alerting/words.h"

namespace gander::detect {
namespace {

std::string AgainWords(const AlertGate::Answer& answer) {
  if (!answer.again) return {};
  return " Said again because it has grown, worsened or lasts; " + Figure(answer.suppressed) +
         " notices were held back since.";
}

}  // namespace

Alert Compose(const Topic& topic, const Saying& s, const EpochView& epoch) {
  Alert alert = NewAlert(topic, s.weighed.severity, s.sample, s.dedup);
  alert.app_proto = s.app_proto;
  alert.first_seen = s.first_seen;
  alert.time = alert.last_seen = s.last_seen;
  alert.signature = "GANDER " + s.signature;
  alert.explanation = s.what + " " + (s.verdict.empty() ? VerdictWords(s.ends.judgement) : s.verdict) + " " +
                      s.weighed.words + " " + CoverageWords(epoch.ledger) + AgainWords(s.answer) +
                      " What to do: " + s.remedy + ".";
  if (s.people != nullptr) AppendPii(*s.people, alert.context);
  AppendTransfer(s.ends, epoch.policy, alert.context);
  alert.context.Append(s.extra);
  AppendEvidence(topic, epoch, alert.context);
  alert.context.String("why", alert.explanation);
  return alert;
}

Weighed Plainly(Severity severity, const std::string& because) {
  return {severity, std::string("Severity ") + NameOf(severity) + ": " + because + "."};
}

void AddVolume(const TransferBook& book, const MovedSums& sums, EndFigures& ends) {
  const bool one_sender = sums.senders.Count().estimate == 1, one_recipient = sums.recipients.Count().estimate == 1;
  if (!one_sender && !one_recipient) return;
  const auto& sessions = book.sessions();
  auto at = one_sender ? sessions.lower_bound({sums.sender, {}, 0}) : sessions.begin();
  sketch::DistinctSet flows;
  for (; at != sessions.end() && (!one_sender || at->first.sender == sums.sender); ++at) {
    if (one_recipient && at->first.recipient != sums.recipient) continue;
    ends.bytes += at->second.bytes;
    flows.Merge(at->second.flows);
  }
  ends.flows = flows.Count().estimate;
}

}  // namespace gander::detect

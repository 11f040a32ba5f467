// SPDX-License-Identifier: Apache-2.0
// A judged movement as a `transfer` event: who, to whom, how many people, and what the register says.
#include "report/events/eve_writer.h"
#include "report/events/record_shapes.h"

namespace gander::report {
namespace {

End Locate(const policy::Policy& policy, policy::ZoneId zone) {
  return {policy.ZoneName(zone), zone < policy.zones().size() && policy.zones()[zone].own};
}

const char* NameOf(policy::Movement::Opened opened) noexcept {
  switch (opened) {
    case policy::Movement::Opened::kBySender:
      return "sender";
    case policy::Movement::Opened::kByRecipient:
      return "recipient";
    case policy::Movement::Opened::kUnsure:
      break;
  }
  return "unsure";
}

void AppendJudged(const detect::TransferSummary::Judged& judged, Record& body) {
  body.BeginObject("judged");
  body.String("at", FormatEveTime(judged.at));
  body.String("subject_country", judged.subjects.text());
  body.String("sensitivity", identify::NameOf(judged.sensitivity));
  body.Boolean("encrypted", judged.encrypted);
  body.String("opened_by", NameOf(judged.opened));
  if (judged.sender_port != 0) body.Integer("sender_port", judged.sender_port);
  body.EndObject();
}

}  // namespace

Event ToEvent(const detect::TransferSummary& transfer, const policy::Policy& policy, Timestamp now) {
  Event event;
  event.time = now;
  event.type = "transfer";
  event.has_tuple = true;
  event.tuple.source = transfer.sender;
  event.tuple.destination = transfer.recipient;
  Record& body = event.body;
  body.BeginObject("transfer");
  AppendTransfer(transfer, Locate(policy, transfer.from.zone), Locate(policy, transfer.to.zone), body);
  if (!transfer.entry_id.empty()) {
    body.BeginObject("basis");
    body.String("id", transfer.entry_id);
    body.String("source", "register");
    body.String("text", transfer.basis);
    for (const policy::TransferEntry& entry : policy.transfers()) {
      if (entry.id == transfer.entry_id) body.String("expires", FormatEveTime(entry.until));
    }
    body.EndObject();
  }
  AppendJudged(transfer.judged, body);
  AppendPolicy(policy, body);
  body.EndObject();
  return event;
}

}  // namespace gander::report

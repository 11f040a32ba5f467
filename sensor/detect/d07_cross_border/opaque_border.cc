// SPDX-License-Identifier: Apache-2.0
#include "detect/d07_cross_border/opaque_border.h"

#include "detect/alerting/compose.h"
#include "detect/alerting/words.h"

namespace gander::detect {
namespace {

// 1 = every byte goes out: what tells a copy from a conversation.
constexpr double kLeastRatio = 0.8;

bool Registered(const EpochView& epoch, const OpaqueWays::Sums& sums, Timestamp last) {
  policy::Movement movement;
  movement.sender = sums.sample.tuple.source;
  movement.recipient = sums.sample.tuple.destination;
  movement.from = sums.sender;
  movement.to = sums.server;
  movement.recipient_domain = sums.host;
  movement.time = last;
  movement.encrypted = sums.encrypted;
  movement.opened = policy::Movement::Opened::kBySender;
  return AnyClassPermitted(epoch.policy, movement);
}

}  // namespace

void OpaqueBorder::OnEpoch(const EpochView& epoch, const Topic& topic, AlertSink& alerts,
                           const std::function<bool(const OpaqueWays::Key&)>& spoken) {
  for (const OpaqueWays::Key& key : ways_.Add(epoch)) {
    const OpaqueWays::Way& way = ways_.at(key);
    const OpaqueWays::Sums& sums = way.hour.longest();
    const double ratio = ProducerConsumerRatio(sums.out, sums.in);
    const std::uint64_t needed = options_.cross_border.opaque_bytes;
    if (sums.out < needed || ratio < kLeastRatio || spoken(key) || Registered(epoch, sums, way.last_seen)) continue;
    Saying s;
    s.ends.sender = sums.sample.tuple.source.ToString();
    s.ends.recipient = sums.sample.tuple.destination.ToString();
    s.ends.recipient_domain = sums.host;
    s.ends.from = sums.sender;
    s.ends.to = sums.server;
    s.ends.bytes = sums.out;
    s.ends.flows = sums.flows;
    s.ends.app_proto = sums.app_proto;
    s.ends.encrypted = sums.encrypted;
    s.ends.judgement.why = "no register entry covers this way, and what went over it could not be read";
    s.weighed = Weigh(Severity::kInfo, false, s.ends, LostShare(epoch.ledger));
    s.dedup = "D07|opaque|" + epoch.policy.ZoneName(key.from) + "|" + key.recipient;
    s.answer = gate_.Offer(s.dedup, way.last_seen, sums.out, needed, s.weighed.severity);
    if (!s.answer.raise) continue;
    const std::string who = PartyWords(sums.sample.tuple.source, {}, sums.sender, epoch.policy) + " to " +
                            PartyWords(sums.sample.tuple.destination, sums.host, sums.server, epoch.policy);
    s.signature = "Unreadable bulk crossed a border without a registered basis: " + ByteWords(sums.out) + ", " + who;
    s.what = ByteWords(sums.out) + " that could not be read went from " + who + " within " +
             Span(way.last_seen - sums.first_seen) + " and " + ByteWords(sums.in) + " came back (ratio " +
             Percent(ratio) + "): a pattern consistent with a copy sent abroad; whether it holds people's data was not "
             "seen. Threshold: " + ByteWords(needed) + " in an hour and a ratio of " + Percent(kLeastRatio) +
             ", where 100 % means that nothing came back.";
    s.verdict = "Verdict unregistered_opaque: " + s.ends.judgement.why + ".";
    s.remedy = "ask the owner of the sender what is sent there; if it is meant, register it";
    s.extra.BeginObject("opaque").Integer("bytes_out", static_cast<std::int64_t>(sums.out));
    s.extra.Integer("bytes_in", static_cast<std::int64_t>(sums.in)).Real("ratio", ratio);
    s.extra.String("verdict", "unregistered_opaque").EndObject();
    s.sample = sums.sample;
    s.app_proto = sums.app_proto;
    s.first_seen = sums.first_seen;
    s.last_seen = way.last_seen;
    alerts.OnAlert(Compose(topic, s, epoch));
  }
  gate_.Expire(epoch.end);
}

}  // namespace gander::detect

// SPDX-License-Identifier: Apache-2.0
#include "report/events/record_shapes.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace gander::report {
namespace {

const char* NameOf(policy::Party::Source source) noexcept {
  switch (source) {
    case policy::Party::Source::kZone: return "zone";
    case policy::Party::Source::kOverride: return "override";
    case policy::Party::Source::kDatabase: return "database";
    case policy::Party::Source::kUnknown: break;
  }
  return "unknown";
}

void AppendParty(const char* key, const policy::Party& party, const std::string& zone, const std::string& domain,
                 Record& out) {
  out.BeginObject(key);
  out.String("zone", zone);
  out.String("country", party.jurisdiction.text());
  out.String("country_source", NameOf(party.source));
  if (!domain.empty()) out.String("domain", domain);
  out.EndObject();
}

bool BringsBraces(const Record& record) noexcept {
  const auto& tokens = record.tokens();
  return !tokens.empty() && tokens.front().kind == Record::Kind::kBeginObject && tokens.front().key == nullptr;
}

void AppendToken(const Record& from, const Record::Token& t, Record& out) {
  switch (t.kind) {
    case Record::Kind::kBeginObject: out.BeginObject(t.key); return;
    case Record::Kind::kEndObject: out.EndObject(); return;
    case Record::Kind::kBeginArray: out.BeginArray(t.key); return;
    case Record::Kind::kEndArray: out.EndArray(); return;
    case Record::Kind::kString: out.String(t.key, from.text(t), t.privacy); return;
    case Record::Kind::kInteger: out.Integer(t.key, t.integer); return;
    case Record::Kind::kReal: out.Real(t.key, t.real); return;
    case Record::Kind::kBoolean: out.Boolean(t.key, t.integer != 0); return;
  }
}

}  // namespace

void AppendShedding(const Shedding& s, Record& out) {
  out.String("state", s.over ? "ended" : "begun");
  out.Integer("worker", s.worker).String("level", s.highest);
  out.String("begin", FormatEveTime(s.begin)).String("end", FormatEveTime(s.end));
  out.Real("seconds", (s.end - s.begin).seconds());
  out.Integer("packets", Signed(s.packets)).Integer("bytes_left_out", Signed(s.bytes));
  out.Integer("packets_lost", Signed(s.lost_packets));
}

void AppendQueue(const QueueState& q, Record& out) {
  out.String("port", q.port).Integer("queue", q.queue).Integer("worker", q.worker);
  out.Integer("received", Signed(q.received)).Integer("received_bytes", Signed(q.received_bytes));
  out.Integer("nic_missed", Signed(q.nic_missed)).Integer("no_buffer", Signed(q.no_buffer));
  out.Integer("kernel_drops", Signed(q.kernel_drops)).Integer("errors", Signed(q.nic_errors));
  out.Integer("handed_over", Signed(q.handed_over)).Integer("ring_full", Signed(q.ring_full));
  out.Integer("outages", Signed(q.outages)).Boolean("stalled", q.stalled);
}

std::int64_t Signed(std::uint64_t n) noexcept {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(n, std::numeric_limits<std::int64_t>::max()));
}

void AppendMembers(const Record& record, Record& out) {
  const std::size_t edge = BringsBraces(record) ? 1 : 0;
  for (std::size_t i = edge; i + edge < record.tokens().size(); ++i) AppendToken(record, record.tokens()[i], out);
}

bool HasMember(const Record& record, const char* key) noexcept {
  int depth = BringsBraces(record) ? -1 : 0;
  for (const Record::Token& t : record.tokens()) {
    if (depth == 0 && t.key != nullptr && std::strcmp(t.key, key) == 0) return true;
    if (t.kind == Record::Kind::kBeginObject || t.kind == Record::Kind::kBeginArray) ++depth;
    if (t.kind == Record::Kind::kEndObject || t.kind == Record::Kind::kEndArray) --depth;
  }
  return false;
}

const char* DirectionOf(const End& from, const End& to) noexcept {
  if (from.own) return to.own ? "internal" : "outbound";
  return to.own ? "inbound" : "transit";
}

bool CrossesBorder(const detect::TransferSummary& transfer) noexcept {
  return !transfer.from.jurisdiction.known() || transfer.from.jurisdiction != transfer.to.jurisdiction;
}

void AppendPolicy(const policy::Policy& policy, Record& out) {
  out.BeginObject("policy");
  out.String("name", policy.name());
  out.Integer("version", policy.version());
  out.String("digest", policy.digest());
  out.EndObject();
}

void AppendSubjects(const char* key, const detect::SubjectCount& count, Record& out) {
  out.BeginObject(key);
  out.Integer("estimate", Signed(count.estimate));
  out.Integer("low", Signed(count.low));
  out.Integer("high", Signed(count.high));
  out.String("method", count.exact() ? "exact" : "hll");
  out.EndObject();
}

void AppendTransfer(const detect::TransferSummary& t, const End& from, const End& to, Record& out) {
  out.String("direction", DirectionOf(from, to));
  out.Boolean("cross_border", CrossesBorder(t));
  AppendParty("from", t.from, from.zone, {}, out);
  AppendParty("to", t.to, to.zone, t.recipient_domain, out);
  out.String("channel", t.app_proto);
  out.Boolean("encrypted", t.encrypted);
  out.String("data_class", t.data_class);
  out.String("subject_country", t.subject_jurisdiction.text());
  AppendSubjects("subjects", t.subjects, out);
  out.BeginArray("types");
  for (const auto& type : t.types) {
    out.BeginObject();
    out.String("id", type.id);
    AppendSubjects("distinct", type.distinct, out);
    out.Integer("findings", Signed(type.findings));
    out.EndObject();
  }
  out.EndArray();
  out.Integer("bytes", Signed(t.bytes));
  out.Integer("flows", Signed(t.flows));
  out.String("first_seen", FormatEveTime(t.first_seen));
  out.String("last_seen", FormatEveTime(t.last_seen));
  out.String("verdict", policy::NameOf(t.verdict));
  out.Boolean("permitted", policy::Permits(t.verdict));
  out.String("why", t.why);
}

void AppendLedger(const ByteLedger& ledger, Record& out) {
  out.Integer("packets", Signed(ledger.packets));
  out.Integer("received", Signed(ledger.received));
  out.Integer("sum", Signed(ledger.Sum()));
  out.Boolean("balanced", ledger.received == ledger.Sum());
  out.Integer("gaps", Signed(ledger.gaps));
  out.Integer("gap_bytes", Signed(ledger.gap_bytes));
  out.Real("coverage", ledger.Coverage());
  out.BeginObject("bytes");
  // Fates of one category stand together in ByteFate.
  const char* open = nullptr;
  for (std::size_t i = 0; i < kByteFates; ++i) {
    const ByteFateName& name = gander::NameOf(static_cast<ByteFate>(i));
    if (open == nullptr || std::strcmp(open, name.category) != 0) {
      if (open != nullptr) out.EndObject();
      out.BeginObject(name.category);
      open = name.category;
    }
    out.Integer(name.reason, Signed(ledger.bytes[i]));
  }
  if (open != nullptr) out.EndObject();
  out.EndObject();
}

}  // namespace gander::report

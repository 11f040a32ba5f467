// SPDX-License-Identifier: Apache-2.0
#include "fleet/batch.h"

#include <string_view>

namespace gander::fleet {
namespace {

// One line of COPY's text format: fields between tabs, four octets escaped.
class Line {
 public:
  explicit Line(std::string& out) : out_(out) {}
  ~Line() { out_ += '\n'; }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  Line& Text(std::string_view text) {
    Begin();
    for (const char c : text) {
      switch (c) {
        case '\\':
          out_ += "\\\\";
          break;
        case '\n':
          out_ += "\\n";
          break;
        case '\r':
          out_ += "\\r";
          break;
        case '\t':
          out_ += "\\t";
          break;
        default:
          out_ += c;
      }
    }
    return *this;
  }
  Line& Number(std::int64_t number) { return Text(std::to_string(number)); }
  Line& Null() {
    Begin();
    out_ += "\\N";
    return *this;
  }
  Line& Time(Timestamp at) { return Text(FormatEveTime(at)); }
  Line& Hll(const std::string& hex) { return Text("\\x" + hex); }

 private:
  void Begin() {
    if (!first_) out_ += '\t';
    first_ = false;
  }
  std::string& out_;
  bool first_ = true;
};

// Whatever came, as text that a database takes: printable ASCII as it is, all else as \xHH.
std::string Printable(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes.substr(0, kKeptOctets)) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet >= 0x20 && octet < 0x7f) {
      out += c;
    } else {
      out += {'\\', 'x', kDigits[octet >> 4], kDigits[octet & 15]};
    }
  }
  return out;
}

void Append(const Item& item, const SketchMessage& m, std::string& out) {
  Line line(out);
  line.Text(item.topic).Number(item.partition).Number(item.offset).Text(m.host);
  line.Time(m.begin).Text(m.Key()).Text(m.sensor).Number(m.epoch).Text(m.key_id).Number(m.window_s);
  line.Number(m.revision).Number(m.sequence).Text(m.collector).Text(m.collector_kind);
  if (m.has_address) {
    line.Text(m.address.ToString());
  } else {
    line.Null();
  }
  line.Text(m.collector_country)
      .Text(m.collector_zone)
      .Text(m.from_zone)
      .Text(m.from_country)
      .Text(m.data_class)
      .Text(m.type);
  line.Text(m.sensitivity).Text(m.subject_country).Text(m.verdict).Text(m.entry_id);
  for (const Counted* c : {&m.people, &m.senders}) line.Hll(c->hll).Number(c->low).Number(c->high);
  line.Number(m.findings).Number(m.bytes).Number(m.flows);
}

void Append(const Item& item, const EventMessage& m, std::string& out) {
  Line line(out);
  line.Text(item.topic).Number(item.partition).Number(item.offset);
  line.Time(m.at).Text(m.id).Text(m.kind).Text(m.host).Text(m.json);
}

void Append(const Item& item, const Refused& m, std::string& out) {
  Line line(out);
  line.Text(item.topic).Number(item.partition).Number(item.offset).Text(NameOf(m.reason));
  line.Text(Printable(m.sensor)).Text(Printable(m.detail)).Text(Printable(item.bytes));
}

}  // namespace

const char kSketchColumns[] =
    "topic, part, place, host, window_begin, key, sensor, epoch, key_id, window_s, revision, sequence, collector, "
    "collector_kind, "
    "address, collector_country, collector_zone, from_zone, from_country, data_class, type, sensitivity, "
    "subject_country, verdict, "
    "entry_id, people, people_low, people_high, senders, senders_low, senders_high, findings, bytes, flows";
const char kEventColumns[] = "topic, part, place, at, id, kind, host, body";
const char kRefusedColumns[] = "topic, part, place, reason, sensor, detail, message";

CopyText ToCopyText(std::span<const Item> items) {
  CopyText out;
  for (const Item& item : items) {
    if (const auto* sketch = std::get_if<SketchMessage>(&item.message)) Append(item, *sketch, out.sketches);
    if (const auto* event = std::get_if<EventMessage>(&item.message)) Append(item, *event, out.events);
    if (const auto* refused = std::get_if<Refused>(&item.message)) Append(item, *refused, out.refused);
  }
  return out;
}

}  // namespace gander::fleet

// SPDX-License-Identifier: Apache-2.0
// The members every event shares, in the order Suricata writes them, then the event's own.
#include "report/events/eve_writer.h"

#include <cstring>
#include <utility>

#include "base/format.h"
#include "report/json_writer.h"

namespace gander::report {
namespace {

bool IsIcmp(std::uint8_t protocol) noexcept { return protocol == ip_proto::kIcmp || protocol == ip_proto::kIcmp6; }

bool HasPorts(std::uint8_t protocol) noexcept {
  return protocol == ip_proto::kTcp || protocol == ip_proto::kUdp || protocol == ip_proto::kSctp;
}

void WriteTuple(const Event& event, JsonWriter& json) {
  const FiveTuple& t = event.tuple;
  // An event over many flows has no flow id; what differs between them (ports, even the protocol) is then zero
  // and left out instead of being shown as a value.
  const bool many = event.flow_id == 0;
  const bool ports = HasPorts(t.protocol);
  AddressText address;
  ProtocolText protocol;
  if (event.destination_only) {
    json.String("dest_ip", WriteAddress(t.destination, address));
    return;
  }
  json.String("src_ip", WriteAddress(t.source, address));
  if (ports && !(many && t.source_port == 0)) json.Unsigned("src_port", t.source_port);
  json.String("dest_ip", WriteAddress(t.destination, address));
  if (ports && !(many && t.destination_port == 0)) json.Unsigned("dest_port", t.destination_port);
  if (!(many && t.protocol == 0)) json.String("proto", WriteProtocol(t.protocol, protocol));
  if (IsIcmp(t.protocol)) {
    json.Unsigned("icmp_type", t.source_port);
    json.Unsigned("icmp_code", t.destination_port);
  }
}

int CompareText(const char* a, const char* b) noexcept {
  return std::strcmp(a == nullptr ? "" : a, b == nullptr ? "" : b);
}

// The last resort of an order that must not depend on which worker made an event first.
int CompareBodies(const Record& a, const Record& b) noexcept {
  const std::size_t common = std::min(a.tokens().size(), b.tokens().size());
  for (std::size_t i = 0; i < common; ++i) {
    const Record::Token& x = a.tokens()[i];
    const Record::Token& y = b.tokens()[i];
    if (x.kind != y.kind) return x.kind < y.kind ? -1 : 1;
    if (const int c = CompareText(x.key, y.key); c != 0) return c;
    if (const int c = a.text(x).compare(b.text(y)); c != 0) return c;
    if (x.integer != y.integer) return x.integer < y.integer ? -1 : 1;
    if (x.real != y.real) return x.real < y.real ? -1 : 1;
  }
  if (a.tokens().size() == b.tokens().size()) return 0;
  return a.tokens().size() < b.tokens().size() ? -1 : 1;
}

}  // namespace

EveWriter::EveWriter(EveOptions options) : options_(std::move(options)) {}

void EveWriter::Append(const Event& event, std::string& out) const {
  JsonWriter json(out);
  json.BeginObject();
  TimeText time;
  json.String("timestamp", WriteEveTime(event.time, time));
  if (event.flow_id != 0) json.Unsigned("flow_id", event.flow_id);
  if (event.packet != 0) json.Unsigned("pcap_cnt", event.packet);
  json.String("event_type", event.type);
  if (event.vlan_count > 0) {
    json.BeginArray("vlan");
    for (std::size_t i = 0; i < event.vlan_count && i < event.vlans.size(); ++i) json.Unsigned({}, event.vlans[i]);
    json.EndArray();
  }
  if (event.has_tuple) WriteTuple(event, json);
  if (event.app_proto != nullptr && *event.app_proto != '\0') json.String("app_proto", event.app_proto);
  if (event.tx_id >= 0) json.Integer("tx_id", event.tx_id);
  if (options_.community_id && !event.community_id.empty()) json.String("community_id", event.community_id);
  if (!options_.sensor_name.empty()) json.String("host", options_.sensor_name);
  json.Members(event.body);
  json.EndObject();
  out += '\n';
}

bool Before(const Event& a, const Event& b) noexcept {
  if (a.time != b.time) return a.time < b.time;
  if (a.has_tuple != b.has_tuple) return a.has_tuple;
  if (a.tuple != b.tuple) return a.tuple < b.tuple;
  if (a.sequence != b.sequence) return a.sequence < b.sequence;
  if (const int c = CompareText(a.type, b.type); c != 0) return c < 0;
  if (a.flow_id != b.flow_id) return a.flow_id < b.flow_id;
  if (a.tx_id != b.tx_id) return a.tx_id < b.tx_id;
  return CompareBodies(a.body, b.body) < 0;
}

}  // namespace gander::report

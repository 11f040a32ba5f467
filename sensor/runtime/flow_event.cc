// SPDX-License-Identifier: Apache-2.0
#include "runtime/flow_event.h"

#include "base/format.h"
#include "runtime/inspector.h"

namespace gander::runtime {
namespace {

using decode::Tunnel;
namespace flag = decode::tcp_flag;

// What Suricata calls the state of a connection, as seen by its server.
const char* ConnectionState(const FlowExtension& extension) noexcept {
  const bool client_syn = (extension.tcp_flags[0] & flag::kSyn) != 0,
             server_syn = (extension.tcp_flags[1] & flag::kSyn) != 0;
  switch (extension.tcp.state()) {
    case stream::TcpState::kNew: return client_syn && server_syn ? "syn_recv" : client_syn ? "syn_sent" : "none";
    case stream::TcpState::kEstablished: return "established";
    case stream::TcpState::kClosing: return (extension.tcp_flags[0] & flag::kFin) != 0 ? "close_wait" : "fin_wait1";
    case stream::TcpState::kClosed:
    case stream::TcpState::kReset: break;
  }
  return "closed";
}

// What the number of a tunnel's header is called; null where it has none.
const char* NumberOf(Tunnel kind) noexcept {
  switch (kind) {
    case Tunnel::kGre: return "key";
    case Tunnel::kVxlan:
    case Tunnel::kGeneve:
    case Tunnel::kNvgre: return "vni";
    case Tunnel::kGtpU: return "teid";
    case Tunnel::kErspan:
    case Tunnel::kL2tp:
    case Tunnel::kPppoe: return "session_id";
    case Tunnel::kNsh: return "service_path";
    case Tunnel::kMpls:
    case Tunnel::kTzsp:
    case Tunnel::kIpInIp:
    case Tunnel::kTeredo: break;
  }
  return nullptr;
}

void AppendCarrier(Record& body, const decode::TunnelLayer& layer) {
  AddressText address;
  ProtocolText protocol;
  body.String("src_ip", WriteAddress(layer.source, address));
  if (layer.source_port != 0) body.Integer("src_port", layer.source_port);
  body.String("dest_ip", WriteAddress(layer.destination, address));
  if (layer.destination_port != 0) body.Integer("dest_port", layer.destination_port);
  body.String("proto", WriteProtocol(layer.protocol, protocol));
}

void AppendLayer(Record& body, const decode::TunnelLayer& layer, const FlowAnnex& annex) {
  body.BeginObject().String("type", decode::NameOf(layer.kind));
  if (layer.protocol != 0) AppendCarrier(body, layer);
  if (const char* name = NumberOf(layer.kind)) body.Integer(name, layer.id);
  if (layer.kind == Tunnel::kMpls) {
    body.BeginArray("labels");
    for (std::size_t i = 0; i < annex.label_count; ++i) body.Integer(nullptr, annex.labels[i]);
    body.EndArray();
  }
  body.EndObject();
}

}  // namespace

void AppendFlow(Record& body, const FlowSpan& flow, const char* state, const char* reason) {
  TimeText time;
  body.BeginObject("flow")
      .Integer("pkts_toserver", static_cast<std::int64_t>(flow.packets[0]))
      .Integer("pkts_toclient", static_cast<std::int64_t>(flow.packets[1]))
      .Integer("bytes_toserver", static_cast<std::int64_t>(flow.bytes[0]))
      .Integer("bytes_toclient", static_cast<std::int64_t>(flow.bytes[1]))
      .String("start", WriteEveTime(flow.first, time))
      .String("end", WriteEveTime(flow.last, time))
      .Integer("age", (flow.last - flow.first).ns / kNanosPerSecond)
      .String("state", state)
      .String("reason", reason)
      .EndObject();
}

const char* FlowStateOf(stream::TcpState state) noexcept {
  switch (state) {
    case stream::TcpState::kNew: return "new";
    case stream::TcpState::kEstablished:
    case stream::TcpState::kClosing: return "established";
    case stream::TcpState::kClosed:
    case stream::TcpState::kReset: break;
  }
  return "closed";
}

void AppendTcp(Record& body, const FlowExtension& extension, const std::array<std::uint64_t, 2>& gap_bytes) {
  struct Flag {
    std::uint8_t bit;
    const char* name;
  };
  static constexpr Flag kFlags[] = {{flag::kSyn, "syn"}, {flag::kFin, "fin"}, {flag::kRst, "rst"}, {flag::kPsh, "psh"},
                                    {flag::kAck, "ack"}, {flag::kUrg, "urg"}, {flag::kEce, "ecn"}, {flag::kCwr, "cwr"}};
  const auto [ts, tc] = extension.tcp_flags;
  const auto both = static_cast<std::uint8_t>(ts | tc);
  char digits[2];
  const auto hex = [&](std::uint8_t v) { return WriteHex(&v, 1, digits); };
  body.BeginObject("tcp")
      .String("tcp_flags", hex(both))
      .String("tcp_flags_ts", hex(ts))
      .String("tcp_flags_tc", hex(tc));
  for (const Flag& f : kFlags) {
    if ((both & f.bit) != 0) body.Boolean(f.name, true);
  }
  body.String("state", ConnectionState(extension));
  if (gap_bytes[0] > 0) body.Boolean("ts_gap", true).Integer("ts_gap_bytes", static_cast<std::int64_t>(gap_bytes[0]));
  if (gap_bytes[1] > 0) body.Boolean("tc_gap", true).Integer("tc_gap_bytes", static_cast<std::int64_t>(gap_bytes[1]));
  body.EndObject();
}

void AppendSctp(Record& body, const stream::SctpAssociation& association) {
  using Association = stream::SctpAssociation;
  const std::uint32_t types = association.types_seen();
  const auto has = [types](std::uint8_t type) { return (types & Association::Bit(type)) != 0; };
  body.BeginObject("sctp").BeginArray("chunk_types");
  for (std::uint8_t type = 0; const char* name = Association::NameOf(type); ++type) {
    if (has(type)) body.String(nullptr, name);
  }
  body.EndArray()
      .Boolean("has_data", has(Association::kData))
      .Boolean("has_init", has(Association::kInit))
      .Boolean("has_init_ack", has(Association::kInitAck))
      .Boolean("has_abort", has(Association::kAbort))
      .EndObject();
}

void AppendTunnels(Record& body, const FlowAnnex& annex) {
  if (annex.tunnel_count == 0) return;
  body.BeginObject("tunnel");
  for (std::size_t i = 0; i < annex.tunnel_count; ++i) {
    if (annex.tunnels[i].protocol == 0) continue;
    AppendCarrier(body, annex.tunnels[i]);
    break;
  }
  body.Integer("depth", annex.tunnel_count).BeginArray("layers");
  for (std::size_t i = 0; i < annex.tunnel_count; ++i) AppendLayer(body, annex.tunnels[i], annex);
  body.EndArray().EndObject();
}

// What a flow is called: what it changed to, or what it was when that has no name.
const char* Inspector::FlowProtocol() const noexcept {
  const bool resting = flow_->datagrams == Datagrams::kAtRest || flow_->datagrams == Datagrams::kEncrypted;
  if (conversation_ == nullptr && resting) {
    return protocol::Protocols()[flow_->protocol].name;
  }
  if (conversation_ == nullptr || conversation_->protocol == nullptr) return "";
  const char* name = conversation_->facts.app_proto;
  return *name != '\0' ? name : conversation_->original_protocol;
}

void Inspector::WriteFlowEvent(const char* reason, const FlowAnnex* annex) noexcept {
  if (!Admits("flow")) return;
  const bool tcp = tuple_->protocol == ip_proto::kTcp;
  const bool icmp = tuple_->protocol == ip_proto::kIcmp || tuple_->protocol == ip_proto::kIcmp6;
  report::Event& event = NewEvent("flow", Direction::kToServer);
  event.packet = 0;
  event.sequence = UINT64_MAX;  // behind all other events of the flow
  event.app_proto = FlowProtocol();
  Record& body = event.body;
  if (conversation_ != nullptr && *conversation_->original_protocol != '\0' &&
      event.app_proto != conversation_->original_protocol) {
    body.String("app_proto_orig", conversation_->original_protocol);
  }
  const detect::FlowTotals t = Totals();
  if (icmp && t.packets[1] > 0) {
    body.Integer("response_icmp_type", extension_->reply_type).Integer("response_icmp_code", extension_->reply_code);
  }
  if (tuple_->protocol == decode::kEsp)
    body.Integer("spi", std::int64_t{event.tuple.source_port} << 16 | event.tuple.destination_port);
  const FlowSpan span{{t.packets[0], t.packets[1]}, {t.bytes[0], t.bytes[1]}, flow_->first, now_};
  AppendFlow(body, span, tcp ? FlowStateOf(extension_->tcp.state()) : span.state(), reason);
  if (tcp) AppendTcp(body, *extension_, {t.gap_bytes[0], t.gap_bytes[1]});
  if (annex != nullptr && tuple_->protocol == ip_proto::kSctp) AppendSctp(body, annex->sctp);
  if (annex != nullptr) AppendTunnels(body, *annex);
  WriteEvent();
}

}  // namespace gander::runtime

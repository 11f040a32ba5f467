// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/rpc.h"

#include <algorithm>
#include <cstdio>

#include "protocol/smb/names.h"
#include "protocol/smb/smb.h"

namespace gander::protocol::smb {
namespace {

constexpr std::uint8_t kRequest = 0, kResponse = 2, kBind = 11, kBindAck = 12, kAlterContext = 14,
                       kAlterContextResponse = 15, kLastType = 20;
constexpr std::uint8_t kFirstFragment = 1, kLastFragment = 2;
constexpr std::size_t kCallHead = 24;    // of a request or response, before its stub data
constexpr std::size_t kSyntaxSize = 20;  // UUID and version of an interface or transfer syntax

struct Packet {
  bool little = true;
  std::uint8_t type = 0, flags = 0;
  std::uint32_t length = 0, call = 0;
  Bytes bytes;  // as much of it as there is
  bool first() const noexcept { return (flags & kFirstFragment) != 0; }
  bool last() const noexcept { return (flags & kLastFragment) != 0; }

  std::uint64_t Number(std::size_t at, std::size_t octets) const noexcept {
    if (little) return Field(bytes, at, octets);
    std::uint64_t value = 0;
    for (const std::byte b : Range(bytes, at, octets)) value = value << 8 | static_cast<std::uint8_t>(b);
    return value;
  }
};

bool ReadPacket(Bytes data, Packet& out) noexcept {
  if (!IsRpcPacket(data)) return false;
  out.bytes = data;
  out.little = (Field(data, 4, 1) & 0x10) != 0;
  out.type = static_cast<std::uint8_t>(Field(data, 2, 1));
  out.flags = static_cast<std::uint8_t>(Field(data, 3, 1));
  out.length = static_cast<std::uint32_t>(out.Number(8, 2));
  out.call = static_cast<std::uint32_t>(out.Number(12, 4));
  out.bytes = Range(data, 0, out.length);
  return true;
}

std::uint64_t StubSize(const Packet& packet) noexcept {
  return packet.length > kCallHead ? packet.length - kCallHead : 0;
}

// The interfaces that a bind asks for take the place of those of the bind before.
void ReadBind(Connection& connection, const File& pipe, const Packet& packet, MessageSink& sink) {
  std::vector<Interface>& all = connection.interfaces;
  if (packet.type == kBind) std::erase_if(all, [&](const Interface& i) { return i.pipe == pipe.id; });
  const std::uint64_t count = packet.Number(24, 1);
  std::size_t at = 28;
  for (std::uint64_t i = 0; i < count; ++i) {
    const Bytes syntax = Range(packet.bytes, at + 4, kSyntaxSize);
    if (syntax.size() < kSyntaxSize) return sink.OnAnomaly("malformed_data");
    if (all.size() >= kMaxInterfaces) all.erase(all.begin());
    Interface& added = all.emplace_back();
    added.pipe = pipe.id;
    added.context = static_cast<std::uint16_t>(packet.Number(at, 2));
    added.version = static_cast<std::uint16_t>(packet.Number(at + 20, 2));
    added.minor = static_cast<std::uint16_t>(packet.Number(at + 22, 2));
    constexpr std::uint8_t kOrder[] = {3, 2, 1, 0, 5, 4, 7, 6};
    for (std::size_t k = 0; k < 16; ++k) added.uuid[k] = Octets(syntax)[packet.little && k < 8 ? kOrder[k] : k];
    at += 4 + kSyntaxSize + kSyntaxSize * packet.Number(at + 2, 1);
  }
}

void ReadBindAnswer(Connection& connection, const File& pipe, const Packet& packet) {
  // Results stand behind the name of the pipe, at a multiple of four.
  std::uint64_t at = 26 + packet.Number(24, 2);
  at = (at + 3) & ~std::uint64_t{3};
  std::uint64_t left = packet.Number(static_cast<std::size_t>(at), 1);
  at += 4;
  for (Interface& i : connection.interfaces) {
    if (i.pipe != pipe.id || i.acknowledged || left == 0 || at + 4 > packet.bytes.size()) continue;
    i.acknowledged = true;
    i.result = static_cast<std::uint16_t>(packet.Number(static_cast<std::size_t>(at), 2));
    i.reason = static_cast<std::uint16_t>(packet.Number(static_cast<std::size_t>(at) + 2, 2));
    at += 4 + kSyntaxSize;
    --left;
  }
}

void ScanText(Direction direction, Bytes data, MessageSink& sink) {
  thread_local std::string text;
  text.clear();
  AppendStrings(data, text);
  if (!text.empty()) sink.OnField("smb.pipe", {}, direction, AsBytes(text));
}

void OnRequestPacket(Connection& connection, File& pipe, const Message& message, const Packet& packet,
                     MessageSink& sink) {
  if (packet.type == kRequest && !packet.first()) {
    Transaction* begun = connection.transactions.FindRpc(pipe.id, packet.call);
    if (begun == nullptr) return;
    ++begun->rpc.request_fragments;
    begun->rpc.request_octets += StubSize(packet);
    return;
  }
  Transaction& t = connection.Begin(message, sink);
  t.kind = Transaction::Kind::kRpc;
  t.file = pipe.id;
  t.rpc.id = packet.call;
  t.rpc.request = packet.type;
  if (packet.type == kRequest) {
    t.rpc.context = static_cast<std::uint16_t>(packet.Number(20, 2));
    t.rpc.operation = static_cast<std::uint16_t>(packet.Number(22, 2));
    t.rpc.request_fragments = 1;
    t.rpc.request_octets = StubSize(packet);
  } else if (packet.type == kBind || packet.type == kAlterContext) {
    ReadBind(connection, pipe, packet, sink);
  }
}

// `whole`: nothing more of the packet is to come.
void OnAnswerPacket(Connection& connection, File& pipe, const Message& message, const Packet& packet, bool whole,
                    MessageSink& sink) {
  Transaction* t = connection.transactions.FindRpc(pipe.id, packet.call);
  if (t == nullptr) {  // the call was not seen
    t = &connection.Begin(message, sink);
    t->kind = Transaction::Kind::kRpc;
    t->file = pipe.id;
    t->rpc.id = packet.call;
  }
  t->rpc.response = packet.type;
  if (packet.type == kResponse) {
    ++t->rpc.response_fragments;
    t->rpc.response_octets += StubSize(packet);
  } else if (packet.type == kBindAck || packet.type == kAlterContextResponse) {
    ReadBindAnswer(connection, pipe, packet);
  }
  const bool last = packet.type != kResponse || packet.last();
  if (whole && last) return connection.Answer(*t, message.header, sink);
  pipe.rpc_call = packet.call;
  pipe.rpc_last = last;
}

// Hands each packet in `data` to `on_packet`, and remembers how much of the last is missing.
template <class OnPacket>
void ForEachPacket(File& pipe, Direction direction, Bytes data, OnPacket&& on_packet) {
  Packet packet;
  while (ReadPacket(data, packet)) {
    const bool whole = packet.bytes.size() == packet.length;
    pipe.rpc_left[Index(direction)] = static_cast<std::uint32_t>(packet.length - packet.bytes.size());
    TakeFront(data, packet.bytes.size());
    on_packet(packet, whole);
  }
}

// What goes on with the packet before.
Bytes SkipRest(File& pipe, Direction direction, Bytes data) noexcept {
  std::uint32_t& left = pipe.rpc_left[Index(direction)];
  if (IsRpcPacket(data)) left = 0;
  left -= static_cast<std::uint32_t>(TakeFront(data, left).size());
  return data;
}

void AppendUuid(const Interface& i, Record& out) {
  char text[37];
  std::size_t n = 0;
  for (std::size_t k = 0; k < i.uuid.size(); ++k) {
    if (k == 4 || k == 6 || k == 8 || k == 10) text[n++] = '-';
    n += static_cast<std::size_t>(std::snprintf(text + n, 3, "%02x", static_cast<unsigned>(i.uuid[k])));
  }
  out.String("uuid", {text, n});
  out.String("version", std::to_string(i.version) + '.' + std::to_string(i.minor));
  const char* service = ServiceName({text, n});
  if (service != nullptr) out.String("service", service);
}

}  // namespace

bool IsRpcPacket(Bytes data) noexcept {
  if (data.size() < kRpcHead) return false;
  const std::uint8_t* const p = Octets(data);
  const unsigned length = (p[4] & 0x10) != 0 ? p[8] | p[9] << 8 : p[9] | p[8] << 8;
  return p[0] == 5 && p[1] < 3 && p[2] <= kLastType && (p[4] & 0xef) < 2 && p[5] < 4 && p[6] == 0 && p[7] == 0 &&
         length >= kRpcHead;
}

void OnPipeRequest(Connection& connection, File& pipe, const Message& message, Bytes data, MessageSink& sink) {
  ScanText(message.direction, data, sink);
  const Bytes packets = SkipRest(pipe, message.direction, data);
  ForEachPacket(pipe, message.direction, packets,
                [&](const Packet& packet, bool) { OnRequestPacket(connection, pipe, message, packet, sink); });
}

void OnPipeAnswer(Connection& connection, File& pipe, const Message& message, Bytes data, MessageSink& sink) {
  ScanText(message.direction, data, sink);
  const bool goes_on = pipe.rpc_left[Index(message.direction)] > 0;
  const Bytes packets = SkipRest(pipe, message.direction, data);
  if (goes_on && pipe.rpc_left[Index(message.direction)] == 0 && pipe.rpc_last) {
    Transaction* t = connection.transactions.FindRpc(pipe.id, pipe.rpc_call);
    pipe.rpc_last = false;
    if (t != nullptr) connection.Answer(*t, message.header, sink);
  }
  ForEachPacket(pipe, message.direction, packets, [&](const Packet& packet, bool whole) {
    OnAnswerPacket(connection, pipe, message, packet, whole, sink);
  });
}

void WriteRpc(const Transaction& transaction, const std::vector<Interface>& interfaces, Record& out) {
  const RpcCall& call = transaction.rpc;
  out.BeginObject("dcerpc");
  out.String("request", call.request != RpcCall::kNone ? RpcTypeName(call.request) : "REQUEST_LOST");
  out.String("response", call.response != RpcCall::kNone ? RpcTypeName(call.response) : "UNREPLIED");
  if (call.request == kRequest) {
    out.Integer("opnum", call.operation).BeginObject("req").Integer("frag_cnt", call.request_fragments);
    out.Integer("stub_data_size", static_cast<std::int64_t>(call.request_octets)).EndObject();
  }
  const auto concerns = [&](const Interface& i) {
    const bool called = call.request == kRequest && i.context == call.context;
    return i.pipe == transaction.file && (call.request == kBind || called);
  };
  if (std::any_of(interfaces.begin(), interfaces.end(), concerns)) {
    out.BeginArray("interfaces");
    for (const Interface& i : interfaces) {
      if (!concerns(i)) continue;
      out.BeginObject();
      AppendUuid(i, out);
      if (call.request == kBind && i.acknowledged) out.Integer("ack_result", i.result).Integer("ack_reason", i.reason);
      out.EndObject();
    }
    out.EndArray();
  }
  if (call.response == kResponse) {
    out.BeginObject("res").Integer("frag_cnt", call.response_fragments);
    out.Integer("stub_data_size", static_cast<std::int64_t>(call.response_octets)).EndObject();
  }
  out.Integer("call_id", call.id).EndObject();
}

}  // namespace gander::protocol::smb

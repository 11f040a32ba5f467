// SPDX-License-Identifier: Apache-2.0
// Which protocol a flow speaks: announced by another flow, told by its first bytes, or by the answer to them; and how
// it changes.
#include <algorithm>
#include <bit>

#include "protocol/registry.h"
#include "runtime/inspector.h"

namespace gander::runtime {

// True when the flow is one that another announced, whose parser has begun then.
bool Inspector::StartExpected() noexcept {
  if (expected_.empty()) return false;
  const auto* expected = expected_.Find(Tuple(), now_);
  const auto* info = expected != nullptr ? protocol::FindProtocol(expected->protocol) : nullptr;
  const bool fits = info != nullptr && (tuple_->protocol == ip_proto::kTcp ? info->tcp : info->udp);
  if (!fits) return false;
  if (conversation_ == nullptr) Acquire();
  Start(*info);
  conversation_->parser->SetExpectation(expected->View());
  return true;
}

// True when a parser has begun and has read what was held; false when `chunk` is held too.
bool Inspector::Recognise(const stream::StreamChunk& chunk) noexcept {
  if (StartExpected()) {
    ReplayHeld();
    return true;
  }
  bool need_more = false;
  const bool known = TryProbe(chunk, &need_more);
  if (!known && need_more && tuple_->protocol == ip_proto::kTcp && Hold(chunk)) return false;
  if (!known) StartPlainText(chunk.direction);
  ReplayHeld();
  return true;
}

// Nobody knows what `asker` said.
void Inspector::StartPlainText(Direction asker) noexcept {
  Start(protocol::PlainText());
  conversation_->answer_awaited = tuple_->protocol == ip_proto::kTcp;
  conversation_->asker = asker;
}

// What one side said is no protocol's beginning; the answer may be ("HTTP/1.1 400" to a request of no known method).
void Inspector::RecogniseAnswer(const stream::StreamChunk& chunk) noexcept {
  if (chunk.direction == conversation_->asker || chunk.bytes.empty()) return;
  conversation_->answer_awaited = false;
  if (chunk.offset != 0) return;
  const protocol::ProtocolInfo* info = ProbeAll(chunk, chunk.bytes, nullptr);
  if (info == nullptr) return;
  StopParsing();
  Start(*info);
}

bool Inspector::TryProbe(const stream::StreamChunk& chunk, bool* need_more) noexcept {
  // What was held of this direction stands before the chunk; only a probe that wants more sees both.
  Bytes bytes = chunk.bytes;
  probed_.clear();
  if (const HeldPayload* held = conversation_->held.get()) {
    for (std::size_t i = 0; i < held->count; ++i) {
      const HeldChunk& h = held->chunks[i];
      if (h.direction == chunk.direction) probed_.append(held->bytes, h.begin, h.length);
    }
  }
  if (!probed_.empty()) {
    // As much as could be held: else it would count how the first bytes were cut.
    const std::size_t most = snapshot_->settings.runtime.hold_flow_bytes;
    probed_.append(AsText(chunk.bytes.first(std::min(chunk.bytes.size(), most))));
    bytes = AsBytes(probed_);
  }
  const protocol::ProtocolInfo* info = ProbeAll(chunk, bytes, need_more);
  if (info != nullptr) Start(*info);
  return info != nullptr;
}

// The protocol that knows `bytes`, the first payload of the direction of `chunk`.
const protocol::ProtocolInfo* Inspector::ProbeAll(const stream::StreamChunk& chunk, Bytes bytes,
                                                  bool* need_more) const noexcept {
  const bool to_server = direction_ == Direction::kToServer;
  protocol::ProbeInput input;
  input.direction = chunk.direction;
  input.server_port = to_server ? tuple_->destination_port : tuple_->source_port;
  input.client_port = to_server ? tuple_->source_port : tuple_->destination_port;
  input.transport = tuple_->protocol == ip_proto::kSctp ? ip_proto::kUdp : tuple_->protocol;  // messages both
  input.bytes = bytes;
  const auto protocols = protocol::Protocols();
  for (std::uint64_t ask = protocol::ProbesToAsk(input.transport, bytes); ask != 0; ask &= ask - 1) {
    const protocol::ProtocolInfo& p = protocols[static_cast<std::size_t>(std::countr_zero(ask))];
    const protocol::Probe answer = p.probe(input);
    if (answer == protocol::Probe::kYes) return &p;
    if (need_more != nullptr) *need_more |= answer == protocol::Probe::kNeedMore;
  }
  return nullptr;
}

// False when the flow's cap is reached: it is read as plain text then.
bool Inspector::Hold(const stream::StreamChunk& chunk) noexcept {
  const std::size_t cap = snapshot_->settings.runtime.hold_flow_bytes;
  if (conversation_->held == nullptr) conversation_->held = held_.Take();
  HeldPayload& held = *conversation_->held;
  if (held.bytes.size() + chunk.bytes.size() > cap) return false;
  if (held.Continues(chunk)) {
    held.chunks[held.count - 1].length += static_cast<std::uint32_t>(chunk.bytes.size());
    held.bytes.append(AsText(chunk.bytes));
    return true;
  }
  if (held.count == kMaxHeldChunks) return false;
  held.chunks[held.count++] = {chunk.direction,  static_cast<std::uint32_t>(held.bytes.size()),
                               static_cast<std::uint32_t>(chunk.bytes.size()), chunk.offset,
                               chunk.gap_before, chunk.time};
  held.bytes.append(AsText(chunk.bytes));
  return true;
}

void Inspector::ReplayHeld() noexcept {
  // Taken away first: reading may change the protocol, and then the flow holds anew.
  std::unique_ptr<HeldPayload> held = std::move(conversation_->held);
  if (held == nullptr) return;
  for (std::size_t i = 0; i < held->count; ++i) {
    const HeldChunk& h = held->chunks[i];
    Read({h.direction, h.offset, h.gap_before, AsBytes(std::string_view(held->bytes).substr(h.begin, h.length)),
          h.time});
  }
  held->Clear();
  held_.Give(std::move(held));
}

std::size_t Inspector::ProtocolIndex() const noexcept {
  const auto all = protocol::Protocols();
  const auto* p = conversation_->protocol;
  return p >= all.data() && p < all.data() + all.size() ? static_cast<std::size_t>(p - all.data()) : all.size();
}

void Inspector::Start(const protocol::ProtocolInfo& protocol) noexcept {
  Resume(protocol);
  ++totals_.app_flows[ProtocolIndex()];
}

// A parser for a flow that was counted as this protocol's before.
void Inspector::Resume(const protocol::ProtocolInfo& protocol) noexcept {
  conversation_->protocol = &protocol;
  conversation_->stage = Stage::kParsing;
  conversation_->parser = parsers_[ProtocolIndex()]->Take();
  conversation_->facts.app_proto = protocol.name;
  if (*conversation_->original_protocol != '\0') conversation_->parser->SetPrevious(conversation_->original_protocol);
  if (flow_->datagrams == Datagrams::kAtRest) {
    conversation_->parser->Resume(flow_->packets[0] + flow_->packets[1] - 1);
  } else if (&protocol == &protocol::PlainText() && tuple_->protocol != ip_proto::kTcp) {
    conversation_->parser->Resume(0);
  }
}

// To the protocol that the parser names, or to what is found out.
void Inspector::Switch() noexcept {
  conversation_->original_protocol = conversation_->protocol->name;
  const protocol::ExpectedFlow next = conversation_->parser->Successor();
  const protocol::ProtocolInfo* info = next.protocol != nullptr ? protocol::FindProtocol(next.protocol) : nullptr;
  if (info == nullptr) {
    StopParsing();
    conversation_->stage = Stage::kProbing;
    return;
  }
  switched_to_ = next.command;
  StopParsing();
  Start(*info);
  protocol::ExpectedFlow expectation;
  expectation.protocol = info->name;
  expectation.command = switched_to_;
  conversation_->parser->SetExpectation(expectation);
}

// Ends both directions of the parser, so that it writes what it still holds.
void Inspector::StopParsing() noexcept {
  if (conversation_->parser == nullptr) return;
  for (Direction d : {Direction::kToServer, Direction::kToClient}) {
    conversation_->parser->OnEnd(d, *this);
    if (conversation_->readers[Index(d)] != nullptr) OnBodyEnd(d, protocol::BodyEnd::kTruncated);
  }
  conversation_->parser->Reset();
  parsers_[ProtocolIndex()]->Give(std::move(conversation_->parser));
}

}  // namespace gander::runtime

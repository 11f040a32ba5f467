// SPDX-License-Identifier: Apache-2.0
// Chunk in: recognition, parsing, and what happens when a protocol changes or gives up.
#include "runtime/inspector.h"

#include <algorithm>

namespace gander::runtime {
namespace {

// Idle objects kept of each kind: more than a worker has open at once on ordinary traffic.
constexpr std::size_t kPoolKeep = 4096;
constexpr std::size_t kKnownHostSlots = 1 << 16;

}  // namespace

Inspector::Inspector(std::shared_ptr<const config::Snapshot> snapshot, const HashKey& tag_key)
    : snapshot_(std::move(snapshot)),
      write_events_(!snapshot_->settings.report.events.empty()),
      content_(ContentOptions()),
      writer_(report::EveOptions{snapshot_->settings.report.sensor_name, true}),
      scanner_(snapshot_->rules, snapshot_->settings.identify, tag_key),
      conversations_(kPoolKeep, [] { return std::make_unique<Conversation>(); }),
      readers_(kPoolKeep / 16,
               [this] { return std::make_unique<content::BodyReader>(content_, totals_.content, decoders_); }),
      texts_(kPoolKeep, [] { return std::make_unique<identify::TextState>(); }),
      known_hosts_(kKnownHostSlots) {
  for (const protocol::ProtocolInfo& p : protocol::Protocols()) {
    parsers_.push_back(std::make_unique<Pool<protocol::Parser>>(kPoolKeep, p.create));
  }
  parsers_.push_back(std::make_unique<Pool<protocol::Parser>>(kPoolKeep, protocol::PlainText().create));
  totals_.findings.resize(snapshot_->rules->rules().size() * 3);
  totals_.app_flows.resize(parsers_.size());
}

Inspector::~Inspector() = default;

content::Options Inspector::ContentOptions() const noexcept {
  content::Options options = snapshot_->settings.content;
  if (!Wanted("fileinfo")) options.sha256 = options.md5 = false;
  return options;
}

void Inspector::Select(FlowState& flow, Timestamp now, std::uint64_t packet_number, SealedEpoch& epoch) noexcept {
  flow_ = &flow;
  conversation_ = flow.conversation.get();
  now_ = now;
  packet_number_ = packet_number;
  epoch_ = &epoch;
  chunk_left_ = 0;
}

void Inspector::Acquire() noexcept {
  flow_->conversation = conversations_.Take();
  conversation_ = flow_->conversation.get();
  conversation_->Reset();
  detect::FlowFacts& facts = conversation_->facts;
  facts.flow_id = flow_->flow_id;
  facts.tuple = flow_->tuple;
  facts.client = snapshot_->policy->Locate(flow_->tuple.source);
  facts.server = snapshot_->policy->Locate(flow_->tuple.destination);
}

detect::FlowFacts& Inspector::Facts() noexcept {
  conversation_->facts.time = now_;
  return conversation_->facts;
}

void Inspector::OnChunk(const stream::StreamChunk& chunk) noexcept {
  if (conversation_ == nullptr) {
    if (chunk.bytes.empty()) return;
    Acquire();
  }
  flow_->totals.payload[Index(chunk.direction)] += chunk.bytes.size();
  flow_->totals.gap_bytes[Index(chunk.direction)] += chunk.gap_before;
  if (chunk.gap_before > 0) {
    totals_.ledger.gap_bytes += chunk.gap_before;
    ++totals_.ledger.gaps;
  }
  Read(chunk);
  if (conversation_->findings > 0) MeterPayload();
}

// Volume matters only where people's data moves; the first finding brings what came before it.
void Inspector::MeterPayload() noexcept {
  for (Direction d : {Direction::kToServer, Direction::kToClient}) {
    const std::uint64_t all = flow_->totals.payload[Index(d)];
    const std::uint64_t fresh = all - conversation_->metered[Index(d)];
    if (fresh == 0) continue;
    conversation_->metered[Index(d)] = all;
    epoch_->transfers->OnPayload(Facts(), d, fresh);
    for (auto& meter : epoch_->meters) {
      if (meter != nullptr) meter->OnPayload(Facts(), d, fresh);
    }
  }
}

// `chunk` is a copy: after a change of protocol its rest is read again.
void Inspector::Read(stream::StreamChunk chunk) noexcept {
  // Each turn either ends or consumes a change of protocol; the bound keeps a flow that changes without end cheap.
  for (int turn = 0; turn < 8; ++turn) {
    if (conversation_->stage == Stage::kEncrypted) {
      totals_.ledger.Add(ByteFate::kEncrypted, chunk.bytes.size());
      return;
    }
    if (conversation_->stage == Stage::kProbing) {
      if (!Recognise(chunk)) return;  // held, accounted when replayed
      continue;                       // what was held may have moved the flow on
    }
    protocol::ParseStatus status;
    const std::size_t used = Parse(chunk, &status);
    if (used == chunk.bytes.size()) return;
    chunk.bytes = chunk.bytes.subspan(used);
    chunk.offset += used;
    chunk.gap_before = 0;
  }
  totals_.ledger.Add(ByteFate::kLostParserCap, chunk.bytes.size());
}

// Feeds one chunk and accounts what was used of it. All of it is used unless the protocol changed within it.
std::size_t Inspector::Parse(const stream::StreamChunk& chunk, protocol::ParseStatus* status) noexcept {
  chunk_left_ = chunk.bytes.size();
  *status = conversation_->parser->OnChunk(chunk, *this);
  const bool gave_up = *status == protocol::ParseStatus::kSwitch || *status == protocol::ParseStatus::kNotThis;
  const std::size_t used =
      gave_up ? std::min(chunk.bytes.size(), conversation_->parser->consumed()) : chunk.bytes.size();
  // Bytes behind `used` get their fate when they are read again.
  chunk_left_ -= std::min<std::uint64_t>(chunk.bytes.size() - used, chunk_left_);
  switch (*status) {
    case protocol::ParseStatus::kContinue: break;
    case protocol::ParseStatus::kEncrypted:
      conversation_->facts.encrypted = true;
      StopParsing();
      conversation_->stage = Stage::kEncrypted;
      break;
    case protocol::ParseStatus::kSwitch:
      conversation_->original_protocol = conversation_->protocol->name;
      StopParsing();
      conversation_->stage = Stage::kProbing;
      break;
    case protocol::ParseStatus::kNotThis:
      StopParsing();
      Start(protocol::PlainText());
      break;
  }
  totals_.ledger.Add(ByteFate::kInspected, chunk_left_);
  chunk_left_ = 0;
  return used;
}

void Inspector::OnFate(ByteFate fate, std::uint64_t bytes) noexcept {
  // Never more than the chunk had: what a parser says of bytes it held back has been accounted already.
  const std::uint64_t n = std::min(bytes, chunk_left_);
  chunk_left_ -= n;
  totals_.ledger.Add(fate, n);
}

// True when a parser has begun and has read what was held; false when `chunk` is held too.
bool Inspector::Recognise(const stream::StreamChunk& chunk) noexcept {
  if (const auto* expected = expected_.Find(flow_->tuple, now_); expected != nullptr) {
    if (const auto* info = protocol::FindProtocol(expected->protocol); info != nullptr) {
      Start(*info);
      conversation_->parser->SetExpectation(expected->View());
      ReplayHeld();
      return true;
    }
  }
  bool need_more = false;
  const bool known = TryProbe(chunk, &need_more);
  if (!known && need_more && flow_->tuple.protocol == ip_proto::kTcp && Hold(chunk)) return false;
  if (!known) Start(protocol::PlainText());
  ReplayHeld();
  return true;
}

bool Inspector::TryProbe(const stream::StreamChunk& chunk, bool* need_more) noexcept {
  // What was held of this direction stands before the chunk; only a probe that wants more sees both.
  protocol::ProbeInput input;
  input.direction = chunk.direction;
  input.server_port = flow_->tuple.destination_port;
  input.client_port = flow_->tuple.source_port;
  input.transport = flow_->tuple.protocol;
  input.bytes = chunk.bytes;
  probed_.clear();
  for (std::size_t i = 0; i < conversation_->held_count; ++i) {
    const HeldChunk& h = conversation_->held_chunks[i];
    if (h.direction == chunk.direction) probed_.append(conversation_->held, h.begin, h.length);
  }
  if (!probed_.empty()) {
    probed_.append(AsText(chunk.bytes.first(std::min(chunk.bytes.size(), protocol::kProbeBytes))));
    input.bytes = AsBytes(probed_);
  }
  for (const protocol::ProtocolInfo& p : protocol::Protocols()) {
    const bool transport_fits = input.transport == ip_proto::kTcp ? p.tcp : p.udp;
    if (!transport_fits || p.probe == nullptr) continue;
    const protocol::Probe answer = p.probe(input);
    if (answer == protocol::Probe::kYes) {
      Start(p);
      return true;
    }
    *need_more |= answer == protocol::Probe::kNeedMore;
  }
  return false;
}

// False when the flow's cap is reached: it is read as plain text then.
bool Inspector::Hold(const stream::StreamChunk& chunk) noexcept {
  const std::size_t cap = snapshot_->settings.runtime.hold_flow_bytes;
  if (conversation_->held_count == kMaxHeldChunks || conversation_->held.size() + chunk.bytes.size() > cap) return false;
  conversation_->held_chunks[conversation_->held_count++] = {
      chunk.direction, static_cast<std::uint32_t>(conversation_->held.size()),
      static_cast<std::uint32_t>(chunk.bytes.size()), chunk.offset, chunk.gap_before, chunk.time};
  conversation_->held.append(AsText(chunk.bytes));
  return true;
}

void Inspector::ReplayHeld() noexcept {
  if (conversation_->held_count == 0) return;
  // Copies: reading may change the protocol, and then the flow holds anew.
  const std::size_t count = conversation_->held_count;
  const auto chunks = conversation_->held_chunks;
  std::string bytes;
  bytes.swap(conversation_->held);
  conversation_->held_count = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const HeldChunk& h = chunks[i];
    Read({h.direction, h.offset, h.gap_before, AsBytes(std::string_view(bytes).substr(h.begin, h.length)), h.time});
  }
  // The memory stays with the flow unless it holds something new.
  bytes.clear();
  if (conversation_->held.empty()) conversation_->held.swap(bytes);
}

std::size_t Inspector::ProtocolIndex() const noexcept {
  const auto all = protocol::Protocols();
  const auto* p = conversation_->protocol;
  return p >= all.data() && p < all.data() + all.size() ? static_cast<std::size_t>(p - all.data()) : all.size();
}

void Inspector::Start(const protocol::ProtocolInfo& protocol) noexcept {
  conversation_->protocol = &protocol;
  conversation_->stage = Stage::kParsing;
  conversation_->parser = parsers_[ProtocolIndex()]->Take();
  conversation_->facts.app_proto = protocol.name;
  ++totals_.app_flows[ProtocolIndex()];
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

// Also of flows without payload: whether a flow was seen from both sides is the sensor's own health.
void Inspector::MeterFlowEnd() noexcept {
  detect::FlowFacts facts;
  if (conversation_ != nullptr) {
    facts = Facts();
  } else {
    facts.flow_id = flow_->flow_id;
    facts.tuple = flow_->tuple;
    facts.time = now_;
  }
  epoch_->transfers->OnFlowEnd(facts, flow_->totals);
  for (auto& meter : epoch_->meters) {
    if (meter != nullptr) meter->OnFlowEnd(facts, flow_->totals);
  }
}

void Inspector::EndFlow(const char* reason) noexcept {
  if (conversation_ != nullptr) {
    if (conversation_->stage == Stage::kProbing && conversation_->held_count > 0) {
      Start(protocol::PlainText());
      ReplayHeld();
    }
    StopParsing();
  }
  WriteFlowEvent(reason);
  MeterFlowEnd();
  if (conversation_ == nullptr) return;
  if (conversation_->findings > 0) MeterPayload();
  for (auto& text : conversation_->texts) {
    if (text != nullptr) text->Reset();
    texts_.Give(std::move(text));
  }
  conversations_.Give(std::move(flow_->conversation));
  conversation_ = nullptr;
}

}  // namespace gander::runtime

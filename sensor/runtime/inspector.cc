// SPDX-License-Identifier: Apache-2.0
// Chunk in: parsing, and what happens to a flow at rest, under load and at its end.
#include "runtime/inspector.h"

#include <algorithm>
#include <utility>

#include "decode/decoded.h"
#include "flow/flow_key.h"
#include "protocol/plain_text/plain_text.h"
#include "runtime/flow_id.h"

namespace gander::runtime {
namespace {

// Idle objects kept of each kind: more than a worker has open at once on ordinary traffic.
constexpr std::size_t kPoolKeep = 4096;
// So many datagrams of a flow are looked at for a protocol.
constexpr std::uint32_t kYoung = 8;
constexpr std::size_t kKnownHostSlots = 1 << 16;

void Advance(stream::StreamChunk& chunk, std::size_t used) noexcept {
  chunk.bytes = chunk.bytes.subspan(used);
  chunk.offset += used;
  chunk.gap_before = 0;
}

}  // namespace

Inspector::Inspector(std::shared_ptr<const config::Snapshot> snapshot, const RunContext& context, supervise::Hand& hand)
    : snapshot_(std::move(snapshot)),
      hand_(hand),
      write_events_(snapshot_->settings.report.writes_events()),
      quarantine_(context.quarantine),
      content_(ContentOptions()),
      writer_(report::EveOptions{snapshot_->settings.report.sensor_name, true}),
      scanner_(std::make_unique<identify::Scanner>(snapshot_->rules, config::ScannerOptions(snapshot_->settings),
                                                   context.tag_key)),
      decoders_(content::PoolLimits{content_.memory, content_.keep_memory}),
      fields_(content_, totals_.content, decoders_),
      held_(kPoolKeep),
      readers_(kPoolKeep,
               [this, options = std::make_shared<const content::Options>(content_)] {
                 return std::make_unique<content::BodyReader>(totals_.content, decoders_, options);
               }),
      texts_(kPoolKeep),
      host_key_(context.KeyOf(RunContext::kHostNames)),
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
  if (quarantine_ != nullptr && snapshot_->settings.quarantine.select != report::QuarantineSelect::kNone) {
    options.sha256 = true;  // names what is kept
    options.hash_files = content::HashFiles::kAll;
    options.keep_file = snapshot_->settings.quarantine.max_file;
    options.keep_memory = snapshot_->settings.quarantine.memory;
  }
  return options;
}

FiveTuple Inspector::Tuple() const noexcept {
  FiveTuple t = direction_ == Direction::kToServer ? *tuple_ : tuple_->Reversed();
  if (t.protocol == ip_proto::kIcmp || t.protocol == ip_proto::kIcmp6) {
    t.source_port = extension_->icmp_type;
    t.destination_port = extension_->icmp_code;
  }
  return t;
}

std::uint64_t Inspector::FlowId() const noexcept {
  const std::uint16_t link = extension_ != nullptr
                                 ? flow::FlowKey::LinkOf({extension_->vlans.data(), extension_->vlan_count})
                                 : std::uint16_t{0};
  return FlowIdOf(direction_ == Direction::kToServer ? *tuple_ : tuple_->Reversed(), flow_->first, link);
}

detect::FlowTotals Inspector::Totals() const noexcept {
  detect::FlowTotals t;
  for (std::size_t d = 0; d < 2; ++d) {
    t.packets[d] = flow_->packets[d];
    t.bytes[d] = flow_->bytes[d];
    t.payload[d] = flow_->payload[d];
    if (extension_ == nullptr) continue;
    t.packets[d] += std::uint64_t{extension_->packet_turns[d]} << 32;
    t.gap_bytes[d] = extension_->gap_bytes[d];
  }
  return t;
}

void Inspector::Acquire() noexcept {
  flow_->conversation = conversations_.Take();
  conversation_ = flow_->conversation.get();
  conversation_->Reset();
  conversation_->unmetered = flow_->payload;
  conversation_->hand = hand_.flow();
}

// What the meters are told; made when the first of them is told something.
detect::FlowFacts& Inspector::Facts() noexcept {
  detect::FlowFacts& facts = conversation_->facts;
  facts.time = now_;
  if (!conversation_->facts_complete) {
    conversation_->facts_complete = true;
    facts.flow_id = FlowId();
    facts.tuple = Tuple();
    if (facts.tuple.protocol == ip_proto::kTcp) {
      const auto& flags = extension_->tcp_flags;
      facts.opener_seen = ((flags[0] | flags[1]) & decode::tcp_flag::kSyn) != 0;
    }
    PlaceEnds(*conversation_);
  }
  if (conversation_->facts_generation != snapshot_->generation) PlaceEnds(*conversation_);
  return facts;
}

// Again where another policy has come: a flow may outlive several.
void Inspector::PlaceEnds(Conversation& conversation) noexcept {
  detect::FlowFacts& facts = conversation.facts;
  facts.client = snapshot_->policy->Locate(facts.tuple.source);
  facts.server = snapshot_->policy->Locate(facts.tuple.destination);
  conversation.facts_generation = snapshot_->generation;
}

void Inspector::CountPayload(const stream::StreamChunk& chunk) noexcept {
  flow_->payload[Index(chunk.direction)] += chunk.bytes.size();
  if (chunk.gap_before == 0) return;
  extension_->gap_bytes[Index(chunk.direction)] += chunk.gap_before;
  totals_.ledger.gap_bytes += chunk.gap_before;
  ++totals_.ledger.gaps;
}

void Inspector::OnChunk(const stream::StreamChunk& chunk) noexcept {
  if (conversation_ == nullptr) {
    if (chunk.bytes.empty()) return;
    Acquire();
  }
  CountPayload(chunk);
  conversation_->unmetered[Index(chunk.direction)] += chunk.bytes.size();
  conversation_->latest = now_;
  if (shed_ != ShedLevel::kAllButFirst && !conversation_->left_out) {
    Read(chunk);
  } else if (stream::StreamChunk rest = chunk; !LeavesOut(rest)) {
    Read(rest);
  } else {
    return;
  }
  if (conversation_->findings > 0) MeterPayload(*conversation_);
}

void Inspector::OnAlternate(Direction direction, stream::Alternate why, Bytes copy) noexcept {
  if (conversation_ == nullptr) Acquire();
  if (why == stream::Alternate::kDiffering) {
    WriteAnomaly("stream", "reassembly_overlap_different_data", "stream");
  }
  if (conversation_->stage == Stage::kEncrypted) return;
  OnField("stream.alternate", {}, direction, copy);
  if (conversation_->findings > 0) MeterPayload(*conversation_);
}

void Inspector::OnDatagram(const stream::StreamChunk& datagram) noexcept {
  if (conversation_ == nullptr && !RecogniseDatagram(datagram)) return;
  OnChunk(datagram);
  if (conversation_ == nullptr || conversation_->findings > 0) return;
  const bool has_past = conversation_->texts[0] != nullptr || conversation_->texts[1] != nullptr ||
                        *conversation_->original_protocol != '\0';
  if (conversation_->stage == Stage::kEncrypted && !has_past) return Release(Datagrams::kEncrypted);
  if (conversation_->parser != nullptr && conversation_->parser->at_rest()) Release(Datagrams::kAtRest);
}

// True when there is a conversation now that reads the datagram; false when it is accounted for: nobody's, and no text.
bool Inspector::RecogniseDatagram(const stream::StreamChunk& datagram) noexcept {
  if (flow_->datagrams == Datagrams::kAtRest) {
    Acquire();
    Resume(protocol::Protocols()[flow_->protocol]);
    return true;
  }
  // A flow may begin with something else: STUN before DTLS, say.
  const bool young = flow_->datagrams == Datagrams::kUnrecognised && flow_->packets[0] + flow_->packets[1] <= kYoung;
  if (flow_->datagrams == Datagrams::kNew || young) {
    if (StartExpected()) return true;
    if (const protocol::ProtocolInfo* info = ProbeAll(datagram, datagram.bytes, nullptr)) {
      Acquire();
      Start(*info);
      conversation_->parser->Resume(0);  // it reads datagrams, and need not find that out
      return true;
    }
    if (!young) ++totals_.app_flows.back();
    flow_->datagrams = Datagrams::kUnrecognised;
  }
  const bool text = ReadsAsText(datagram);
  if (text && flow_->datagrams == Datagrams::kEncrypted) {
    Acquire();
    conversation_->protocol = &protocol::Protocols()[flow_->protocol];
    BeginClearText();
    return true;
  }
  if (text) {
    Acquire();
    Resume(protocol::PlainText());
    return true;
  }
  if (flow_->datagrams == Datagrams::kUnrecognised && flow_->payload[Index(datagram.direction)] == 0) {
    OnOpening({datagram.direction, datagram.bytes});
  }
  const ByteFate fate = flow_->datagrams == Datagrams::kEncrypted ? ByteFate::kEncrypted
                        : shed_ != ShedLevel::kNone               ? ByteFate::kLostShed
                                                                  : ByteFate::kOpaqueBinary;
  CountPayload(datagram);
  totals_.ledger.Add(fate, datagram.bytes.size());
  return false;
}

// Whether a datagram that no parser reads is text; at a glance once many have not been.
bool Inspector::ReadsAsText(const stream::StreamChunk& datagram) noexcept {
  protocol::BinaryRun& run = flow_->binary[Index(datagram.direction)];
  const bool text = shed_ == ShedLevel::kNone && protocol::ReadsAsText(datagram.bytes, run);
  if (text) {
    run.OnText();
  } else {
    run.OnBinary();
  }
  return text;
}

// Ciphertext has ended: what comes is found out anew.
void Inspector::BeginClearText() noexcept {
  conversation_->facts.encrypted = false;
  conversation_->original_protocol = conversation_->protocol->name;
  conversation_->stage = Stage::kProbing;
  OnAnomaly("clear_text_after_encryption");
}

// At rest a datagram flow holds its slot and nothing else.
void Inspector::Release(Datagrams rest) noexcept {
  flow_->datagrams = rest;
  flow_->protocol = static_cast<std::uint8_t>(ProtocolIndex());
  if (conversation_->parser != nullptr) {
    conversation_->parser->Reset();
    parsers_[ProtocolIndex()]->Give(std::move(conversation_->parser));
  }
  conversations_.Give(std::move(flow_->conversation));
  conversation_ = nullptr;
}

// Level kAllButFirst: true when the whole chunk is left out. A chunk read after something was left out stands behind a
// gap of that size.
bool Inspector::LeavesOut(stream::StreamChunk& chunk) noexcept {
  std::uint64_t& shed = conversation_->shed[Index(chunk.direction)];
  const bool over = flow_->payload[Index(chunk.direction)] > snapshot_->settings.runtime.shed_flow_bytes;
  if (shed_ == ShedLevel::kAllButFirst && over && conversation_->stage != Stage::kEncrypted) {
    shed += chunk.bytes.size() + chunk.gap_before;
    conversation_->left_out = true;
    totals_.ledger.Add(ByteFate::kLostShed, chunk.bytes.size());
    return true;
  }
  chunk.gap_before = static_cast<std::uint32_t>(std::min<std::uint64_t>(chunk.gap_before + shed, UINT32_MAX));
  shed = 0;
  return false;
}

// Bytes at the front of the chunk that are still ciphertext.
std::size_t Inspector::FollowCipher(const stream::StreamChunk& chunk) noexcept {
  if (shed_ != ShedLevel::kNone) return chunk.bytes.size();
  return conversation_->ciphers[Index(chunk.direction)].Follow(chunk.bytes, chunk.gap_before > 0);
}

// Volume matters only where people's data moves; the first finding brings what came before it.
void Inspector::MeterPayload(Conversation& conversation) noexcept {
  conversation.facts.time = conversation.latest;
  for (Direction d : {Direction::kToServer, Direction::kToClient}) {
    const std::uint64_t fresh = std::exchange(conversation.unmetered[Index(d)], 0);
    if (fresh == 0) continue;
    epoch_->transfers->OnPayload(conversation.facts, d, fresh);
    for (auto& meter : epoch_->meters) {
      if (meter != nullptr) meter->OnPayload(conversation.facts, d, fresh);
    }
  }
}

// `chunk` is a copy: after a change of protocol its rest is read again.
void Inspector::Read(stream::StreamChunk chunk) noexcept {
  // Each turn either ends or consumes a change of protocol; the bound keeps a flow that changes without end cheap.
  for (int turn = 0; turn < 8; ++turn) {
    if (conversation_->stage == Stage::kEncrypted) {
      const std::size_t cipher = FollowCipher(chunk);
      totals_.ledger.Add(ByteFate::kEncrypted, cipher);
      if (cipher == chunk.bytes.size()) return;
      BeginClearText();
      Advance(chunk, cipher);
    }
    if (conversation_->stage == Stage::kProbing) {
      if (!Recognise(chunk)) return;  // held, accounted when replayed
      continue;                       // what was held may have moved the flow on
    }
    if (conversation_->answer_awaited) RecogniseAnswer(chunk);
    protocol::ParseStatus status;
    const std::size_t used = Parse(chunk, &status);
    if (used == chunk.bytes.size()) return;
    Advance(chunk, used);
  }
  totals_.ledger.Add(ByteFate::kLostParserCap, chunk.bytes.size());
}

// Feeds one chunk and accounts what was used of it. All of it is used unless the protocol changed within it.
std::size_t Inspector::Parse(const stream::StreamChunk& chunk, protocol::ParseStatus* status) noexcept {
  chunk_left_ = chunk.bytes.size();
  if (conversation_->protocol == &protocol::PlainText()) TellOpening(chunk);
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
      for (Direction d : {Direction::kToServer, Direction::kToClient}) {
        conversation_->ciphers[Index(d)] = conversation_->parser->Follower(d);
      }
      StopParsing();
      conversation_->stage = Stage::kEncrypted;
      break;
    case protocol::ParseStatus::kSwitch:
      Switch();
      break;
    case protocol::ParseStatus::kNotThis:
      StopParsing();
      StartPlainText(chunk.direction);
      break;
  }
  totals_.ledger.Add(ByteFate::kInspected, chunk_left_);
  chunk_left_ = 0;
  return used;
}

void Inspector::OnFate(ByteFate fate, std::uint64_t bytes) noexcept {
  if (in_field_) return;
  // Never more than the chunk had: what a parser says of bytes it held back has been accounted already.
  const std::uint64_t n = std::min(bytes, chunk_left_);
  chunk_left_ -= n;
  totals_.ledger.Add(fate, n);
}

// Also of flows without payload: whether a flow was seen from both sides is the sensor's own health.
void Inspector::MeterFlowEnd() noexcept {
  const auto& meters = tuple_->protocol == ip_proto::kTcp ? epoch_->tcp_ends : epoch_->other_ends;
  if (meters.empty()) return;
  const detect::FlowTotals totals = Totals();
  const detect::FlowFacts bare = conversation_ == nullptr ? BareFacts() : detect::FlowFacts{};
  const detect::FlowFacts& facts = conversation_ != nullptr ? Facts() : bare;
  for (detect::Meter* meter : meters) meter->OnFlowEnd(facts, totals);
}

void Inspector::EndFlow(const char* reason, const FlowAnnex* annex, const detect::TrafficStretch& rest) noexcept {
  if (conversation_ != nullptr) {
    if (conversation_->stage == Stage::kProbing && conversation_->held != nullptr) {
      if (!StartExpected()) Start(protocol::PlainText());
      ReplayHeld();
    }
    StopParsing();
    for (auto& text : conversation_->texts) {
      if (text != nullptr) scanner_->Flush(*text, *this);
    }
  }
  WriteFlowEvent(reason, annex);
  MeterTraffic(rest);
  MeterFlowEnd();
  if (conversation_ == nullptr) return;
  if (conversation_->findings > 0) MeterPayload(*conversation_);
  for (auto& text : conversation_->texts) {
    if (text != nullptr) text->Reset();
    texts_.Give(std::move(text));
  }
  conversations_.Give(std::move(flow_->conversation));
  conversation_ = nullptr;
}

}  // namespace gander::runtime

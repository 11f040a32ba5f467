// SPDX-License-Identifier: Apache-2.0
// What comes back from parsers, content/ and identify/: bodies, texts, findings, events.
#include <algorithm>
#include <cctype>
#include <utility>

#include "base/format.h"
#include "base/hash.h"
#include "flow/community_id.h"
#include "runtime/inspector.h"

namespace gander::runtime {
namespace {

constexpr std::size_t kMaxHostName = 255;      // RFC 1035 §2.3.4

const char* StateName(protocol::BodyEnd end) noexcept {
  return end == protocol::BodyEnd::kComplete ? "CLOSED" : "TRUNCATED";
}

}  // namespace

void Inspector::OnBodyBegin(const protocol::BodyMeta& meta) noexcept {
  auto& reader = conversation_->readers[Index(meta.direction)];
  if (meta.continues && (reader != nullptr || conversation_->body_shed[Index(meta.direction)])) {
    if (reader != nullptr) reader->Begin(meta, *this);
    return;
  }
  if (reader == nullptr) reader = readers_.Take();
  conversation_->body_read[Index(meta.direction)] = 0;
  conversation_->body_shed[Index(meta.direction)] = false;
  conversation_->findings_before[Index(meta.direction)] = conversation_->findings;
  reader->Begin(meta, *this);
}

void Inspector::OnBodyPart(Direction direction, Bytes part) noexcept {
  auto& reader = conversation_->readers[Index(direction)];
  std::uint64_t& read = conversation_->body_read[Index(direction)];
  read += part.size();
  if (shed_ >= ShedLevel::kLargeBodies && read > snapshot_->settings.runtime.shed_body_bytes && reader != nullptr) {
    OnBodyEnd(direction, protocol::BodyEnd::kTruncated);  // the rest of this body is left out, also after recovery
    conversation_->body_shed[Index(direction)] = true;
  }
  if (reader != nullptr) reader->Feed(part, *this);
  if (conversation_->body_shed[Index(direction)]) OnFate(ByteFate::kLostShed, part.size());
}

void Inspector::OnBodyGap(Direction direction, std::uint64_t bytes) noexcept {
  auto& reader = conversation_->readers[Index(direction)];
  conversation_->body_read[Index(direction)] += bytes;
  if (reader != nullptr) reader->Gap(bytes, *this);
}

void Inspector::OnBodyEnd(Direction direction, protocol::BodyEnd end) noexcept {
  auto& reader = conversation_->readers[Index(direction)];
  if (reader == nullptr) return;
  reader->End(end, *this);
  if (end == protocol::BodyEnd::kPart) return;
  readers_.Give(std::move(reader));
}

void Inspector::OnText(const content::TextPiece& piece) noexcept {
  if (in_field_) return ScanField(piece);
  auto& state = conversation_->texts[Index(piece.direction)];
  if (state == nullptr) state = texts_.Take();
  if (piece.first) conversation_->text_began[Index(piece.direction)] = now_;
  // Complete, for the time when the text is scanned and this flow is not at hand.
  if (!conversation_->facts_complete) (void)Facts();
  if (IsWorthAStage(*state, piece)) return scanner_->Stage(*state, piece, conversation_, *this);
  OnOwner(conversation_);
  scanner_->Scan(*state, piece, *this);
  OnOwner(nullptr);
}

// When all stages are taken, a text takes one from another only if its last piece came so lately that it would still
// have had its own. With more texts in turns than stages, each would otherwise lose its stage before its next piece
// comes, and gathering would cost a copy to cold memory and save nothing.
bool Inspector::IsWorthAStage(const identify::TextState& text, const content::TextPiece& piece) noexcept {
  const std::uint32_t turn = ++text_turn_;
  const std::uint32_t since = turn - std::exchange(conversation_->text_turn[Index(piece.direction)], turn);
  return !scanner_->NeedsStageOfAnother(text) || (!piece.first && since <= identify::Scanner::kStagedTexts);
}

void Inspector::OnField(const char* where, std::string_view name, Direction direction, Bytes value) noexcept {
  if (value.empty()) return;
  if (name == "password") OnCredential({where, {}, value});
  if (content::FieldReader::HoldsMore(value)) [[unlikely]] {
    in_field_ = true;
    fields_.Read(where, name, direction, value, *this);
    in_field_ = false;
    return;
  }
  content::TextPiece piece;
  piece.text = value;
  piece.path = where;
  piece.name = name;
  piece.direction = direction;
  ScanField(piece);
}

void Inspector::ScanField(const content::TextPiece& piece) noexcept {
  scanning_field_ = true;
  if (piece.first && piece.last) {
    scanner_->ScanAlone(piece, *this);
  } else {
    if (piece.first) field_state_.Reset();
    scanner_->Scan(field_state_, piece, *this);
  }
  scanning_field_ = false;
}

// When an owner's text is scanned depends on what else this worker reads; what the meters are told does not: of
// findings they learn when their text began, at the earliest in this epoch, and of payload all there is by now.
void Inspector::OnOwner(void* owner) noexcept {
  if (owner == nullptr && owner_ != nullptr && owner_->findings > 0) MeterPayload(*owner_);
  owner_ = static_cast<Conversation*>(owner);
  owner_ != nullptr ? hand_.Lend(owner_->hand) : hand_.Return();
}

const detect::FlowFacts& Inspector::FactsOf(std::span<const identify::Finding> findings) noexcept {
  if (owner_ == nullptr) return Facts();
  detect::FlowFacts& facts = owner_->facts;
  if (owner_->facts_complete && owner_->facts_generation != snapshot_->generation) PlaceEnds(*owner_);
  if (!findings.empty()) facts.time = std::max(epoch_began_, owner_->text_began[Index(findings.front().direction)]);
  return facts;
}

void Inspector::OnFindings(std::span<const identify::Finding> findings) noexcept {
  for (const identify::Finding& f : findings) {
    const std::size_t column = f.is_test_value ? 2 : f.evidence == identify::Evidence::kUnproven ? 0 : 1;
    ++totals_.findings[f.type * 3 + column];
  }
  Conversation& conversation = owner_ != nullptr ? *owner_ : *conversation_;
  conversation.findings += findings.size();
  const detect::FlowFacts& facts = FactsOf(findings);
  epoch_->transfers->OnFindings(facts, findings);
  for (auto& meter : epoch_->meters) {
    if (meter != nullptr) meter->OnFindings(facts, findings);
  }
}

void Inspector::Adopt(RuleChange& change) noexcept {
  change.scanner->Succeed(*scanner_, *this);
  scanner_.swap(change.scanner);
  snapshot_.swap(change.snapshot);
  totals_.findings.resize(snapshot_->rules->rules().size() * 3);
}

void Inspector::OnPeople(std::span<const identify::Finding> people) noexcept {
  if (scanning_field_) return;
  epoch_->transfers->OnFindings(FactsOf(people), people);
}

report::ExcerptKey Inspector::ExcerptKeyOf(const identify::Finding& first) noexcept {
  const detect::FlowFacts& facts = FactsOf({&first, 1});
  return {scanning_field_, facts.time, facts.flow_id, first.direction, first.offset};
}

bool Inspector::WantsExcerpt(const identify::Finding& first) noexcept {
  if (quarantine_ == nullptr) return false;
  const report::ExcerptKey key = ExcerptKeyOf(first);
  return epoch_->excerpts.Wants(FactsOf({&first, 1}).tuple, key);
}

void Inspector::OnExcerpt(const identify::Finding& first, std::string_view text) noexcept {
  report::Excerpt excerpt;
  excerpt.key = ExcerptKeyOf(first);
  const detect::FlowFacts& facts = FactsOf({&first, 1});
  excerpt.tuple = first.direction == Direction::kToServer ? facts.tuple : facts.tuple.Reversed();
  excerpt.app_proto = facts.app_proto;
  excerpt.identifier = snapshot_->rules->info(first.type).id;
  excerpt.masked = snapshot_->settings.quarantine.excerpt != report::QuarantineExcerpt::kRaw;
  excerpt.text = text;
  epoch_->excerpts.Add(std::move(excerpt));
}

void Inspector::EndEpoch(Timestamp end) noexcept {
  scanner_->FlushAll(*this);
  epoch_began_ = end;
}

void Inspector::OnExpectedFlow(const protocol::ExpectedFlow& flow) noexcept {
  ++totals_.worker.expected_flows;
  protocol::ExpectedFlow resolved = flow;
  const FiveTuple tuple = Tuple();
  if (flow.server == IpAddress{}) resolved.server = flow.listener_is_client ? tuple.source : tuple.destination;
  if (flow.server_port == 0) {
    resolved.server_port = flow.listener_is_client ? tuple.source_port : tuple.destination_port;
  }
  if (!expected_.Add(resolved, now_)) ++totals_.worker.expected_dropped;
}

void Inspector::OnServerName(std::string_view host) noexcept {
  char lower[kMaxHostName];
  if (host.empty() || host.size() > sizeof lower) return;
  std::transform(host.begin(), host.end(), lower, [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::string_view name(lower, host.size());
  const detect::HostTag tag = SipHash24(host_key_, AsBytes(name)) | 1;
  conversation_->facts.server_name = tag;
  const std::size_t mask = known_hosts_.size() - 1;
  std::size_t slot = tag & mask;
  while (known_hosts_[slot] != 0 && known_hosts_[slot] != tag) slot = (slot + 1) & mask;
  if (known_hosts_[slot] == tag) return;
  if (known_host_count_ == known_hosts_.size() / 2) {
    ++totals_.worker.host_names_dropped;
    return;
  }
  known_hosts_[slot] = tag;
  ++known_host_count_;
  epoch_->new_hosts.emplace_back(tag, std::string(name));
}

bool Inspector::Wanted(const char* type) const noexcept {
  return write_events_ && snapshot_->settings.report.Writes(type);
}

// Whether an event of that type is to be made. What an epoch has no room for is counted here, before it costs anything:
// a million flows may end in one.
bool Inspector::Admits(const char* type) noexcept {
  if (!Wanted(type)) return false;
  if (epoch_->events.lines.size() < snapshot_->settings.runtime.max_events) return true;
  ++totals_.worker.events;
  ++totals_.worker.events_dropped;
  ++epoch_->events.dropped;
  return false;
}

report::Event& Inspector::NewEvent(const char* type, Direction direction) noexcept {
  event_.time = now_;
  event_.type = type;
  event_.has_tuple = true;
  const FiveTuple tuple = Tuple();
  event_.tuple = direction == Direction::kToServer ? tuple : tuple.Reversed();
  event_.flow_id = conversation_ != nullptr ? Facts().flow_id : FlowId();
  event_.sequence = sequence_++;
  event_.packet = packet_number_;
  event_.tx_id = -1;
  event_.app_proto = "";
  event_.vlan_count = 0;
  if (extension_ != nullptr) {
    event_.vlans = extension_->vlans;
    event_.vlan_count = extension_->vlan_count;
  }
  if (event_.flow_id != community_flow_) {
    community_flow_ = event_.flow_id;
    event_.community_id.clear();
    flow::AppendCommunityId(tuple, event_.community_id);
  }
  event_.body.Clear();
  ++totals_.worker.events;
  return event_;
}

void Inspector::WriteEvent() noexcept {
  EventLines& out = epoch_->events;
  MaskRecord(event_.body);
  const std::size_t begin = out.text.size();
  writer_.Append(event_, out.text);
  out.lines.push_back({event_.time, Tuple(), event_.sequence, event_.type, event_.flow_id,
                       static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(out.text.size() - begin)});
}

// Raw metadata are the operator's choice; secrets leave in no case.
void Inspector::MaskRecord(Record& body) noexcept {
  const bool raw = snapshot_->settings.metadata == config::MetadataPrivacy::kRaw;
  const std::size_t count = body.tokens().size();
  for (std::size_t i = 0; i < count; ++i) {
    const Record::Token token = body.tokens()[i];
    if (token.kind != Record::Kind::kString || token.privacy == Privacy::kPublic || token.length == 0) continue;
    if (raw && token.privacy != Privacy::kSecret) continue;
    mask_.clear();
    scanner_->MaskText(body.text(token), token.privacy != Privacy::kIdentifier, mask_);
    body.Replace(i, mask_);
  }
}

void Inspector::OnEvent(const char* type, std::uint32_t tx_id, Direction direction, const Record& body) noexcept {
  if (!Admits(type)) return;
  report::Event& event = NewEvent(type, direction);
  event.tx_id = tx_id;
  event.body.Append(body);
  WriteEvent();
}

void Inspector::OnProtocolName(const char* name) noexcept {
  conversation_->original_protocol = conversation_->protocol->name;
  conversation_->facts.app_proto = name;
}

void Inspector::OnAnomaly(const char* name) noexcept { WriteAnomaly("applayer", name, "proto_parser"); }

void Inspector::WriteAnomaly(const char* type, const char* name, const char* layer) noexcept {
  ++totals_.worker.anomalies;
  if (!Admits("anomaly")) return;
  report::Event& event = NewEvent("anomaly", Direction::kToServer);
  event.app_proto = conversation_->facts.app_proto;
  event.body.BeginObject("anomaly")
      .String("type", type)
      .String("event", name)
      .String("layer", layer)
      .EndObject();
  WriteEvent();
}

// Findings of the body that brought it: of an attachment, also those before it in the mail.
bool Inspector::Store(const content::FileFacts& file) noexcept {
  if (file.bytes.empty() || !file.has_sha256) return false;
  const bool found = conversation_->findings > conversation_->findings_before[Index(file.direction)];
  if (!found && snapshot_->settings.quarantine.select == report::QuarantineSelect::kFindings) return false;
  return quarantine_->Offer(std::to_array(file.sha256), file.bytes);
}

void Inspector::OnFile(const content::FileFacts& file) noexcept {
  ++totals_.worker.files;
  for (detect::Meter* meter : epoch_->file_readers) {
    meter->OnFile(Facts(), {file.name, file.magic, file.direction, file.size});
  }
  const bool stored = Store(file);
  if (!Admits("fileinfo")) return;
  report::Event& event = NewEvent("fileinfo", file.direction);
  event.app_proto = conversation_->facts.app_proto;
  event.tx_id = file.tx_id;
  Record& body = event.body;
  body.BeginObject("fileinfo");
  if (!file.name.empty()) body.String("filename", file.name, Privacy::kIdentifier);
  if (!file.magic.empty()) body.String("magic", file.magic);
  body.Boolean("gaps", file.end == protocol::BodyEnd::kGap).String("state", StateName(file.end));
  char hex[2 * sizeof file.sha256];
  if (file.has_md5) body.String("md5", WriteHex(file.md5, sizeof file.md5, hex));
  if (file.has_sha256) body.String("sha256", WriteHex(file.sha256, sizeof file.sha256, hex));
  if (file.encrypted) body.Boolean("encrypted", true);
  body.Boolean("stored", stored).Integer("size", static_cast<std::int64_t>(file.size));
  if (file.range.start >= 0) body.Integer("start", file.range.start).Integer("end", file.range.end);
  body.Integer("tx_id", file.tx_id).String("path", file.path, Privacy::kIdentifier).EndObject();
  if (conversation_->parser != nullptr) conversation_->parser->DescribeTransaction(file.tx_id, body);
  WriteEvent();
}

}  // namespace gander::runtime

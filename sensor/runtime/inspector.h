// SPDX-License-Identifier: Apache-2.0
// The payload half of a worker: a chunk of a flow goes to its parser, bodies to content/, text to identify/,
// findings to the meters, records to events. One per worker; works on one flow at a time.
#ifndef GANDER_RUNTIME_INSPECTOR_H_
#define GANDER_RUNTIME_INSPECTOR_H_

#include <memory>
#include <vector>

#include "base/pool.h"
#include "base/shed.h"
#include "config/snapshot.h"
#include "content/decoder_pool.h"
#include "content/field_reader.h"
#include "identify/people_tally.h"
#include "report/events/eve_writer.h"
#include "runtime/expected_flows.h"
#include "runtime/flow_annex.h"
#include "runtime/flow_state.h"
#include "runtime/rule_change.h"
#include "runtime/run_context.h"
#include "runtime/sealed_epoch.h"
#include "supervise/hand.h"

namespace gander::runtime {

class Inspector final : public protocol::MessageSink,
                        public content::TextSink,
                        public identify::FindingSink {
 public:
  // `hand` is told where text of another flow than the selected one is read.
  Inspector(std::shared_ptr<const config::Snapshot> snapshot, const RunContext& context, supervise::Hand& hand);
  ~Inspector() override;

  // The flow that the following calls are about, and the packet at hand: its tuple and direction. `packet_number` 0 is
  // the end of a flow. `epoch` receives what they yield. `tuple` must live as long as the calls.
  void Select(FlowState& flow, FlowExtension* extension, const FiveTuple& tuple, Direction direction, Timestamp now,
              std::uint64_t packet_number, SealedEpoch& epoch) noexcept {
    flow_ = &flow;
    extension_ = extension;
    tuple_ = &tuple;
    direction_ = direction;
    conversation_ = flow.conversation.get();
    now_ = now;
    packet_number_ = packet_number;
    sequence_ = packet_number != 0 ? packet_number << 16 : kAtEnd;
    epoch_ = &epoch;
    chunk_left_ = 0;
    decoders_.burst.Renew();
  }

  // A chunk in stream order (TCP) or a datagram.
  void OnChunk(const stream::StreamChunk& chunk) noexcept;

  // Another copy of bytes of the stream: scanned as text, beside what the parser reads.
  void OnAlternate(Direction direction, stream::Alternate why, Bytes copy) noexcept;

  // A datagram of the selected flow. Most are read without a conversation, or give it back at once.
  void OnDatagram(const stream::StreamChunk& datagram) noexcept;
  void SetShedLevel(ShedLevel level) noexcept { shed_ = level; }
  // Judges by other rules from the next call on; what is replaced is in `change` afterwards.
  void Adopt(RuleChange& change) noexcept;
  // Everything read so far is scanned and metered; what comes belongs to an epoch that begins at `end`.
  void EndEpoch(Timestamp end) noexcept;
  // The selected flow is over: closes parser and bodies, writes the flow event, gives everything back.
  // `reason`: "timeout", "shutdown", "forced" (evicted), "tcp_reuse". `annex` may be null. `rest`: what it did that the
  // traffic meter does not know of.
  void EndFlow(const char* reason, const FlowAnnex* annex, const detect::TrafficStretch& rest) noexcept;
  // What the selected flow did since the last call for it.
  void MeterTraffic(const detect::TrafficStretch& stretch) noexcept;
  // The packet at hand, for detectors.
  void OnIcmpMessage(const IcmpMessageSeen& message) noexcept;
  void OnOpening(const OpeningSeen& opening) noexcept;

  WorkerTotals& totals() noexcept { return totals_; }
  const identify::Counters& identify_counters() noexcept { return scanner_->counters(); }

 private:
  // protocol::MessageSink
  bool WantsEvent(const char* type) const noexcept override { return Wanted(type); }
  void OnEvent(const char* type, std::uint32_t tx_id, Direction direction, const Record& body) noexcept override;
  void OnField(const char* where, std::string_view name, Direction direction, Bytes value) noexcept override;
  void OnBodyBegin(const protocol::BodyMeta& meta) noexcept override;
  void OnBodyPart(Direction direction, Bytes part) noexcept override;
  void OnBodyGap(Direction direction, std::uint64_t bytes) noexcept override;
  void OnBodyEnd(Direction direction, protocol::BodyEnd end) noexcept override;
  void OnExpectedFlow(const protocol::ExpectedFlow& flow) noexcept override;
  void OnServerName(std::string_view host) noexcept override;
  void OnProtocolName(const char* name) noexcept override;
  void OnFunction(const char* name, const char* category) noexcept override;
  bool Observes(Observation what) const noexcept override { return !Observers(what).empty(); }
  void OnRequest(const RequestSeen& request) noexcept override;
  void OnDnsName(const DnsNameSeen& name) noexcept override;
  void OnCredential(const CredentialSeen& credential) noexcept override;
  void OnSoftware(const SoftwareSeen& software) noexcept override;
  void OnAnomaly(const char* name) noexcept override;
  // content::TextSink
  void OnText(const content::TextPiece& piece) noexcept override;
  void OnFile(const content::FileFacts& file) noexcept override;
  // of both: bytes of the chunk at hand
  void OnFate(ByteFate fate, std::uint64_t bytes) noexcept override;
  // identify::FindingSink
  void OnFinding(const identify::Finding& finding) noexcept override { OnFindings({&finding, 1}); }
  void OnFindings(std::span<const identify::Finding> findings) noexcept override;
  void OnOwner(void* owner) noexcept override;
  bool WantsExcerpt(const identify::Finding& first) noexcept override;
  void OnExcerpt(const identify::Finding& first, std::string_view text) noexcept override;
  // Each field is a text of its own, though all of a form are one person: of fields, no records are told.
  void OnPeople(std::span<const identify::Finding> people) noexcept override;

  static constexpr std::uint64_t kAtEnd = 1ULL << 62;  // sequences of events at the end of a flow

  FiveTuple Tuple() const noexcept;  // of the selected flow: source = client, ICMP's type and code for ports
  std::uint64_t FlowId() const noexcept;
  detect::FlowTotals Totals() const noexcept;
  void CountPayload(const stream::StreamChunk& chunk) noexcept;
  void Acquire() noexcept;
  void Release(Datagrams rest) noexcept;
  bool ReadsAsText(const stream::StreamChunk& datagram) noexcept;
  void BeginClearText() noexcept;
  bool RecogniseDatagram(const stream::StreamChunk& datagram) noexcept;
  bool LeavesOut(stream::StreamChunk& chunk) noexcept;
  std::size_t FollowCipher(const stream::StreamChunk& chunk) noexcept;
  void Read(stream::StreamChunk chunk) noexcept;
  bool StartExpected() noexcept;
  bool Recognise(const stream::StreamChunk& chunk) noexcept;
  void StartPlainText(Direction asker) noexcept;
  void RecogniseAnswer(const stream::StreamChunk& chunk) noexcept;
  bool TryProbe(const stream::StreamChunk& chunk, bool* need_more) noexcept;
  bool Hold(const stream::StreamChunk& chunk) noexcept;
  const protocol::ProtocolInfo* ProbeAll(const stream::StreamChunk& chunk, Bytes bytes, bool* need_more) const noexcept;
  void Start(const protocol::ProtocolInfo& protocol) noexcept;
  void Resume(const protocol::ProtocolInfo& protocol) noexcept;
  void ReplayHeld() noexcept;
  std::size_t Parse(const stream::StreamChunk& chunk, protocol::ParseStatus* status) noexcept;
  void StopParsing() noexcept;
  void Switch() noexcept;
  std::size_t ProtocolIndex() const noexcept;
  const char* FlowProtocol() const noexcept;
  void WriteAnomaly(const char* type, const char* name, const char* layer) noexcept;
  void WriteFlowEvent(const char* reason, const FlowAnnex* annex) noexcept;
  void MaskRecord(Record& body) noexcept;
  report::Event& NewEvent(const char* type, Direction direction) noexcept;
  void WriteEvent() noexcept;
  bool Wanted(const char* type) const noexcept;
  bool Admits(const char* type) noexcept;
  content::Options ContentOptions() const noexcept;
  bool Store(const content::FileFacts& file) noexcept;
  bool IsWorthAStage(const identify::TextState& text, const content::TextPiece& piece) noexcept;
  void ScanField(const content::TextPiece& piece) noexcept;
  void MeterPayload(Conversation& conversation) noexcept;
  void MeterFlowEnd() noexcept;
  detect::FlowFacts& Facts() noexcept;
  detect::FlowFacts BareFacts() const noexcept;
  const std::vector<detect::Meter*>& Observers(Observation what) const noexcept {
    return epoch_->observers[static_cast<std::size_t>(what)];
  }
  void TellOpening(const stream::StreamChunk& chunk) noexcept;
  void PlaceEnds(Conversation& conversation) noexcept;
  report::ExcerptKey ExcerptKeyOf(const identify::Finding& first) noexcept;
  const detect::FlowFacts& FactsOf(std::span<const identify::Finding> findings) noexcept;  // of the text they are of

  std::shared_ptr<const config::Snapshot> snapshot_;
  supervise::Hand& hand_;
  const bool write_events_;
  report::Quarantine* const quarantine_;
  const content::Options content_;  // files are hashed only where somebody reads it
  report::EveWriter writer_;
  WorkerTotals totals_;
  std::unique_ptr<identify::Scanner> scanner_;
  identify::TextState field_state_;
  bool scanning_field_ = false;
  bool in_field_ = false;  // what content/ tells is of a field, whose bytes are accounted
  ExpectedFlows expected_;
  content::DecoderPool decoders_;
  content::FieldReader fields_;
  Pool<HeldPayload> held_;
  Pool<content::BodyReader> readers_;
  Pool<identify::TextState> texts_;
  std::vector<std::unique_ptr<Pool<protocol::Parser>>> parsers_;  // by protocol, last = plain text
  ConversationPool conversations_;  // ends before what its parts go back to
  std::uint32_t text_turn_ = 0;     // pieces of text so far
  const HashKey host_key_;                    // every worker of a run gives a name the same tag
  std::vector<detect::HostTag> known_hosts_;  // open addressing, 0 = free
  std::size_t known_host_count_ = 0;
  report::Event event_;
  std::uint64_t community_flow_ = 0;  // whose Community ID event_ holds: a digest a flow in a row, not an event
  std::string mask_, probed_, switched_to_;

  ShedLevel shed_ = ShedLevel::kNone;
  FlowState* flow_ = nullptr;
  FlowExtension* extension_ = nullptr;  // null where the flow has none
  const FiveTuple* tuple_ = nullptr;
  Direction direction_ = Direction::kToServer;
  Conversation* conversation_ = nullptr;
  Conversation* owner_ = nullptr;    // whose staged text is being scanned, null = of conversation_
  Timestamp epoch_began_ = kDistantPast;
  SealedEpoch* epoch_ = nullptr;
  Timestamp now_;
  std::uint64_t packet_number_ = 0;
  std::uint64_t sequence_ = 0;  // of the next event
  std::uint64_t chunk_left_ = 0;  // bytes of the chunk at hand without a fate
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_INSPECTOR_H_

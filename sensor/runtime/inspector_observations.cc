// SPDX-License-Identifier: Apache-2.0
// What detectors are told beside findings: volumes of flows, and what parsers notice.
#include "runtime/inspector.h"

#include <optional>

namespace gander::runtime {

// Of the selected flow, without asking the policy where its ends lie: what volumes and names are keyed by.
detect::FlowFacts Inspector::BareFacts() const noexcept {
  detect::FlowFacts facts;
  facts.tuple = Tuple();
  facts.time = now_;
  if (conversation_ != nullptr) {
    facts.server_name = conversation_->facts.server_name;
    facts.app_proto = conversation_->facts.app_proto;
    facts.encrypted = conversation_->facts.encrypted;
  } else if (flow_->datagrams == Datagrams::kAtRest || flow_->datagrams == Datagrams::kEncrypted) {
    facts.app_proto = protocol::Protocols()[flow_->protocol].name;
    facts.encrypted = flow_->datagrams == Datagrams::kEncrypted;
  }
  return facts;
}

void Inspector::MeterTraffic(const detect::TrafficStretch& stretch) noexcept {
  if (stretch.packets[0] + stretch.packets[1] == 0) return;
  if (epoch_->traffic->GivesUp(stretch)) return;
  detect::FlowSample* const sample = epoch_->traffic->OnStretch(BareFacts(), stretch);
  if (sample != nullptr) sample->flow_id = FlowId();
}

void Inspector::OnRequest(const RequestSeen& request) noexcept {
  for (detect::Meter* meter : Observers(Observation::kRequest)) meter->OnRequest(Facts(), request);
}

void Inspector::OnDnsName(const DnsNameSeen& name) noexcept {
  if (!Observes(Observation::kDnsName)) return;
  detect::FlowFacts facts = BareFacts();
  facts.flow_id = FlowId();
  for (detect::Meter* meter : Observers(Observation::kDnsName)) meter->OnDnsName(facts, name);
}

void Inspector::OnIcmpMessage(const IcmpMessageSeen& message) noexcept {
  if (!Observes(Observation::kIcmpMessage)) return;
  detect::FlowFacts facts = BareFacts();
  facts.flow_id = FlowId();
  for (detect::Meter* meter : Observers(Observation::kIcmpMessage)) meter->OnIcmpMessage(facts, message);
}

void Inspector::OnCredential(const CredentialSeen& credential) noexcept {
  for (detect::Meter* meter : Observers(Observation::kCredential)) meter->OnCredential(Facts(), credential);
}

void Inspector::OnSoftware(const SoftwareSeen& software) noexcept {
  for (detect::Meter* meter : Observers(Observation::kSoftware)) meter->OnSoftware(Facts(), software);
}

void Inspector::OnFunction(const char* name, const char* category) noexcept {
  ++totals_.functions[{conversation_->facts.app_proto, name, category}];
  for (detect::Meter* meter : Observers(Observation::kFunction)) meter->OnFunction(Facts(), {name, category});
}

void Inspector::OnOpening(const OpeningSeen& opening) noexcept {
  if (opening.bytes.empty()) return;
  std::optional<detect::FlowFacts> facts;
  for (detect::Meter* meter : Observers(Observation::kOpening)) {
    if (!meter->Reads(opening)) continue;
    if (!facts) {
      facts = BareFacts();
      facts->flow_id = FlowId();
    }
    meter->OnOpening(*facts, opening);
  }
}

// A flow that is read as plain text because nobody knows its protocol: the first chunk of each direction.
void Inspector::TellOpening(const stream::StreamChunk& chunk) noexcept {
  const auto bit = static_cast<std::uint8_t>(1u << Index(chunk.direction));
  if ((conversation_->openings_told & bit) != 0 || chunk.bytes.empty()) return;
  conversation_->openings_told |= bit;
  OnOpening({chunk.direction, chunk.bytes});
}

}  // namespace gander::runtime

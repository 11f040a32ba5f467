// SPDX-License-Identifier: Apache-2.0
#include "detect/d13_covert_upload/covert_meter.h"

#include <cmath>

#include "detect/account/information.h"

namespace gander::detect {
namespace {

constexpr std::size_t kTooShort = 64;  // to tell ciphertext from a header with few octets

}  // namespace

bool CovertMeter::Reads(const OpeningSeen& opening) const noexcept {
  return opening.direction == Direction::kToServer && opening.bytes.size() >= kTooShort;
}

void CovertMeter::OnOpening(const FlowFacts& flow, const OpeningSeen& opening) noexcept {
  if (!Reads(opening)) return;
  OpeningEntry entry;
  entry.key = {flow.tuple.source, flow.tuple.destination, flow.tuple.destination_port, flow.tuple.protocol};
  const double entropy = ScaledEntropyOf(opening.bytes);
  entry.tenths = static_cast<std::uint32_t>(std::lround(10 * entropy));
  entry.random = entropy >= options_.entropy;
  openings_.Add(entry);
}

void CovertMeter::OnRequest(const FlowFacts& flow, const RequestSeen& request) noexcept {
  if (request.status != 0) return;  // told again with its answer
  AddField(flow, AsBytes(request.target));
  AddField(flow, request.credential);
}

void CovertMeter::AddField(const FlowFacts& flow, Bytes field) noexcept {
  if (field.size() <= options_.field_bytes) return;
  StuffedEntry entry;
  entry.key = {flow.tuple.source, flow.tuple.destination, SipHash13(key_, field)};
  entry.information = static_cast<std::uint32_t>(std::lround(InformationOf(field)));
  entry.host = flow.server_name;
  entry.first_seen = entry.last_seen = flow.time;
  entry.sample = {flow.time, flow.tuple, flow.flow_id};
  stuffed_.Add(entry);
}

void CovertMeter::Merge(const Meter& other) {
  const auto& o = static_cast<const CovertMeter&>(other);
  openings_.Merge(o.openings_);
  stuffed_.Merge(o.stuffed_);
}

void CovertMeter::Clear() noexcept {
  openings_.Clear();
  stuffed_.Clear();
}

}  // namespace gander::detect

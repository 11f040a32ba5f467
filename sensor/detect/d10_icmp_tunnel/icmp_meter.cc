// SPDX-License-Identifier: Apache-2.0
#include "detect/d10_icmp_tunnel/icmp_meter.h"

#include <bit>
#include <cmath>

#include "detect/account/information.h"

namespace gander::detect {
namespace {

// Payloads are told apart by this hash in every process, so that counts beyond the exact range are the same in each
// run. Whoever could make two payloads meet would have to carry data in neither.

enum class Role : std::uint8_t { kIgnored, kRequest, kReply, kOther };

Role RoleOf(std::uint8_t protocol, std::uint8_t type) noexcept {
  if (protocol == ip_proto::kIcmp) {
    switch (type) {
      case 8: return Role::kRequest;
      case 0: return Role::kReply;
      case 3: case 4: case 5: case 11: case 12: return Role::kIgnored;  // carry the datagram that failed (RFC 792)
      case 9: case 10: return Role::kIgnored;                            // routers and who looks for them
      default: return Role::kOther;
    }
  }
  if (type == 128) return Role::kRequest;
  if (type == 129) return Role::kReply;
  // Errors (RFC 4443), listeners and neighbours (RFC 2710, 3810, 4861), renumbering and mobility carry what they must.
  return type < 128 || type <= 160 ? Role::kIgnored : Role::kOther;
}

std::uint64_t PayloadTag(const HashKey& key, Bytes payload) noexcept {
  return SipHash13(key, payload.first(std::bit_floor(payload.size())));
}

}  // namespace

bool IcmpMeter::Differs(const AskedKey& key, Bytes reply) noexcept {
  const Asked* const asked = asked_.Find(key);
  if (asked == nullptr) return false;
  if (reply.size() > asked->size) return true;
  if (reply.size() == asked->size) return SipHash13(key_, reply) != asked->whole;
  // Some hosts and middle boxes give back less than they got: what they do give must be the same.
  const std::size_t common = std::min(reply.size(), asked->front.size());
  return !std::equal(reply.begin(), reply.begin() + static_cast<std::ptrdiff_t>(common), asked->front.begin());
}

void IcmpMeter::OnIcmpMessage(const FlowFacts& flow, const IcmpMessageSeen& m) noexcept {
  const Role role = RoleOf(flow.tuple.protocol, m.type);
  if (role == Role::kIgnored) return;
  const bool forward = m.direction == Direction::kToServer;
  const IpAddress& sender = forward ? flow.tuple.source : flow.tuple.destination;
  const IpAddress& recipient = forward ? flow.tuple.destination : flow.tuple.source;
  IcmpPairEntry entry;
  entry.key =
      role == Role::kReply ? IcmpPairKey{recipient, sender, kIcmpEcho} : IcmpPairKey{sender, recipient, kIcmpEcho};
  if (role == Role::kOther) entry.key.kind = m.type;
  (role == Role::kReply ? entry.figures.replies : entry.figures.requests) = 1;
  entry.figures.bytes = m.data.size();
  entry.figures.sizes = std::uint64_t{1} << (m.data.size() % 64);
  entry.first_seen = entry.last_seen = flow.time;
  entry.sample = {flow.time, flow.tuple, flow.flow_id};

  const AskedKey asked{entry.key, m.id, m.sequence};
  if (role == Role::kRequest) {
    Asked a;
    a.key = asked;
    a.whole = SipHash13(key_, m.data);
    a.size = static_cast<std::uint32_t>(m.data.size());
    std::copy_n(m.data.begin(), std::min(m.data.size(), a.front.size()), a.front.begin());
    asked_.Add(a);
  } else if (role == Role::kReply) {
    entry.figures.mismatches = Differs(asked, m.data);
  }
  if (pairs_.Add(entry) == nullptr || m.data.size() < kStamp + 8) return;
  const Bytes payload = m.data.subspan(kStamp);
  const auto entropy = static_cast<std::uint64_t>(std::lround(1000 * ScaledEntropyOf(payload)));
  payloads_.Add({{entry.key, PayloadTag(key_, payload)}, payload.size(), entropy});
}

void IcmpMeter::Merge(const Meter& other) {
  const auto& o = static_cast<const IcmpMeter&>(other);
  pairs_.Merge(o.pairs_);
  payloads_.Merge(o.payloads_);
}

void IcmpMeter::Clear() noexcept {
  pairs_.Clear();
  payloads_.Clear();
  asked_.Clear();
}

}  // namespace gander::detect

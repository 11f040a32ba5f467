// SPDX-License-Identifier: Apache-2.0
// What D09 keeps of the names asked for in one epoch: each once by who asks for it, as a hash, with what it could
// carry.
#ifndef GANDER_DETECT_D09_DNS_TUNNEL_DNS_METER_H_
#define GANDER_DETECT_D09_DNS_TUNNEL_DNS_METER_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "detect/account/samples.h"
#include "detect/detector.h"
#include "detect/state/meter_table.h"

namespace gander::detect {

// A name or the data of an answer. Hashes are the same in every process: what is counted by them must come out the same
// in each run.
struct DnsUseKey {
  IpAddress client, server;
  std::uint64_t domain = 0;   // of the registrable domain; 0 = the name has none that the root knows
  std::uint64_t content = 0;  // of the whole name, or of the data
  bool answer = false;
  auto operator<=>(const DnsUseKey&) const = default;
  std::uint64_t Hash(const HashKey& k) const noexcept {
    return HashWords(
        k, {client.upper(), client.lower(), server.upper(), server.lower(), domain, content, answer});
  }
};

struct DnsUse {
  DnsUseKey key;
  std::uint32_t information = 0;   // in sixteenths of an octet
  std::uint64_t unknown_top = 0;   // hash of the last label when the root does not know it, else 0
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
  FlowSample sample;
  void Add(const DnsUse& o) noexcept {
    information = std::max(information, o.information);
    first_seen = std::min(first_seen, o.first_seen);
    last_seen = std::max(last_seen, o.last_seen);
    sample.KeepEarlier(o.sample);
  }
};

// The text behind a hash of a domain.
struct DnsDomain {
  static constexpr std::size_t kLongest = 127;
  struct Key {
    std::uint64_t domain = 0;
    auto operator<=>(const Key&) const = default;
    std::uint64_t Hash(const HashKey& k) const noexcept { return SipHash13(k, domain); }
  } key;
  std::array<char, kLongest> text{};
  std::uint8_t length = 0;
  void Add(const DnsDomain&) noexcept {}
  std::string_view name() const noexcept { return {text.data(), length}; }
};

class DnsMeter final : public Meter {
 public:
  // `key`: of what is hashed; the same for all meters that are merged (MeterKey).
  DnsMeter(std::size_t names, const HashKey& key) : key_(key), uses_(names), domains_(names / 2 + 1) {}

  ObservationMask observes() const noexcept override { return MaskOf(Observation::kDnsName); }
  void OnDnsName(const FlowFacts& flow, const DnsNameSeen& seen) noexcept override;
  void Merge(const Meter& other) override;
  void Clear() noexcept override;

  const MeterTable<DnsUse>& uses() const noexcept { return uses_; }
  const MeterTable<DnsDomain>& domains() const noexcept { return domains_; }

 private:
  HashKey key_;
  MeterTable<DnsUse> uses_;
  MeterTable<DnsDomain> domains_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D09_DNS_TUNNEL_DNS_METER_H_

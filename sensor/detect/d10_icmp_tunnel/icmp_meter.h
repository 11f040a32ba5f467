// SPDX-License-Identifier: Apache-2.0
// What D10 counts of ICMP in one epoch, by who asks whom.
#ifndef GANDER_DETECT_D10_ICMP_TUNNEL_ICMP_METER_H_
#define GANDER_DETECT_D10_ICMP_TUNNEL_ICMP_METER_H_

#include <array>
#include <cstdint>

#include "detect/account/samples.h"
#include "detect/detector.h"
#include "detect/state/fields.h"
#include "detect/state/meter_table.h"

namespace gander::detect {

inline constexpr std::uint8_t kIcmpEcho = 0;  // echo and its reply, of both versions; else the type itself

struct IcmpPairKey {
  IpAddress asker, asked;   // of a reply: its recipient asked
  std::uint8_t kind = kIcmpEcho;
  auto operator<=>(const IcmpPairKey&) const = default;
  static auto Saved(auto& k) { return Fields(k.asker, k.asked, k.kind); }
  std::uint64_t Hash(const HashKey& k) const noexcept {
    return HashWords(k, {asker.upper(), asker.lower(), asked.upper(), asked.lower(), kind});
  }
};

struct IcmpFigures {
  std::uint64_t requests = 0, replies = 0;
  std::uint64_t bytes = 0;          // of data, all messages
  std::uint64_t mismatches = 0;     // replies that do not give back what was asked
  std::uint64_t sizes = 0;          // a bit for each size of data, modulo 64
  // Of payloads that had not been seen yet; summed up by the aggregator.
  std::uint64_t payload_bytes = 0, entropy_bytes = 0;  // the second: thousandths of a bit an octet, times octets

  static auto Saved(auto& f) {
    return Fields(f.requests, f.replies, f.bytes, f.mismatches, f.sizes, f.payload_bytes, f.entropy_bytes);
  }
  void Add(const IcmpFigures& o) noexcept {
    requests += o.requests;
    replies += o.replies;
    bytes += o.bytes;
    mismatches += o.mismatches;
    sizes |= o.sizes;
    payload_bytes += o.payload_bytes;
    entropy_bytes += o.entropy_bytes;
  }
};

struct IcmpPairEntry {
  IcmpPairKey key;
  IcmpFigures figures;
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
  FlowSample sample;
  void Add(const IcmpPairEntry& o) noexcept {
    figures.Add(o.figures);
    first_seen = std::min(first_seen, o.first_seen);
    last_seen = std::max(last_seen, o.last_seen);
    sample.KeepEarlier(o.sample);
  }
};

// A payload of a pair, known by a hash of its first part. The part's length is a power of two, so that probes of
// growing size with the same content are few payloads, not many.
struct IcmpPayloadKey {
  IcmpPairKey pair;
  std::uint64_t tag = 0;
  auto operator<=>(const IcmpPayloadKey&) const = default;
  std::uint64_t Hash(const HashKey& k) const noexcept { return HashWords(k, {pair.Hash(k), tag}); }
};
struct IcmpPayloadEntry {
  IcmpPayloadKey key;
  std::uint64_t bytes = 0, entropy_milli = 0;  // of the longest
  void Add(const IcmpPayloadEntry& o) noexcept {
    if (std::pair(o.bytes, o.entropy_milli) > std::pair(bytes, entropy_milli)) {
      bytes = o.bytes;
      entropy_milli = o.entropy_milli;
    }
  }
};

class IcmpMeter final : public Meter {
 public:
  static constexpr std::size_t kStamp = 16;  // octets in front that may hold a time

  // `key`: of payloads; the same for all meters that are merged (MeterKey).
  IcmpMeter(std::size_t pairs, const HashKey& key) : key_(key), pairs_(pairs), payloads_(4 * pairs), asked_(4 * pairs) {}

  ObservationMask observes() const noexcept override { return MaskOf(Observation::kIcmpMessage); }
  void OnIcmpMessage(const FlowFacts& flow, const IcmpMessageSeen& message) noexcept override;
  void Merge(const Meter& other) override;
  void Clear() noexcept override;

  const MeterTable<IcmpPairEntry>& pairs() const noexcept { return pairs_; }
  const MeterTable<IcmpPayloadEntry>& payloads() const noexcept { return payloads_; }

 private:
  // An echo request of this epoch, to compare its reply with.
  struct AskedKey {
    IcmpPairKey pair;
    std::uint16_t id = 0, sequence = 0;
    auto operator<=>(const AskedKey&) const = default;
    std::uint64_t Hash(const HashKey& k) const noexcept {
      return HashWords(k, {pair.Hash(k), std::uint64_t{id} << 16 | sequence});
    }
  };
  struct Asked {
    AskedKey key;
    std::uint64_t whole = 0;               // hash of all data
    std::uint32_t size = 0;
    std::array<std::byte, 32> front{};     // for replies that were cut short
    void Add(const Asked& latest) noexcept { *this = latest; }
  };
  bool Differs(const AskedKey& key, Bytes reply) noexcept;

  HashKey key_;
  MeterTable<IcmpPairEntry> pairs_;
  MeterTable<IcmpPayloadEntry> payloads_;
  MeterTable<Asked> asked_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D10_ICMP_TUNNEL_ICMP_METER_H_

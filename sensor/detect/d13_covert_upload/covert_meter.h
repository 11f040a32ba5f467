// SPDX-License-Identifier: Apache-2.0
// What D13 looks at beside volumes: how flows begin that no parser reads, and oversized fields of requests.
#ifndef GANDER_DETECT_D13_COVERT_UPLOAD_COVERT_METER_H_
#define GANDER_DETECT_D13_COVERT_UPLOAD_COVERT_METER_H_

#include <cstdint>

#include "detect/account/samples.h"
#include "detect/detector.h"
#include "detect/state/fields.h"
#include "detect/state/meter_table.h"
#include "detect/state/random_key.h"

namespace gander::detect {

// Flows of one client with one service.
struct OpeningKey {
  IpAddress client, server;
  std::uint16_t server_port = 0;
  std::uint8_t transport = 0;
  auto operator<=>(const OpeningKey&) const = default;
  static auto Saved(auto& k) { return Fields(k.client, k.server, k.server_port, k.transport); }
  std::uint64_t Hash(const HashKey& k) const noexcept {
    return HashWords(k, {client.upper(), client.lower(), server.upper(), server.lower(),
                         std::uint64_t{transport} << 16 | server_port});
  }
};
struct OpeningEntry {
  OpeningKey key;
  // Of the client's openings that are long enough to tell:
  bool random = false;       // whether one is as even as ciphertext
  std::uint32_t tenths = 0;  // highest entropy, tenths of a bit an octet
  void Add(const OpeningEntry& o) noexcept {
    random = random || o.random;
    tenths = std::max(tenths, o.tenths);
  }
};

// A request field that is longer than any need, once however often it is sent.
struct StuffedKey {
  IpAddress client, server;
  std::uint64_t content = 0;
  auto operator<=>(const StuffedKey&) const = default;
  std::uint64_t Hash(const HashKey& k) const noexcept {
    return HashWords(k, {client.upper(), client.lower(), server.upper(), server.lower(), content});
  }
};
struct StuffedEntry {
  StuffedKey key;
  std::uint32_t information = 0;  // octets it can carry
  HostTag host = 0;
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
  FlowSample sample;
  void Add(const StuffedEntry& o) noexcept {
    first_seen = std::min(first_seen, o.first_seen);
    last_seen = std::max(last_seen, o.last_seen);
    sample.KeepEarlier(o.sample);
  }
};

class CovertMeter final : public Meter {
 public:
  explicit CovertMeter(const Options& options)
      : options_(options.covert),
        key_(MeterKey(options, 13)),
        openings_(options.covert.epoch_openings),
        stuffed_(options.covert.epoch_openings / 4 + 1) {}

  ObservationMask observes() const noexcept override {
    return MaskOf(Observation::kOpening) | MaskOf(Observation::kRequest);
  }
  bool Reads(const OpeningSeen& opening) const noexcept override;
  void OnOpening(const FlowFacts& flow, const OpeningSeen& opening) noexcept override;
  void OnRequest(const FlowFacts& flow, const RequestSeen& request) noexcept override;
  void Merge(const Meter& other) override;
  void Clear() noexcept override;

  const MeterTable<OpeningEntry>& openings() const noexcept { return openings_; }
  const MeterTable<StuffedEntry>& stuffed() const noexcept { return stuffed_; }

 private:
  void AddField(const FlowFacts& flow, Bytes field) noexcept;

  Options::Covert options_;
  HashKey key_;  // of fields
  MeterTable<OpeningEntry> openings_;
  MeterTable<StuffedEntry> stuffed_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D13_COVERT_UPLOAD_COVERT_METER_H_

// SPDX-License-Identifier: Apache-2.0
// Messages of control protocols: who asked which device for what; and engineering files: who sent which kind to whom.
// The state of D16 on the workers; what stays inside one zone is a plant at work and takes no room.
#ifndef GANDER_DETECT_D16_CRITICAL_INFRASTRUCTURE_CONTROL_METER_H_
#define GANDER_DETECT_D16_CRITICAL_INFRASTRUCTURE_CONTROL_METER_H_

#include <vector>

#include "base/hash.h"
#include "detect/account/samples.h"
#include "detect/detector.h"
#include "detect/state/epoch_table.h"

namespace gander::detect {

// "modbus", "opcua" ...: whether protocol names of this kind run a process.
bool IsControlProtocol(std::string_view app_proto) noexcept;
// By the first payload of a flow that no parser reads: OPC UA (OPC 10000-6 section 7.1.2) and EtherNet/IP (CIP volume
// 2, chapter 2-3). "" for all else.
const char* ControlProtocolOf(Bytes opening) noexcept;

class ControlMeter final : public Meter {
 public:
  struct Asked {
    IpAddress client, server;
    std::uint16_t server_port = 0;
    const char* protocol = "";
    const char* function = "";  // "" = only the protocol is known
    bool acts = false;          // it changes something: write, control
    enum class File : std::uint8_t { kNone, kByClient, kByServer } file = File::kNone;  // then `function` is its kind
    std::uint64_t times = 0;
    Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
    FlowSample sample;
  };

  ControlMeter(std::size_t capacity, const HashKey& key) : asked_(capacity), key_(key) {}

  ObservationMask observes() const noexcept override {
    return MaskOf(Observation::kFunction) | MaskOf(Observation::kOpening);
  }
  void OnFunction(const FlowFacts& flow, const FunctionSeen& seen) noexcept override;
  bool Reads(const OpeningSeen& seen) const noexcept override { return *ControlProtocolOf(seen.bytes) != '\0'; }
  void OnOpening(const FlowFacts& flow, const OpeningSeen& seen) noexcept override;
  bool reads_files() const noexcept override { return true; }
  void OnFile(const FlowFacts& flow, const FileSeen& file) noexcept override;
  void Merge(const Meter& other) override;
  void Clear() noexcept override;

  // In an order that depends on the traffic alone.
  std::vector<const Asked*> Sorted() const;
  std::uint64_t overflow() const noexcept { return overflow_; }

 private:
  void Add(const FlowFacts& flow, Asked asked) noexcept;
  std::uint64_t HashOf(const Asked& asked) const noexcept;
  static void Join(Asked& to, const Asked& from) noexcept;

  EpochTable<Asked> asked_;
  HashKey key_;
  std::uint64_t overflow_ = 0;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D16_CRITICAL_INFRASTRUCTURE_CONTROL_METER_H_

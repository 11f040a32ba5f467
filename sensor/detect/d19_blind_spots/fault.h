// SPDX-License-Identifier: Apache-2.0
// One thing that keeps the sensor from seeing everything, ready to be said by D19.
#ifndef GANDER_DETECT_D19_BLIND_SPOTS_FAULT_H_
#define GANDER_DETECT_D19_BLIND_SPOTS_FAULT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "detect/alerting/alert_gate.h"
#include "detect/detector.h"
#include "detect/state/fields.h"

namespace gander::detect {

struct Fault {
  std::string kind;  // part of the dedup key
  Severity severity;
  std::string headline;  // "0.42 % of packets dropped"
  std::string detail, remedy;
  bool ended = false;  // good news
};

// Packets lost before the workers, by the minute.
struct PacketTally {
  std::uint64_t received = 0, kernel = 0, interface = 0, no_buffer = 0, ring_full = 0;

  void Add(const PortHealth& port) noexcept;
  std::uint64_t lost() const noexcept { return kernel + interface + no_buffer + ring_full; }
  static auto Saved(auto& t) { return Fields(t.received, t.kernel, t.interface, t.no_buffer, t.ring_full); }
};
void AddLossFaults(const PacketTally& tally, const Options& options, std::vector<Fault>& out);

// What workers leave out under overload, each stretch said when it begins to cost something and when it ends.
// A worker whose stretches follow one another closely speaks through `gate`, as all that lasts does.
class OverloadWatch {
 public:
  void OnEpoch(const EpochView& epoch, AlertGate& gate, std::vector<Fault>& out);
  static auto Saved(auto& w) { return Fields(w.stretches_); }

 private:
  struct Stretch {
    Timestamp begin;
    std::uint64_t received = 0;  // bytes that arrived at all workers since its first epoch
    bool said = false;

    static auto Saved(auto& s) { return Fields(s.begin, s.received, s.said); }
  };
  std::map<std::uint32_t, Stretch> stretches_;  // by worker: each has one at a time
};

// Ports that do not work, said when it begins and when it ends.
class PortWatch {
 public:
  void OnEpoch(const EpochView& epoch, std::vector<Fault>& out);
  static auto Saved(auto& w) { return Fields(w.broken_); }

 private:
  std::map<std::string, Timestamp> broken_;  // since when
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D19_BLIND_SPOTS_FAULT_H_

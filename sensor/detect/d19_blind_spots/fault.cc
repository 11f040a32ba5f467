// SPDX-License-Identifier: Apache-2.0
#include "detect/d19_blind_spots/fault.h"

#include <algorithm>
#include <cstring>

#include "detect/alerting/words.h"

namespace gander::detect {
namespace {

Severity SeverityOf(const char* level) noexcept {
  if (std::strcmp(level, "all_but_first") == 0) return Severity::kHigh;
  return std::strcmp(level, "large_bodies") == 0 ? Severity::kMedium : Severity::kLow;
}

std::string LevelWords(const char* level) {
  if (std::strcmp(level, "all_but_first") == 0) return "all but the first bytes of each flow";
  if (std::strcmp(level, "large_bodies") == 0) return "large bodies beyond their first bytes";
  return "opaque bulk";
}

Fault ShedFault(const PortHealth::Shed& s, std::uint64_t received, const std::string& verb) {
  const std::string worker = "worker " + std::to_string(s.worker);
  const double share =
      static_cast<double>(s.bytes) / static_cast<double>(std::max({std::uint64_t{1}, received, s.bytes}));
  Fault fault{"shed|" + std::to_string(s.worker) + "|" + std::to_string(s.begin.ns),
              s.lost_packets > 0 ? std::max(Severity::kMedium, SeverityOf(s.level)) : SeverityOf(s.level),
              "shedding " + verb + " in " + worker + ": " + ByteWords(s.bytes) + " left out",
              worker + " could not keep up and left out " + LevelWords(s.level) + " (level " + s.level +
                  "), from " + FormatEveTime(s.begin) + (s.over ? " to " : " and still at ") +
                  FormatEveTime(s.end) + ", " + Span(s.end - s.begin) + ": " + ByteWords(s.bytes) + ", " +
                  Percent(share) + " of what arrived in these epochs, while it read " + Figure(s.packets) +
                  " packets and " + Figure(s.lost_packets) + " were lost before it",
              "add queues and workers, leave harmless traffic out by a filter, or change what is given up by "
              "runtime.shed_body_bytes and runtime.shed_flow_bytes"};
  fault.ended = s.over;
  return fault;
}

void AddLoss(std::uint64_t packets, const PacketTally& tally, const Options& options, const char* kind,
             const std::string& what, const char* remedy, std::vector<Fault>& out) {
  const double share = static_cast<double>(packets) / static_cast<double>(tally.received + tally.lost());
  if (packets == 0 || share < options.drop_ratio) return;
  out.push_back({kind, share >= options.drop_ratio_high ? Severity::kHigh : Severity::kMedium,
                 Percent(share) + " of packets lost: " + what,
                 Figure(packets) + " packets of a minute were lost because " + what + " (threshold " +
                     Percent(options.drop_ratio) + ")",
                 remedy});
}

}  // namespace

void PacketTally::Add(const PortHealth& port) noexcept {
  received += port.received;
  kernel += port.kernel_drops;
  interface += port.interface_drops;
  no_buffer += port.no_buffer;
  ring_full += port.ring_full;
}

void AddLossFaults(const PacketTally& t, const Options& options, std::vector<Fault>& out) {
  // What the ring to another worker lost had been received.
  const std::uint64_t offered = t.received + t.lost() - t.ring_full;
  if (offered < options.min_packets || offered == 0) return;
  const double share = static_cast<double>(t.lost()) / static_cast<double>(offered);
  if (share >= options.drop_ratio) {
    out.push_back(
        {"drops", share >= options.drop_ratio_high ? Severity::kHigh : Severity::kMedium,
         Percent(share) + " of packets dropped",
         Figure(t.lost()) + " of " + Figure(offered) +
             " packets were dropped before the sensor could read "
             "them: kernel " +
             Figure(t.kernel) + ", network card " + Figure(t.interface) + ", no free buffer " +
             Figure(t.no_buffer) + ", full ring between workers " + Figure(t.ring_full) + " (threshold " +
             Percent(options.drop_ratio) + ")",
         "add workers or queues, or leave traffic out by configuration where it is known to be harmless"});
  }
  AddLoss(t.no_buffer, t, options, "no_buffer", "no packet buffer was free",
          "raise capture.dpdk.mempool_size", out);
  AddLoss(t.ring_full, t, options, "ring_full", "the ring to another worker was full",
          "raise runtime.ring_packets and runtime.ring_bytes, or let the card spread flows evenly", out);
}

void OverloadWatch::OnEpoch(const EpochView& epoch, AlertGate& gate, std::vector<Fault>& out) {
  for (const PortHealth::Shed& s : epoch.port.shed) {
    Stretch& stretch = stretches_[s.worker];
    if (stretch.begin != s.begin) stretch = {s.begin, 0, false};
    stretch.received += epoch.ledger.received;
    const bool costs = s.bytes > 0 || s.lost_packets > 0;
    const AlertGate::Answer answer = costs ? gate.Offer("D19|shed|" + std::to_string(s.worker), epoch.end,
                                                        s.bytes + 1, 1, SeverityOf(s.level))
                                           : AlertGate::Answer{};
    if (answer.raise || (s.over && stretch.said)) {
      const char* verb = s.over ? "ended" : stretch.said ? "lasts" : "began";
      out.push_back(ShedFault(s, stretch.received, verb));
      if (answer.suppressed > 0) {
        out.back().detail += "; it was not said " + Figure(answer.suppressed) + " times in between";
      }
      stretch.said = true;
    }
    if (s.over) stretches_.erase(s.worker);
  }
}

void PortWatch::OnEpoch(const EpochView& epoch, std::vector<Fault>& out) {
  std::map<std::string, Timestamp> now;
  for (const std::string& line : epoch.port.broken_ports) {
    const std::string port = line.substr(0, line.find(": "));
    const auto known = broken_.find(port);
    now.emplace(port, known != broken_.end() ? known->second : epoch.begin);
    if (known != broken_.end()) continue;
    out.push_back({"port|" + port, Severity::kHigh, "port " + port + " does not work", line,
                   "look at cable, driver and virtual machine; the sensor tries again by itself"});
  }
  for (const auto& [port, since] : broken_) {
    if (now.contains(port)) continue;
    out.push_back({"port|" + port, Severity::kInfo, "port " + port + " works again",
                   "nothing was seen there for about " + Span(epoch.end - since), "nothing", true});
  }
  broken_ = std::move(now);
}

}  // namespace gander::detect

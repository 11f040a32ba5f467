// SPDX-License-Identifier: Apache-2.0
// One ethdev port: configured, started, closed at the end.
#ifndef GANDER_CAPTURE_DPDK_PORT_H_
#define GANDER_CAPTURE_DPDK_PORT_H_

#include <memory>
#include <string>

#include "capture/packet_source.h"

struct rte_mempool;

namespace gander::capture {

class DpdkPort {
 public:
  // Errors: no such port, more queues than it has, too few buffers, no link, the driver's own.
  static Result<std::shared_ptr<DpdkPort>> Start(std::uint16_t id, const DpdkOptions& options);
  ~DpdkPort();  // stops and closes the port; its sources are gone by then
  DpdkPort(const DpdkPort&) = delete;
  DpdkPort& operator=(const DpdkPort&) = delete;

  std::uint16_t id() const noexcept { return id_; }
  const std::string& name() const noexcept { return name_; }

  // What the timestamp of an mbuf of this port counts.
  enum class Clock : std::uint8_t {
    kNone,          // no timestamps, or in ticks of an unknown clock
    kMicroseconds,  // of Unix time: net_pcap hands the file's times on
    kNanoseconds,   // of Unix time: a NIC whose clock is kept by PTP
  };
  Clock clock() const noexcept { return clock_; }
  int timestamp_offset() const noexcept { return timestamp_offset_; }        // within an mbuf
  std::uint64_t timestamp_flag() const noexcept { return timestamp_flag_; }  // in ol_flags

  // Adds the port's losses since its start.
  void AddLosses(SourceCounters& counters) const noexcept;

  enum class State : std::uint8_t { kUp, kLinkDown, kRemoved };
  State state() const noexcept;

 private:
  explicit DpdkPort(std::uint16_t id) : id_(id) {}

  Result<bool> Configure(const DpdkOptions& options);
  Result<bool> SetUpQueues(const DpdkOptions& options);
  Result<bool> StartReceiving(const DpdkOptions& options);
  void FindClock(bool offloaded) noexcept;
  Failure Refused(const std::string& what, int status, const std::string& remedy) const;

  std::uint16_t id_;
  std::string name_;
  rte_mempool* pool_ = nullptr;
  Clock clock_ = Clock::kNone;
  int timestamp_offset_ = -1;
  std::uint64_t timestamp_flag_ = 0;
  bool offloads_timestamps_ = false;
};

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_DPDK_PORT_H_

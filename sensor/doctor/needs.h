// SPDX-License-Identifier: Apache-2.0
// What settings ask of a machine's memory. The same arithmetic stands in words in dpdk-config/README.md.
#ifndef GANDER_DOCTOR_NEEDS_H_
#define GANDER_DOCTOR_NEEDS_H_

#include <cstdint>

#include "config/settings.h"
#include "doctor/eal_arguments.h"

namespace gander::doctor {

struct Needs {
  std::uint32_t threads = 1;            // packet threads that a live run starts
  std::uint32_t ports = 0, queues = 0;  // queues of all ports or sockets
  std::uint32_t least_buffers = 0;      // of a queue's pool
  std::uint64_t buffer_bytes = 0;       // one packet buffer with its headers
  std::uint64_t pool_bytes = 0;         // one queue's pool
  std::uint64_t dpdk_bytes = 0;         // all pools, rings and DPDK's own: huge pages, unless --no-huge
  std::uint64_t kernel_ring_bytes = 0;  // of all packet sockets
  // Of all workers, at most.
  std::uint64_t flow_bytes = 0, stream_bytes = 0, fragment_bytes = 0, handover_bytes = 0, epoch_bytes = 0;
  std::uint64_t detect_bytes = 0;  // tables of the detectors, at most; the same for any number of workers
  std::uint64_t fixed_bytes = 0;   // rules, program

  // `devices`: held by DPDK on the machine, read when the profile names none.
  static Needs Of(const config::Settings& settings, const EalArguments& eal, bool dpdk,
                  std::size_t devices = 0);
  std::uint64_t worker_bytes() const noexcept {
    return flow_bytes + stream_bytes + fragment_bytes + handover_bytes + epoch_bytes;
  }
  std::uint64_t total() const noexcept {
    return dpdk_bytes + kernel_ring_bytes + worker_bytes() + detect_bytes + fixed_bytes;
  }
};

}  // namespace gander::doctor

#endif  // GANDER_DOCTOR_NEEDS_H_

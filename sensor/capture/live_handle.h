// SPDX-License-Identifier: Apache-2.0
// An open libpcap handle, and in plain words why one cannot be had.
#ifndef GANDER_CAPTURE_LIVE_HANDLE_H_
#define GANDER_CAPTURE_LIVE_HANDLE_H_

#include <pcap/pcap.h>

#include <memory>

#include "capture/packet_source.h"

namespace gander::capture {

struct CloseHandle {
  void operator()(pcap_t* handle) const noexcept { pcap_close(handle); }
};
using LiveHandle = std::unique_ptr<pcap_t, CloseHandle>;

// Activated, filtered, non-blocking, with nanoseconds where the kernel has them. Errors: no such interface,
// no permission, interface down, bad filter.
Result<LiveHandle> OpenHandle(const LiveOptions& options);

// In bytes; within what libpcap takes.
std::uint32_t SnapLength(const LiveOptions& options) noexcept;

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_LIVE_HANDLE_H_

// SPDX-License-Identifier: Apache-2.0
// Where the metrics endpoint listens, as the operator writes it.
#ifndef GANDER_REPORT_METRICS_LISTEN_ADDRESS_H_
#define GANDER_REPORT_METRICS_LISTEN_ADDRESS_H_

#include <cstdint>
#include <string>

#include "base/net.h"
#include "base/result.h"

namespace gander::report {

struct ListenAddress {
  IpAddress host;
  std::uint16_t port = 0;  // 0: any free one
  bool IsLoopback() const noexcept;  // 127.0.0.0/8, ::1
  std::string ToString() const;  // "127.0.0.1:9944", "[::1]:9944"
};

// "127.0.0.1:9944", "[::1]:9944", "localhost:9944", ":9944" and "9944"; without a host it is loopback.
Result<ListenAddress> ParseListenAddress(const std::string& text);

}  // namespace gander::report

#endif  // GANDER_REPORT_METRICS_LISTEN_ADDRESS_H_

// SPDX-License-Identifier: Apache-2.0
// The socket of the endpoint. Opened here and not by the HTTP library, so that what fails has a name.
#ifndef GANDER_REPORT_METRICS_LISTEN_SOCKET_H_
#define GANDER_REPORT_METRICS_LISTEN_SOCKET_H_

#include "report/metrics/listen_address.h"

namespace gander::report {

struct ListenSocket {
  int fd = -1;          // the caller's to close
  ListenAddress bound;  // with the port that the kernel chose for 0
};

// Errors: port in use, no such address on this machine, a port that only root may take.
Result<ListenSocket> OpenListenSocket(const ListenAddress& address);

}  // namespace gander::report

#endif  // GANDER_REPORT_METRICS_LISTEN_SOCKET_H_

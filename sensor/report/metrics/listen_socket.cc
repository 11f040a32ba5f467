// SPDX-License-Identifier: Apache-2.0
#include "report/metrics/listen_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace gander::report {
namespace {

union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

socklen_t Fill(const ListenAddress& address, SocketAddress& out) {
  out = {};
  const std::string host = address.host.ToString();
  if (address.host.v4) {
    out.v4.sin_family = AF_INET;
    out.v4.sin_port = htons(address.port);
    inet_pton(AF_INET, host.c_str(), &out.v4.sin_addr);
    return sizeof out.v4;
  }
  out.v6.sin6_family = AF_INET6;
  out.v6.sin6_port = htons(address.port);
  inet_pton(AF_INET6, host.c_str(), &out.v6.sin6_addr);
  return sizeof out.v6;
}

const char* RemedyFor(int error) noexcept {
  switch (error) {
    case EADDRINUSE: return "another process has this port (`ss -ltnp` names it): end it or choose a free one";
    case EADDRNOTAVAIL: return "choose an address of this machine: `ip address` lists them";
    case EACCES: return "choose a port above 1023, or give the sensor CAP_NET_BIND_SERVICE";
    default: return "choose a free port and an address of this machine";
  }
}

}  // namespace

Result<ListenSocket> OpenListenSocket(const ListenAddress& address) {
  SocketAddress to;
  const socklen_t length = Fill(address, to);
  const int fd = socket(to.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  SocketAddress bound{};
  socklen_t bound_length = sizeof bound;
  if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 || bind(fd, &to.any, length) != 0 ||
      listen(fd, 32) != 0 || getsockname(fd, &bound.any, &bound_length) != 0) {
    const int error = errno;
    if (fd >= 0) close(fd);
    return Fail("report.metrics.listen", 0,
                "cannot listen on " + address.ToString() + ": " + std::strerror(error), RemedyFor(error));
  }
  const in_port_t port = address.host.v4 ? bound.v4.sin_port : bound.v6.sin6_port;
  return ListenSocket{fd, {address.host, ntohs(port)}};
}

}  // namespace gander::report

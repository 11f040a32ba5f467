// SPDX-License-Identifier: Apache-2.0
#include "report/sink/socket_io.h"

#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace gander::report {
namespace {

constexpr auto kSendWait = std::chrono::milliseconds(200);

// Keeps a connection whose reader vanished without a word from looking alive for hours.
void WatchOver(int fd) {
  const int on = 1, idle_s = 30, probe_s = 10, probes = 3, unanswered_ms = 60'000;
  ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &probe_s, sizeof probe_s);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
  ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unanswered_ms, sizeof unanswered_ms);
}

int ConnectTo(const addrinfo& address, std::chrono::milliseconds limit) {
  Socket socket(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.open()) return -1;
  if (::connect(socket.fd(), address.ai_addr, address.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return -1;
    int error = ETIMEDOUT;
    socklen_t size = sizeof error;
    if (WaitFor(socket.fd(), POLLOUT, limit)) ::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
    errno = error;
    if (error != 0) return -1;
  }
  WatchOver(socket.fd());
  return ::dup(socket.fd());
}

}  // namespace

void Socket::Reset(int fd) noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

bool WaitFor(int fd, short events, std::chrono::milliseconds limit) noexcept {
  pollfd waiting{fd, events, 0};
  return ::poll(&waiting, 1, static_cast<int>(limit.count())) > 0;
}

int ConnectTcp(const std::string& host, std::uint16_t port, std::chrono::milliseconds limit, std::string& problem) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (failed != 0) {
    problem = std::string("its name cannot be looked up: ") + ::gai_strerror(failed);
    return -1;
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
  for (const addrinfo* a = found; a != nullptr; a = a->ai_next) {
    const int fd = ConnectTo(*a, limit);
    if (fd >= 0) return fd;
    problem = std::strerror(errno);
  }
  return -1;
}

Transport::Sent SendSome(int fd, std::string_view bytes, std::size_t& count, std::string& problem) noexcept {
  for (int tries = 0; tries < 2; ++tries) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n >= 0) {
      count = static_cast<std::size_t>(n);
      return Transport::Sent::kSome;
    }
    if (errno == EMSGSIZE) return Transport::Sent::kTooLong;
    if (errno != EAGAIN && errno != EINTR && errno != ENOBUFS) {
      problem = std::strerror(errno);
      return Transport::Sent::kBroken;
    }
    if (tries == 0) WaitFor(fd, POLLOUT, kSendWait);
  }
  return Transport::Sent::kNoRoom;
}

bool IsClosedByPeer(int fd) noexcept {
  char byte;
  const ssize_t n = ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

}  // namespace gander::report

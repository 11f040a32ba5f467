// SPDX-License-Identifier: Apache-2.0
// What all transports do with a non-blocking socket.
#ifndef GANDER_REPORT_SINK_SOCKET_IO_H_
#define GANDER_REPORT_SINK_SOCKET_IO_H_

#include <chrono>
#include <cstdint>
#include <string>

#include "report/sink/transport.h"

namespace gander::report {

// A file descriptor that is closed with its owner; -1 = none.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) noexcept : fd_(fd) {}
  ~Socket() { Close(); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  void Reset(int fd) noexcept;
  void Close() noexcept { Reset(-1); }
  int fd() const noexcept { return fd_; }
  bool open() const noexcept { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// Whether `fd` became ready for `events` (poll(2)) in time.
bool WaitFor(int fd, short events, std::chrono::milliseconds limit) noexcept;
// A connected TCP socket to the first address of `host` that answers within `limit` each, or -1 and why.
int ConnectTcp(const std::string& host, std::uint16_t port, std::chrono::milliseconds limit, std::string& problem);
// send(2) on a non-blocking socket, as Transport::Send has it.
Transport::Sent SendSome(int fd, std::string_view bytes, std::size_t& count, std::string& problem) noexcept;
bool IsClosedByPeer(int fd) noexcept;

}  // namespace gander::report

#endif  // GANDER_REPORT_SINK_SOCKET_IO_H_

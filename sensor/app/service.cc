// SPDX-License-Identifier: Apache-2.0
#include "app/service.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace gander::app {
namespace {

// The manager asks for signs of life of `asked`, and not of one that started it.
std::chrono::microseconds WatchdogInterval(pid_t asked) {
  const char* interval = std::getenv("WATCHDOG_USEC");
  const char* process = std::getenv("WATCHDOG_PID");
  if (interval == nullptr || (process != nullptr && std::atol(process) != asked)) return {};
  return std::chrono::microseconds(std::max(0LL, std::atoll(interval)));
}

int ConnectTo(const char* path) {
  sockaddr_un address{AF_UNIX, {}};
  const std::size_t length = std::strlen(path);
  if ((path[0] != '/' && path[0] != '@') || length >= sizeof address.sun_path) return -1;
  std::memcpy(address.sun_path, path, length);
  if (path[0] == '@') address.sun_path[0] = '\0';  // in the abstract namespace, unix(7)
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
  if (fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0) return fd;
  if (fd >= 0) ::close(fd);
  return -1;
}

// One line, whatever a status says.
std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace

Service::Service(pid_t asked) : pause_(WatchdogInterval(asked) / 2) {
  if (const char* path = std::getenv("NOTIFY_SOCKET")) socket_ = ConnectTo(path);
}

Service::~Service() {
  if (socket_ >= 0) ::close(socket_);
}

void Service::Tell(const std::string& state) const noexcept {
  if (socket_ >= 0) (void)::send(socket_, state.data(), state.size(), MSG_NOSIGNAL);
}

void Service::Ready(const std::string& status) const { Tell("READY=1\nSTATUS=" + OneLine(status)); }

void Service::Reloading() const {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const long long us = now.tv_sec * 1'000'000LL + now.tv_nsec / 1000;
  Tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(us) + "\nSTATUS=reading rules and policy anew");
}

void Service::Stopping() const { Tell("STOPPING=1\nSTATUS=writing what is left"); }

void Service::Status(const std::string& status) const { Tell("STATUS=" + OneLine(status)); }

void Service::Alive() {
  if (socket_ < 0 || pause_ == Clock::duration{0}) return;
  const auto now = Clock::now();
  if (now < next_) return;
  next_ = now + pause_;
  Tell("WATCHDOG=1");
}

}  // namespace gander::app

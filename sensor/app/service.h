// SPDX-License-Identifier: Apache-2.0
// What a service manager is told (sd_notify(3)): a datagram to the socket that $NOTIFY_SOCKET names. Without one all
// calls do nothing.
#ifndef GANDER_APP_SERVICE_H_
#define GANDER_APP_SERVICE_H_

#include <sys/types.h>

#include <chrono>
#include <string>

namespace gander::app {

class Service {
 public:
  // Connects, before the process gives its rights away. `asked`: the process that the manager takes for the service.
  explicit Service(pid_t asked);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  void Ready(const std::string& status) const;      // traffic is read, or a reload is over
  void Reloading() const;
  void Stopping() const;
  void Status(const std::string& status) const;
  // As often as the caller likes: twice in each interval of $WATCHDOG_USEC is what the manager hears. One thread.
  void Alive();

 private:
  using Clock = std::chrono::steady_clock;
  void Tell(const std::string& state) const noexcept;

  int socket_ = -1;
  Clock::duration pause_{0};  // between two signs of life; 0 = none is asked for
  Clock::time_point next_{};
};

}  // namespace gander::app

#endif  // GANDER_APP_SERVICE_H_

// SPDX-License-Identifier: Apache-2.0
// A veth pair in a network namespace of its own, for a test that runs on a thread of its own.
#ifndef GANDER_TESTS_CAPTURE_PRIVATE_NETWORK_H_
#define GANDER_TESTS_CAPTURE_PRIVATE_NETWORK_H_

#include <arpa/inet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <thread>

namespace gander::test {

inline bool Shell(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

inline bool MakePair() {
  return Shell("ip link add near type veth peer name far && ip link set near up && ip link set far up");
}

// Runs `body` where the interfaces "near" and "far" are the two ends of a cable and there is nothing else.
// False when this user may not make such a place.
inline bool InPrivateNetwork(const std::function<void()>& body) {
  bool made = false;
  std::thread([&] {
    made = unshare(CLONE_NEWNET) == 0 && MakePair();
    if (made) body();
  }).join();
  return made;
}

// Puts frames on the cable at one end.
class CableEnd {
 public:
  explicit CableEnd(const char* interface) : fd_(socket(AF_PACKET, SOCK_RAW, 0)) {
    to_.sll_family = AF_PACKET;
    to_.sll_ifindex = static_cast<int>(if_nametoindex(interface));
  }
  ~CableEnd() { close(fd_); }
  CableEnd(const CableEnd&) = delete;
  CableEnd& operator=(const CableEnd&) = delete;

  bool Send(const std::string& frame) const {
    const auto* to = reinterpret_cast<const sockaddr*>(&to_);
    return sendto(fd_, frame.data(), frame.size(), 0, to, sizeof to_) == static_cast<ssize_t>(frame.size());
  }

 private:
  int fd_;
  sockaddr_ll to_{};
};

}  // namespace gander::test

#endif  // GANDER_TESTS_CAPTURE_PRIVATE_NETWORK_H_

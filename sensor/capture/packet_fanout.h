// SPDX-License-Identifier: Apache-2.0
// Several packet sockets that share an interface: the kernel deals packets out by host pair (packet(7),
// PACKET_FANOUT).
#ifndef GANDER_CAPTURE_PACKET_FANOUT_H_
#define GANDER_CAPTURE_PACKET_FANOUT_H_

#include <cstdint>
#include <mutex>
#include <vector>

#include "base/result.h"

struct sock_filter;

namespace gander::capture {

class PacketFanout {
 public:
  PacketFanout(std::string interface, bool ethernet)
      : interface_(std::move(interface)), ethernet_(ethernet) {}

  // Joins `socket`, which is bound to the interface. A socket opened again after the interface was gone joins
  // those that are back already. Error: the kernel has no fanout by program.
  Result<bool> Join(int socket);

  // A classic BPF program whose value is the hash of the outermost host pair (base/host_pair.h), fragments and VLAN
  // tags included, and 0 for what is not IP. The kernel takes it modulo the number of sockets.
  // `ethernet`: frames begin with an Ethernet header; else the kernel's word on the protocol is taken.
  static std::vector<sock_filter> Program(bool ethernet);

 private:
  const std::string interface_;
  const bool ethernet_;
  std::mutex mutex_;
  bool made_ = false;
  std::uint16_t group_ = 0;
};

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_PACKET_FANOUT_H_

// SPDX-License-Identifier: Apache-2.0
// Frames inside tunnels, as mirrors and gateways send them.
#ifndef GANDER_TESTS_SUPPORT_TUNNEL_BUILDER_H_
#define GANDER_TESTS_SUPPORT_TUNNEL_BUILDER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gander::test {

enum class Wrapping { kVxlan, kGeneve, kGre, kGtpU };

// The two directions come from two taps: their outer pairs differ.
struct Taps {
  const char* there = "192.0.2.1";
  const char* back = "192.0.2.2";
  const char* collector = "192.0.2.99";
  std::size_t mtu = 9000;  // of the outer IP packet
};

// What stands behind the outer UDP header, or behind the outer IP header for kGre. `frame` is Ethernet; of it kGtpU
// takes what follows its first 14 bytes, which must be IP.
std::string WrapPayload(Wrapping w, std::string_view frame);

// The outer frames: one, or its fragments where it does not fit the taps' MTU. `id` is of the outer datagram.
std::vector<std::string> Wrap(Wrapping w, std::string_view frame, bool from_client, std::uint32_t id,
                              const Taps& taps);

}  // namespace gander::test

#endif  // GANDER_TESTS_SUPPORT_TUNNEL_BUILDER_H_

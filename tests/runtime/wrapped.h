// SPDX-License-Identifier: Apache-2.0
// Frames as a mirror sends them: inside a tunnel, in fragments where they grow beyond the link.
#ifndef GANDER_TESTS_RUNTIME_WRAPPED_H_
#define GANDER_TESTS_RUNTIME_WRAPPED_H_

#include <string>
#include <vector>

#include "runtime/replay.h"
#include "support/pcap_builder.h"

namespace gander::runtime {

enum class Wrapping { kVxlan, kGeneve, kGre, kGtpU };

// The two directions come from two taps: their outer pairs differ.
struct Taps {
  const char* there = "192.0.2.1";
  const char* back = "192.0.2.2";
  const char* collector = "192.0.2.99";
  std::size_t mtu = 9000;  // of the outer IP packet
};

inline std::string WrapPayload(Wrapping w, const std::string& frame) {
  using test::Hex;
  const std::string ip = frame.substr(14);
  switch (w) {
    case Wrapping::kVxlan:
      return Hex("08000000 00002a00") + frame;
    case Wrapping::kGeneve:
      return Hex("00006558 00002a00") + frame;
    case Wrapping::kGre:
      return Hex("00006558") + frame;
    case Wrapping::kGtpU:
      return Hex("30ff") + test::Be16(static_cast<std::uint16_t>(ip.size())) + Hex("00000007") + ip;
  }
  return {};
}

inline std::string Udp(std::uint16_t port, const std::string& payload) {
  return test::Be16(49152) + test::Be16(port) + test::Be16(static_cast<std::uint16_t>(8 + payload.size())) +
         test::Be16(0) + payload;
}

inline std::vector<std::string> Wrap(Wrapping w, const std::string& frame, bool from_client, std::uint32_t id,
                                     const Taps& taps) {
  const std::string content = WrapPayload(w, frame);
  const char* source = from_client ? taps.there : taps.back;
  const std::uint8_t protocol = w == Wrapping::kGre ? ip_proto::kGre : ip_proto::kUdp;
  const std::uint16_t port = w == Wrapping::kVxlan ? 4789 : w == Wrapping::kGeneve ? 6081 : 2152;
  const std::string payload = w == Wrapping::kGre ? content : Udp(port, content);
  const std::size_t room = (taps.mtu - 20) / 8 * 8;
  std::vector<std::string> frames;
  for (std::size_t at = 0; at < payload.size(); at += room) {
    test::IpFields fields;
    fields.id = id;
    fields.fragment_offset = static_cast<std::uint32_t>(at);
    fields.more_fragments = at + room < payload.size();
    frames.push_back(test::EthernetFrame(
        test::IpPacket(source, taps.collector, protocol, payload.substr(at, room), fields)));
  }
  return frames;
}

// From 10.0.0.0/8, as the clients of traffic.h are.
inline bool FromClient(const std::string& frame) { return frame.size() > 26 && frame[26] == 10; }

inline std::vector<TimedFrame> Wrapped(Wrapping w, const std::vector<TimedFrame>& frames,
                                       const Taps& taps = {}) {
  std::vector<TimedFrame> out;
  std::uint32_t id = 0;
  for (const TimedFrame& f : frames) {
    for (std::string& outer : Wrap(w, f.bytes, FromClient(f.bytes), ++id & 0xffff, taps)) {
      out.push_back({f.time, std::move(outer)});
    }
  }
  return out;
}

}  // namespace gander::runtime

#endif  // GANDER_TESTS_RUNTIME_WRAPPED_H_

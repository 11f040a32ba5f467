// SPDX-License-Identifier: Apache-2.0
// Several packet sockets on one interface, and interfaces that come and go, on a veth pair of the test's own.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>

#include "base/host_pair.h"
#include "capture/packet_source.h"
#include "capture/private_network.h"
#include "support/pcap_builder.h"

namespace gander {
namespace {

using capture::LiveOptions;
using test::CableEnd;
using test::EthernetFrame;
using testing::HasSubstr;
using Sources = std::vector<std::unique_ptr<capture::PacketSource>>;

constexpr std::uint32_t kSockets = 4;
constexpr int kPairs = 64;
constexpr std::uint8_t kUdp = ip_proto::kUdp;

LiveOptions On(const std::string& interface, std::uint32_t sockets) {
  LiveOptions options;
  options.interface = interface;
  options.buffer_bytes = 2 << 20;
  options.sockets = sockets;
  options.bpf = "not icmp6 and not (ip6 proto 0)";  // a new link announces itself
  options.retry_max_s = 1;
  return options;
}

Sources Open(const LiveOptions& options) {
  auto sources = capture::OpenLive(options);
  if (sources) return std::move(*sources);
  ADD_FAILURE() << sources.error().ToString();
  return {};
}

template <class Condition>
bool PollUntil(const Sources& sources, Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    for (const auto& source : sources) (void)source->Poll();
    usleep(1000);
  }
  return true;
}

// A conversation as the kernel must keep it together: both directions, a fragment without ports, each in
// `wrap`.
template <class Wrap>
std::vector<std::string> Conversation(const std::string& a, const std::string& b, const std::string& label,
                                      Wrap wrap) {
  const FiveTuple there = test::Tuple(a.c_str(), 4000, b.c_str(), 53);
  test::IpFields middle;
  middle.fragment_offset = 1480;
  return {wrap(test::UdpPacket(there, label)), wrap(test::UdpPacket(there.Reversed(), label)),
          wrap(test::TcpPacket(there, {}, label)),
          wrap(test::IpPacket(b.c_str(), a.c_str(), kUdp, label, middle))};
}

std::uint32_t EndOf(const std::string& address) {
  const IpAddress a = test::Tuple(address.c_str(), 0, address.c_str(), 0).source;
  const auto word = [&](std::size_t i) {
    return std::uint32_t{a.octets[i]} << 24 | a.octets[i + 1] << 16 | a.octets[i + 2] << 8 | a.octets[i + 3];
  };
  return host_pair::End(word(0), word(4), word(8), word(12));
}

// `labels`: with the socket that the pair's hash names.
std::vector<std::string> ManyConversations(std::map<std::string, std::size_t>& labels) {
  const auto bare = [](const std::string& packet) { return EthernetFrame(packet); };
  const auto tagged = [](const std::string& packet) { return EthernetFrame(test::kEtherIpv4, packet, {5}); };
  const auto twice = [](const std::string& packet) {
    return EthernetFrame(test::kEtherIpv6, packet, {7, 9});
  };
  std::vector<std::string> frames;
  const auto add = [&](const std::string& label, const std::string& a, const std::string& b, const auto& wrap) {
    labels[label] = host_pair::Hash(EndOf(b), EndOf(a)) % kSockets;
    const std::vector<std::string> more = Conversation(a, b, label, wrap);
    frames.insert(frames.end(), more.begin(), more.end());
  };
  for (int i = 0; i < kPairs; ++i) {
    const std::string v4 = fmt::format("10.0.0.{}", i + 1), v6 = fmt::format("2001:db8::{:x}", i + 1);
    std::string label = fmt::format("pair bare four {}.", i);
    add(label, v4, "192.0.2.1", bare);
    label = fmt::format("pair bare six {}.", i);
    add(label, v6, "2001:db8:1::1", bare);
    label = fmt::format("pair tagged four {}.", i);
    add(label, v4, "192.0.2.2", tagged);
    label = fmt::format("pair twice six {}.", i);
    add(label, v6, "2001:db8:2::1", twice);
  }
  return frames;
}

// The sockets at which frames with each label came in, and how many frames.
struct Arrivals {
  std::map<std::string, std::set<std::size_t>> sockets;
  std::map<std::size_t, std::size_t> frames;  // by socket
  std::size_t total = 0;
};

void Collect(const Sources& sources, Arrivals& out) {
  for (std::size_t socket = 0; socket < sources.size(); ++socket) {
    for (const capture::Packet& packet : sources[socket]->Poll()) {
      const std::string text(AsText(packet.frame));
      const std::size_t begin = text.find("pair ");
      ++out.total;
      ++out.frames[socket];
      if (begin == std::string::npos) continue;
      out.sockets[text.substr(begin, text.find('.', begin) - begin + 1)].insert(socket);
    }
  }
}

void HostPairsStayTogether(const char* read_at) {
  const Sources sources = Open(On(read_at, kSockets));
  ASSERT_EQ(sources.size(), kSockets);
  EXPECT_EQ(sources[1]->name(), fmt::format("{} socket 1", read_at));
  EXPECT_EQ(sources[1]->place().port, read_at);
  EXPECT_EQ(sources[1]->place().queue, 1);
  EXPECT_EQ(sources[1]->place().queues, kSockets);
  EXPECT_EQ(sources[1]->place().steering, capture::Steering::kHostPair);
  std::map<std::string, std::size_t> labels;
  const std::vector<std::string> frames = ManyConversations(labels);
  const CableEnd far("far");
  for (const std::string& frame : frames) ASSERT_TRUE(far.Send(frame));
  Arrivals arrived;
  ASSERT_TRUE(PollUntil({}, [&] {
    Collect(sources, arrived);
    return arrived.total >= frames.size();
  })) << arrived.total;
  EXPECT_EQ(arrived.total, frames.size()) << "each frame at one socket only";
  for (const auto& [label, socket] : labels) EXPECT_EQ(arrived.sockets[label], std::set{socket}) << label;
  for (std::size_t socket = 0; socket < kSockets; ++socket) {
    EXPECT_GT(arrived.frames[socket], frames.size() / kSockets / 3) << "the pairs spread";
  }
}

TEST(LiveFanout, HostPairsStayTogetherWhereFramesArrive) {
  if (!test::InPrivateNetwork([] { HostPairsStayTogether("near"); })) GTEST_SKIP() << "no network namespaces";
}

// Where frames leave, the kernel shows them with another layout: the link-layer header is still in front.
TEST(LiveFanout, HostPairsStayTogetherWhereFramesLeave) {
  if (!test::InPrivateNetwork([] { HostPairsStayTogether("far"); })) GTEST_SKIP() << "no network namespaces";
}

TEST(LiveFanout, WhatIsNotIpGoesToOneSocket) {
  const auto body = [] {
    const Sources sources = Open(On("near", kSockets));
    ASSERT_EQ(sources.size(), kSockets);
    const CableEnd far("far");
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(far.Send(EthernetFrame(test::kEtherArp, std::string(46, static_cast<char>(i)))));
      ASSERT_TRUE(far.Send(EthernetFrame(test::kEtherIpv4, std::string(4, static_cast<char>(i)))));
    }
    Arrivals arrived;
    ASSERT_TRUE(PollUntil({}, [&] {
      Collect(sources, arrived);
      return arrived.total >= 40;
    }));
    EXPECT_EQ(arrived.frames.size(), 1u);
  };
  if (!test::InPrivateNetwork(body)) GTEST_SKIP() << "no network namespaces";
}

TEST(LiveSource, AnInterfaceThatVanishedIsReadOnWhenItIsBack) {
  const auto body = [] {
    const Sources sources = Open(On("near", 2));
    ASSERT_EQ(sources.size(), 2u);
    ASSERT_TRUE(test::Shell("ip link del near"));
    for (const auto& source : sources) {
      ASSERT_TRUE(PollUntil(sources, [&] { return source->problem() != nullptr; }));
      EXPECT_EQ(source->problem()->file, "near");
      EXPECT_FALSE(source->exhausted());
    }
    ASSERT_TRUE(test::MakePair());
    for (const auto& source : sources) {
      ASSERT_TRUE(PollUntil(sources, [&] { return source->problem() == nullptr; }));
    }
    std::map<std::string, std::size_t> labels;
    const std::vector<std::string> frames = ManyConversations(labels);
    const CableEnd far("far");
    for (const std::string& frame : frames) ASSERT_TRUE(far.Send(frame));
    Arrivals arrived;
    ASSERT_TRUE(PollUntil({}, [&] {
      Collect(sources, arrived);
      return arrived.total >= frames.size();
    }));
    EXPECT_EQ(arrived.total, frames.size());
    for (const auto& [label, socket] : labels) EXPECT_EQ(arrived.sockets[label].size(), 1u) << label;
    EXPECT_EQ(sources[0]->counters().outages, 1u);
    EXPECT_EQ(sources[1]->counters().outages, 0u) << "an outage is the interface's, counted once";
  };
  if (!test::InPrivateNetwork(body)) GTEST_SKIP() << "no network namespaces";
}

TEST(LiveSource, AnInterfaceWithoutLinkIsAProblemUntilItHasOne) {
  const auto body = [] {
    const Sources sources = Open(On("near", 1));
    ASSERT_EQ(sources.size(), 1u);
    const auto has_problem = [&] { return sources[0]->problem() != nullptr; };
    for (const char* end : {"far", "near"}) {
      ASSERT_TRUE(test::Shell(fmt::format("ip link set {} down", end)));
      ASSERT_TRUE(PollUntil(sources, has_problem)) << end;
      EXPECT_THAT(sources[0]->problem()->cause, HasSubstr("interface"));
      ASSERT_TRUE(test::Shell(fmt::format("ip link set {} up", end)));
      EXPECT_TRUE(PollUntil(sources, [&] { return !has_problem(); })) << end;
    }
    EXPECT_EQ(sources[0]->counters().outages, 2u);
    ASSERT_TRUE(CableEnd("far").Send(test::UdpFrame(test::Tuple("10.0.0.1", 1, "10.0.0.2", 2), "again")));
    EXPECT_TRUE(PollUntil(sources, [&] { return sources[0]->counters().received == 1; }));
  };
  if (!test::InPrivateNetwork(body)) GTEST_SKIP() << "no network namespaces";
}

}  // namespace
}  // namespace gander

// SPDX-License-Identifier: Apache-2.0
// Receive queues on rings that the test fills itself: backlog, what the port says of a packet, outages.
#ifdef GANDER_WITH_DPDK
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rte_ethdev.h>

#include "capture/dpdk_devices.h"
#include "capture/drain.h"
#include "capture/private_network.h"
#include "support/pcap_builder.h"

namespace gander {
namespace {

using capture::DpdkOptions;
using capture::Packet;
using capture::Steering;
using test::DpdkOn;
using test::RingFeed;
using testing::HasSubstr;
using Sources = std::vector<std::unique_ptr<capture::PacketSource>>;

Sources Open(const DpdkOptions& options) {
  auto sources = capture::OpenDpdk(options);
  if (!sources) {
    ADD_FAILURE() << sources.error().ToString();
    return {};
  }
  return std::move(*sources);
}

std::string FrameOf(int i) {
  return test::UdpFrame(test::Tuple("10.0.0.1", 4000, "10.0.0.2", 53), "datagram " + std::to_string(i));
}

TEST(DpdkQueue, ReadsInOrderAndShowsItsBacklog) {
  Sources sources = Open(DpdkOn("net_ring10"));
  ASSERT_EQ(sources.size(), 1u);
  capture::PacketSource& source = *sources[0];
  RingFeed feed("net_ring10");
  ASSERT_TRUE(feed.found());
  EXPECT_EQ(source.backlog().packets, 0);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(feed.Send(FrameOf(i)));
  EXPECT_EQ(source.backlog().packets, 100);
  EXPECT_GE(source.backlog().capacity, 100);
  const auto burst = source.Poll();
  ASSERT_EQ(burst.size(), capture::PacketSource::kMaxBurst);
  EXPECT_EQ(source.backlog().packets, 36);
  for (std::size_t i = 0; i < burst.size(); ++i)
    EXPECT_EQ(AsText(burst[i].frame), FrameOf(static_cast<int>(i)));
  EXPECT_EQ(source.Poll().size(), 36u);
  EXPECT_EQ(source.counters().received, 100u);
  EXPECT_EQ(source.counters().Lost(), 0u);
}

TEST(DpdkQueue, QueuesAreApartAndKnowTheirPlace) {
  DpdkOptions options = DpdkOn("net_ring11");
  options.rx_queues = 3;
  Sources sources = Open(options);
  ASSERT_EQ(sources.size(), 3u);
  for (int queue = 0; queue < 3; ++queue) {
    for (int i = 0; i <= queue; ++i) ASSERT_TRUE(RingFeed("net_ring11", queue).Send(FrameOf(i)));
  }
  for (std::uint16_t queue = 0; queue < 3; ++queue) {
    EXPECT_EQ(sources[queue]->Poll().size(), queue + 1u);
    const capture::Place place = sources[queue]->place();
    EXPECT_EQ(place.port, "net_ring11");
    EXPECT_EQ(place.queue, queue);
    EXPECT_EQ(place.queues, 3);
    EXPECT_EQ(place.steering, Steering::kNone) << "a ring does not hash";
  }
}

TEST(DpdkQueue, PromisesAHostPairOnlyWhatItCanKeep) {
  EXPECT_EQ(Open(DpdkOn("net_ring12")).at(0)->place().steering, Steering::kHostPair)
      << "one queue gets it all";
  // net_null takes keys and tables, and says so when asked, but hashes nothing.
  DpdkOptions options = DpdkOn("net_null12,no-rx=1");
  options.rx_queues = 4;
  for (const auto& source : Open(options)) EXPECT_EQ(source->place().steering, Steering::kNone);
  options = DpdkOn("net_ring13");
  options.eal.push_back("--vdev=net_ring14");
  const Sources two_ports = Open(options);
  ASSERT_EQ(two_ports.size(), 2u);
  for (const auto& source : two_ports) EXPECT_EQ(source->place().steering, Steering::kNone);
}

TEST(DpdkQueue, TagsThatThePortTookOffArePutBack) {
  const std::string packet = test::UdpPacket(test::Tuple("10.0.0.1", 4000, "10.0.0.2", 53), "tagged");
  const std::string bare = test::EthernetFrame(packet);
  const std::string tagged = test::EthernetFrame(test::kEtherIpv4, packet, {42});
  std::string twice = test::EthernetFrame(test::kEtherIpv4, packet, {7, 42});
  twice.replace(12, 2, test::Be16(0x88a8));
  constexpr std::uint64_t kOne = RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_VLAN_STRIPPED;
  constexpr std::uint64_t kTwo = kOne | RTE_MBUF_F_RX_QINQ | RTE_MBUF_F_RX_QINQ_STRIPPED;
  for (const bool restore : {true, false}) {
    DpdkOptions options = DpdkOn("net_ring15");
    if (!restore) options.offloads.clear();
    Sources sources = Open(options);
    ASSERT_EQ(sources.size(), 1u);
    RingFeed feed("net_ring15");
    ASSERT_TRUE(feed.Send(bare, kOne, 42) && feed.Send(bare, kTwo, 42, 7) && feed.Send(bare));
    const auto burst = sources[0]->Poll();
    ASSERT_EQ(burst.size(), 3u);
    EXPECT_EQ(AsText(burst[0].frame), restore ? tagged : bare);
    EXPECT_EQ(AsText(burst[1].frame), restore ? twice : bare);
    EXPECT_EQ(AsText(burst[2].frame), bare);
    EXPECT_EQ(burst[1].wire_length, bare.size() + (restore ? 8 : 0));
  }
}

TEST(DpdkQueue, HandsOnWhatThePortSaysOfChecksums) {
  Sources sources = Open(DpdkOn("net_ring16"));
  RingFeed feed("net_ring16");
  ASSERT_TRUE(feed.found());
  const std::pair<std::uint64_t, std::uint8_t> cases[] = {
      {0, 0},
      {RTE_MBUF_F_RX_IP_CKSUM_GOOD | RTE_MBUF_F_RX_L4_CKSUM_GOOD, Packet::kChecksumGood},
      {RTE_MBUF_F_RX_L4_CKSUM_GOOD, Packet::kChecksumGood},
      {RTE_MBUF_F_RX_IP_CKSUM_GOOD | RTE_MBUF_F_RX_L4_CKSUM_BAD, Packet::kChecksumBad},
      {RTE_MBUF_F_RX_IP_CKSUM_BAD | RTE_MBUF_F_RX_L4_CKSUM_GOOD, Packet::kChecksumBad},
      {RTE_MBUF_F_RX_IP_CKSUM_GOOD, 0},
      {RTE_MBUF_F_RX_IP_CKSUM_NONE | RTE_MBUF_F_RX_L4_CKSUM_NONE, 0}};
  for (const auto& [flags, hints] : cases) ASSERT_TRUE(feed.Send(FrameOf(0), flags));
  const auto burst = sources[0]->Poll();
  ASSERT_EQ(burst.size(), std::size(cases));
  for (std::size_t i = 0; i < burst.size(); ++i) EXPECT_EQ(burst[i].hints, cases[i].second) << i;
}

TEST(DpdkQueue, DevicesThatWantQueuesForSendingGetThem) {
  const auto body = [] {
    DpdkOptions options = DpdkOn("net_tap21,iface=gander21");
    options.rx_queues = 2;
    auto sources = capture::OpenDpdk(options);
    if (!sources) GTEST_SKIP() << sources.error().ToString();
    ASSERT_EQ(sources->size(), 2u);
    const test::CableEnd kernel("gander21");
    constexpr std::size_t kFrames = 20;
    for (std::size_t i = 0; i < kFrames; ++i) ASSERT_TRUE(kernel.Send(FrameOf(static_cast<int>(i))));
    std::size_t seen = 0;
    ASSERT_TRUE(test::PollUntil(*sources->at(0), [&] {
      for (const auto& source : *sources) {
        for (const Packet& packet : source->Poll())
          seen += AsText(packet.frame).find("datagram") != std::string::npos;
      }
      return seen >= kFrames;
    }));
    EXPECT_EQ(seen, kFrames);
  };
  if (!test::InPrivateNetwork(body)) GTEST_SKIP() << "no network namespaces";
}

TEST(DpdkQueue, ALostLinkIsAProblemUntilItIsBack) {
  DpdkOptions options = DpdkOn("net_ring17");
  options.idle_limit_ms = 0;
  Sources sources = Open(options);
  ASSERT_EQ(sources.size(), 1u);
  capture::PacketSource& source = *sources[0];
  std::uint16_t port = 0;
  ASSERT_EQ(rte_eth_dev_get_port_by_name("net_ring17", &port), 0);
  ASSERT_EQ(rte_eth_dev_set_link_down(port), 0);
  ASSERT_TRUE(test::PollUntil(source, [&] { return source.problem() != nullptr; }));
  EXPECT_EQ(source.problem()->file, "net_ring17");
  EXPECT_THAT(source.problem()->cause, HasSubstr("link went down"));
  EXPECT_EQ(source.counters().outages, 1u);
  EXPECT_FALSE(source.exhausted());
  ASSERT_EQ(rte_eth_dev_set_link_up(port), 0);
  EXPECT_TRUE(test::PollUntil(source, [&] { return source.problem() == nullptr; }));
  EXPECT_EQ(source.counters().outages, 1u);
}

TEST(DpdkQueue, ADeviceThatWasPulledIsReadOnWhenItIsBack) {
  test::TemporaryFile first(test::PcapOf(std::vector<std::string>(10, FrameOf(1))));
  const std::string path = first.path() + ".second";
  std::rename(first.path().c_str(), path.c_str());
  DpdkOptions options = DpdkOn("net_pcap18,rx_pcap=" + path);
  options.idle_limit_ms = 0;
  Sources sources = Open(options);
  ASSERT_EQ(sources.size(), 1u);
  capture::PacketSource& source = *sources[0];
  EXPECT_EQ(source.Poll().size(), 10u);
  ASSERT_TRUE(test::PullDevice("net_pcap18"));
  std::rename(path.c_str(), first.path().c_str());  // it cannot be plugged in again
  ASSERT_TRUE(test::PollUntil(source, [&] { return source.problem() != nullptr; }));
  EXPECT_THAT(source.problem()->cause, HasSubstr("removed"));
  const auto later = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
  while (std::chrono::steady_clock::now() < later) EXPECT_TRUE(source.Poll().empty());
  EXPECT_NE(source.problem(), nullptr);
  EXPECT_FALSE(source.exhausted());
  EXPECT_EQ(source.backlog().packets, -1);
  std::rename(first.path().c_str(), path.c_str());  // now it can
  EXPECT_TRUE(test::PollUntil(source, [&] { return source.counters().received == 20; }));
  EXPECT_EQ(source.problem(), nullptr);
  EXPECT_EQ(source.counters().outages, 1u);
  std::rename(path.c_str(), first.path().c_str());
}

TEST(DpdkQueue, ADeviceComesBackOnceAllQueuesStandAside) {
  DpdkOptions options = DpdkOn("net_ring19");
  options.rx_queues = 2;
  options.idle_limit_ms = 0;
  Sources sources = Open(options);
  ASSERT_EQ(sources.size(), 2u);
  ASSERT_TRUE(test::PullDevice("net_ring19"));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(sources[0]->Poll().empty());
  EXPECT_NE(sources[0]->problem(), nullptr);
  EXPECT_FALSE(RingFeed("net_ring19").found()) << "the other queue may still be reading";
  EXPECT_TRUE(sources[1]->Poll().empty());
  EXPECT_TRUE(RingFeed("net_ring19").found());
  EXPECT_TRUE(sources[0]->Poll().empty());
  for (const auto& source : sources) EXPECT_EQ(source->problem(), nullptr);
  for (int queue = 0; queue < 2; ++queue) {
    RingFeed feed("net_ring19", queue);
    ASSERT_TRUE(feed.found());
    ASSERT_TRUE(feed.Send(FrameOf(queue)));
    const auto burst = sources[static_cast<std::size_t>(queue)]->Poll();
    ASSERT_EQ(burst.size(), 1u);
    EXPECT_EQ(AsText(burst[0].frame), FrameOf(queue));
  }
  EXPECT_EQ(sources[0]->counters().outages, 1u);
  EXPECT_EQ(sources[1]->counters().outages, 0u) << "an outage is the port's, counted once";
}

}  // namespace
}  // namespace gander

#endif  // GANDER_WITH_DPDK

// SPDX-License-Identifier: Apache-2.0
// DPDK on virtual devices, without root or huge pages: a capture through net_pcap is the capture read as a
// file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capture/drain.h"
#include "support/pcap_builder.h"

namespace gander {
namespace {

using capture::DpdkOptions;
using testing::HasSubstr;

// The EAL is started by whichever test comes first; later devices are plugged in.
DpdkOptions Options(const std::string& device) {
  DpdkOptions options;
  options.eal = {"--no-huge", "-m", "256", "--no-pci", "--no-shconf", "--no-telemetry", "--vdev=" + device};
  options.idle_limit_ms = 200;
  return options;
}

class DpdkSource : public testing::Test {
 protected:
  void SetUp() override {
    if (!capture::BuiltWithDpdk()) GTEST_SKIP() << "built without DPDK";
  }
};

std::string SomeCapture(std::size_t packets) {
  const FiveTuple tuple = test::Tuple("10.0.0.1", 4000, "10.0.0.2", 53);
  std::vector<std::string> frames;
  for (std::size_t i = 0; i < packets; ++i)
    frames.push_back(test::UdpFrame(tuple, std::string(i % 1400, 'x')));
  return test::PcapOf(frames);
}

TEST(DpdkAbsent, SaysSo) {
  if (capture::BuiltWithDpdk()) GTEST_SKIP() << "built with DPDK";
  auto sources = capture::OpenDpdk({});
  ASSERT_FALSE(sources);
  EXPECT_THAT(sources.error().cause, HasSubstr("without DPDK"));
}

TEST_F(DpdkSource, NetPcapGivesWhatTheFileGives) {
  const test::TemporaryFile file(SomeCapture(3000));
  auto sources = capture::OpenDpdk(Options("net_pcap0,rx_pcap=" + file.path()));
  ASSERT_TRUE(sources) << sources.error().ToString();
  ASSERT_EQ(sources->size(), 1u);
  capture::PacketSource& source = *(*sources)[0];
  EXPECT_EQ(source.name(), "net_pcap0");
  auto packets = test::Drain(source);
  for (test::Copied& p : packets) p.port = 0;
  EXPECT_EQ(packets, test::Drain(**capture::OpenFile(file.path())));
  EXPECT_EQ(source.counters().received, 3000u);
  EXPECT_EQ(source.counters().errors + source.counters().kernel_drops + source.counters().interface_drops,
            0u);
  EXPECT_EQ(source.problem(), nullptr);
}

TEST_F(DpdkSource, FramesOfSeveralBuffersArePutTogether) {
  std::vector<std::string> frames;
  for (int i = 0; i < 200; ++i) {
    std::string frame(static_cast<std::size_t>(1900 + 83 * i), '\0');
    for (std::size_t k = 0; k < frame.size(); ++k)
      frame[k] = static_cast<char>(k * 31 + static_cast<std::size_t>(i));
    frames.push_back(frame);
  }
  const test::TemporaryFile file(test::PcapOf(frames));
  auto sources = capture::OpenDpdk(Options("net_pcap1,rx_pcap=" + file.path()));
  ASSERT_TRUE(sources) << sources.error().ToString();
  const auto packets = test::Drain(*(*sources)[0]);
  ASSERT_EQ(packets.size(), frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(packets[i].frame, frames[i]) << i;
}

TEST_F(DpdkSource, EachQueueIsASource) {
  const test::TemporaryFile a(SomeCapture(100)), b(SomeCapture(70));
  DpdkOptions options = Options("net_pcap2,rx_pcap=" + a.path() + ",rx_pcap=" + b.path());
  options.rx_queues = 2;
  auto sources = capture::OpenDpdk(options);
  ASSERT_TRUE(sources) << sources.error().ToString();
  ASSERT_EQ(sources->size(), 2u);
  EXPECT_EQ((*sources)[1]->name(), "net_pcap2 queue 1");
  EXPECT_EQ(test::Drain(*(*sources)[0]).size(), 100u);
  EXPECT_EQ(test::Drain(*(*sources)[1]).size(), 70u);
}

TEST_F(DpdkSource, AnIdleRingEndsAtTheLimit) {
  auto sources = capture::OpenDpdk(Options("net_ring0"));
  ASSERT_TRUE(sources) << sources.error().ToString();
  EXPECT_TRUE((*sources)[0]->Poll().empty());
  EXPECT_FALSE((*sources)[0]->exhausted());
  EXPECT_TRUE(test::Drain(*(*sources)[0]).empty());
  EXPECT_TRUE((*sources)[0]->exhausted());
}

TEST_F(DpdkSource, MoreQueuesThanThePortHasAreRefused) {
  const test::TemporaryFile file(SomeCapture(1));
  DpdkOptions options = Options("net_pcap3,rx_pcap=" + file.path());
  options.rx_queues = 4;
  auto sources = capture::OpenDpdk(options);
  ASSERT_FALSE(sources);
  EXPECT_THAT(sources.error().cause, HasSubstr("4 receive queues are asked of port"));
  EXPECT_THAT(sources.error().remedy, HasSubstr("at most 1"));
}

TEST_F(DpdkSource, APortIsReadOnceAtATime) {
  const test::TemporaryFile a(SomeCapture(5)), b(SomeCapture(7));
  auto first = capture::OpenDpdk(Options("net_pcap7,rx_pcap=" + a.path()));
  ASSERT_TRUE(first) << first.error().ToString();
  auto second = capture::OpenDpdk(Options("net_pcap8,rx_pcap=" + b.path()));
  ASSERT_TRUE(second) << second.error().ToString();
  ASSERT_EQ(second->size(), 1u) << "only the port that is free";
  const auto packets = test::Drain(*(*second)[0]);
  EXPECT_EQ(packets.size(), 7u);
  DpdkOptions options = Options("net_pcap7");
  const auto read = (*first)[0]->Poll();
  ASSERT_EQ(read.size(), 5u);
  options.ports = {read[0].port};
  auto again = capture::OpenDpdk(options);
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().cause, HasSubstr("is read already"));
  EXPECT_EQ((*first)[0]->counters().received, 5u);
}

TEST_F(DpdkSource, TooFewBuffersAreRefused) {
  const test::TemporaryFile file(SomeCapture(1));
  DpdkOptions options = Options("net_pcap4,rx_pcap=" + file.path());
  options.mempool_size = 511;
  auto sources = capture::OpenDpdk(options);
  ASSERT_FALSE(sources);
  EXPECT_THAT(sources.error().remedy, HasSubstr("mempool_size to"));
}

TEST_F(DpdkSource, UnknownPortAndDeviceAreRefused) {
  const test::TemporaryFile file(SomeCapture(1));
  DpdkOptions options = Options("net_pcap5,rx_pcap=" + file.path());
  options.ports = {77};
  auto sources = capture::OpenDpdk(options);
  ASSERT_FALSE(sources);
  EXPECT_THAT(sources.error().cause, HasSubstr("no port 77"));
  options.ports.clear();
  EXPECT_TRUE(capture::OpenDpdk(options)) << "the device was left free";
  sources = capture::OpenDpdk(Options("net_pcap6,rx_pcap=/no/such/file.pcap"));
  ASSERT_FALSE(sources);
  EXPECT_THAT(sources.error().cause, HasSubstr("net_pcap6"));
  EXPECT_FALSE(sources.error().remedy.empty());
}

}  // namespace
}  // namespace gander

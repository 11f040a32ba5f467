// SPDX-License-Identifier: Apache-2.0
// DPDK on virtual devices, without root or huge pages: a capture through net_pcap is the capture read as a
// file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include "capture/dpdk_devices.h"
#include "capture/drain.h"
#include "support/pcap_builder.h"

namespace gander {
namespace {

using capture::DpdkOptions;
using testing::HasSubstr;

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
  auto sources = capture::OpenDpdk(test::DpdkOn("net_pcap0,rx_pcap=" + file.path()));
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
  auto sources = capture::OpenDpdk(test::DpdkOn("net_pcap1,rx_pcap=" + file.path()));
  ASSERT_TRUE(sources) << sources.error().ToString();
  const auto packets = test::Drain(*(*sources)[0]);
  ASSERT_EQ(packets.size(), frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(packets[i].frame, frames[i]) << i;
}

TEST_F(DpdkSource, EachQueueIsASource) {
  const test::TemporaryFile a(SomeCapture(100)), b(SomeCapture(70));
  DpdkOptions options = test::DpdkOn("net_pcap2,rx_pcap=" + a.path() + ",rx_pcap=" + b.path());
  options.rx_queues = 2;
  auto sources = capture::OpenDpdk(options);
  ASSERT_TRUE(sources) << sources.error().ToString();
  ASSERT_EQ(sources->size(), 2u);
  EXPECT_EQ((*sources)[1]->name(), "net_pcap2 queue 1");
  EXPECT_EQ(test::Drain(*(*sources)[0]).size(), 100u);
  EXPECT_EQ(test::Drain(*(*sources)[1]).size(), 70u);
}

TEST_F(DpdkSource, AnIdleRingEndsAtTheLimit) {
  auto sources = capture::OpenDpdk(test::DpdkOn("net_ring0"));
  ASSERT_TRUE(sources) << sources.error().ToString();
  EXPECT_TRUE((*sources)[0]->Poll().empty());
  EXPECT_FALSE((*sources)[0]->exhausted());
  EXPECT_TRUE(test::Drain(*(*sources)[0]).empty());
  EXPECT_TRUE((*sources)[0]->exhausted());
}

TEST_F(DpdkSource, MoreQueuesThanThePortHasAreRefused) {
  const test::TemporaryFile file(SomeCapture(1));
  DpdkOptions options = test::DpdkOn("net_pcap3,rx_pcap=" + file.path());
  options.rx_queues = 4;
  auto sources = capture::OpenDpdk(options);
  ASSERT_FALSE(sources);
  EXPECT_THAT(sources.error().cause, HasSubstr("4 receive queues are asked of port"));
  EXPECT_THAT(sources.error().remedy, HasSubstr("at most 1"));
}

TEST_F(DpdkSource, APortIsReadOnceAtATime) {
  const test::TemporaryFile a(SomeCapture(5)), b(SomeCapture(7));
  auto first = capture::OpenDpdk(test::DpdkOn("net_pcap7,rx_pcap=" + a.path()));
  ASSERT_TRUE(first) << first.error().ToString();
  auto second = capture::OpenDpdk(test::DpdkOn("net_pcap8,rx_pcap=" + b.path()));
  ASSERT_TRUE(second) << second.error().ToString();
  ASSERT_EQ(second->size(), 1u) << "only the port that is free";
  const auto packets = test::Drain(*(*second)[0]);
  EXPECT_EQ(packets.size(), 7u);
  DpdkOptions options = test::DpdkOn("net_pcap7");
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
  DpdkOptions options = test::DpdkOn("net_pcap4,rx_pcap=" + file.path());
  options.mempool_size = 511;
  auto sources = capture::OpenDpdk(options);
  ASSERT_FALSE(sources);
  EXPECT_THAT(sources.error().cause,
              HasSubstr("needs 1536: 1024 descriptors + 128 in two bursts + 384 in the core's"));
  EXPECT_THAT(sources.error().remedy, HasSubstr("mempool_size to 1536"));
  options.mempool_size = 8'000'000;
  sources = capture::OpenDpdk(options);
  ASSERT_FALSE(sources);
  EXPECT_THAT(sources.error().cause, HasSubstr("8000000 packet buffers of 2176 bytes take"));
  EXPECT_THAT(sources.error().remedy, HasSubstr("huge pages"));
  options.mempool_size = 1536;
  EXPECT_TRUE(capture::OpenDpdk(options));
}

TEST_F(DpdkSource, WhatCannotBeIsRefusedBeforeAnythingStarts) {
  const auto cause_of = [](auto change) {
    DpdkOptions options = test::DpdkOn("net_null9,no-rx=1");
    change(options);
    auto sources = capture::OpenDpdk(options);
    if (sources) return std::string("opened");
    EXPECT_THAT(sources.error().file, HasSubstr("capture.dpdk"));
    EXPECT_FALSE(sources.error().remedy.empty());
    return sources.error().cause;
  };
  EXPECT_THAT(cause_of([](DpdkOptions& o) {
                o.offloads = {"checksum", "lro"};
              }),
              HasSubstr("\"lro\" is no offload"));
  EXPECT_THAT(cause_of([](DpdkOptions& o) { o.ports = {0, 1, 0}; }), HasSubstr("port 0 is listed twice"));
  EXPECT_THAT(cause_of([](DpdkOptions& o) { o.rx_queues = 0; }), HasSubstr("0 receive queues"));
  EXPECT_THAT(cause_of([](DpdkOptions& o) { o.rx_queues = 65; }), HasSubstr("65 receive queues"));
  EXPECT_THAT(cause_of([](DpdkOptions& o) { o.rss_key = "xy"; }), HasSubstr("not a hexadecimal"));
  EXPECT_THAT(cause_of([](DpdkOptions& o) { o.mempool_cache = 513; }), HasSubstr("cache of 513"));
  EXPECT_EQ(cause_of([](DpdkOptions&) {}), "opened");
}

// Each in a process of its own, since an EAL starts once.
using DpdkEalDeathTest = DpdkSource;

[[noreturn]] void StartAndSay(std::vector<std::string> eal) {
  DpdkOptions options;
  options.eal = std::move(eal);
  cpu_set_t before, after;
  sched_getaffinity(0, sizeof before, &before);
  auto sources = capture::OpenDpdk(options);
  sched_getaffinity(0, sizeof after, &after);
  const std::string said = sources ? "started" : sources.error().ToString();
  std::fprintf(stderr, "%s\n%s\n", said.c_str(), CPU_EQUAL(&before, &after) ? "any core" : "pinned");
  std::_Exit(7);
}

TEST_F(DpdkEalDeathTest, SaysWhatMendsIt) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto exits = testing::ExitedWithCode(7);
  EXPECT_EXIT(StartAndSay({"--no-huge", "-m", "64", "--no-pci", "--no-shconf", "-l", "0-1000"}), exits,
              "core list names cores");
  EXPECT_EXIT(StartAndSay({"--no-huge", "-m", "64", "--no-pci", "--no-shconf", "--no-such-thing"}), exits,
              "does not know one of its arguments");
  EXPECT_EXIT(StartAndSay({"--no-huge", "-m", "64", "--no-pci", "--no-shconf", "--vdev=net_nothing0"}), exits,
              "no driver for a device");
  EXPECT_EXIT(StartAndSay({"--no-huge", "-m", "64", "--no-pci", "--no-shconf"}), exits, "found no port");
}

TEST_F(DpdkEalDeathTest, LeavesTheThreadOnAllItsCores) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      StartAndSay({"--no-huge", "-m", "64", "--no-pci", "--no-shconf", "-l", "0", "--vdev=net_null0"}),
      testing::ExitedWithCode(7), "started\nany core");
}

TEST_F(DpdkSource, UnknownPortAndDeviceAreRefused) {
  const test::TemporaryFile file(SomeCapture(1));
  DpdkOptions options = test::DpdkOn("net_pcap5,rx_pcap=" + file.path());
  options.ports = {77};
  auto sources = capture::OpenDpdk(options);
  ASSERT_FALSE(sources);
  EXPECT_THAT(sources.error().cause, HasSubstr("no port 77"));
  options.ports.clear();
  EXPECT_TRUE(capture::OpenDpdk(options)) << "the device was left free";
  sources = capture::OpenDpdk(test::DpdkOn("net_pcap6,rx_pcap=/no/such/file.pcap"));
  ASSERT_FALSE(sources);
  EXPECT_THAT(sources.error().cause, HasSubstr("net_pcap6"));
  EXPECT_FALSE(sources.error().remedy.empty());
}

}  // namespace
}  // namespace gander

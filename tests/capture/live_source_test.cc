// SPDX-License-Identifier: Apache-2.0
// libpcap on the loopback interface, where this user may capture; the errors anywhere.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "capture/packet_source.h"

namespace gander {
namespace {

using capture::LiveOptions;
using testing::AnyOf;
using testing::HasSubstr;

constexpr auto kPatience = std::chrono::seconds(10);

LiveOptions Loopback(std::string bpf = {}) {
  LiveOptions options;
  options.interface = "lo";
  options.bpf = std::move(bpf);
  options.buffer_bytes = 4 << 20;
  return options;
}

// A UDP socket that sends to itself over the loopback interface.
class Echo {
 public:
  Echo() : fd_(socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd_, reinterpret_cast<sockaddr*>(&any), sizeof any) != 0) std::abort();
    socklen_t size = sizeof address_;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address_), &size);
  }
  ~Echo() { close(fd_); }
  void Send(const std::string& text) const {
    (void)sendto(fd_, text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&address_),
                 sizeof address_);
  }
  std::string filter() const { return fmt::format("udp dst port {}", ntohs(address_.sin_port)); }

 private:
  int fd_;
  sockaddr_in address_{};
};

TEST(LiveSource, SaysWhichInterfacesThereAre) {
  LiveOptions options;
  options.interface = "nosuch0";
  auto source = capture::OpenLive(options);
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().file, "nosuch0");
  EXPECT_THAT(source.error().cause, AnyOf(HasSubstr("no such interface"), HasSubstr("may not capture")));
  EXPECT_THAT(source.error().remedy, AnyOf(HasSubstr("lo"), HasSubstr("setcap")));
}

TEST(LiveSource, RefusesABadFilterInLibpcapsWords) {
  auto source = capture::OpenLive(Loopback("udp porrt 7"));
  ASSERT_FALSE(source);
  EXPECT_THAT(source.error().cause,
              AnyOf(HasSubstr("\"udp porrt 7\" is not valid"), HasSubstr("may not capture")));
  EXPECT_FALSE(source.error().remedy.empty());
}

TEST(LiveSource, ReadsWhatTheFilterLetsThrough) {
  const Echo echo;
  auto source = capture::OpenLive(Loopback(echo.filter()));
  if (!source) GTEST_SKIP() << source.error().ToString();
  EXPECT_EQ(source->front()->name(), "lo");
  EXPECT_FALSE(source->front()->frames_outlive_poll());
  constexpr std::size_t kPackets = 300;
  for (std::size_t i = 0; i < kPackets; ++i) echo.Send(fmt::format("datagram {}.", i));
  std::size_t seen = 0;
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (seen < kPackets && std::chrono::steady_clock::now() < deadline) {
    const auto burst = source->front()->Poll();
    EXPECT_LE(burst.size(), capture::PacketSource::kMaxBurst);
    // All of a burst is looked at together: an early frame must not have been overwritten by a late one.
    for (const capture::Packet& p : burst) {
      EXPECT_THAT(std::string(AsText(p.frame)), HasSubstr(fmt::format("datagram {}.", seen)));
      EXPECT_EQ(p.number, ++seen);
      EXPECT_EQ(p.link, LinkType::kEthernet);
      EXPECT_GT(p.time.ns, 1'600'000'000 * kNanosPerSecond);
    }
    if (burst.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(seen, kPackets);
  EXPECT_EQ(source->front()->counters().received, kPackets);
  EXPECT_EQ(source->front()->counters().kernel_drops, 0u);
  EXPECT_FALSE(source->front()->exhausted());
}

TEST(LiveSource, SnapLengthCutsTheFrameNotItsLength) {
  const Echo echo;
  LiveOptions options = Loopback(echo.filter());
  options.snap_length = 68;
  auto source = capture::OpenLive(options);
  if (!source) GTEST_SKIP() << source.error().ToString();
  echo.Send(std::string(1000, 'x'));
  std::span<const capture::Packet> burst;
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (burst.empty() && std::chrono::steady_clock::now() < deadline) burst = source->front()->Poll();
  ASSERT_EQ(burst.size(), 1u);
  EXPECT_EQ(burst[0].frame.size(), 68u);
  EXPECT_EQ(burst[0].wire_length, 1042u);
}

}  // namespace
}  // namespace gander

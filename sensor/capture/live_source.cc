// SPDX-License-Identifier: Apache-2.0
// An interface read through libpcap, without blocking; waited for and opened again when it was gone.
#include "capture/live_source.h"

#include <fmt/format.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include <chrono>
#include <cstring>
#include <fstream>

#include "capture/record_format.h"

namespace gander::capture {
namespace {

// How often an idle source looks after its interface.
constexpr auto kLookEvery = std::chrono::milliseconds(500);

Timestamp UnixNow() noexcept {
  return {std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count()};
}

// "" when packets can arrive, as far as the kernel tells.
const char* WhatIsWrongWith(const std::string& interface, int fd) noexcept {
  ifreq request{};
  std::strncpy(request.ifr_name, interface.c_str(), IFNAMSIZ - 1);
  if (ioctl(fd, SIOCGIFFLAGS, &request) != 0) return "";  // "any" has no flags
  if ((request.ifr_flags & IFF_UP) == 0) return "the interface is down";
  return (request.ifr_flags & IFF_RUNNING) == 0 ? "the interface has no link" : "";
}

}  // namespace

LiveSource::LiveSource(const LiveOptions& options, std::uint16_t socket, LiveHandle handle,
                       std::shared_ptr<PacketFanout> fanout)
    : options_(options),
      socket_(socket),
      snap_length_(SnapLength(options)),
      name_(
          options.sockets == 1 ? options.interface : fmt::format("{} socket {}", options.interface, socket)),
      fanout_(std::move(fanout)),
      arena_(std::make_unique_for_overwrite<std::byte[]>(kMaxBurst * std::size_t{snap_length_})),
      pause_(options.retry_max_s) {
  Attach(std::move(handle));
}

void LiveSource::Attach(LiveHandle handle) {
  handle_ = std::move(handle);
  link_ = LinkTypeFromFile(static_cast<std::uint32_t>(pcap_datalink(handle_.get())));
  nanos_per_tick_ = pcap_get_tstamp_precision(handle_.get()) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000;
  kernel_drops_.last = interface_drops_.last = 0;
}

std::span<const Packet> LiveSource::Poll() noexcept {
  burst_.Clear();
  used_ = 0;
  if (handle_ == nullptr) {
    TryToReopen();
    return {};
  }
  const int read =
      pcap_dispatch(handle_.get(), kMaxBurst, &LiveSource::OnPacket, reinterpret_cast<u_char*>(this));
  if (read < 0) {
    OnBroken();
  } else if (read == 0) {
    LookAfterInterface();
  } else if (problem_) {
    problem_.reset();
  }
  return burst_.packets();
}

void LiveSource::OnPacket(u_char* self, const pcap_pkthdr* header, const u_char* data) noexcept {
  reinterpret_cast<LiveSource*>(self)->Keep(*header, data);
}

void LiveSource::Keep(const pcap_pkthdr& header, const u_char* data) noexcept {
  const Timestamp time{std::int64_t{header.ts.tv_sec} * kNanosPerSecond +
                       std::int64_t{header.ts.tv_usec} * nanos_per_tick_};
  if (time < begin_) return;
  if (burst_.full()) {  // libpcap keeps to the count it was given; if it ever did not, the loss would be
                        // counted
    ++overrun_;
    return;
  }
  const std::size_t size = std::min(header.caplen, snap_length_);
  std::byte* at = arena_.get() + used_;
  std::memcpy(at, data, size);
  used_ += size;
  burst_.Add({at, size}, time, header.len, link_, 0);
}

void LiveSource::LookAfterInterface() noexcept {
  const auto now = RetryPause::Clock::now();
  if (now < next_look_) return;
  next_look_ = now + kLookEvery;
  const char* wrong = WhatIsWrongWith(options_.interface, pcap_fileno(handle_.get()));
  if (*wrong == '\0') {
    problem_.reset();
  } else {
    Break(wrong, "see that it is up (ip link) and its cable in; it is read on when it is");
  }
}

// An interface that goes down and then vanishes is one outage.
void LiveSource::Break(const std::string& cause, const char* remedy) noexcept {
  if (!problem_) ++outages_;
  if (!problem_ || problem_->cause != cause) problem_ = Error{options_.interface, 0, cause, remedy};
}

void LiveSource::OnBroken() noexcept {
  Break(fmt::format("the interface broke off: {}", pcap_geterr(handle_.get())),
        "see that it still exists (ip link); it is looked for until it is back");
  UpdateDrops();
  handle_.reset();
}

void LiveSource::TryToReopen() noexcept {
  if (!pause_.Due(RetryPause::Clock::now())) return;
  auto handle = OpenHandle(options_);
  if (!handle) return;
  if (fanout_ != nullptr) {
    if (!fanout_->Join(pcap_fileno(handle->get()))) return;
    begin_ = UnixNow();
  }
  Attach(std::move(*handle));
  pause_.Reset();
  problem_.reset();
}

void LiveSource::UpdateDrops() const noexcept {
  pcap_stat stat{};
  if (handle_ == nullptr || pcap_stats(handle_.get(), &stat) != 0) return;
  kernel_drops_.Update(stat.ps_drop);
  interface_drops_.Update(stat.ps_ifdrop);
}

// Kernel drops are a socket's. What the interface itself lost, and its outages, every socket sees: the first
// reports them, so that the sum over sockets is right.
SourceCounters LiveSource::counters() const noexcept {
  UpdateDrops();
  SourceCounters c = burst_.counters();
  c.kernel_drops = kernel_drops_.total + overrun_;
  if (socket_ == 0) {
    c.interface_drops = interface_drops_.total;
    c.outages = outages_;
  }
  return c;
}

Place LiveSource::place() const {
  int node = -1;
  std::ifstream("/sys/class/net/" + options_.interface + "/device/numa_node") >> node;
  return {options_.interface, socket_, static_cast<std::uint16_t>(options_.sockets), Steering::kHostPair,
          node};
}

Result<std::vector<std::unique_ptr<PacketSource>>> OpenLive(const LiveOptions& options) {
  std::vector<std::unique_ptr<PacketSource>> sources;
  std::shared_ptr<PacketFanout> fanout;
  for (std::uint32_t socket = 0; socket < std::max(options.sockets, 1u); ++socket) {
    auto handle = OpenHandle(options);
    if (!handle) return Failure(handle.error());
    if (options.sockets > 1) {
      const bool ethernet = pcap_datalink(handle->get()) == DLT_EN10MB;
      if (fanout == nullptr) fanout = std::make_shared<PacketFanout>(options.interface, ethernet);
      if (auto joined = fanout->Join(pcap_fileno(handle->get())); !joined) return Failure(joined.error());
    }
    sources.push_back(std::make_unique<LiveSource>(options, static_cast<std::uint16_t>(socket),
                                                   std::move(*handle), fanout));
  }
  if (fanout == nullptr) return sources;
  const Timestamp begin = UnixNow();
  for (const auto& source : sources) static_cast<LiveSource&>(*source).BeginAt(begin);
  return sources;
}

}  // namespace gander::capture

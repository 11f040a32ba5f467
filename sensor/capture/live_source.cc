// SPDX-License-Identifier: Apache-2.0
// An interface read through libpcap, without blocking.
#include <fmt/format.h>
#include <pcap/pcap.h>

#include <cstring>
#include <optional>

#include "capture/burst.h"
#include "capture/packet_source.h"
#include "capture/record_format.h"

namespace gander::capture {
namespace {

// The kernel hands a block of packets over when it is full or so old. Short enough that packet time keeps up,
// long enough that blocks fill under load.
constexpr int kBlockMillis = 10;

struct CloseHandle {
  void operator()(pcap_t* handle) const noexcept { pcap_close(handle); }
};
using Handle = std::unique_ptr<pcap_t, CloseHandle>;

// A 32-bit counter of the kernel's, continued beyond its wrap.
class WideCounter {
 public:
  std::uint64_t Update(std::uint32_t now) noexcept {
    total_ += now - last_;
    last_ = now;
    return total_;
  }

 private:
  std::uint64_t total_ = 0;
  std::uint32_t last_ = 0;
};

// Within one pcap_dispatch() libpcap gives a ring block back to the kernel as soon as its last packet was
// handed out and goes on with the next, so a burst over two blocks would point into memory the kernel writes
// again. Frames are therefore copied. The arena is sized for the worst burst; of its pages only those ever
// used become resident.
class LiveSource final : public PacketSource {
 public:
  LiveSource(Handle handle, std::string name, std::uint32_t snap_length)
      : handle_(std::move(handle)),
        name_(std::move(name)),
        snap_length_(snap_length),
        link_(LinkTypeFromFile(static_cast<std::uint32_t>(pcap_datalink(handle_.get())))),
        nanos_per_tick_(pcap_get_tstamp_precision(handle_.get()) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000),
        arena_(std::make_unique_for_overwrite<std::byte[]>(kMaxBurst * std::size_t{snap_length})) {}

  std::span<const Packet> Poll() noexcept override {
    burst_.Clear();
    used_ = 0;
    if (problem_) return {};
    if (pcap_dispatch(handle_.get(), kMaxBurst, &LiveSource::OnPacket, reinterpret_cast<u_char*>(this)) < 0) {
      problem_ = Error{name_, 0, fmt::format("the interface broke off: {}", pcap_geterr(handle_.get())),
                       "see that it still exists and is up (ip link), then start again"};
    }
    return burst_.packets();
  }

  bool exhausted() const noexcept override { return problem_.has_value(); }
  const Error* problem() const noexcept override { return problem_ ? &*problem_ : nullptr; }
  const std::string& name() const noexcept override { return name_; }

  SourceCounters counters() const noexcept override {
    pcap_stat stat{};
    if (pcap_stats(handle_.get(), &stat) == 0) {
      kernel_drops_now_ = kernel_drops_.Update(stat.ps_drop);
      interface_drops_now_ = interface_drops_.Update(stat.ps_ifdrop);
    }
    SourceCounters c = burst_.counters();
    c.kernel_drops = kernel_drops_now_ + overrun_;
    c.interface_drops = interface_drops_now_;
    return c;
  }

 private:
  static void OnPacket(u_char* self, const pcap_pkthdr* header, const u_char* data) noexcept {
    reinterpret_cast<LiveSource*>(self)->Keep(*header, data);
  }

  void Keep(const pcap_pkthdr& header, const u_char* data) noexcept {
    if (burst_.full()) {  // libpcap keeps to the count it was given; if it ever did not, the loss would be
                          // counted
      ++overrun_;
      return;
    }
    const std::size_t size = std::min(header.caplen, snap_length_);
    std::byte* at = arena_.get() + used_;
    std::memcpy(at, data, size);
    used_ += size;
    const Timestamp time{std::int64_t{header.ts.tv_sec} * kNanosPerSecond +
                         std::int64_t{header.ts.tv_usec} * nanos_per_tick_};
    burst_.Add({at, size}, time, header.len, link_, 0);
  }

  Handle handle_;
  std::string name_;
  std::uint32_t snap_length_;
  LinkType link_;
  std::int64_t nanos_per_tick_;
  std::unique_ptr<std::byte[]> arena_;
  std::size_t used_ = 0;
  Burst burst_;
  std::uint64_t overrun_ = 0;
  std::optional<Error> problem_;
  // Asking libpcap is what moves its counters on.
  mutable WideCounter kernel_drops_, interface_drops_;
  mutable std::uint64_t kernel_drops_now_ = 0, interface_drops_now_ = 0;
};

std::string InterfaceNames() {
  char why[PCAP_ERRBUF_SIZE];
  pcap_if_t* all = nullptr;
  if (pcap_findalldevs(&all, why) != 0) return {};
  std::string names;
  for (const pcap_if_t* i = all; i != nullptr; i = i->next) {
    if ((i->flags & PCAP_IF_UP) == 0) continue;
    names += (names.empty() ? "" : ", ") + std::string(i->name);
  }
  pcap_freealldevs(all);
  return names;
}

Failure CannotActivate(const LiveOptions& options, int status, pcap_t* handle) {
  const std::string& name = options.interface;
  switch (status) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
      return Fail(name, 0, "there is no such interface",
                  fmt::format("name one of those up: {}", InterfaceNames()));
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
      return Fail(name, 0, "this user may not capture on it",
                  "run as root, or once: setcap cap_net_raw,cap_net_admin=eip gander");
    case PCAP_ERROR_IFACE_NOT_UP:
      return Fail(name, 0, "the interface is down", fmt::format("bring it up: ip link set {} up", name));
    default: {
      const std::string detail = pcap_geterr(handle);
      return Fail(name, 0,
                  fmt::format("cannot capture on it: {}", detail.empty() ? pcap_statustostr(status) : detail),
                  "try a smaller buffer (capture.live.buffer), or the same interface with tcpdump -i");
    }
  }
}

Result<bool> SetFilter(const LiveOptions& options, pcap_t* handle) {
  if (options.bpf.empty()) return true;
  bpf_program program{};
  const bool compiled = pcap_compile(handle, &program, options.bpf.c_str(), 1, PCAP_NETMASK_UNKNOWN) == 0;
  const bool set = compiled && pcap_setfilter(handle, &program) == 0;
  if (compiled) pcap_freecode(&program);
  if (set) return true;
  return Fail(options.interface, 0,
              fmt::format("the filter \"{}\" is not valid: {}", options.bpf, pcap_geterr(handle)),
              "see pcap-filter(7) for the language, or leave the filter empty");
}

}  // namespace

Result<std::vector<std::unique_ptr<PacketSource>>> OpenLive(const LiveOptions& options) {
  char why[PCAP_ERRBUF_SIZE] = "";
  Handle handle(pcap_create(options.interface.c_str(), why));
  if (handle == nullptr) return Fail(options.interface, 0, why, "name an interface as ip link shows it");
  const std::uint32_t snap_length = std::clamp<std::uint32_t>(options.snap_length, 68, kMaxCaptured);
  pcap_set_snaplen(handle.get(), static_cast<int>(snap_length));
  pcap_set_promisc(handle.get(), options.promiscuous ? 1 : 0);
  pcap_set_timeout(handle.get(), kBlockMillis);
  pcap_set_buffer_size(handle.get(),
                       static_cast<int>(std::min<std::uint32_t>(options.buffer_bytes, 1u << 30)));
  // Where the kernel has no nanoseconds the handle stays with microseconds; LiveSource asks which it is.
  (void)pcap_set_tstamp_precision(handle.get(), PCAP_TSTAMP_PRECISION_NANO);
  if (const int status = pcap_activate(handle.get()); status < 0) {
    return CannotActivate(options, status, handle.get());
  }
  if (auto filter = SetFilter(options, handle.get()); !filter) return Failure(filter.error());
  if (pcap_setnonblock(handle.get(), 1, why) != 0) {
    return Fail(options.interface, 0, fmt::format("it cannot be read without blocking: {}", why),
                "name an interface of the kernel's");
  }
  std::vector<std::unique_ptr<PacketSource>> sources;
  sources.push_back(std::make_unique<LiveSource>(std::move(handle), options.interface, snap_length));
  return sources;
}

}  // namespace gander::capture

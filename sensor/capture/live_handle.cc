// SPDX-License-Identifier: Apache-2.0
// Opening of interfaces through libpcap.
#include "capture/live_handle.h"

#include <fmt/format.h>

#include <algorithm>

#include "capture/record_format.h"

namespace gander::capture {
namespace {

// The kernel hands a block of packets over when it is full or so old. Short enough that packet time keeps up,
// long enough that blocks fill under load.
constexpr int kBlockMillis = 10;

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
                  "run as root, or once: setcap cap_net_raw=eip gander");
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

std::uint32_t SnapLength(const LiveOptions& options) noexcept {
  return std::clamp<std::uint32_t>(options.snap_length, 68, kMaxCaptured);
}

Result<LiveHandle> OpenHandle(const LiveOptions& options) {
  char why[PCAP_ERRBUF_SIZE] = "";
  LiveHandle handle(pcap_create(options.interface.c_str(), why));
  if (handle == nullptr) return Fail(options.interface, 0, why, "name an interface as ip link shows it");
  pcap_set_snaplen(handle.get(), static_cast<int>(SnapLength(options)));
  pcap_set_promisc(handle.get(), options.promiscuous ? 1 : 0);
  pcap_set_timeout(handle.get(), kBlockMillis);
  pcap_set_buffer_size(handle.get(),
                       static_cast<int>(std::min<std::uint32_t>(options.buffer_bytes, 1u << 30)));
  // Where the kernel has no nanoseconds the handle stays with microseconds; the source asks which it is.
  (void)pcap_set_tstamp_precision(handle.get(), PCAP_TSTAMP_PRECISION_NANO);
  if (const int status = pcap_activate(handle.get()); status < 0) {
    return CannotActivate(options, status, handle.get());
  }
  if (auto filter = SetFilter(options, handle.get()); !filter) return Failure(filter.error());
  if (pcap_setnonblock(handle.get(), 1, why) != 0) {
    return Fail(options.interface, 0, fmt::format("it cannot be read without blocking: {}", why),
                "name an interface of the kernel's");
  }
  return handle;
}

}  // namespace gander::capture

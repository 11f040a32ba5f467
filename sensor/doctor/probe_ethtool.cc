// SPDX-License-Identifier: Apache-2.0
// The ethtool ioctl (linux/ethtool.h), read-only commands. A driver may refuse any of them.
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "doctor/probes.h"

namespace gander::doctor {
namespace {

constexpr std::uint32_t kMaxFeatures = 1024;
constexpr std::uint32_t kMaxHashKey = 256;

class Driver {
 public:
  explicit Driver(std::string name)
      : name_(std::move(name)), socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}
  ~Driver() {
    if (socket_ >= 0) close(socket_);
  }
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  bool Ask(void* command) const {
    if (socket_ < 0 || name_.size() >= IFNAMSIZ) return false;
    ifreq request{};
    std::memcpy(request.ifr_name, name_.data(), name_.size());
    request.ifr_data = static_cast<char*>(command);
    return ioctl(socket_, SIOCETHTOOL, &request) == 0;
  }

 private:
  std::string name_;
  int socket_;
};

// A struct of the kernel's with an array at its end, in memory aligned for it.
template <class Head>
class Command {
 public:
  Command(std::uint32_t command, std::size_t tail)
      : memory_((sizeof(Head) + tail) / sizeof(std::uint64_t) + 1) {
    (*this)->cmd = command;
  }
  Head* operator->() { return reinterpret_cast<Head*>(memory_.data()); }
  void* get() { return memory_.data(); }

 private:
  std::vector<std::uint64_t> memory_;
};

std::uint32_t FeatureCount(const Driver& driver) {
  Command<ethtool_sset_info> ask(ETHTOOL_GSSET_INFO, sizeof(std::uint32_t));
  ask->sset_mask = std::uint64_t{1} << ETH_SS_FEATURES;
  if (!driver.Ask(ask.get()) || ask->sset_mask == 0) return 0;
  return std::min(ask->data[0], kMaxFeatures);
}

void AskFeatures(const Driver& driver, Interface& interface) {
  const std::uint32_t count = FeatureCount(driver);
  if (count == 0) return;
  Command<ethtool_gstrings> names(ETHTOOL_GSTRINGS, std::size_t{count} * ETH_GSTRING_LEN);
  names->string_set = ETH_SS_FEATURES;
  names->len = count;
  const std::uint32_t blocks = (count + 31) / 32;
  Command<ethtool_gfeatures> states(ETHTOOL_GFEATURES, blocks * sizeof(ethtool_get_features_block));
  states->size = blocks;
  if (!driver.Ask(names.get()) || !driver.Ask(states.get())) return;
  for (std::uint32_t i = 0; i < std::min(count, names->len); ++i) {
    const char* text = reinterpret_cast<const char*>(names->data) + std::size_t{i} * ETH_GSTRING_LEN;
    const std::string name(text, strnlen(text, ETH_GSTRING_LEN));
    const ethtool_get_features_block& block = states->features[i / 32];
    const std::uint32_t bit = 1u << (i % 32);
    if (name.empty()) continue;
    interface.features[name] = (block.active & bit) != 0;
    if ((block.available & bit) == 0 || (block.never_changed & bit) != 0) interface.fixed.insert(name);
  }
}

void AskHashKey(const Driver& driver, Interface& interface) {
  Command<ethtool_rxfh> sizes(ETHTOOL_GRSSH, 0);
  if (!driver.Ask(sizes.get()) || sizes->key_size == 0 || sizes->key_size > kMaxHashKey) return;
  const std::uint32_t entries = std::min<std::uint32_t>(sizes->indir_size, 4096);
  Command<ethtool_rxfh> ask(ETHTOOL_GRSSH, entries * sizeof(std::uint32_t) + sizes->key_size);
  ask->indir_size = entries;
  ask->key_size = sizes->key_size;
  if (entries != sizes->indir_size || !driver.Ask(ask.get())) return;
  const auto* key = reinterpret_cast<const std::uint8_t*>(ask->rss_config + entries);
  for (std::uint32_t i = 0; i < sizes->key_size; ++i) {
    constexpr char kHex[] = "0123456789abcdef";
    interface.hash_key += {kHex[key[i] >> 4], kHex[key[i] & 15]};
  }
}

}  // namespace

void AskDriver(Interface& interface) {
  const Driver driver(interface.name);
  AskFeatures(driver, interface);
  ethtool_ringparam ring{};
  ring.cmd = ETHTOOL_GRINGPARAM;
  if (driver.Ask(&ring)) {
    interface.ring = ring.rx_pending;
    interface.ring_max = ring.rx_max_pending;
  }
  ethtool_channels channels{};
  channels.cmd = ETHTOOL_GCHANNELS;
  if (driver.Ask(&channels)) {
    interface.combined_channels = channels.max_combined > 0;
    interface.channels = channels.combined_count + channels.rx_count;
    interface.channels_max = channels.max_combined + channels.max_rx;
  }
  AskHashKey(driver, interface);
}

}  // namespace gander::doctor

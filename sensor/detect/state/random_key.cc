// SPDX-License-Identifier: Apache-2.0
#include "detect/state/random_key.h"

#include <sys/random.h>

#include <span>

#include "detect/account/network_of.h"

namespace gander::detect {

HashKey RandomKey() {
  HashKey key;
  auto* bytes = reinterpret_cast<unsigned char*>(&key);
  for (std::size_t done = 0; done < sizeof key;) {
    const ssize_t n = getrandom(bytes + done, sizeof key - done, 0);
    if (n > 0) done += static_cast<std::size_t>(n);
  }
  return key;
}

HashKey TableKey(const Options& options, std::uint64_t table) {
  if (!options.repeatable) return RandomKey();
  constexpr HashKey kFixed{0x6f66666c696e652dULL, 0x7461626c652d6b65ULL};
  return {SipHash13(kFixed, table), SipHash13(kFixed, ~table)};
}

HashKey MeterKey(const Options& options, std::uint64_t detector) noexcept {
  return {SipHash13(options.tag_key, detector), SipHash13(options.tag_key, ~detector)};
}

std::uint64_t OriginOf(const HashKey& key, const IpAddress& address) noexcept {
  const IpPrefix network = NetworkOf(address);
  return SipHash13(key, std::as_bytes(std::span(network.address.octets))) | 1;
}

}  // namespace gander::detect

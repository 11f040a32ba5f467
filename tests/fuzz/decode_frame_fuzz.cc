// SPDX-License-Identifier: Apache-2.0
// Any bytes as a frame: the first picks the link type.
#include <cstdlib>

#include "decode/decoded.h"
#include "decode/peek.h"

namespace {

using gander::LinkType;

constexpr LinkType kLinks[] = {LinkType::kEthernet,  LinkType::kNull,      LinkType::kPpp,
                               LinkType::kPppHdlc,   LinkType::kPppoe,     LinkType::kRaw,
                               LinkType::kCiscoHdlc, LinkType::kIeee80211, LinkType::kFrameRelay,
                               LinkType::kLinuxSll,  LinkType::kRadiotap,  LinkType::kLinuxSll2,
                               LinkType::kPpi,       LinkType::kNflog,     LinkType::kErf,
                               LinkType::kPrism,     LinkType::kPflog,     LinkType::kTokenRing,
                               LinkType::kPktap,     LinkType::kMpls};

void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const gander::Bytes frame(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
  gander::decode::Options options;
  options.checksums = (data[0] & 0x80) == 0 ? gander::decode::Checksums::kIgnore : gander::decode::Checksums::kAuto;
  gander::decode::Counters counters{};
  gander::decode::Decoded out;
  gander::decode::Decode(kLinks[data[0] % std::size(kLinks)], frame, options, counters, out);
  Check(out.header_bytes + out.payload.size() == frame.size());
  Check(out.vlan_count <= gander::decode::kMaxVlans && out.tunnel_count <= gander::decode::kMaxTunnels);
  if (!out.payload.empty()) {
    Check(out.payload.data() >= frame.data() &&
          out.payload.data() + out.payload.size() <= frame.data() + frame.size());
  }
  const bool readable = out.status == gander::decode::Status::kOk || out.status == gander::decode::Status::kFragment;
  const auto pair = gander::decode::Peek(kLinks[data[0] % std::size(kLinks)], frame, options);
  Check(pair.hash == (readable ? gander::decode::HostPairHash(out) : 0));
  Check(pair.tunnel == (readable && out.tunnel_count > 0));
  return 0;
}

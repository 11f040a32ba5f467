// SPDX-License-Identifier: Apache-2.0
// Which pair of hosts a frame belongs to, for a fraction of what Decode costs: packets are dealt to workers
// by it.
#ifndef GANDER_DECODE_PEEK_H_
#define GANDER_DECODE_PEEK_H_

#include "decode/decoded.h"

namespace gander::decode {

struct Pair {
  std::uint32_t hash = 0;  // HostPairHash of what Decode finds; 0 for a frame without readable IP
  bool tunnel = false;     // Decoded::tunnel_count > 0
  bool fragment = false;   // Status::kFragment
};

// Agrees with Decode on every frame. Ethernet with IP straight inside, in VXLAN, GENEVE or GTP-U is read from
// its fixed places; all else is left to Decode.
Pair Peek(LinkType link, Bytes frame, const Options& options) noexcept;

}  // namespace gander::decode

#endif  // GANDER_DECODE_PEEK_H_

// SPDX-License-Identifier: Apache-2.0
// Community ID version 1: a name of a flow that other sensors give it too
// (github.com/corelight/community-id-spec).
#ifndef GANDER_FLOW_COMMUNITY_ID_H_
#define GANDER_FLOW_COMMUNITY_ID_H_

#include <cstdint>
#include <string>

#include "base/net.h"

namespace gander::flow {

// "1:" and 28 characters of base64. Same for both directions. For ICMP and ICMPv6 the ports of `tuple` must
// hold type and code of one of its packets; a reply type is mapped to its request as the specification says.
std::string CommunityId(const FiveTuple& tuple, std::uint16_t seed = 0);

}  // namespace gander::flow

#endif  // GANDER_FLOW_COMMUNITY_ID_H_

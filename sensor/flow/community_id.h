// SPDX-License-Identifier: Apache-2.0
// Community ID v1, seed 0: one text for both directions of a flow, shared by Zeek, Suricata and others
// (github.com/corelight/community-id-spec).
#ifndef GANDER_FLOW_COMMUNITY_ID_H_
#define GANDER_FLOW_COMMUNITY_ID_H_

#include <string>

#include "base/net.h"

namespace gander::flow {

// For ICMP the tuple's ports hold type and code.
std::string CommunityId(const FiveTuple& tuple);
// The same, behind what `out` holds: without an allocation once `out` has had room for 30 characters.
void AppendCommunityId(const FiveTuple& tuple, std::string& out);

}  // namespace gander::flow

#endif  // GANDER_FLOW_COMMUNITY_ID_H_

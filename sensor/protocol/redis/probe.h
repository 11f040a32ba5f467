// SPDX-License-Identifier: Apache-2.0
#ifndef GANDER_PROTOCOL_REDIS_PROBE_H_
#define GANDER_PROTOCOL_REDIS_PROBE_H_

#include "protocol/parser.h"

namespace gander::protocol::redis {

Probe ProbeRedis(const ProbeInput& input) noexcept;

}  // namespace gander::protocol::redis

#endif  // GANDER_PROTOCOL_REDIS_PROBE_H_

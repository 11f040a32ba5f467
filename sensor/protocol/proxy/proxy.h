// SPDX-License-Identifier: Apache-2.0
// The PROXY protocol, versions 1 and 2 (HAProxy, "The PROXY protocol", 2010-2020): a load balancer's word, before the
// first byte of a connection, on whose behalf it connects. What follows is found out anew.
#ifndef GANDER_PROTOCOL_PROXY_PROXY_H_
#define GANDER_PROTOCOL_PROXY_PROXY_H_

#include <cstddef>

#include "protocol/registry.h"

namespace gander::protocol {

// Event "proxy": {"version", "transport", "src_ip", "src_port", "dest_ip", "dest_port"}.
extern const ProtocolInfo kProxy;

namespace proxy {

// State of a flow: the header as far as it has come. Version 1 has 107 octets at most; of version 2 longer headers are
// passed over and only their front is kept.
inline constexpr std::size_t kMaxHeader = 256;

}  // namespace proxy
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_PROXY_PROXY_H_

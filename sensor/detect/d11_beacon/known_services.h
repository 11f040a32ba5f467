// SPDX-License-Identifier: Apache-2.0
// What calls home at fixed times on every machine: clocks, updates, mail, push messages. Their rhythm says nothing.
#ifndef GANDER_DETECT_D11_BEACON_KNOWN_SERVICES_H_
#define GANDER_DETECT_D11_BEACON_KNOWN_SERVICES_H_

#include <string_view>

#include "detect/account/traffic_meter.h"

namespace gander::detect {

// By protocol and port: time, names, addresses, mail boxes.
bool PollsByNature(const TrafficKey& key) noexcept;
// By the registrable domain, in lower case: makers of systems and browsers, certificate authorities, clocks.
bool IsPlatformDomain(std::string_view domain) noexcept;

}  // namespace gander::detect

#endif  // GANDER_DETECT_D11_BEACON_KNOWN_SERVICES_H_

// SPDX-License-Identifier: Apache-2.0
// Ways in which traffic is not what its port or protocol says.
#ifndef GANDER_DETECT_D13_COVERT_UPLOAD_COVERT_KINDS_H_
#define GANDER_DETECT_D13_COVERT_UPLOAD_COVERT_KINDS_H_

#include <cstdint>
#include <string>

#include "detect/account/traffic_meter.h"

namespace gander::detect {

enum class CovertKind : std::uint8_t {
  kNone,
  kUnknownProtocol,  // nobody knows it and it begins like ciphertext
  kSmallProtocol,    // a protocol of a few octets now and then
  kWrongPort,        // a known protocol where another one belongs
  kOddProtocol,      // an IP protocol that hosts do not use
  kStuffedFields,    // requests with fields far longer than any need
};
constexpr CovertKind LastOf(CovertKind) noexcept { return CovertKind::kStuffedFields; }

struct Covert {
  CovertKind kind = CovertKind::kNone;
  std::string label;  // "ntp", "ssh on port 443", "IP protocol 254"
};

// What a path is by its ports and protocol alone; kUnknownProtocol stays to be proved by the opening.
Covert CovertOf(const TrafficKey& key);

}  // namespace gander::detect

#endif  // GANDER_DETECT_D13_COVERT_UPLOAD_COVERT_KINDS_H_

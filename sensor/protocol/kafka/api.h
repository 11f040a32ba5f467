// SPDX-License-Identifier: Apache-2.0
// Requests by their key.
#ifndef GANDER_PROTOCOL_KAFKA_API_H_
#define GANDER_PROTOCOL_KAFKA_API_H_

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace gander::protocol::kafka {

enum Api : std::int16_t {
  kProduce = 0,
  kFetch = 1,
  kListOffsets = 2,
  kMetadata = 3,
  kSaslHandshake = 17,
  kApiVersions = 18,
  kSaslAuthenticate = 36
};

// "Produce"; null for a key that there is not.
const char* ApiName(std::int16_t key) noexcept;
bool IsFlexible(std::int16_t key, std::int16_t version) noexcept;

// Head of a request; the views live as long as what was read.
struct RequestHead {
  std::int16_t key = 0, version = 0;
  std::int32_t correlation = 0;
  std::string_view client;
  std::size_t body = 0;
};
// False when `message`, without its length, begins no request; or not yet (`*cut`).
bool ReadRequestHead(Bytes message, RequestHead& out, bool* cut) noexcept;

}  // namespace gander::protocol::kafka

#endif  // GANDER_PROTOCOL_KAFKA_API_H_

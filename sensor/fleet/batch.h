// SPDX-License-Identifier: Apache-2.0
// Messages on their way from the broker to the database, with where they lay.
#ifndef GANDER_FLEET_BATCH_H_
#define GANDER_FLEET_BATCH_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fleet/message.h"

namespace gander::fleet {

struct Item {
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::string bytes;  // of which the quarantine keeps the first kKeptOctets
  Message message = Ignored{};
};
inline constexpr std::size_t kKeptOctets = 2048;

using Batch = std::vector<Item>;

// The lines of COPY ... FROM STDIN (text format) for fleet.open_batch()'s three tables. Octets that are not UTF-8, and
// zeros, reach the quarantine as \xHH.
struct CopyText {
  std::string sketches, events, refused;
};
CopyText ToCopyText(std::span<const Item> items);

extern const char kSketchColumns[], kEventColumns[], kRefusedColumns[];

}  // namespace gander::fleet

#endif  // GANDER_FLEET_BATCH_H_

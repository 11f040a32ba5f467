// SPDX-License-Identifier: Apache-2.0
// Secret keys of tables: random in a live run, the same in every process for captures, whose results must repeat.
#ifndef GANDER_DETECT_STATE_RANDOM_KEY_H_
#define GANDER_DETECT_STATE_RANDOM_KEY_H_

#include <cstdint>

#include "base/hash.h"
#include "base/net.h"
#include "detect/options.h"

namespace gander::detect {

HashKey RandomKey();
// `table`: any number, another one for each table.
HashKey TableKey(const Options& options, std::uint64_t table);
// Of what the meters of one detector hash: the same for all workers of a run, and over a restart with a snapshot.
HashKey MeterKey(const Options& options, std::uint64_t detector) noexcept;
// Of the /24 or /48 an address lies in: who may hold at most a quarter of a set of a table.
std::uint64_t OriginOf(const HashKey& key, const IpAddress& address) noexcept;

}  // namespace gander::detect

#endif  // GANDER_DETECT_STATE_RANDOM_KEY_H_

// SPDX-License-Identifier: Apache-2.0
// The saved form of collectors.
#include "detect/account/collectors.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {

void Collectors::Save(SnapshotWriter& out) const {
  SaveAll(out, hash_key_.k0, hash_key_.k1, keys_);
  SaveTable(map_, out);
  SaveField(rollups_, out);
}

void Collectors::Load(StateReader& in) {
  LoadAll(in, hash_key_.k0, hash_key_.k1, keys_);
  LoadTable(map_, in, [&](const CollectorKey& key) {
    if (key.level > Level::kDomain) in.Fail();
    return HashOf(key);
  });
  LoadField(rollups_, in);
  for (const auto& [key, c] : rollups_) {
    if (key.level <= Level::kDomain) return in.Fail();
    rollup_bytes_ += sizeof(CollectorKey) + sizeof(Collector) + 64 + c.bytes();
  }
}

}  // namespace gander::detect

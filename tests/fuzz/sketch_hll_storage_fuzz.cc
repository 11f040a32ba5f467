// SPDX-License-Identifier: Apache-2.0
// Any bytes as a stored sketch: no crash; what is taken writes as something that reads as the same, and what is refused
// leaves nothing behind.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "sketch/hll_storage.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gander::sketch;
  HyperLogLog registers, again;
  const auto fault = HllStorage::Read(std::as_bytes(std::span(data, size)), registers);
  if (fault != HllStorage::Fault::kNone) {
    if (registers != HyperLogLog() || *NameOf(fault) == '\0') std::abort();
    return 0;
  }
  const std::string written = HllStorage::Write(registers);
  if (written.size() > HllStorage::kFullBytes) std::abort();
  if (HllStorage::Read(gander::AsBytes(written), again) != HllStorage::Fault::kNone || again != registers) std::abort();
  if (registers.Estimate() < 0) std::abort();
  return 0;
}

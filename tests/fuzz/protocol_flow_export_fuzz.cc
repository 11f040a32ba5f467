// SPDX-License-Identifier: Apache-2.0
#include "fuzz/protocol_talk.h"
#include "protocol/flow_export/flow_export.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return gander::protocol::fuzz::Talk(gander::protocol::kFlowExport, data, size);
}

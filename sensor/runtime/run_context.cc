// SPDX-License-Identifier: Apache-2.0
#include "runtime/run_context.h"

#include "runtime/engine.h"

namespace gander::runtime {
namespace {

HashKey TagKeyOf(const RunRequest& request, const HashKey& otherwise) {
  if (request.fleet != nullptr) return request.fleet->TagKey();
  return request.state_key != nullptr ? request.state_key->tags : otherwise;
}

}  // namespace

RunContext::RunContext(const RunRequest& request, const PoisonList& flows, const HashKey& otherwise)
    : RunContext(TagKeyOf(request, otherwise), request.quarantine) {
  fleet = request.fleet;
  poison = &flows;
  if (request.past.flow_seed != 0) flow_seed = request.past.flow_seed;
}

}  // namespace gander::runtime

// SPDX-License-Identifier: Apache-2.0
// The fields of a sketch, each checked.
#ifndef GANDER_FLEET_SKETCH_READER_H_
#define GANDER_FLEET_SKETCH_READER_H_

#include <nlohmann/json_fwd.hpp>

#include "fleet/message.h"

namespace gander::fleet {

// A SketchMessage or a Refused.
Message ReadSketch(const nlohmann::json& event);

}  // namespace gander::fleet

#endif  // GANDER_FLEET_SKETCH_READER_H_

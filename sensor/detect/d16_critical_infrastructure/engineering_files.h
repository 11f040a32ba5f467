// SPDX-License-Identifier: Apache-2.0
// Files that show how a plant is built and run, by the end of their name and their first bytes. Said of files that
// leave a zone of kind `ot`: elsewhere a name alone proves little.
#ifndef GANDER_DETECT_D16_CRITICAL_INFRASTRUCTURE_ENGINEERING_FILES_H_
#define GANDER_DETECT_D16_CRITICAL_INFRASTRUCTURE_ENGINEERING_FILES_H_

#include <string_view>

namespace gander::detect {

// "project of a Siemens controller"; "" for what is none. Static. `name` may be a path, `magic` as content/ tells it.
const char* EngineeringFileOf(std::string_view name, std::string_view magic) noexcept;

}  // namespace gander::detect

#endif  // GANDER_DETECT_D16_CRITICAL_INFRASTRUCTURE_ENGINEERING_FILES_H_

// SPDX-License-Identifier: Apache-2.0
// What may be shown of a personal value.
#ifndef GANDER_IDENTIFY_MASK_H_
#define GANDER_IDENTIFY_MASK_H_

#include <string>
#include <string_view>

#include "identify/finding.h"

namespace gander::identify {

// First and last character with dots between, one dot a character up to 16; a secret or a short value all
// dots.
Mask MaskOf(std::string_view value, bool secret) noexcept;
void AppendMask(std::string_view value, bool secret, std::string& out);

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_MASK_H_

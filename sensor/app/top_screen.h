// SPDX-License-Identifier: Apache-2.0
// The screen of `gander ctl top`: two answers of `status` made into what changed between them.
#ifndef GANDER_APP_TOP_SCREEN_H_
#define GANDER_APP_TOP_SCREEN_H_

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace gander::app {

struct ScreenSize {
  int width = 100, height = 30;
};

// `before` may be null: rates are left out then. `seconds` lie between the two. Lines end in "\n", at most `height`, none
// longer than `width`.
std::string DrawTop(const nlohmann::ordered_json& now, const nlohmann::ordered_json& before, double seconds,
                    const ScreenSize& size);

}  // namespace gander::app

#endif  // GANDER_APP_TOP_SCREEN_H_

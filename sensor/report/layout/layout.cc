// SPDX-License-Identifier: Apache-2.0
#include "report/layout/layout.h"

namespace gander::report {
namespace {

constexpr const char* kNames[kLayouts] = {"eve", "ecs", "ocsf"};

}  // namespace

const char* NameOf(Layout layout) noexcept { return kNames[static_cast<int>(layout)]; }

bool ParseLayout(std::string_view name, Layout& out) noexcept {
  for (int i = 0; i < kLayouts; ++i) {
    if (name != kNames[i]) continue;
    out = static_cast<Layout>(i);
    return true;
  }
  return false;
}

}  // namespace gander::report

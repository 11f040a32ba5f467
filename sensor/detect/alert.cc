// SPDX-License-Identifier: Apache-2.0
#include "detect/alert.h"

#include <algorithm>
#include <iterator>

namespace gander::detect {
namespace {

constexpr const char* kNames[] = {"info", "low", "medium", "high", "critical"};

}  // namespace

const char* NameOf(Severity s) noexcept { return kNames[static_cast<std::size_t>(s)]; }

bool ParseSeverity(std::string_view text, Severity& out) noexcept {
  const auto at = std::find(std::begin(kNames), std::end(kNames), text);
  if (at == std::end(kNames)) return false;
  out = static_cast<Severity>(at - std::begin(kNames));
  return true;
}

int EveSeverity(Severity s) noexcept {
  switch (s) {
    case Severity::kCritical:
    case Severity::kHigh: return 1;
    case Severity::kMedium: return 2;
    case Severity::kLow: return 3;
    case Severity::kInfo: break;
  }
  return 4;
}

}  // namespace gander::detect

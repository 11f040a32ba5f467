// SPDX-License-Identifier: Apache-2.0
// Any bytes as an EVE line: mapped to one JSON object in one line, or refused with nothing written.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "report/layout/layout.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gander::report;
  if (size > 1 << 16) return 0;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  static const auto ecs = NewLayoutMapper(Layout::kEcs, "0.1.0");
  static const auto ocsf = NewLayoutMapper(Layout::kOcsf, "0.1.0");
  for (LayoutMapper* mapper : {ecs.get(), ocsf.get()}) {
    std::string out;
    if (!mapper->Append(line, out)) {
      Require(out.empty());
      continue;
    }
    Require(out.ends_with('\n') && out.find('\n') == out.size() - 1);
    // Strings are moved, not looked into: the output is JSON wherever the input is.
    if (nlohmann::json::accept(line)) Require(nlohmann::json::accept(out));
    std::string again;
    Require(mapper->Append(line, again) && again == out);
  }
  return 0;
}

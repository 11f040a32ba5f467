// SPDX-License-Identifier: Apache-2.0
#include "protocol/industrial/function.h"

namespace gander::protocol::industrial {

const char* NameOf(Category category) noexcept {
  switch (category) {
    case Category::kRead: return "read";
    case Category::kWrite: return "write";
    case Category::kControl: return "control";
    case Category::kDiagnostic: return "diagnostic";
    case Category::kOther: break;
  }
  return "other";
}

void Count(const Function& function, MessageSink& sink) noexcept {
  sink.OnFunction(function.name != nullptr ? function.name : "unknown", NameOf(function.category));
}

void Write(std::int64_t code, const Function& function, Record& out) {
  out.BeginObject("function").Integer("code", code);
  if (function.name != nullptr) out.String("name", function.name);
  out.String("category", NameOf(function.category)).EndObject();
}

}  // namespace gander::protocol::industrial

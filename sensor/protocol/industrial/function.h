// SPDX-License-Identifier: Apache-2.0
// What a function of a control protocol does to the process: the one thing an operator of a plant asks first.
#ifndef GANDER_PROTOCOL_INDUSTRIAL_FUNCTION_H_
#define GANDER_PROTOCOL_INDUSTRIAL_FUNCTION_H_

#include <cstdint>

#include "base/record.h"
#include "protocol/parser.h"

namespace gander::protocol::industrial {

enum class Category : std::uint8_t {
  kRead,        // values, files, clocks are asked for or told
  kWrite,       // values are set
  kControl,     // the device or its program is started, stopped, loaded, operated
  kDiagnostic,  // states, identities, alarms, tests
  kOther,
};
const char* NameOf(Category category) noexcept;

struct Function {
  const char* name;  // static, as the standard calls it
  Category category;
};

// Every message that asks for something, or tells of it unasked.
void Count(const Function& function, MessageSink& sink) noexcept;

// {"function": {"code", "name", "category"}}; a function without a name has its code alone.
void Write(std::int64_t code, const Function& function, Record& out);

}  // namespace gander::protocol::industrial

#endif  // GANDER_PROTOCOL_INDUSTRIAL_FUNCTION_H_

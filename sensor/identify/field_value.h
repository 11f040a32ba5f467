// SPDX-License-Identifier: Apache-2.0
// The value that belongs to a key, in the notations in which keys are written.
#ifndef GANDER_IDENTIFY_FIELD_VALUE_H_
#define GANDER_IDENTIFY_FIELD_VALUE_H_

#include <string_view>

#include "identify/span_finders.h"

namespace gander::identify {

// `key_begin` and `key_end` enclose the key itself. Knows "key": "value", "key":[{"text":"value", key=value,
// name="key" value="value", <key>value<, key: value and label cells of HTML. Nothing found when the key
// stands in some other role. Never looks further than 256 bytes.
Span FindFieldValue(std::string_view text, std::size_t key_begin, std::size_t key_end) noexcept;
// What follows the key on its line behind a blank, at most 64 bytes.
Span FindProseValue(std::string_view text, std::size_t key_begin, std::size_t key_end) noexcept;

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_FIELD_VALUE_H_

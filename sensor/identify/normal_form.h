// SPDX-License-Identifier: Apache-2.0
// The form in which two spellings of one value are equal, and of which its tag is made.
#ifndef GANDER_IDENTIFY_NORMAL_FORM_H_
#define GANDER_IDENTIFY_NORMAL_FORM_H_

#include <cstddef>
#include <string_view>

namespace gander::identify {

// Letters and digits of `text` in upper case (other bytes of UTF-8 stay); of at most `capacity` bytes of it.
// Returns how many there are; bytes of `out` behind them, within `capacity`, may be written too.
std::size_t Normalise(std::string_view text, char* out, std::size_t capacity) noexcept;

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_NORMAL_FORM_H_

// SPDX-License-Identifier: Apache-2.0
// For strings of metadata that may hold an identifier which no rule proves where it stands alone (a URL path, a file name,
// an argument): what looks like a number of somebody is masked all the same. An event that hides an order number costs an
// analyst a click; one that shows a patient's number cannot be taken back.
#ifndef GANDER_IDENTIFY_CAUTIOUS_MASK_H_
#define GANDER_IDENTIFY_CAUTIOUS_MASK_H_

#include <string>
#include <string_view>

namespace gander::identify {

// Masked is a word of so many digits; one of letters and digits from so many characters with so many digits among them ...
inline constexpr std::size_t kCautiousNumber = 6;
inline constexpr std::size_t kCautiousWord = 7, kCautiousDigits = 4;
// ... and groups of digits, so many together, that a space, one of - / _ + : or a dot between groups of three joins, plain
// or percent-coded.
inline constexpr std::size_t kCautiousChain = 7;

// Appends `text` to `out`, masked so. Versions ("537.36", "120.0.6099") stay. With a smaller `number`, words of so many
// digits are masked, whatever letters are among them.
void AppendCautiously(std::string_view text, std::string& out, std::size_t number = kCautiousNumber);
// Whether AppendCautiously would hide some of it.
bool IsToBeHidden(std::string_view text) noexcept;

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_CAUTIOUS_MASK_H_

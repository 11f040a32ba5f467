// SPDX-License-Identifier: Apache-2.0
// Named character references of HTML, of which XML knows amp, lt, gt, quot and apos.
#ifndef GANDER_CONTENT_CHARACTER_NAMES_H_
#define GANDER_CONTENT_CHARACTER_NAMES_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gander::content {

inline constexpr std::size_t kMaxCharacterName = 24;

// The character called `name`, without '&' and ';'. 0 when the name is not known, or not known without its semicolon.
std::uint32_t CharacterNamed(std::string_view name, bool with_semicolon) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_CHARACTER_NAMES_H_

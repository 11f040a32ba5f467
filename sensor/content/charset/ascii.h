// SPDX-License-Identifier: Apache-2.0
// Where ASCII ends: the one look that text in ASCII is charged for.
#ifndef GANDER_CONTENT_ASCII_H_
#define GANDER_CONTENT_ASCII_H_

#include "base/bytes.h"

namespace gander::content {

// Bytes before the first one beyond 0x7f.
std::size_t AsciiPrefix(Bytes text) noexcept;
// Before the first one beyond 0x7f, or ESC.
std::size_t UnescapedAsciiPrefix(Bytes text) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_ASCII_H_

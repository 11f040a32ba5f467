// SPDX-License-Identifier: Apache-2.0
// How likely each byte beyond ASCII is in a language written in a charset of one byte a character: from the language's
// letters in the order of their frequency, and ICU's tables. Made once, at the first use.
#ifndef GANDER_CONTENT_CHARSET_MODELS_H_
#define GANDER_CONTENT_CHARSET_MODELS_H_

#include <array>
#include <cstdint>
#include <span>

#include "content/charset/charset.h"

namespace gander::content {

struct ByteModel {
  const Charset* charset = nullptr;
  bool latin = false;                       // ASCII letters are letters of the language
  std::array<std::int8_t, 128> weights{};  // of 0x80 to 0xff; kMostLikely at most
  std::array<std::int8_t, 128> capitals{};  // the same of capital letters, zero for all else
};

inline constexpr int kMostLikely = 60;

std::span<const ByteModel> ByteModels() noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_CHARSET_MODELS_H_

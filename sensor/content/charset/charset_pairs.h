// SPDX-License-Identifier: Apache-2.0
// How well text reads in the charsets of East Asia, whose characters take two bytes as a rule: by the
// characters that everyday text uses.
#ifndef GANDER_CONTENT_CHARSET_PAIRS_H_
#define GANDER_CONTENT_CHARSET_PAIRS_H_

#include <array>

#include "base/bytes.h"
#include "content/charset/charset.h"

namespace gander::content {

struct PairReading {
  const Charset* charset = nullptr;
  int score =
      0;  // of all characters together; kMostLikely (charset_models.h) each at most, below zero for malformed ones
  int characters = 0;
};

inline constexpr std::size_t kPairCharsets = 5;
std::array<PairReading, kPairCharsets> ReadPairs(Bytes text) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_CHARSET_PAIRS_H_

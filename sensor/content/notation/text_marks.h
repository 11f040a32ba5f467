// SPDX-License-Identifier: Apache-2.0
// Where in a text its notation may stand for something else: at the marks that begin an escape, and in runs that may be
// base64. One pass tells both; most text has neither.
#ifndef GANDER_CONTENT_NOTATION_TEXT_MARKS_H_
#define GANDER_CONTENT_NOTATION_TEXT_MARKS_H_

#include <cstddef>

#include "base/bytes.h"

namespace gander::content {

struct TextMarks {
  std::size_t unmarked = 0;  // bytes before the first '\\', '&' or '%'
  std::size_t plain = 0;     // of them, before the first run that may be a value; not within a run
};
TextMarks LookForMarks(Bytes in) noexcept;

// So many bytes without a mark are worth a step of their own.
inline constexpr std::size_t kWorthAStep = 256;
// How far marks reach, of which in[first] is one, until none comes for so long.
std::size_t MarkedSize(Bytes in, std::size_t first) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_NOTATION_TEXT_MARKS_H_

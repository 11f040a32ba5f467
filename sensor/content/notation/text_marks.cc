// SPDX-License-Identifier: Apache-2.0
#include "content/notation/text_marks.h"

#include <cstdint>

#include "content/notation/base64_run.h"
#include "content/notation/text_classes.h"

namespace gander::content {
namespace {

constexpr bool IsMark(std::byte c) noexcept {
  return c == std::byte{'\\'} || c == std::byte{'&'} || c == std::byte{'%'};
}

#if defined(__AVX2__)
// Where what may go on behind in[end] begins: a run, and padding behind it.
std::size_t OpenBegin(Bytes in, std::size_t end) noexcept {
  std::size_t run_end = end;
  while (run_end > 0 && end - run_end < 2 && in[run_end - 1] == std::byte{'='}) --run_end;
  return Base64RunBegin(in, run_end);
}
#endif

}  // namespace

TextMarks LookForMarks(Bytes in) noexcept {
  std::size_t at = 0;
#if defined(__AVX2__)
  TextClasses classes;
  GroupRuns groups;
  bool runs = false, marked = false;
  std::size_t plain = 0;
  const auto look = [&](std::size_t from, std::size_t behind) {
    classes.Read(in.data() + from);
    marked = classes.HasMark();
    if (marked || runs || !groups.Next(classes.Groups())) return;
    runs = true;
    plain = OpenBegin(in, behind);
  };
  for (; at + TextClasses::kBytes <= in.size(); at += TextClasses::kBytes) {
    look(at, at);
    if (marked) return {.unmarked = at + classes.FirstMark(), .plain = runs ? plain : OpenBegin(in, at)};
  }
  if (at > 0 && at < in.size()) {
    // What is left is read with bytes before it once more, all of a run that goes on into it where they reach so far.
    const std::size_t from = in.size() - TextClasses::kBytes, begin = OpenBegin(in, at);
    if (!runs && begin < from) {
      runs = true;
      plain = begin;
    }
    groups = {};
    look(from, at);
    if (!marked) at = in.size();
  }
  if (!runs) plain = OpenBegin(in, at);
#else
  constexpr std::size_t plain = 0;
#endif
  while (at < in.size() && !IsMark(in[at])) ++at;
  return {.unmarked = at, .plain = plain};
}

std::size_t MarkedSize(Bytes in, std::size_t first) noexcept {
  std::size_t at = first, size = first;
#if defined(__AVX2__)
  TextClasses classes;
  for (; at + TextClasses::kBytes <= in.size() && at - size < kWorthAStep; at += TextClasses::kBytes) {
    classes.Read(in.data() + at);
    if (classes.HasMark()) size = at + TextClasses::kBytes;
  }
#endif
  for (; at < in.size() && at - size < kWorthAStep; ++at) {
    if (IsMark(in[at])) size = at + 1;
  }
  return at - size < kWorthAStep ? in.size() : size;
}

}  // namespace gander::content

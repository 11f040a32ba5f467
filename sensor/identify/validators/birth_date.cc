// SPDX-License-Identifier: Apache-2.0
// A date of birth without its separators: which order it was written in is tried out.
#include <cstdint>

#include "identify/validators/calendar.h"
#include "identify/validators/checksum.h"
#include "identify/validators/families.h"

namespace gander::identify {

bool BirthDate(std::string_view v) noexcept {
  if (v.size() != 8) return false;
  const std::uint64_t word = Load8(v.data());
  if (!AllDigits8(word)) return false;
  const auto number = static_cast<int>(Number8(word));
  const int head = number / 10000, tail = number % 10000;
  return IsBirthDate(head, tail / 100, tail % 100) ||  // YYYYMMDD
         IsBirthDate(tail, head % 100, head / 100) ||  // DDMMYYYY
         IsBirthDate(tail, head / 100, head % 100);    // MMDDYYYY
}

}  // namespace gander::identify

// SPDX-License-Identifier: Apache-2.0
// A date of birth without its separators: which order it was written in is tried out.
#include "identify/validators/calendar.h"
#include "identify/validators/checksum.h"
#include "identify/validators/families.h"

namespace gander::identify {

bool BirthDate(std::string_view v) noexcept {
  if (v.size() != 8 || !AllDigits(v)) return false;
  const int head = Number(v.substr(0, 4)), tail = Number(v.substr(4, 4));
  return IsBirthDate(head, tail / 100, tail % 100) ||  // YYYYMMDD
         IsBirthDate(tail, head % 100, head / 100) ||  // DDMMYYYY
         IsBirthDate(tail, head / 100, head % 100);    // MMDDYYYY
}

}  // namespace gander::identify

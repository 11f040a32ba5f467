// SPDX-License-Identifier: Apache-2.0
// IBANs as written: compact, or in groups.
#include "identify/char_class.h"
#include "identify/normal_form.h"
#include "identify/span_finders.h"
#include "identify/validators/families.h"

namespace gander::identify {

Span FindIban(std::string_view text, std::size_t begin, char (&value)[kMaxIban]) noexcept {
  if (begin + 15 > text.size()) return {};
  const auto length = static_cast<std::size_t>(IbanLength(text[begin], text[begin + 1]));
  if (length == 0 || (begin > 0 && IsWord(text[begin - 1]))) return {};
  std::size_t n = 0, i = begin;
  if (begin + length <= text.size()) {
    // Written without groups: as a whole.
    n = Normalise(text.substr(begin, length), value, sizeof value);
    i = n == length ? begin + length : begin;
    n = n == length ? length : 0;
  }
  while (n < length && i < text.size()) {
    const char c = text[i];
    if (IsAlnum(c)) {
      value[n++] = ToUpper(c);
      ++i;
      continue;
    }
    if ((c != ' ' && c != '-') || i + 1 >= text.size() || !IsAlnum(text[i + 1])) return {};
    ++i;
  }
  if (n < length || (i < text.size() && IsWord(text[i]))) return {};
  return Iban({value, n}) ? Span{begin, i} : Span{};
}

}  // namespace gander::identify

// SPDX-License-Identifier: Apache-2.0
// Codes of medicine.
#include "identify/char_class.h"
#include "identify/validators/checksum.h"
#include "identify/validators/families.h"

namespace gander::identify {

// WHO ICD-10 volume 2 §2.4 and its national editions (GM, CM): chapter letter, two digits (the second may be A or B),
// a point, up to four more; the marks of a German diagnosis (+ * !) may stand behind.
bool Icd10(std::string_view raw) noexcept {
  while (!raw.empty() && (raw.back() == '+' || raw.back() == '*' || raw.back() == '!')) raw.remove_suffix(1);
  if (raw.size() < 3 || raw.size() > 8 || !IsUpper(raw[0]) || !IsDigit(raw[1])) return false;
  if (!IsDigit(raw[2]) && raw[2] != 'A' && raw[2] != 'B') return false;
  if (raw.size() == 3) return true;
  const std::string_view more = raw[3] == '.' ? raw.substr(4) : raw.substr(3);
  if (more.empty() || more.size() > 4) return false;
  bool digit = false;
  for (char c : more) {
    if (!IsDigit(c) && !IsUpper(c)) return false;
    digit = digit || IsDigit(c) || c == 'X';
  }
  return digit || more.size() == 1;
}

// SNOMED CT Release File Specification §5: item, partition (00 to 05, 10 to 15 behind a namespace), Verhoeff digit.
bool SnomedId(std::string_view v) noexcept {
  if (v.size() < 6 || v.size() > 18 || !AllDigits(v) || v[0] == '0') return false;
  const char partition = v[v.size() - 3], kind = v[v.size() - 2];
  return (partition == '0' || partition == '1') && kind <= '5' && VerhoeffPasses(v);
}

// A group of the AB0 system, with or without its rhesus factor.
bool BloodGroup(std::string_view raw) noexcept {
  std::size_t i = 0;
  if (raw.substr(0, 2) == "AB") {
    i = 2;
  } else if (!raw.empty() && (raw[0] == 'A' || raw[0] == 'B' || raw[0] == 'O' || raw[0] == '0')) {
    i = 1;
  } else {
    return false;
  }
  std::string_view rest = raw.substr(i);
  while (!rest.empty() && (rest[0] == ' ' || rest[0] == '(' || rest[0] == '_')) rest.remove_prefix(1);
  if (rest.empty() || rest[0] == '+' || rest[0] == '-') return rest.size() <= 3;
  for (std::string_view factor : {"Rh", "RH", "rh", "pos", "Pos", "POS", "neg", "Neg", "NEG", "\xE5\x9E\x8B",
                                  "\xED\x98\x95", "\xE2\x88\x92", "\xEF\xBC\x8B"}) {
    if (rest.substr(0, factor.size()) == factor) return true;
  }
  return false;
}

}  // namespace gander::identify

// SPDX-License-Identifier: Apache-2.0
// Machine-readable zones of travel documents: ICAO Doc 9303 parts 4 (TD3), 5 (TD1) and 6 (TD2).
#include <algorithm>
#include <array>

#include "identify/char_class.h"
#include "identify/validators/checksum.h"
#include "identify/validators/families.h"

namespace gander::identify {
namespace {

constexpr std::size_t kMostLines = 3;

// Whether the digit behind value[begin, end) checks it.
bool Checks(std::string_view line, std::size_t begin, std::size_t end) noexcept {
  const char check = line[end];
  if (check == '<') return line.substr(begin, end - begin).find_first_not_of('<') == std::string_view::npos;
  return IsDigit(check) && Mrz731(line.substr(begin, end - begin)) == DigitOf(check);
}

bool PassesBook(std::string_view line, bool checks_optional) noexcept {
  const std::size_t last = line.size() - 1;
  if (!Checks(line, 0, 9) || !Checks(line, 13, 19) || !Checks(line, 21, 27)) return false;
  if (checks_optional && !Checks(line, 28, last - 1)) return false;
  std::array<char, 48> all{};
  std::size_t n = 0;
  const auto add = [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) all[n++] = line[i];
  };
  add(0, 10);
  add(13, 20);
  add(21, last);
  return IsDigit(line[last]) && Mrz731({all.data(), n}) == DigitOf(line[last]);
}

bool PassesCard(std::string_view first, std::string_view second) noexcept {
  if (!Checks(first, 5, 14) || !Checks(second, 0, 6) || !Checks(second, 8, 14)) return false;
  std::array<char, 64> all{};
  std::size_t n = 0;
  const auto add = [&](std::string_view line, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) all[n++] = line[i];
  };
  add(first, 5, 30);
  add(second, 0, 7);
  add(second, 8, 15);
  add(second, 18, 29);
  return IsDigit(second[29]) && Mrz731({all.data(), n}) == DigitOf(second[29]);
}

}  // namespace

bool MachineReadableZone(std::string_view raw) noexcept {
  std::array<std::string_view, kMostLines> lines;
  std::size_t count = 0;
  while (!raw.empty() && count < kMostLines) {
    const std::size_t end = std::min(raw.find_first_of("\r\n"), raw.size());
    if (end > 0) lines[count++] = raw.substr(0, end);
    raw.remove_prefix(std::min(end + 1, raw.size()));
  }
  if (!raw.empty()) return false;
  const auto all_of = [&](std::size_t length) {
    for (std::size_t i = 0; i < count; ++i) {
      if (lines[i].size() != length) return false;
    }
    return true;
  };
  if (count == 2 && all_of(44)) return PassesBook(lines[1], true);
  if (count == 2 && all_of(36)) return PassesBook(lines[1], false);
  return count == 3 && all_of(30) && PassesCard(lines[0], lines[1]);
}

}  // namespace gander::identify

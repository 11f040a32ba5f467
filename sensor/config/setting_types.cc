// SPDX-License-Identifier: Apache-2.0
#include "config/setting_types.h"

#include <cctype>

namespace gander::config {
namespace {

struct Unit {
  const char* name;
  std::uint64_t factor;
};
constexpr Unit kUnits[] = {{"", 1},           {"B", 1},           {"KB", 1000},       {"MB", 1000'000},
                           {"GB", 1000'000'000}, {"KIB", 1 << 10}, {"MIB", 1 << 20}, {"GIB", 1 << 30}};

}  // namespace

bool ParseSize(const std::string& text, std::uint64_t& out) {
  const std::size_t digits = text.find_first_not_of("0123456789");
  std::uint64_t value = 0;
  if (!detail::ParseInteger(text.substr(0, digits), value)) return false;
  std::string unit;
  for (std::size_t i = digits; i < text.size(); ++i) {
    if (text[i] != ' ') unit += static_cast<char>(std::toupper(static_cast<unsigned char>(text[i])));
  }
  for (const Unit& u : kUnits) {
    if (unit != u.name) continue;
    if (value > UINT64_MAX / u.factor) return false;
    out = value * u.factor;
    return true;
  }
  return false;
}

std::string ShowSize(std::uint64_t bytes) {
  for (const Unit& u : {Unit{"GiB", 1 << 30}, Unit{"MiB", 1 << 20}, Unit{"KiB", 1 << 10}}) {
    if (bytes >= u.factor && bytes % u.factor == 0) return std::to_string(bytes / u.factor) + u.name;
  }
  return std::to_string(bytes);
}

std::string QuoteYaml(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace gander::config

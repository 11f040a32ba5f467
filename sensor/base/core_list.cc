// SPDX-License-Identifier: Apache-2.0
#include "base/core_list.h"

#include <charconv>

namespace gander {
namespace {

std::optional<int> ParseCore(std::string_view text) {
  int core = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), core);
  if (error != std::errc{} || end != text.data() + text.size() || core < 0 || core > kMaxCore)
    return std::nullopt;
  return core;
}

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\n") - begin + 1);
}

}  // namespace

std::optional<std::vector<int>> ParseCores(std::string_view text) {
  std::vector<int> cores;
  text = Trimmed(text);
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view item = Trimmed(text.substr(0, comma));
    const std::size_t dash = item.find('-');
    const auto first = ParseCore(item.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : ParseCore(item.substr(dash + 1));
    if (!first || !last || *last < *first) return std::nullopt;
    for (int core = *first; core <= *last; ++core) cores.push_back(core);
    if (comma == std::string_view::npos) break;
    text = text.substr(comma + 1);
    if (text.empty()) return std::nullopt;
  }
  return cores;
}

CoreSet ParseCoreSet(std::string_view text) {
  const auto cores = ParseCores(text);
  return cores ? CoreSet(cores->begin(), cores->end()) : CoreSet();
}

std::string ShowCores(const CoreSet& cores) {
  std::string text;
  for (auto at = cores.begin(); at != cores.end();) {
    const int first = *at;
    int last = first;
    while (++at != cores.end() && *at == last + 1) last = *at;
    if (!text.empty()) text += ',';
    text += std::to_string(first);
    if (last == first) continue;
    text += last == first + 1 ? ',' : '-';
    text += std::to_string(last);
  }
  return text;
}

}  // namespace gander

// SPDX-License-Identifier: Apache-2.0
#include "policy/domain_name.h"

#include <algorithm>

namespace gander::policy {

std::string NormalDomain(std::string_view name) {
  if (name.starts_with("*.")) name.remove_prefix(2);
  // A colon can only begin a port here: an IPv6 literal is in brackets and is no domain anyhow.
  name = name.substr(0, name.find(':'));
  while (name.ends_with('.')) name.remove_suffix(1);
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool InDomain(std::string_view name, std::string_view domain) noexcept {
  if (domain.empty() || !name.ends_with(domain)) return false;
  return name.size() == domain.size() || name[name.size() - domain.size() - 1] == '.';
}

int Labels(std::string_view domain) noexcept {
  return domain.empty() ? 0 : 1 + static_cast<int>(std::count(domain.begin(), domain.end(), '.'));
}

}  // namespace gander::policy

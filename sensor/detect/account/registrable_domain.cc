// SPDX-License-Identifier: Apache-2.0
#include "detect/account/registrable_domain.h"

#include <algorithm>
#include <iterator>

#include "base/net.h"

namespace gander::detect {
namespace {

bool IsSecondLevelRegistry(std::string_view label) noexcept {
  static constexpr std::string_view kLabels[] = {"ac", "co", "com", "edu", "go", "gob", "gov", "gouv", "gv", "mil",
                                                 "ne", "net", "nic", "nom", "or", "org", "sch"};
  return std::find(std::begin(kLabels), std::end(kLabels), label) != std::end(kLabels);
}

}  // namespace

std::string RegistrableDomain(std::string_view host) {
  if (host.starts_with('[')) return {};
  host = host.substr(0, host.find(':'));
  while (host.ends_with('.')) host.remove_suffix(1);
  IpAddress address;
  if (IpAddress::Parse(host, address)) return {};
  std::string name(host);
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return std::string(RegistrablePart(name));
}

std::string_view RegistrablePart(std::string_view name) noexcept {
  const std::size_t last = name.rfind('.');
  if (last == std::string_view::npos || last == 0) return {};
  std::size_t second = name.rfind('.', last - 1);
  if (second == std::string_view::npos) return name;
  const bool country = name.size() - last - 1 == 2;
  if (country && second > 0 && IsSecondLevelRegistry(name.substr(second + 1, last - second - 1))) {
    second = name.rfind('.', second - 1);
    if (second == std::string_view::npos) return name;
  }
  return name.substr(second + 1);
}

}  // namespace gander::detect

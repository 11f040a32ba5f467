// SPDX-License-Identifier: Apache-2.0
#include "identify/own/allow_list.h"

#include <algorithm>

#include "identify/char_class.h"
#include "identify/normal_form.h"

namespace gander::identify {
namespace {

bool EqualFolded(std::string_view text, std::string_view lower) noexcept {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return ToLower(a) == b; });
}

}  // namespace

AllowList::AllowList(Source source) : registers_(std::move(source.registers)) {
  for (const std::string& value : source.values) {
    std::string normal(value.size() + 16, '\0');
    normal.resize(Normalise(value, normal.data(), normal.size()));
    values_.push_back(std::move(normal));
  }
  std::sort(values_.begin(), values_.end());
  for (std::string domain : source.mail_domains) {
    std::transform(domain.begin(), domain.end(), domain.begin(), ToLower);
    domains_.push_back(std::move(domain));
  }
}

bool AllowList::HoldsDomain(std::string_view domain) const noexcept {
  return std::any_of(domains_.begin(), domains_.end(), [&](const std::string& own) {
    if (domain.size() < own.size() || !EqualFolded(domain.substr(domain.size() - own.size()), own)) return false;
    return domain.size() == own.size() || domain[domain.size() - own.size() - 1] == '.';
  });
}

bool AllowList::Holds(std::string_view text, std::string_view normalised, bool is_mail) const noexcept {
  if (std::binary_search(values_.begin(), values_.end(), normalised)) return true;
  if (is_mail && !domains_.empty()) {
    const auto at = text.rfind('@');
    if (at != std::string_view::npos && HoldsDomain(text.substr(at + 1))) return true;
  }
  return std::any_of(registers_.begin(), registers_.end(), [&](const auto& r) { return r->Holds(text); });
}

std::string AllowList::Describe() const {
  std::string all;
  const auto add = [&all](const std::string& text) { all.append(text).push_back('\0'); };
  for (const std::string& value : values_) add(value);
  add("");
  for (const std::string& domain : domains_) add(domain);
  add("");
  for (const auto& r : registers_) add(r->checksum());
  return all;
}

}  // namespace gander::identify

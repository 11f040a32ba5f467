// SPDX-License-Identifier: Apache-2.0
#include "detect/alerting/words.h"

#include <cstdio>

namespace gander::detect {

std::string Figure(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string People(const SubjectCount& count) {
  std::string text = Figure(count.estimate) + (count.estimate == 1 ? " person" : " people");
  if (!count.exact()) text += " (" + Figure(count.low) + " to " + Figure(count.high) + ")";
  return text;
}

std::string ByteWords(std::uint64_t n) {
  static constexpr const char* kUnits[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
  if (n < 1000) return std::to_string(n) + " bytes";
  double value = static_cast<double>(n) / 1000.0;
  std::size_t unit = 0;
  while (value >= 999.95 && unit + 1 < std::size(kUnits)) {
    value /= 1000.0;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %s", value, kUnits[unit]);
  return text;
}

std::string Percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, share < 0.1 ? "%.2f %%" : "%.0f %%", share * 100.0);
  return text;
}

std::string Span(Duration d) {
  const std::int64_t seconds = d.ns / kNanosPerSecond;
  if (seconds < 120) return std::to_string(seconds) + " s";
  if (seconds < 7200) return std::to_string(seconds / 60) + " min";
  return std::to_string(seconds / 3600) + " h";
}

std::string StateWords(policy::Jurisdiction j) {
  if (!j.known()) return "unknown jurisdiction";
  if (j.text() == "XA") return "anycast or cloud edge";
  return std::string(j.text());
}

std::string PartyWords(const IpAddress& address, const std::string& domain, const policy::Party& party,
                       const policy::Policy& policy) {
  const std::string where = party.zone == policy::kOutside ? "outside" : "zone " + policy.ZoneName(party.zone);
  const std::string state = StateWords(party.jurisdiction);
  if (domain.empty()) return address.ToString() + " (" + where + ", " + state + ")";
  return domain + " (" + address.ToString() + ", " + where + ", " + state + ")";
}

}  // namespace gander::detect

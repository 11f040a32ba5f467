// SPDX-License-Identifier: Apache-2.0
// Asks the password file as rarely as possible: it is slow by design, a scrape comes every few seconds, and whoever
// guesses must not get a core of the sensor for it.
#ifndef GANDER_REPORT_METRICS_PASSWORD_GATE_H_
#define GANDER_REPORT_METRICS_PASSWORD_GATE_H_

#include <array>
#include <cstdint>
#include <set>
#include <string>

#include "report/metrics/password_file.h"

namespace gander::report {

class PasswordGate {
 public:
  static constexpr double kBurst = 10, kPerSecond = 1;  // passwords looked up, those known to be right aside
  using Mark = std::array<unsigned char, 32>;

  explicit PasswordGate(PasswordFile file);

  enum class Answer : std::uint8_t { kAdmitted, kRefused, kLater };
  // `now`: seconds of a clock that never goes back. One thread.
  Answer Ask(const std::string& user, const std::string& password, double now);

 private:
  PasswordFile file_;
  Mark key_{};             // of this process alone
  std::set<Mark> proven_;  // keyed hashes of what was right: at most kMaxUsers
  double tokens_ = kBurst, filled_at_ = 0;
};

}  // namespace gander::report

#endif  // GANDER_REPORT_METRICS_PASSWORD_GATE_H_

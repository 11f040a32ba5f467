// SPDX-License-Identifier: Apache-2.0
// The doorway of selfcheck/: plants, runs, searches.
#ifndef GANDER_SELFCHECK_PRIVACY_CHECK_H_
#define GANDER_SELFCHECK_PRIVACY_CHECK_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "config/settings.h"

namespace gander::selfcheck {

struct SearchedOutput {
  std::string name;
  std::uint64_t bytes = 0;
  std::map<std::string, std::uint64_t> found;  // "no.fnr, hexadecimal" -> values
  bool sealed = false;  // lies on the disk under a key of this machine only; nobody reads it as it was searched
};

struct PrivacyCheck {
  std::uint64_t seed = 0;
  std::uint64_t values = 0, rules = 0, drawn = 0;     // planted; of so many rules; made anew by check digits
  std::uint64_t writings = 0, too_short = 0;          // searched for; values left out because chance would find them
  std::uint64_t proofs = 0;                           // writings put into a text and found in it
  std::uint64_t packets = 0, packet_bytes = 0;
  std::vector<std::string> conversations;             // spoken
  std::map<std::string, std::uint64_t> protocols;     // recognised -> flows
  std::uint64_t rules_found = 0, findings = 0, alerts = 0, transfers = 0;  // by the sensor: that it was not blind
  bool raw = false;                                   // privacy.metadata: raw is in force
  std::vector<SearchedOutput> outputs;

  std::uint64_t leaks() const noexcept;  // in outputs that somebody reads
  std::uint64_t kept() const noexcept;   // in what is sealed
};

// Runs under `settings`, but for its own source, its own sinks and a state of its own in a folder that is removed. What
// `settings` names to be written is not touched. Errors: the rules or the policy, no folder for temporary files, the
// sensor found nothing of what was planted, the search does not find what it must.
Result<PrivacyCheck> CheckPrivacy(const config::Settings& settings, const std::string& shipped_rules, std::uint64_t seed);

// For people; no value in it.
std::string ToText(const PrivacyCheck& check);
std::string ToJson(const PrivacyCheck& check);

}  // namespace gander::selfcheck

#endif  // GANDER_SELFCHECK_PRIVACY_CHECK_H_

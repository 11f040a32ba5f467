// SPDX-License-Identifier: Apache-2.0
// Figures and parties as people read them.
#ifndef GANDER_DETECT_ALERTING_WORDS_H_
#define GANDER_DETECT_ALERTING_WORDS_H_

#include <string>

#include "detect/transfer_summary.h"

namespace gander::detect {

std::string Figure(std::uint64_t n);                 // "12,480"
std::string People(const SubjectCount& count);       // "1 person", "412 people", "1,204 people (1,121 to 1,287)"
std::string ByteWords(std::uint64_t n);                  // "3.4 MB"
std::string Percent(double share);                   // "0.42 %"
std::string Span(Duration d);                        // "40 s", "15 min", "2 h"
// "10.20.4.7 (zone wards, NO)", "lab.example.de (203.0.113.5, outside, DE)"
std::string PartyWords(const IpAddress& address, const std::string& domain, const policy::Party& party,
                       const policy::Policy& policy);
// Jurisdiction for a sentence: "DE", "unknown jurisdiction", "anycast".
std::string StateWords(policy::Jurisdiction j);

}  // namespace gander::detect

#endif  // GANDER_DETECT_ALERTING_WORDS_H_

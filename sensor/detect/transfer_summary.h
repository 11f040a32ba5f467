// SPDX-License-Identifier: Apache-2.0
// One movement of people's data, judged: what the summary, the `transfer` events and the metrics show.
#ifndef GANDER_DETECT_TRANSFER_SUMMARY_H_
#define GANDER_DETECT_TRANSFER_SUMMARY_H_

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "base/net.h"
#include "base/time.h"
#include "identify/rule_set.h"
#include "policy/policy.h"

namespace gander::detect {

// A count of distinct people with its error; exact when low == high.
struct SubjectCount {
  std::uint64_t estimate = 0, low = 0, high = 0;
  bool exact() const noexcept { return low == high; }

  static auto Saved(auto& c) { return std::tie(c.estimate, c.low, c.high); }
};

struct TransferSummary {
  IpAddress sender, recipient;
  policy::Party from, to;
  std::string recipient_domain;  // empty = unknown
  std::string data_class;
  struct Type { std::string id; SubjectCount distinct; std::uint64_t findings = 0; };
  std::vector<Type> types;       // sorted by id
  SubjectCount subjects;         // the largest over types, never the sum
  policy::Jurisdiction subject_jurisdiction;  // of most of them; ZZ unknown
  std::uint64_t bytes = 0, flows = 0;  // of the flows that carried findings, sender to recipient
  Timestamp first_seen, last_seen;
  std::string app_proto;
  bool encrypted = false;
  policy::Verdict verdict = policy::Verdict::kUnregistered;
  std::string entry_id;          // register entry, empty = none
  std::string basis;             // "contract DPA-2291"
  std::string why;
  // What the verdict was given on, so that another policy can be asked the same (`gander policy replay`).
  struct Judged {
    policy::Jurisdiction subjects;
    identify::Sensitivity sensitivity = identify::Sensitivity::kPersonal;
    Timestamp at;
    bool encrypted = false;
    policy::Movement::Opened opened = policy::Movement::Opened::kUnsure;
    std::uint16_t sender_port = 0;
  } judged;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_TRANSFER_SUMMARY_H_

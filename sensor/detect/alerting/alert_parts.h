// SPDX-License-Identifier: Apache-2.0
// The parts every alert has: how grave and why, and the context objects `pii`, `transfer` and `evidence`.
#ifndef GANDER_DETECT_ALERTING_ALERT_PARTS_H_
#define GANDER_DETECT_ALERTING_ALERT_PARTS_H_

#include <string>
#include <vector>

#include "detect/account/bundle.h"
#include "detect/alert.h"
#include "detect/detector.h"
#include "detect/state/fields.h"

namespace gander::detect {

// The fixed words of a detector.
struct Topic {
  const char* id;        // "D02"
  const char* name;      // "bulk_transfer"
  std::uint32_t number;  // 2
  const char* category;
  std::vector<std::string> mitre;
  std::uint32_t revision = 1;  // rises when thresholds or algorithm change
};

// Kinds of identifiers and the people behind them.
struct PeopleFigures {
  struct Type {
    const identify::RuleInfo* rule;
    SubjectCount distinct;
    std::uint64_t findings;
  };
  std::vector<Type> types;   // most people first
  SubjectCount subjects;     // the largest over types that identify persons
  Duration window;
  MaskSamples samples;

  bool sensitive() const noexcept;       // any type is sensitive or worse
  std::string TypeWords() const;         // "us.ssn, email and 2 more kinds"
  std::string ClassWords() const;        // "national_id, contact"
};
PeopleFigures FiguresOf(const Bundle& bundle, const std::vector<identify::RuleInfo>& types);

// Who to whom. For many senders `sender` is "" and `sources` counts them.
struct EndFigures {
  std::string sender, recipient;   // addresses, prefixes or names
  std::string recipient_domain;
  policy::Party from, to;
  std::uint64_t sources = 1, bytes = 0, flows = 0;
  std::string app_proto;
  bool encrypted = false;
  policy::Judgement judgement;

  static auto Saved(auto& e) {
    return Fields(e.sender, e.recipient, e.recipient_domain, e.from, e.to, e.sources, e.bytes, e.flows, e.app_proto,
                  e.encrypted, e.judgement);
  }
};

// Share of the epoch's bytes that were lost or never arrived.
double LostShare(const ByteLedger& ledger) noexcept;
// True unless both ends are known to be in one State.
bool CrossesJurisdiction(const policy::Party& from, const policy::Party& to) noexcept;

// True where the register permits it and accepts that anyone on the way can read it.
bool ClearTextAccepted(const policy::Judgement& judgement, const policy::Policy& policy);

struct Weighed {
  Severity severity;
  std::string words;  // "Severity high: medium by the figures, one up because ..."
};
// +1 sensitive class, +1 crossing a jurisdiction unregistered, -1 when less than half was seen; within the scale.
// Circumstances lift to high at most: critical needs figures that are high by themselves, or one value of one person
// would rank with a copied register.
Weighed Weigh(Severity base, bool sensitive, const EndFigures& ends, double lost_share);

Alert NewAlert(const Topic& topic, Severity severity, const FlowSample& flow, const std::string& dedup_key);
void AppendPii(const PeopleFigures& figures, Record& context);
void AppendTransfer(const EndFigures& ends, const policy::Policy& policy, Record& context);
void AppendEvidence(const Topic& topic, const EpochView& epoch, Record& context);
// "Coverage 97 % in this epoch." and, when bytes were lost, that the true figures may be higher.
std::string CoverageWords(const ByteLedger& ledger);
// What the register says of it: "Verdict unregistered: no register entry covers it."
std::string VerdictWords(const policy::Judgement& judgement);

}  // namespace gander::detect

#endif  // GANDER_DETECT_ALERTING_ALERT_PARTS_H_

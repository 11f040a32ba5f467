// SPDX-License-Identifier: Apache-2.0
// The doorway of identify/: what is left of a personal value above this room. No span, no string of it.
#ifndef GANDER_IDENTIFY_FINDING_H_
#define GANDER_IDENTIFY_FINDING_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/net.h"

namespace gander::identify {

// Keyed hash (SipHash-1-3 under the process's secret key) of the normalised value: digits and letters only, case
// folded.
using SubjectTag = std::uint64_t;

// Index into RuleSet::rules(); stable within one snapshot.
using IdType = std::uint16_t;
// The type of what FindingSink::OnPeople is told: no rule's.
inline constexpr IdType kPersonOfRecord = 0xFFFE;

// How sure a finding is, by DETECTION.md §3 "chance filter".
enum class Evidence : std::uint8_t {
  kUnproven,  // right shape and check digits, but chance explains it: counted apart, never alarmed on
  kCounted,   // log-likelihood >= 6.9, or context within 64 bytes, or chance pass rate <= 1e-4
  kCertain,   // log-likelihood >= 11.5, or context and validator: one sighting may alert
};

// What made it a finding.
enum class Reason : std::uint8_t {
  kChance,  // nothing: as many random values would pass
  kForm,    // so few random values have this form that one says enough
  kAlone,   // the text is nothing but this value
  kOthers,  // values like it passed their test before and behind it, more than chance lets pass
  kWord,    // a word beside it, its key or its column names it
  kRegister,  // one of the operator's registers holds it
};
const char* NameOf(Reason reason) noexcept;  // a clause in plain words; WhyOf (rule_set.h) names the register, too

// What may be shown of a value: its ends, e.g. "4··············1"; all dots for secrets and short values. Kept as
// what differs, spelt out where somebody reads it.
struct Mask {
  static constexpr std::size_t kMaxDots = 16;
  char first = 0, last = 0;  // ASCII; 0 = not shown
  std::uint8_t dots = 0;     // one a character, at most kMaxDots

  void AppendTo(std::string& out) const;  // UTF-8
  std::string ToString() const;
  bool operator==(const Mask&) const = default;
};

struct Finding {
  SubjectTag tag = 0;
  std::uint64_t offset = 0;  // of the value's first byte within its text
  std::uint32_t length = 0;  // bytes
  IdType type = 0;
  Direction direction = Direction::kToServer;
  Evidence evidence = Evidence::kUnproven;
  Reason reason = Reason::kChance;
  std::uint8_t confidence = 0;   // 0..100
  bool is_test_value = false;    // published sample (4111 1111 1111 1111): never counted as a subject
  char subject_country[2] = {};  // ISO 3166 alpha-2 read from the identifier; zero bytes = unknown
  Mask mask;
};

static_assert(sizeof(Finding) == 32);  // two a cache line: a dump of people brings 25 million a second

class FindingSink {
 public:
  virtual ~FindingSink() = default;
  virtual void OnFinding(const Finding& finding) noexcept = 0;
  // Several of one piece of text, in the same order in which OnFinding would bring them.
  virtual void OnFindings(std::span<const Finding> findings) noexcept {
    for (const Finding& f : findings) OnFinding(f);
  }
  // What follows was found in the text that was staged for `owner` (Scanner::Stage), whosever text is at hand; with
  // nullptr, what follows is again of the text at hand.
  virtual void OnOwner(void* /*owner*/) noexcept {}
  // Each record's person: the record's strongest value, under the type kPersonOfRecord, once the record is over. The
  // values themselves were told before.
  virtual void OnPeople(std::span<const Finding> /*people*/) noexcept {}
  // Where Options::excerpt_bytes says so: asked once a text, of the value that counts and begins first, when it and
  // all around it is judged; and then told what stands there, masked unless Options::excerpt_raw. Between the calls of
  // OnOwner, as the findings. It is the one way on which text leaves the room: only what is sealed may hold it.
  virtual bool WantsExcerpt(const Finding& /*first*/) noexcept { return false; }
  virtual void OnExcerpt(const Finding& /*first*/, std::string_view /*text*/) noexcept {}
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_FINDING_H_

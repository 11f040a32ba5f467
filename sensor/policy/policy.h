// SPDX-License-Identifier: Apache-2.0
// The doorway of policy/: who may move which people's data where. Immutable once built.
#ifndef GANDER_POLICY_POLICY_H_
#define GANDER_POLICY_POLICY_H_

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/net.h"
#include "base/result.h"
#include "base/time.h"
#include "identify/rule_set.h"
#include "policy/advisory.h"

namespace gander::policy {

// ISO 3166-1 alpha-2; "ZZ" unknown, "XA" anycast or cloud edge.
struct Jurisdiction {
  std::array<char, 2> code{'Z', 'Z'};
  auto operator<=>(const Jurisdiction&) const = default;
  bool known() const noexcept { return code != std::array<char, 2>{'Z', 'Z'}; }
  std::string_view text() const noexcept { return {code.data(), 2}; }
};

using ZoneId = std::uint16_t;  // index into Policy::zones(); kOutside = no declared zone
inline constexpr ZoneId kOutside = 0xffff;

struct Zone {
  std::string id;
  std::vector<IpPrefix> nets;
  Jurisdiction jurisdiction;
  std::string kind;   // office server ot guest dmz
  std::string owner;
  bool own = true;    // part of the operator's own network; false: a named foreign network
  int line = 0;
};

// Where one end of a movement stands.
struct Party {
  ZoneId zone = kOutside;
  Jurisdiction jurisdiction;
  enum class Source : std::uint8_t { kUnknown, kZone, kOverride, kDatabase } source = Source::kUnknown;
  auto operator<=>(const Party&) const = default;
};

enum class Verdict : std::uint8_t {
  kInternal,      // both ends in one zone, or own zones of one jurisdiction: not a transfer
  kRegistered, kOverQuota, kExpired, kWrongBasis, kDenied, kThirdState, kUnregistered, kUnknownParty
};
inline constexpr std::size_t kVerdicts = 9;
const char* NameOf(Verdict v) noexcept;  // "registered", "over_quota" ...
// True for the verdicts that permit: internal, registered.
bool Permits(Verdict v) noexcept;

struct Movement {
  IpAddress sender, recipient;
  Party from, to;                      // of sender and recipient
  std::string_view recipient_domain;   // as asked for (Host, SNI); empty = unknown
  std::string_view data_class;
  identify::Sensitivity sensitivity = identify::Sensitivity::kPersonal;
  Jurisdiction subjects;               // State of the people, as their identifiers say; ZZ = unknown
  Timestamp time;
  bool encrypted = false;
};

struct Judgement {
  Verdict verdict = Verdict::kUnregistered;
  int entry = -1;          // index into Policy::transfers(), -1 = none
  std::string why;         // one clause in words, e.g. "register entry lab-billing ended on 2026-03-31"
};

struct Basis { std::string kind, reference, agreement; };  // kind: consent contract law judicial agreement

struct TransferEntry {
  std::string id;
  int line = 0;
  bool deny = false;
  std::string from;                   // zone or asset id, "any"
  // Each `to_*` that is given must match, by any of its values.
  std::vector<IpPrefix> to_nets;
  std::vector<std::string> to_domains;  // the name itself and every name below it
  std::vector<Jurisdiction> to_jurisdictions;
  std::string to_zone;
  std::vector<std::string> classes;   // data classes or sensitivities ("sensitive"); empty = any
  std::vector<Jurisdiction> subjects; // empty = any
  std::string purpose;
  Basis basis;
  Timestamp not_before{INT64_MIN}, until{INT64_MAX};
  std::uint64_t subjects_per_day = 0, subjects_total = 0, bytes_per_day = 0;  // 0 = no quota
  int hours_from = 0, hours_to = 24;  // hours of the day in UTC, [from, to); from > to runs over midnight
  // kClear: the operator accepts that anyone on the way can read it. kUnsaid: permitted, yet D01 speaks.
  enum class Transport : std::uint8_t { kUnsaid, kClear, kEncrypted } transport = Transport::kUnsaid;
};

// States that agreed with each other; the people of others are third parties to what they agreed.
struct Agreement {
  std::string id;
  std::vector<Jurisdiction> parties;
  std::string kind;
  int line = 0;
};

// A record store or device that an entry may name as its source.
struct Asset {
  std::string id, kind;
  std::vector<IpPrefix> hosts;
  int line = 0;
};

// As read from YAML by config/.
struct PolicySource {
  std::string file, name;
  int version = 0;
  std::vector<Zone> zones;
  struct Override { std::vector<IpPrefix> nets; std::string domain; Jurisdiction jurisdiction; std::string note; int line = 0; };
  std::vector<Override> overrides;
  std::vector<TransferEntry> transfers;
  std::string geoip_file;  // mmdb, empty = none
  int max_entry_days = 400;
  std::vector<Agreement> agreements;
  std::vector<Asset> assets;
  std::vector<Advisory> advisories;
  std::vector<Error> notes;         // what the reader of the file wants said; passed on as warnings
  Timestamp read_at{INT64_MIN};     // when known, entries that have ended by then are warned about
};

class Policy {
 public:
  // Errors: overlapping zones, unknown zone in an entry, no end date, longer than max_entry_days, an mmdb of the
  // wrong type; each names file, line and entry. Warnings (ended entries, unreachable ones) go to `warnings`.
  static Result<std::shared_ptr<const Policy>> Build(PolicySource source, std::vector<Error>* warnings);

  // Zone by longest prefix; jurisdiction from the zone, else an override, else the country database.
  Party Locate(const IpAddress& address) const noexcept;
  // `party` with the jurisdiction that a domain override gives to `domain`, if one does.
  Party Locate(const Party& party, std::string_view domain) const;
  // Most specific entry wins, deny beats allow at equal rank, file order never matters (DETECTION.md §2).
  // Quotas of people and bytes are the caller's: it holds the counts.
  Judgement Judge(const Movement& m) const;

  const std::vector<Zone>& zones() const noexcept;
  const std::vector<TransferEntry>& transfers() const noexcept;
  const std::vector<Advisory>& advisories() const noexcept;
  std::string ZoneName(ZoneId id) const;  // "outside" for kOutside
  bool Own(ZoneId id) const noexcept;     // a zone of the operator's own network
  const std::string& name() const noexcept;
  int version() const noexcept;
  const std::string& digest() const noexcept;  // SHA-256 of the source in hex

  ~Policy();
  struct Impl;
 private:
  explicit Policy(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::policy

#endif  // GANDER_POLICY_POLICY_H_

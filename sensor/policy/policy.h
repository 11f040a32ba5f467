// SPDX-License-Identifier: Apache-2.0
// The doorway of policy/: who may move which people's data where. Immutable once built.
#ifndef GANDER_POLICY_POLICY_H_
#define GANDER_POLICY_POLICY_H_

#include <compare>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/net.h"
#include "base/result.h"
#include "base/time.h"
#include "identify/rule_set.h"
#include "policy/jurisdiction.h"
#include "policy/legal_meter.h"
#include "policy/roles.h"
#include "policy/source.h"

namespace gander::policy {

using ZoneId = std::uint16_t;  // index into Policy::zones(); kOutside = no declared zone
inline constexpr ZoneId kOutside = 0xffff;

// Where one end of a movement stands.
struct Party {
  ZoneId zone = kOutside;
  Jurisdiction jurisdiction;
  enum class Source : std::uint8_t { kUnknown, kZone, kOverride, kDatabase } source = Source::kUnknown;
  RoleSet roles;          // of its zone, its assets, and the recipients that hold its address, system or name
  std::uint32_t asn = 0;  // autonomous system, 0 = unknown
  auto operator<=>(const Party&) const = default;
};

inline bool HasRole(const Party& party, Role role) noexcept { return party.roles.Has(role); }

enum class Verdict : std::uint8_t {
  kInternal,      // both ends in one zone, or own zones of one jurisdiction: not a transfer
  kRegistered, kOverQuota, kExpired, kWrongBasis, kDenied, kThirdState, kUnregistered, kUnknownParty
};
inline constexpr std::size_t kVerdicts = 9;
const char* NameOf(Verdict v) noexcept;  // "registered", "over_quota" ...
// False when `text` is the name of none.
bool ParseVerdict(std::string_view text, Verdict& out) noexcept;
// True for the verdicts that permit: internal, registered.
bool Permits(Verdict v) noexcept;
// How bad a verdict is, for choosing the worst: 0 internal, 1 registered ... 8 denied.
int Badness(Verdict v) noexcept;

struct Movement {
  IpAddress sender, recipient;
  Party from, to;                      // of sender and recipient
  std::string_view recipient_domain;   // as asked for (Host, SNI); empty = unknown
  std::string_view data_class;
  identify::Sensitivity sensitivity = identify::Sensitivity::kPersonal;
  Jurisdiction subjects;               // State of the people, as their identifiers say; ZZ = unknown
  Timestamp time;
  bool encrypted = false;
  // Who opened the flow. kUnsure (one-sided mirror, joined in the middle): judged both ways, the worse verdict holds.
  enum class Opened : std::uint8_t { kUnsure, kBySender, kByRecipient } opened = Opened::kUnsure;
  std::uint16_t sender_port = 0;           // at which the sender serves; 0 = it does not, or unknown
  std::string_view recipient_certificate;  // SHA-256 in lower hex; empty = not seen
};

struct Judgement {
  Verdict verdict = Verdict::kUnregistered;
  int entry = -1;          // index into Policy::transfers(), -1 = none
  std::string why;         // one clause in words, e.g. "register entry lab-billing ended on 2026-03-31"
};

// An entry that a movement came near to, for `gander register explain`.
struct Consideration {
  int entry = -1;
  bool fits_way = false;  // recipient, source and class match
  bool fits = false;      // and the moment, the people and every demand
  std::string why;        // what it matched by, or what it did not
};

struct Explanation {
  Judgement judgement;
  std::vector<Consideration> considered;  // closest first, then those that do not match, each by id
};

class Policy {
 public:
  // Errors: overlapping zones, unknown zone in an entry, no end date, longer than max_entry_days, an mmdb of the
  // wrong type; each names file, line and entry. Warnings (ended entries, unreachable ones) go to `warnings`.
  static Result<std::shared_ptr<const Policy>> Build(PolicySource source, std::vector<Error>* warnings);
  // The same, with every error there is. Null when there are any.
  static std::shared_ptr<const Policy> Build(PolicySource source, std::vector<Error>& errors,
                                             std::vector<Error>* warnings);

  // Zone by longest prefix; jurisdiction from the zone, else an override of the prefix, else of its autonomous system,
  // else the country database.
  Party Locate(const IpAddress& address) const noexcept;
  // `party` with the jurisdiction and the roles that `domain` gives it.
  Party Locate(const Party& party, std::string_view domain) const;
  // Most specific entry wins, deny beats allow at equal rank, file order never matters (DETECTION.md §2).
  // Quotas of people and bytes are the caller's: it holds the counts.
  Judgement Judge(const Movement& m) const;
  // The same, with every entry that was looked at. Slow.
  Explanation Explain(const Movement& m) const;

  const std::vector<Zone>& zones() const noexcept;
  const std::vector<TransferEntry>& transfers() const noexcept;
  const std::vector<Asset>& assets() const noexcept;
  const std::vector<Recipient>& recipients() const noexcept;
  const std::vector<Advisory>& advisories() const noexcept;
  std::string ZoneName(ZoneId id) const;  // "outside" for kOutside
  bool Own(ZoneId id) const noexcept;     // a zone of the operator's own network
  // The asset that serves at `port` of `address`, an index into assets(): the longest prefix, then one that names the
  // port before one that names none. -1 = none. For any packet: no allocation.
  int AssetAt(const IpAddress& address, std::uint16_t port) const noexcept;
  // Whether `asset` says that it holds such data; true when it says nothing.
  bool Holds(const Asset& asset, std::string_view data_class, identify::Sensitivity sensitivity) const noexcept;

  const std::vector<LegalMeter>& meters() const noexcept;
  // Whether a movement leaves under `meter`, from one of its zones to one of its States. Permitted or not: the law
  // counts both.
  bool Counts(const LegalMeter& meter, const Party& from, const Party& to) const noexcept;
  // Whether people of that class count to `tier`.
  bool Counts(const LegalTier& tier, std::string_view data_class, identify::Sensitivity sensitivity) const noexcept;

  // Permissions that end after `now` and not later than `limit`, the earliest first: indexes into transfers().
  std::vector<int> EndingBefore(Timestamp limit, Timestamp now = kDistantPast) const;

  const PolicySource& source() const noexcept;  // all that it was built from
  const std::string& name() const noexcept;
  int version() const noexcept;
  const std::string& digest() const noexcept;  // SHA-256 of the source in hex

  ~Policy();
  struct Impl;
 private:
  explicit Policy(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The part of `path` where one of the asset's `id_paths` has "{id}", without query; empty when none fits.
std::string_view RecordIdIn(const Asset& asset, std::string_view path) noexcept;

}  // namespace gander::policy

#endif  // GANDER_POLICY_POLICY_H_

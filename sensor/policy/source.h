// SPDX-License-Identifier: Apache-2.0
// A policy in plain words, as config/ reads it from YAML and before Policy::Build has looked at it as a whole.
#ifndef GANDER_POLICY_SOURCE_H_
#define GANDER_POLICY_SOURCE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/net.h"
#include "base/result.h"
#include "base/time.h"
#include "identify/rule_set.h"
#include "policy/advisory.h"
#include "policy/jurisdiction.h"
#include "policy/legal_meter.h"
#include "policy/roles.h"

namespace gander::policy {

struct Zone {
  std::string id;
  std::vector<IpPrefix> nets;
  Jurisdiction jurisdiction;
  std::string kind;  // office server ot guest dmz
  std::string owner;
  bool own = true;  // part of the operator's own network; false: a named foreign network
  int line = 0;
  RoleSet roles;         // of every address inside
  bool retired = false;  // of an earlier policy of the run: holds nothing any more (KeepPlaces)
};

struct Basis {
  std::string kind, reference, agreement;
};  // kind: consent contract law judicial agreement

struct TransferEntry {
  std::string id;
  int line = 0;
  bool deny = false;
  std::string from;  // zone or asset id, "any"
  // Each `to_*` that is given must match, by any of its values.
  std::vector<IpPrefix> to_nets;
  std::vector<std::string> to_domains;  // the name itself and every name below it
  std::vector<Jurisdiction> to_jurisdictions;
  std::string to_zone;
  std::vector<std::string> classes;    // data classes or sensitivities ("sensitive"); empty = any
  std::vector<Jurisdiction> subjects;  // empty = any
  std::string purpose;
  Basis basis;
  Timestamp not_before = kDistantPast, until = kDistantFuture;
  std::uint64_t subjects_per_day = 0, subjects_total = 0, bytes_per_day = 0;  // 0 = no quota
  int hours_from = 0, hours_to = 24;  // hours of the day in UTC, [from, to); from > to runs over midnight
  // kClear: the operator accepts that anyone on the way can read it. kUnsaid: permitted, yet D01 speaks.
  enum class Transport : std::uint8_t { kUnsaid, kClear, kEncrypted } transport = Transport::kUnsaid;
  std::vector<std::uint32_t> to_asns;        // autonomous systems
  std::string to_recipient;                  // id of a Recipient
  std::vector<std::string> to_certificates;  // SHA-256 in lower hex
  // Who opens the flow: kPush the sender, kPull who receives the data.
  enum class Direction : std::uint8_t { kAny, kPush, kPull } direction = Direction::kAny;
  bool retired = false;  // of an earlier policy of the run: says nothing any more (KeepPlaces)
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
  std::string id, kind;  // kind: store api ot canary, or empty
  std::vector<IpPrefix> hosts;
  int line = 0;
  std::vector<std::uint16_t> ports;   // at which it serves; empty = the whole host
  std::vector<std::string> records;   // data classes or sensitivities it holds; empty = not said
  std::vector<std::string> id_paths;  // where record ids stand: "/patient/{id}"
  std::string tag_file;               // planted values of a canary, made by `gander register hash --bits 64`
  RoleSet roles;                      // of its hosts
  bool retired = false;               // of an earlier policy of the run: is nowhere any more (KeepPlaces)
};

// A party outside that entries may name (`to: {recipient: ID}`): any of its addresses, names and systems.
struct Recipient {
  std::string id;
  std::vector<IpPrefix> nets;
  std::vector<std::string> domains;
  std::vector<std::uint32_t> asns;
  RoleSet roles;
  int line = 0;
};

// A data class as this operator sees it.
struct DataClass {
  std::string id;
  bool has_sensitivity = false;
  identify::Sensitivity sensitivity = identify::Sensitivity::kPersonal;  // instead of the rule's
  std::vector<std::string> bases;  // kinds of basis that may permit it; empty = any
  int line = 0;
};

// As read from YAML by config/.
struct PolicySource {
  std::string file, name;
  int version = 0;
  std::vector<Zone> zones;
  // What the databases say otherwise, for prefixes, a domain or an autonomous system.
  struct Override {
    std::vector<IpPrefix> nets;
    std::string domain;
    Jurisdiction jurisdiction;
    std::string note;
    int line = 0;
    std::uint32_t asn = 0;  // the system whose jurisdiction this is; with nets: the system they belong to
    bool has_jurisdiction = true;
  };
  std::vector<Override> overrides;
  std::vector<TransferEntry> transfers;
  std::string geoip_file;  // mmdb, empty = none
  int max_entry_days = 400;
  std::vector<Agreement> agreements;
  std::vector<Asset> assets;
  std::vector<Error> notes;      // what the reader of the file wants said; passed on as warnings
  Timestamp read_at = kDistantPast;  // when known, entries that have ended by then or soon will are warned about
  std::string asn_file;          // mmdb with autonomous systems, empty = none
  std::vector<Recipient> recipients;
  std::vector<DataClass> classes;
  std::vector<std::string> purposes;  // that entries may state; empty = any
  std::vector<LegalMeter> meters;
  std::vector<Advisory> advisories;
  std::vector<std::string> known_classes;  // of the rule packs; empty = not known, nothing is checked against them
};

}  // namespace gander::policy

#endif  // GANDER_POLICY_SOURCE_H_

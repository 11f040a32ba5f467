// SPDX-License-Identifier: Apache-2.0
// Rule packs compiled for the scanner. Immutable; shared by all workers through the configuration snapshot.
#ifndef GANDER_IDENTIFY_RULE_SET_H_
#define GANDER_IDENTIFY_RULE_SET_H_

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "identify/finding.h"
#include "identify/literal_build.h"
#include "identify/own/allow_list.h"

namespace gander::identify {

// Order matters: a higher value is worse to lose (DETECTION.md §2).
enum class Sensitivity : std::uint8_t { kDevice, kContact, kPersonal, kSensitive, kCritical };
const char* NameOf(Sensitivity s) noexcept;
bool ParseSensitivity(std::string_view text, Sensitivity& out) noexcept;

// What the rest of Gander may know of a rule.
struct RuleInfo {
  std::string id;  // "us.ssn", as in the catalogue
  std::string title;
  std::string data_class;  // policy class: national_id, tax_id, financial, contact, health, device, location,
                           // credentials, record
  Sensitivity sensitivity = Sensitivity::kPersonal;
  std::string region;     // ISO 3166 alpha-2 or "GLOBAL"
  std::string validator;  // "luhn", ...; "none"
  std::string checks;     // what the pack adds to it, as written there
  double chance = 1.0;    // p0: share of random strings of the shape that pass
  std::uint32_t bulk_distinct = 100;
  std::uint32_t sid = 0;  // EVE signature_id, unique
  std::uint32_t revision = 1;
  bool identifies_person = true;  // counts as a data subject (company numbers and secrets do not)
  bool secret = false;            // masked wholly
  bool canary = false;            // planted: one sighting is an alert
  bool retired = false;           // of an earlier set: finds nothing any more
  std::string pack;               // file it came from
  int line = 0;
};

// A rule in the words of the configuration room, before it is compiled. Only config/ knows YAML: it reads
// packs into these. `line` is kept for errors.
struct RuleSource;  // identify/rule_source.h

class RuleSet {
 public:
  // Compiles and runs each rule's own examples. Errors name file, line, rule and remedy: duplicate id or sid,
  // unknown validator, bad shape, expression that Hyperscan refuses or that is too slow, an example that does
  // not match or a counter-example that does. `cache` is identify::Options::cache; the cache is never an error.
  // What `allowed` holds is never reported.
  static Result<std::shared_ptr<const RuleSet>> Compile(std::vector<RuleSource> sources,
                                                        const std::string& cache = "off", AllowList allowed = {});

  std::span<const RuleInfo> rules() const noexcept;
  const RuleInfo& info(IdType type) const noexcept { return rules()[type]; }
  // SHA-256 over the sources in hex: what judged, for evidence.
  const std::string& digest() const noexcept;
  const LiteralBuild& literal_build() const noexcept;
  // Of this set among all that the process has compiled: a later one is greater.
  std::uint64_t serial() const noexcept;
  // Rules in use: those of rules() that are not retired.
  std::size_t size() const noexcept;

  ~RuleSet();
  struct Impl;
  const Impl& impl() const noexcept { return *impl_; }

 private:
  explicit RuleSet(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// What made it a finding, in plain words: NameOf(reason), and for a value of a register which one.
std::string WhyOf(const Finding& finding, const RuleSet& rules);

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_RULE_SET_H_

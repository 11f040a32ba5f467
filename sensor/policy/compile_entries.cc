// SPDX-License-Identifier: Apache-2.0
// The checks of single register entries, each with a remedy.
#include <algorithm>
#include <set>

#include "policy/impl.h"

namespace gander::policy {
namespace {

constexpr Timestamp kNoEnd = kDistantFuture;
constexpr Timestamp kNoBegin = kDistantPast;
constexpr std::int64_t kDay = 86'400;
constexpr Duration kSoon = Duration::Seconds(7 * kDay);  // an end this near is said at the start of a run

class Compiler {
 public:
  Compiler(const PolicySource& source, std::vector<Error>& errors, std::vector<Error>& warnings)
      : source_(source), errors_(errors), warnings_(warnings) {}

  std::vector<CompiledEntry> Run() {
    CheckNames();
    std::vector<CompiledEntry> out;
    for (const TransferEntry& entry : source_.transfers) {
      CompiledEntry compiled;
      compiled.name = "register entry " + entry.id;
      if (entry.retired) {
        out.push_back(std::move(compiled));
        continue;
      }
      for (const auto check : {&Compiler::CheckIdentity, &Compiler::CheckLife, &Compiler::CheckFrom, &Compiler::CheckTo,
                               &Compiler::CheckBasis, &Compiler::CheckPurpose, &Compiler::CheckSense}) {
        (this->*check)(entry, compiled);
      }
      out.push_back(std::move(compiled));
    }
    WarnUnmeasured();
    return out;
  }

 private:
  Error At(const TransferEntry& e, std::string cause, std::string remedy) const {
    return {source_.file, e.line, "transfer `" + e.id + "`: " + std::move(cause), std::move(remedy)};
  }
  void Refuse(const TransferEntry& e, std::string cause, std::string remedy) {
    errors_.push_back(At(e, std::move(cause), std::move(remedy)));
  }
  void Warn(const TransferEntry& e, std::string cause, std::string remedy) {
    warnings_.push_back(At(e, std::move(cause), std::move(remedy)));
  }

  // Ids that entries refer to must be unique, and an asset must not be mistaken for a zone.
  void CheckNames() {
    std::set<std::string> ids;
    for (const Zone& z : source_.zones) {
      if (!z.retired) ids.insert(z.id);
    }
    for (const Asset& a : source_.assets) {
      if (a.retired || ids.insert(a.id).second) continue;
      errors_.push_back({source_.file, a.line, "asset `" + a.id + "` bears the id of another asset or zone",
                         "give it an id of its own"});
    }
    CheckUnique(source_.agreements, "agreement");
    CheckUnique(source_.recipients, "recipient");
  }

  template <class T>
  void CheckUnique(const std::vector<T>& list, const char* what) {
    std::set<std::string> ids;
    for (const T& x : list) {
      if (ids.insert(x.id).second) continue;
      errors_.push_back(
          {source_.file, x.line, std::string(what) + " `" + x.id + "` is declared twice", "give each its own id"});
    }
  }

  void CheckIdentity(const TransferEntry& e, CompiledEntry&) {
    if (e.id.empty()) return Refuse(e, "has no id", "add `id:` with a name that alerts can cite");
    if (!ids_.insert(e.id).second) Refuse(e, "is declared twice", "give each entry its own id");
  }

  void CheckLife(const TransferEntry& e, CompiledEntry&) {
    if (e.until == kNoEnd) {
      if (!e.deny) Refuse(e, "has no end date", "add `until: YYYY-MM-DD`");  // a prohibition may stand without end
      return;
    }
    if (e.not_before != kNoBegin && e.until <= e.not_before) {
      return Refuse(e, "ends before it begins", "check `not_before` and `until`");
    }
    const Timestamp begin = e.not_before != kNoBegin ? e.not_before : source_.read_at;
    if (begin == kNoBegin) {
      unmeasured_.push_back(&e);
    } else if (!e.deny && e.until.ns / kNanosPerSecond - begin.ns / kNanosPerSecond >
                              static_cast<std::int64_t>(source_.max_entry_days) * kDay) {
      return Refuse(e, "runs longer than max_entry_days = " + std::to_string(source_.max_entry_days),
                    "set an earlier `until` and renew the entry when it ends");
    }
    WarnOfEnd(e);
  }

  void WarnOfEnd(const TransferEntry& e) {
    if (source_.read_at == kNoBegin) return;
    if (e.until <= source_.read_at) {
      Warn(e, "ended on " + ShowDate(e.until), "renew or remove it");
    } else if (!e.deny && e.until <= source_.read_at + kSoon) {
      Warn(e, "ends on " + ShowDate(e.until) + ", within 7 days", "renew it: from then on its movements are `expired`");
    }
  }

  void CheckFrom(const TransferEntry& e, CompiledEntry& out) {
    if (e.from.empty() || e.from == "any") return;
    if (const int zone = Index(source_.zones, e.from); zone >= 0) {
      out.from = CompiledEntry::From::kZone;
      out.from_zone = static_cast<ZoneId>(zone);
    } else if (const int asset = Index(source_.assets, e.from); asset >= 0) {
      out.from = CompiledEntry::From::kAsset;
      out.from_asset = asset;
    } else {
      Refuse(e, "`from` names `" + e.from + "`, which is neither a zone nor an asset",
             "declare it under `zones` or `assets`, or write `any`");
    }
  }

  void CheckTo(const TransferEntry& e, CompiledEntry& out) {
    if (!e.to_zone.empty()) {
      const int zone = Index(source_.zones, e.to_zone);
      if (zone < 0) return Refuse(e, "`to` names the unknown zone `" + e.to_zone + "`", "declare it under `zones`");
      out.has_to_zone = true;
      out.to_zone = static_cast<ZoneId>(zone);
    }
    if (!e.to_recipient.empty()) {
      out.to_recipient = Index(source_.recipients, e.to_recipient);
      if (out.to_recipient < 0) {
        return Refuse(e, "`to` names the unknown recipient `" + e.to_recipient + "`", "declare it under `recipients`");
      }
    }
    const bool any = e.to_nets.empty() && e.to_domains.empty() && e.to_jurisdictions.empty() && e.to_zone.empty() &&
                     e.to_asns.empty() && e.to_recipient.empty() && e.to_certificates.empty();
    if (any && !e.deny) {
      Refuse(e, "names no recipient", "add `to:` with net, domain, recipient, asn, jurisdiction or zone");
    }
  }

  void CheckBasis(const TransferEntry& e, CompiledEntry& out) {
    if (e.basis.agreement.empty()) return;
    const int agreement = Index(source_.agreements, e.basis.agreement);
    if (agreement < 0) {
      return Refuse(e, "cites the unknown agreement `" + e.basis.agreement + "`", "declare it under `agreements`");
    }
    out.parties = source_.agreements[static_cast<std::size_t>(agreement)].parties;
  }

  void CheckPurpose(const TransferEntry& e, CompiledEntry&) {
    const std::vector<std::string>& known = source_.purposes;
    if (e.purpose.empty() || known.empty() || std::find(known.begin(), known.end(), e.purpose) != known.end()) return;
    std::string all;
    for (const std::string& p : known) all += (all.empty() ? "" : ", ") + p;
    Refuse(e, "states the purpose `" + e.purpose + "`, which is not declared",
           "add it to `purposes`, or write one of " + all);
  }

  // What can be read and never matches, or says what has no effect.
  void CheckSense(const TransferEntry& e, CompiledEntry& compiled) {
    const bool quota =
        e.subjects_per_day + e.subjects_total + e.bytes_per_day > 0 || e.hours_from != 0 || e.hours_to != 24;
    if (e.deny && (quota || e.transport != TransferEntry::Transport::kUnsaid)) {
      Warn(e, "is a prohibition, and its quota and transport do nothing", "remove them: it always forbids");
    }
    if (e.basis.kind == "judicial" && e.basis.reference.empty()) {
      Warn(e, "is a judicial one without a reference, so its movements are `wrong_basis`",
           "add `ref:` with the request's number");
    }
    if (e.to_jurisdictions == std::vector<Jurisdiction>{kAnycast}) {
      Warn(e, "names XA alone, where nothing can be proved to stand, so it matches nothing",
           "name the recipient's domain");
    }
    if (!e.deny && Inside(compiled)) {
      Warn(e, "permits what stays inside and needs no permission, so it is never cited", "remove it");
    }
    if (compiled.from_asset >= 0) CheckAsset(e, source_.assets[static_cast<std::size_t>(compiled.from_asset)]);
  }

  void CheckAsset(const TransferEntry& e, const Asset& asset) {
    if (!asset.ports.empty() && e.direction == TransferEntry::Direction::kPush) {
      Warn(e,
           "is about what asset `" + asset.id +
               "` sends of itself, and that is known by the ports where it serves, so it "
               "matches nothing",
           "write `direction: pull`, or an asset without ports");
    }
    const auto held = [&](const std::string& c) {
      identify::Sensitivity word;
      return identify::ParseSensitivity(c, word) ||
             std::find(asset.records.begin(), asset.records.end(), c) != asset.records.end();
    };
    const bool words = std::any_of(asset.records.begin(), asset.records.end(), [](const std::string& r) {
      identify::Sensitivity word;
      return identify::ParseSensitivity(r, word);
    });
    if (asset.records.empty() || words || e.classes.empty()) return;
    if (std::none_of(e.classes.begin(), e.classes.end(), held)) {
      Warn(e, "names no class that asset `" + asset.id + "` holds, so it matches nothing",
           "add the class to the asset's `records`");
    }
  }

  // From one own zone to another of the same known State, or within one zone.
  bool Inside(const CompiledEntry& c) const {
    if (c.from != CompiledEntry::From::kZone || !c.has_to_zone) return false;
    if (c.from_zone == c.to_zone) return true;
    const Zone& from = source_.zones[c.from_zone];
    const Zone& to = source_.zones[c.to_zone];
    return from.own && to.own && from.jurisdiction.known() && from.jurisdiction == to.jurisdiction;
  }

  void WarnUnmeasured() {
    if (unmeasured_.empty()) return;
    Warn(*unmeasured_.front(),
         "has no `not_before`, so its length cannot be held against max_entry_days (" +
             std::to_string(unmeasured_.size()) + " entries are like this)",
         "add `not_before: YYYY-MM-DD`");
  }

  template <class T>
  static int Index(const std::vector<T>& list, const std::string& id) {
    const auto at = std::find_if(list.begin(), list.end(), [&](const T& x) { return x.id == id && !IsRetired(x); });
    return at == list.end() ? -1 : static_cast<int>(at - list.begin());
  }
  template <class T>
  static bool IsRetired(const T& x) {
    if constexpr (requires { x.retired; }) return x.retired;
    return false;
  }

  const PolicySource& source_;
  std::vector<Error>& errors_;
  std::vector<Error>& warnings_;
  std::set<std::string> ids_;
  std::vector<const TransferEntry*> unmeasured_;
};

}  // namespace

std::vector<CompiledEntry> CompileEntries(const PolicySource& source, std::vector<Error>& errors,
                                          std::vector<Error>& warnings) {
  return Compiler(source, errors, warnings).Run();
}

}  // namespace gander::policy

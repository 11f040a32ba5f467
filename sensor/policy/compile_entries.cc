// SPDX-License-Identifier: Apache-2.0
// The checks of the transfer register, each with a remedy.
#include <algorithm>
#include <set>

#include "policy/impl.h"

namespace gander::policy {
namespace {

constexpr Timestamp kNoEnd{INT64_MAX};
constexpr Timestamp kNoBegin{INT64_MIN};
constexpr std::int64_t kDay = 86'400;

class Compiler {
 public:
  Compiler(const PolicySource& source, std::vector<Error>& warnings) : source_(source), warnings_(warnings) {}

  Result<std::vector<CompiledEntry>> Run() {
    if (Error e = CheckNames(); !e.cause.empty()) return Failure(std::move(e));
    std::vector<CompiledEntry> out;
    for (const TransferEntry& entry : source_.transfers) {
      CompiledEntry compiled;
      compiled.name = "register entry " + entry.id;
      for (const auto check : {&Compiler::CheckIdentity, &Compiler::CheckLife, &Compiler::CheckEnds,
                               &Compiler::CheckBasis}) {
        if (Error e = (this->*check)(entry, compiled); !e.cause.empty()) return Failure(std::move(e));
      }
      out.push_back(std::move(compiled));
    }
    WarnUnmeasured();
    WarnShadowed();
    return out;
  }

 private:
  Error At(const TransferEntry& e, std::string cause, std::string remedy) const {
    return {source_.file, e.line, "transfer `" + e.id + "`: " + std::move(cause), std::move(remedy)};
  }

  // Ids that entries refer to must be unique, and an asset must not be mistaken for a zone.
  Error CheckNames() {
    std::set<std::string> ids;
    for (const Zone& z : source_.zones) ids.insert(z.id);
    for (const Asset& a : source_.assets) {
      if (!ids.insert(a.id).second) {
        return {source_.file, a.line, "asset `" + a.id + "` bears the id of another asset or zone",
                "give it an id of its own"};
      }
    }
    ids.clear();
    for (const Agreement& a : source_.agreements) {
      if (!ids.insert(a.id).second) {
        return {source_.file, a.line, "agreement `" + a.id + "` is declared twice", "give each its own id"};
      }
    }
    return {};
  }

  Error CheckIdentity(const TransferEntry& e, CompiledEntry&) {
    if (e.id.empty()) return At(e, "has no id", "add `id:` with a name that alerts can cite");
    if (!ids_.insert(e.id).second) return At(e, "is declared twice", "give each entry its own id");
    return {};
  }

  Error CheckLife(const TransferEntry& e, CompiledEntry&) {
    if (e.until == kNoEnd) {
      if (e.deny) return {};  // a prohibition may stand without end
      return At(e, "has no end date", "add `until: YYYY-MM-DD`");
    }
    const Timestamp begin = e.not_before != kNoBegin ? e.not_before : source_.read_at;
    if (e.not_before != kNoBegin && e.until <= e.not_before) {
      return At(e, "ends before it begins", "check `not_before` and `until`");
    }
    if (begin == kNoBegin) {
      unmeasured_.push_back(&e);
    } else if (!e.deny && e.until.ns / kNanosPerSecond - begin.ns / kNanosPerSecond >
                              static_cast<std::int64_t>(source_.max_entry_days) * kDay) {
      return At(e, "runs longer than max_entry_days = " + std::to_string(source_.max_entry_days),
                "set an earlier `until` and renew the entry when it ends");
    }
    if (source_.read_at != kNoBegin && e.until <= source_.read_at) {
      warnings_.push_back(At(e, "ended on " + ShowDate(e.until), "renew or remove it"));
    }
    return {};
  }

  Error CheckEnds(const TransferEntry& e, CompiledEntry& out) {
    if (!e.from.empty() && e.from != "any") {
      if (const int zone = Index(source_.zones, e.from); zone >= 0) {
        out.from = CompiledEntry::From::kZone;
        out.from_zone = static_cast<ZoneId>(zone);
      } else if (const int asset = Index(source_.assets, e.from); asset >= 0) {
        out.from = CompiledEntry::From::kAsset;
        out.from_asset = asset;
      } else {
        return At(e, "`from` names `" + e.from + "`, which is neither a zone nor an asset",
                  "declare it under `zones` or `assets`, or write `any`");
      }
    }
    if (!e.to_zone.empty()) {
      const int zone = Index(source_.zones, e.to_zone);
      if (zone < 0) return At(e, "`to` names the unknown zone `" + e.to_zone + "`", "declare it under `zones`");
      out.has_to_zone = true;
      out.to_zone = static_cast<ZoneId>(zone);
    }
    const bool any = e.to_nets.empty() && e.to_domains.empty() && e.to_jurisdictions.empty() && e.to_zone.empty();
    if (any && !e.deny) {
      return At(e, "names no recipient", "add `to:` with net, domain, jurisdiction or zone");
    }
    return {};
  }

  Error CheckBasis(const TransferEntry& e, CompiledEntry& out) {
    if (e.basis.agreement.empty()) return {};
    const int agreement = Index(source_.agreements, e.basis.agreement);
    if (agreement < 0) {
      return At(e, "cites the unknown agreement `" + e.basis.agreement + "`", "declare it under `agreements`");
    }
    out.parties = source_.agreements[static_cast<std::size_t>(agreement)].parties;
    return {};
  }

  void WarnUnmeasured() {
    if (unmeasured_.empty()) return;
    warnings_.push_back(At(*unmeasured_.front(),
                           "has no `not_before`, so its length cannot be held against max_entry_days (" +
                               std::to_string(unmeasured_.size()) + " entries are like this)",
                           "add `not_before: YYYY-MM-DD`"));
  }

  // Two entries that match the very same movements: only one of them can ever be cited.
  void WarnShadowed() {
    std::map<std::string, const TransferEntry*> seen;
    for (const TransferEntry& e : source_.transfers) {
      TransferEntry scope;  // what it matches, without what it says
      scope.from = e.from == "any" ? "" : e.from;
      scope.to_nets = e.to_nets;
      scope.to_domains = e.to_domains;
      scope.to_jurisdictions = e.to_jurisdictions;
      scope.to_zone = e.to_zone;
      scope.classes = e.classes;
      scope.subjects = e.subjects;
      PolicySource alone;
      alone.transfers.push_back(std::move(scope));
      const auto [at, fresh] = seen.emplace(DigestOf(alone), &e);
      if (fresh) continue;
      warnings_.push_back(At(e, "matches the same movements as `" + at->second->id + "`",
                             "remove one: a deny wins, else the one that ends first"));
    }
  }

  template <class T>
  static int Index(const std::vector<T>& list, const std::string& id) {
    const auto at = std::find_if(list.begin(), list.end(), [&](const T& x) { return x.id == id; });
    return at == list.end() ? -1 : static_cast<int>(at - list.begin());
  }

  const PolicySource& source_;
  std::vector<Error>& warnings_;
  std::set<std::string> ids_;
  std::vector<const TransferEntry*> unmeasured_;
};

}  // namespace

Result<std::vector<CompiledEntry>> CompileEntries(const PolicySource& source, std::vector<Error>& warnings) {
  return Compiler(source, warnings).Run();
}

}  // namespace gander::policy

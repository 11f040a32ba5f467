// SPDX-License-Identifier: Apache-2.0
// Classes and meters that name what is not there. A class that no rule finds is a warning, since packs come and go.
#include <algorithm>
#include <set>

#include "policy/impl.h"

namespace gander::policy {
namespace {

class Checker {
 public:
  Checker(const PolicySource& source, std::vector<Error>& warnings) : source_(source), warnings_(warnings) {
    known_.insert(source.known_classes.begin(), source.known_classes.end());
    for (const DataClass& c : source.classes) known_.insert(c.id);
  }

  void Look(const std::vector<std::string>& classes, int line, const std::string& who) {
    if (source_.known_classes.empty()) return;
    for (const std::string& c : classes) {
      identify::Sensitivity word;
      if (known_.contains(c) || identify::ParseSensitivity(c, word)) continue;
      warnings_.push_back(
          {source_.file, line, who + ": no rule finds the class `" + c + "`, so it matches nothing",
           "known are: " + All() + "; or a sensitivity: device, contact, personal, sensitive, critical"});
    }
  }

 private:
  std::string All() const {
    std::string all;
    for (const std::string& c : known_) all += (all.empty() ? "" : ", ") + c;
    return all;
  }

  const PolicySource& source_;
  std::vector<Error>& warnings_;
  std::set<std::string> known_;
};

}  // namespace

void CheckClasses(const PolicySource& source, std::vector<Error>& errors, std::vector<Error>& warnings) {
  std::set<std::string> ids;
  for (const DataClass& c : source.classes) {
    if (ids.insert(c.id).second) continue;
    errors.push_back({source.file, c.line, "class `" + c.id + "` is declared twice", "keep one of them"});
  }
  Checker checker(source, warnings);
  for (const Asset& a : source.assets) {
    if (!a.retired) checker.Look(a.records, a.line, "asset `" + a.id + "`");
  }
  for (const TransferEntry& e : source.transfers) {
    if (!e.retired) checker.Look(e.classes, e.line, "transfer `" + e.id + "`");
  }
  for (const LegalMeter& m : source.meters) {
    if (m.retired) continue;
    for (const LegalTier& t : m.tiers) checker.Look(t.classes, m.line, "meter `" + m.id + "`");
  }
}

void CheckMeters(const PolicySource& source, std::vector<Error>& errors, std::vector<Error>& warnings) {
  std::set<std::string> ids;
  for (const LegalMeter& m : source.meters) {
    if (m.retired) continue;
    const std::string name = "meter `" + m.id + "`";
    if (!ids.insert(m.id).second)
      errors.push_back({source.file, m.line, name + " is declared twice", "give each its own id"});
    for (const std::string& id : m.zones) {
      const auto at = std::find_if(source.zones.begin(), source.zones.end(),
                                   [&](const Zone& z) { return z.id == id && !z.retired; });
      if (at == source.zones.end()) {
        errors.push_back(
            {source.file, m.line, name + " names the unknown zone `" + id + "`", "declare it under `zones`"});
      } else if (!at->own) {
        errors.push_back({source.file, m.line, name + " names zone `" + id + "`, which is not your own",
                          "name the zones whose exports you answer for"});
      }
    }
    const auto stands = [&](const Zone& z) {
      return z.own && !z.retired && std::find(m.from.begin(), m.from.end(), z.jurisdiction) != m.from.end();
    };
    if (m.zones.empty() && !m.from.empty() && std::none_of(source.zones.begin(), source.zones.end(), stands)) {
      warnings.push_back({source.file, m.line,
                          name + ": none of your zones stands in a State it is about, so it counts nobody",
                          "remove it, or give the zones their `jurisdiction`"});
    }
  }
}

}  // namespace gander::policy

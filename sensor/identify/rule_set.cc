// SPDX-License-Identifier: Apache-2.0
// Names of sensitivities and shapes; access to a compiled set.
#include "identify/rule_set.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "identify/rule_source.h"
#include "identify/rule_tables.h"

namespace gander::identify {
namespace {

constexpr const char* kSensitivities[] = {"device", "contact", "personal", "sensitive", "critical"};

struct ShapeName {
  const char* name;
  ShapeKind kind;
};
constexpr ShapeName kShapes[] = {{"template", ShapeKind::kTemplate},
                                 {"email", ShapeKind::kEmail},
                                 {"phone", ShapeKind::kPhone},
                                 {"iban", ShapeKind::kIban},
                                 {"coordinates", ShapeKind::kCoordinates},
                                 {"token", ShapeKind::kToken},
                                 {"field", ShapeKind::kField},
                                 {"hl7_pid", ShapeKind::kHl7Pid},
                                 {"people_table", ShapeKind::kPeopleTable},
                                 {"contact_list", ShapeKind::kContactList},
                                 {"expression", ShapeKind::kExpression},
                                 {"keys", ShapeKind::kKeys},
                                 {"mac", ShapeKind::kMac},
                                 {"url_userinfo", ShapeKind::kUserinfo},
                                 {"card_track", ShapeKind::kCardTrack}};

}  // namespace

const char* NameOf(Sensitivity s) noexcept { return kSensitivities[static_cast<std::size_t>(s)]; }

bool ParseSensitivity(std::string_view text, Sensitivity& out) noexcept {
  for (std::size_t i = 0; i < std::size(kSensitivities); ++i) {
    if (text == kSensitivities[i]) {
      out = static_cast<Sensitivity>(i);
      return true;
    }
  }
  return false;
}

bool ParseShapeKind(std::string_view text, ShapeKind& out) noexcept {
  for (const ShapeName& s : kShapes) {
    if (text == s.name) {
      out = s.kind;
      return true;
    }
  }
  return false;
}

RuleSet::RuleSet(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RuleSet::~RuleSet() = default;
std::span<const RuleInfo> RuleSet::rules() const noexcept { return impl_->infos; }
std::uint64_t RuleSet::serial() const noexcept { return impl_->serial; }

std::size_t RuleSet::size() const noexcept {
  return static_cast<std::size_t>(
      std::count_if(impl_->infos.begin(), impl_->infos.end(), [](const RuleInfo& r) { return !r.retired; }));
}

void KeepPlaces(const RuleSet& before, std::vector<RuleSource>& sources) {
  std::map<std::string, RuleSource> fresh;
  std::vector<RuleSource> placed, others;
  for (RuleSource& s : sources) {
    // One of two with the same id stays behind, for the compiler to refuse.
    const auto [at, first] = fresh.try_emplace(s.id);
    first ? at->second = std::move(s) : others.emplace_back(std::move(s));
  }
  for (const RuleInfo& info : before.rules()) {
    if (auto same = fresh.extract(info.id)) {
      placed.push_back(std::move(same.mapped()));
      continue;
    }
    RuleSource& gone = placed.emplace_back();
    gone.shape.kind = ShapeKind::kRetired;
    gone.id = info.id;
    gone.title = info.title;
    gone.data_class = info.data_class;
    gone.sensitivity = info.sensitivity;
    gone.region = info.region;
    gone.bulk_distinct = info.bulk_distinct;
    gone.sid = info.sid;
    gone.revision = info.revision;
    gone.identifies_person = info.identifies_person;
    gone.secret = info.secret;
    gone.canary = info.canary;
  }
  for (auto& [id, source] : fresh) placed.push_back(std::move(source));
  std::move(others.begin(), others.end(), std::back_inserter(placed));
  sources = std::move(placed);
}

std::string WhyOf(const Finding& finding, const RuleSet& rules) {
  const std::string why = NameOf(finding.reason);
  return finding.reason == Reason::kRegister ? why + " " + rules.info(finding.type).id : why;
}

const std::string& RuleSet::digest() const noexcept { return impl_->digest; }
const LiteralBuild& RuleSet::literal_build() const noexcept { return impl_->literals.build(); }

}  // namespace gander::identify

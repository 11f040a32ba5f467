// SPDX-License-Identifier: Apache-2.0
// Names of sensitivities and shapes; access to a compiled set.
#include "identify/rule_set.h"

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
const std::string& RuleSet::digest() const noexcept { return impl_->digest; }
const LiteralBuild& RuleSet::literal_build() const noexcept { return impl_->literals.build(); }

}  // namespace gander::identify

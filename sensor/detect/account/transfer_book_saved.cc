// SPDX-License-Identifier: Apache-2.0
// What the book keeps over a restart: how it numbers kinds of identifiers, the quotas used, the sessions that are open.
// The account of the run begins anew with each run.
#include "detect/account/transfer_book.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

constexpr std::size_t kMaxTypes = 1u << 16;

void SaveType(const identify::RuleInfo& type, SnapshotWriter& out) {
  for (const std::string* text : {&type.id, &type.title, &type.data_class, &type.region, &type.validator}) {
    out.String(std::string_view(*text).substr(0, kMaxSavedText));
  }
  out.U8(static_cast<std::uint8_t>(type.sensitivity));
  out.Bool(type.identifies_person);
}

void LoadType(identify::RuleInfo& type, SnapshotReader& in) {
  for (std::string* text : {&type.id, &type.title, &type.data_class, &type.region, &type.validator}) {
    *text = in.String(kMaxSavedText);
  }
  const std::uint8_t sensitivity = in.U8();
  if (sensitivity > static_cast<std::uint8_t>(identify::Sensitivity::kCritical)) return in.Fail();
  type.sensitivity = static_cast<identify::Sensitivity>(sensitivity);
  type.identifies_person = in.Bool();
  type.retired = true;  // until the rules at hand say otherwise
}

}  // namespace

void TransferBook::Save(SnapshotWriter& out) const {
  out.U32(static_cast<std::uint32_t>(types_.size()));
  for (const identify::RuleInfo& type : types_) SaveType(type, out);
  quotas_.Save(out);
  SaveField(sessions_, out);
}

bool TransferBook::Load(StateReader& part) {
  SavedNumbers numbers = part.numbers();
  StateReader in(part.Part(part.remaining()), numbers);
  const std::size_t types = in.Count(16);
  if (types > kMaxTypes) in.Fail();
  types_.clear();
  type_by_id_.clear();
  for (std::size_t i = 0; i < types && !in.failed(); ++i) {
    LoadType(types_.emplace_back(), in);
    if (!type_by_id_.emplace(types_.back().id, static_cast<TypeIndex>(i)).second) in.Fail();
  }
  quotas_.Load(in);
  numbers.types = types_.size();
  LoadField(sessions_, in);
  for (auto& [key, session] : sessions_) {
    session.charged = session.memory();
    sessions_bytes_ += session.charged;
  }
  rules_digest_.clear();  // the rules at hand are learned anew, behind those read
  type_of_.clear();
  return !in.failed() && in.remaining() == 0;
}

}  // namespace gander::detect

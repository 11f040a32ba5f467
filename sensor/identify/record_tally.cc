// SPDX-License-Identifier: Apache-2.0
// Counting rows of people.
#include "identify/record_tally.h"

namespace gander::identify {

RecordTally::Outcome RecordTally::OnFinding(IdType type, std::uint64_t offset, bool is_name,
                                            bool is_phone) noexcept {
  if (count_ == 0 && rows_ == 0) begin_ = offset;
  if (count_ > 0 && type == kinds_[0]) {
    count_ = 0;
    has_name_ = has_phone_ = false;
  }
  for (std::uint8_t i = 0; i < count_; ++i) {
    if (kinds_[i] == type) return Outcome::kNothing;
  }
  if (count_ < kMaxKinds) kinds_[count_++] = type;
  // Each of these happens once a row: when its second kind, or the other half of a pair, comes.
  if (count_ == 2 && rows_ < kPeopleRows) ++rows_;
  const bool had_pair = has_name_ && has_phone_;
  has_name_ = has_name_ || is_name;
  has_phone_ = has_phone_ || is_phone;
  if (!had_pair && has_name_ && has_phone_ && pairs_ < kContactPairs) ++pairs_;
  if (rows_ == kPeopleRows && !table_told_) {
    table_told_ = true;
    return Outcome::kPeopleTable;
  }
  if (pairs_ == kContactPairs && !contacts_told_) {
    contacts_told_ = true;
    return Outcome::kContactList;
  }
  return Outcome::kNothing;
}

}  // namespace gander::identify

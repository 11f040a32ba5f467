// SPDX-License-Identifier: Apache-2.0
// Rows of people, told from the order in which identifiers come: a row begins when the first kind seen comes
// again.
#ifndef GANDER_IDENTIFY_RECORD_TALLY_H_
#define GANDER_IDENTIFY_RECORD_TALLY_H_

#include <cstdint>

#include "identify/finding.h"

namespace gander::identify {

class RecordTally {
 public:
  static constexpr int kPeopleRows = 3;    // rows with two kinds or more that make a table of people
  static constexpr int kContactPairs = 5;  // rows with a name and a number that make a contact list
  enum class Outcome : std::uint8_t { kNothing, kPeopleTable, kContactList };
  static constexpr std::size_t kOutcomes = 2;  // of one text

  void Clear() noexcept { *this = RecordTally{}; }

  // A counted finding of `type` at `offset`. Each outcome is told once a text.
  Outcome OnFinding(IdType type, std::uint64_t offset, bool is_name, bool is_phone) noexcept;
  // False when such a finding cannot change anything that will be told: once a table was, only where rows begin
  // matters, and names and numbers.
  bool Wants(IdType type, bool is_name, bool is_phone) const noexcept {
    return !table_told_ || (!contacts_told_ && (is_name || is_phone || type == kinds_[0]));
  }
  // Nothing more will be told of this text.
  bool done() const noexcept { return table_told_ && contacts_told_; }
  std::uint64_t begin() const noexcept { return begin_; }

 private:
  static constexpr int kMaxKinds = 6;
  IdType kinds_[kMaxKinds] = {};
  std::uint8_t count_ = 0;
  bool has_name_ = false, has_phone_ = false;
  bool table_told_ = false, contacts_told_ = false;
  std::uint16_t rows_ = 0, pairs_ = 0;
  std::uint64_t begin_ = 0;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_RECORD_TALLY_H_

// SPDX-License-Identifier: Apache-2.0
// People of a text: values that stand in one row, object, card, mail or form are one person, told by the strongest
// identifier among them. Where a record ends is read from what stands between the values and from kinds that come
// again.
#ifndef GANDER_IDENTIFY_PEOPLE_TALLY_H_
#define GANDER_IDENTIFY_PEOPLE_TALLY_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "identify/finding.h"

namespace gander::identify {

// What stands between two values.
enum class RecordGap : std::uint8_t {
  kNone,
  kLine,    // another line
  kRecord,  // the end of an object, row, card or paragraph, or of something within one
};
// Of the last kMaxGap bytes at most before a value.
inline constexpr std::size_t kMaxGap = 200;
RecordGap ReadGap(std::string_view between) noexcept;

class PeopleTally {
 public:
  // A value that begins behind those told before; `rank` says how well its kind tells people apart, 0 = not at all.
  // True when it shows that a record ended: `person` is then the strongest value of that record.
  bool Add(const Finding& value, int rank, RecordGap gap, Finding& person) noexcept;
  // The text is over. As above.
  bool Finish(Finding& person) noexcept;
  void Clear() noexcept {
    head_.Clear();
    tail_.Clear();
    parted_ = many_lines_ = false;
    end_ = 0;
  }
  std::uint64_t end() const noexcept { return end_; }  // of the last value

 private:
  static constexpr int kMaxKinds = 12;
  static constexpr int kMaxOfKind = 2;  // a person may have two telephones

  struct Kind {
    IdType type = 0;
    std::uint8_t values = 0;
    SubjectTag last = 0;
  };
  // Of the values of a record only the strongest is copied; what is beyond `count` means nothing.
  struct Part {
    std::array<Kind, kMaxKinds> kinds;
    int count = 0;
    int rank = 0;
    std::uint64_t types = 0;  // a bit each (type modulo 64): most values are the first of their kind
    Finding best;

    void Clear() noexcept {
      count = rank = 0;
      types = 0;
    }
    Kind* Find(IdType type) noexcept {
      return (types >> (type % 64) & 1) == 0 ? nullptr : Look(type);
    }
    Kind* Look(IdType type) noexcept;
    // `known` is what Find says of the value's type.
    void Add(const Finding& value, int value_rank, Kind* known) noexcept;
    void Join(const Part& other) noexcept;
  };
  // The record at hand is over: true when `person` is somebody. What stood behind it begins the next.
  bool Close(Finding& person) noexcept;

  // A record, and what stands behind a gap that may have ended it: it did if a kind comes again.
  Part head_, tail_;
  bool parted_ = false;
  bool many_lines_ = false;  // the record goes over several lines: a line's end says nothing
  std::uint64_t end_ = 0;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_PEOPLE_TALLY_H_

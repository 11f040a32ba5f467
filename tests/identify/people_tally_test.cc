// SPDX-License-Identifier: Apache-2.0
// People told by records: one for each, whatever stands in it.
#include "identify/people_tally.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gander::identify {
namespace {

TEST(PeopleTallyTest, GapsTellWhatEnds) {
  for (const char* none : {"", ",", "; phone: ", "\",\"phone\":\"", "</phone><mail>", " (home) "}) {
    EXPECT_EQ(ReadGap(none), RecordGap::kNone) << none;
  }
  EXPECT_EQ(ReadGap("\r\nTEL:"), RecordGap::kLine);
  for (const char* record :
       {"\"},{\"name\":\"", "'),\n('", "</a></b><b><a>", "\n\nName: ", "\r\n\r\nx", "\nEND:VCARD\nBEGIN:VCARD\nFN:"}) {
    EXPECT_EQ(ReadGap(record), RecordGap::kRecord) << record;
  }
  EXPECT_EQ(ReadGap("},{" + std::string(kMaxGap, 'x')), RecordGap::kNone);
  EXPECT_EQ(ReadGap(std::string(15, 'x') + "}" + std::string(40, 'x') + "{"), RecordGap::kRecord);
}

constexpr IdType kName = 1, kMail = 2, kPhone = 3;

// Values as "m1" (a mail address), "p2" (a telephone), "nx" (a name), parted by ' ' (nothing between), '/' (a line) and
// '|' (a record's end). Returns the people told, in order.
std::string People(const std::string& text) {
  PeopleTally tally;
  Finding person;
  std::string told;
  const auto tell = [&](bool yes) {
    if (yes) told += std::string(1, person.type == kMail ? 'm' : 'p') + static_cast<char>(person.tag) + ' ';
  };
  RecordGap gap = RecordGap::kNone;
  for (std::size_t i = 0; i + 1 < text.size(); i += 3) {
    Finding f;
    f.type = text[i] == 'n' ? kName : text[i] == 'm' ? kMail : kPhone;
    f.tag = static_cast<SubjectTag>(text[i + 1]);
    f.offset = i;
    f.length = 2;
    tell(tally.Add(f, f.type == kName ? 0 : f.type == kMail ? 4 : 3, gap, person));
    const char next = i + 2 < text.size() ? text[i + 2] : ' ';
    gap = next == '/' ? RecordGap::kLine : next == '|' ? RecordGap::kRecord : RecordGap::kNone;
  }
  tell(tally.Finish(person));
  return told;
}

TEST(PeopleTallyTest, ARowIsOnePersonByItsStrongestIdentifier) {
  EXPECT_EQ(People("na p1 m1/nb p2 m2/nc p3"), "m1 m2 p3 ");
  EXPECT_EQ(People("na m1 p1 p2|nb m2 p3"), "m1 m2 ");
  EXPECT_EQ(People("na|nb|nc"), "");
}

TEST(PeopleTallyTest, ARecordOverSeveralLinesIsOne) {
  EXPECT_EQ(People("na/p1/p2/m1|nb/p3/m2|nc/p4/p5"), "m1 m2 p4 ");
}

TEST(PeopleTallyTest, PartsOfARecordThatEndAreNoRecords) {
  EXPECT_EQ(People("na|p1|m1"), "m1 ");
}

TEST(PeopleTallyTest, MissingFieldsDoNotJoinRows) {
  EXPECT_EQ(People("m1 p1|p2|m3 p3|m4"), "m1 p2 m3 m4 ");
  EXPECT_EQ(People("m1 p1/p2/m3 p3/m4 p4"), "m1 p2 m3 m4 ");
}

TEST(PeopleTallyTest, AListOfOneKindIsAPersonEach) {
  EXPECT_EQ(People("m1 m2 m3 m4"), "m1 m2 m3 m4 ");
  EXPECT_EQ(People("m1/m2/m3"), "m1 m2 m3 ");
}

TEST(PeopleTallyTest, TheSameValueAgainIsNobodyElse) {
  EXPECT_EQ(People("m1 p1|m1 p1|m1 p1"), "m1 ");
}

TEST(PeopleTallyTest, ClearForgetsTheOpenRecord) {
  PeopleTally tally;
  Finding f, person;
  f.type = kMail;
  f.tag = 7;
  EXPECT_FALSE(tally.Add(f, 4, RecordGap::kNone, person));
  tally.Clear();
  EXPECT_FALSE(tally.Finish(person));
}

}  // namespace
}  // namespace gander::identify

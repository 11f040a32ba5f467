// SPDX-License-Identifier: Apache-2.0
// Every way to tamper with a log is found, and found where it was done.
#include "evidence/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "evidence/folder.h"

namespace gander::evidence {
namespace {

using ::testing::HasSubstr;

class VerifyTest : public ::testing::Test, public LogFixture {
 protected:
  void SetUp() override { Write(20, 5); }

  std::vector<std::string> Lines() const {
    std::vector<std::string> lines;
    std::istringstream in(ReadText(Records()));
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }
  void Put(const std::vector<std::string>& lines) const {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    WriteText(Records(), text);
  }
  // Sequence = line number - 1 in this log.
  std::size_t LineOf(const std::string& what) const {
    const auto lines = Lines();
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].find(what) != std::string::npos) return i;
    }
    ADD_FAILURE() << what << " is nowhere";
    return 0;
  }
  Verified Check(const std::string& witness = {}) const {
    auto verified = Verify(options.directory, Public(), witness);
    if (!verified) {
      ADD_FAILURE() << verified.error().ToString();
      return {};
    }
    return *verified;
  }
  Fault Only(const Verified& v, FaultKind kind) const {
    EXPECT_EQ(v.faults.size(), 1u);
    for (const Fault& f : v.faults) {
      if (f.kind == kind) return f;
      ADD_FAILURE() << NameOf(f.kind) << ": " << f.file << ":" << f.line << ": " << f.text;
    }
    ADD_FAILURE() << "no fault is " << NameOf(kind);
    return {};
  }
  // Chain made anew from line `from` on, as one who knows the format but has no key can.
  static void Rechain(std::vector<std::string>& lines, std::size_t from) {
    for (std::size_t i = std::max<std::size_t>(from, 1); i < lines.size(); ++i) {
      const std::size_t at = lines[i].find("\"prev\":\"") + 8;
      lines[i].replace(at, 64, ToHex(LeafHash(lines[i - 1])));
    }
  }
};

TEST_F(VerifyTest, AGoodLogIsGood) { EXPECT_TRUE(Check().good()); }

TEST_F(VerifyTest, AnAlteredRecordIsNamed) {
  for (const char* n : {"{\"n\":0}", "{\"n\":7}", "{\"n\":12}"}) {
    auto lines = Lines();
    const std::size_t at = LineOf(n);
    const std::string before = lines[at];
    lines[at].insert(lines[at].size() - 2, ",\"permitted\":1");
    Put(lines);
    const Fault f = Only(Check(), FaultKind::kAltered);
    EXPECT_EQ(f.first, at);
    EXPECT_EQ(f.line, at + 1);
    lines[at] = before;
    Put(lines);
  }
}

TEST_F(VerifyTest, AnAlteredLinkIsTheRecordThatHasIt) {
  auto lines = Lines();
  const std::size_t at = LineOf("{\"n\":7}");
  char& digit = lines[at][lines[at].find("\"prev\":\"") + 8];
  digit = digit == '0' ? '1' : '0';
  Put(lines);
  EXPECT_EQ(Only(Check(), FaultKind::kAltered).first, at);
}

TEST_F(VerifyTest, DeletedRecordsAreNamed) {
  auto lines = Lines();
  const std::size_t at = LineOf("{\"n\":7}");
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at), lines.begin() + static_cast<std::ptrdiff_t>(at) + 3);
  Put(lines);
  const Fault f = Only(Check(), FaultKind::kMissing);
  EXPECT_EQ(f.first, at);
  EXPECT_EQ(f.last, at + 2);
  EXPECT_EQ(f.line, at + 1);  // they stood before this line
}

TEST_F(VerifyTest, ReorderedRecordsAreNamed) {
  auto lines = Lines();
  const std::size_t at = LineOf("{\"n\":7}");
  std::swap(lines[at], lines[at + 1]);
  Put(lines);
  const Fault f = Only(Check(), FaultKind::kMoved);
  EXPECT_EQ(f.first, at);
  EXPECT_EQ(f.line, at + 2);
}

TEST_F(VerifyTest, AnInsertedRecordIsNamed) {
  auto lines = Lines();
  const std::size_t at = LineOf("{\"n\":7}");
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at) + 1, lines[at]);
  Put(lines);
  EXPECT_EQ(Only(Check(), FaultKind::kInserted).line, at + 2);
}

TEST_F(VerifyTest, ACutEndIsMissed) {
  auto lines = Lines();
  lines.resize(lines.size() - 6);
  Put(lines);
  const Verified v = Check();
  ASSERT_FALSE(v.faults.empty());
  EXPECT_EQ(v.faults.back().kind, FaultKind::kMissing);
  EXPECT_THAT(v.faults.back().text, HasSubstr("cut off at the end"));
}

TEST_F(VerifyTest, AChainMadeAnewIsNotWhatWasSigned) {
  auto lines = Lines();
  const std::size_t at = LineOf("{\"n\":12}");
  lines[at].insert(lines[at].size() - 2, ",\"permitted\":1");
  Rechain(lines, at);
  Put(lines);
  const Fault f = Only(Check(), FaultKind::kRewritten);
  EXPECT_LE(f.first, at);  // between the last checkpoint that fits and the first that does not
  EXPECT_GE(f.last, at);
  EXPECT_LE(f.last - f.first, 6u);
}

TEST_F(VerifyTest, ARecordTakenOutOfAChainMadeAnewIsMissed) {
  auto lines = Lines();
  const std::size_t at = LineOf("{\"n\":12}");
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
  for (std::size_t i = at; i < lines.size(); ++i) {
    const std::size_t end = lines[i].find(',');
    lines[i].replace(0, end, "{\"seq\":" + std::to_string(i));
  }
  Rechain(lines, at);
  Put(lines);
  const Verified v = Check();
  ASSERT_FALSE(v.good());
  EXPECT_EQ(v.faults[0].kind, FaultKind::kRewritten);
}

TEST_F(VerifyTest, AnAlteredCheckpointIsNamed) {
  std::string notes = ReadText(CheckpointsPath(options.directory));
  notes[notes.find("time 2027") + 8] = '5';
  WriteText(CheckpointsPath(options.directory), notes);
  const Fault f = Only(Check(), FaultKind::kAltered);
  EXPECT_EQ(f.file, "checkpoints");
  EXPECT_EQ(f.line, 1u);
}

TEST_F(VerifyTest, ACheckpointTakenAwayIsMissed) {
  const std::string notes = ReadText(CheckpointsPath(options.directory));
  std::string_view rest;
  const auto split = SplitNotes(notes, rest);
  std::string left;
  for (std::size_t i = 0; i < split.size(); ++i) {
    if (i != 1) left += split[i];
  }
  WriteText(CheckpointsPath(options.directory), left);
  EXPECT_THAT(Only(Check(), FaultKind::kNoCheckpoint).text, HasSubstr("records that this record tells of is gone"));
}

// A sensor signs while its log is examined: what is written meanwhile is no fault.
TEST_F(VerifyTest, ALogThatGrowsMeanwhileIsGood) {
  // Where a look takes longer than what it looks at took to write, each is longer than the one before.
  constexpr int kMostRecords = 2000;
  std::atomic<bool> enough{false};
  std::thread sensor([&] {
    Log log = Open();
    for (int i = 0; !enough && i < kMostRecords; ++i) {
      EXPECT_TRUE(log.Append(Kind::kEvent, "{\"n\":" + std::to_string(i) + "}"));
      if (i % 3 == 0) {
        EXPECT_FALSE(log.Seal().empty());
      }
    }
  });
  std::uint64_t records = 0;
  for (int looks = 0; looks < 30 || (looks < 2000 && records < 300); ++looks) {
    const Verified verified = Check();
    records = verified.records;
    for (const Fault& f : verified.faults) ADD_FAILURE() << f.file << ":" << f.line << ": " << f.text;
    if (HasFailure()) break;
  }
  enough = true;
  sensor.join();
}

TEST_F(VerifyTest, AnotherKeyIsNotTrusted) {
  const auto other = SigningKey::Open(folder / "other.pem");
  const auto v = Verify(options.directory, other->public_key());
  ASSERT_TRUE(v.has_value());
  EXPECT_EQ(v->checkpoints, 0u);
  EXPECT_EQ(v->faults[0].kind, FaultKind::kUnsigned);
}

// Who has the key can make a new log of the same name; a checkpoint that was sent elsewhere convicts it.
TEST_F(VerifyTest, AWitnessConvictsALogMadeAnewWithTheKey) {
  const std::string witness = ReadText(CheckpointsPath(options.directory));
  std::filesystem::remove_all(options.directory);
  Write(25, 5);
  EXPECT_TRUE(Check().good());
  const Verified v = Check(witness);
  ASSERT_FALSE(v.good());
  EXPECT_EQ(v.faults[0].kind, FaultKind::kRewritten);
  EXPECT_EQ(v.faults[0].file, "witness");
}

TEST_F(VerifyTest, RubbishIsNamedAndNothingElseIsLost) {
  auto lines = Lines();
  lines.insert(lines.begin() + 3, "rubbish");
  lines.insert(lines.begin() + 5, R"({"seq":18446744073709551000,"prev":"00"})");
  Put(lines);
  const Verified v = Check();
  ASSERT_EQ(v.faults.size(), 2u);
  EXPECT_EQ(v.faults[0].kind, FaultKind::kMalformed);
  EXPECT_EQ(v.faults[0].line, 4u);
  EXPECT_EQ(v.faults[1].line, 6u);
  EXPECT_EQ(v.kinds.at("event"), 20u);
}

TEST_F(VerifyTest, AFolderWithoutALogIsAnError) {
  const Folder empty;
  EXPECT_FALSE(Verify(empty.path(), Public()).has_value());
  EXPECT_FALSE(Verify(empty / "none", Public()).has_value());
}

// Each byte of the records, one at a time: nothing may pass.
TEST_F(VerifyTest, NoSignedByteMayChange) {
  const std::string whole = ReadText(Records());
  const std::size_t signed_end = whole.rfind("\n{");  // the last checkpoint's own record follows
  for (std::size_t i = 0; i < signed_end; i += 17) {
    std::string bad = whole;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    WriteText(Records(), bad);
    EXPECT_FALSE(Check().good()) << "byte " << i << ": " << whole.substr(i, 20);
  }
}

}  // namespace
}  // namespace gander::evidence

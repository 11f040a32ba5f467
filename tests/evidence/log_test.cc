// SPDX-License-Identifier: Apache-2.0
// Writing, taking up again, and what a crash or a full disk leaves.
#include "evidence/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <utime.h>

#include "evidence/folder.h"
#include "evidence/verify.h"

namespace gander::evidence {
namespace {

using ::testing::HasSubstr;

class LogTest : public ::testing::Test, public LogFixture {
 protected:
  Verified Check() const {
    auto verified = Verify(options.directory, Public());
    if (!verified) {
      ADD_FAILURE() << verified.error().ToString();
      return {};
    }
    for (const Fault& f : verified->faults) ADD_FAILURE() << f.file << ":" << f.line << ": " << f.text;
    return *verified;
  }
};

TEST_F(LogTest, ANewLogVerifies) {
  Write(10, 4);
  const Verified v = Check();
  EXPECT_EQ(v.origin, "gander/test");
  EXPECT_EQ(v.kinds.at("event"), 10u);
  EXPECT_EQ(v.kinds.at("start"), 1u);
  EXPECT_EQ(v.checkpoints, 3u);
  EXPECT_EQ(v.records, v.signed_records + 1);  // only the record of the last checkpoint itself
  EXPECT_EQ(v.unclean_ends, 0u);
}

TEST_F(LogTest, EventsNameTheStateTheyWereMadeUnder) {
  Write(2, 10);
  const std::string text = ReadText(Records());
  EXPECT_THAT(text, HasSubstr(R"("kind":"state","body":{"rules":"abc"}})"));
  EXPECT_THAT(text, HasSubstr(R"("kind":"event","state":1,"body":{"n":0}})"));
}

TEST_F(LogTest, IsContinuedNotBegunAgain) {
  for (int run = 0; run < 4; ++run) Write(5, 2);
  const Verified v = Check();
  EXPECT_EQ(v.kinds.at("start"), 4u);
  EXPECT_EQ(v.kinds.at("event"), 20u);
  EXPECT_EQ(ListSegments(options.directory)->size(), 1u);
}

TEST_F(LogTest, IsContinuedWithoutItsFrontierToo) {
  Write(5, 2);
  std::filesystem::remove(FrontierPath(options.directory));
  Write(5, 2);
  WriteText(FrontierPath(options.directory), "gander-evidence-frontier-1\n3\nrubbish\n");
  Write(5, 2);
  EXPECT_EQ(Check().kinds.at("event"), 15u);
}

TEST_F(LogTest, SegmentsFollowOneAnother) {
  options.segment_bytes = 1000;
  Write(20, 3);
  Write(20, 3);
  EXPECT_GT(ListSegments(options.directory)->size(), 5u);
  EXPECT_EQ(Check().kinds.at("event"), 40u);
}

TEST_F(LogTest, ACheckpointIsDueByCountAndByTime) {
  options.checkpoint_records = 5;
  options.checkpoint_interval_s = 60;
  Log log = Open();
  EXPECT_FALSE(log.SealDue());
  Pass(60);
  EXPECT_TRUE(log.SealDue());
  EXPECT_FALSE(log.Seal().empty());
  EXPECT_FALSE(log.SealDue());
  EXPECT_TRUE(log.Seal().empty());  // nothing new
  for (int i = 0; i < 5; ++i) log.Append(Kind::kEvent, "{}");
  EXPECT_TRUE(log.SealDue());
}

TEST_F(LogTest, OneSensorToAFolder) {
  const Log log = Open();
  const auto second = Log::Open(options, Key(), clock(), "");
  ASSERT_FALSE(second.has_value());
  EXPECT_THAT(second.error().cause, HasSubstr("another sensor"));
}

// Loss of power: any number of bytes at the end may not have reached the disk.
TEST_F(LogTest, ACutAnywhereNeitherStopsTheNextStartNorHidesWhatWasSigned) {
  Write(6, 3);
  const Folder kept;
  std::filesystem::copy(options.directory, kept / "log", std::filesystem::copy_options::recursive);
  const std::string whole = ReadText(Records());
  for (std::size_t cut = 0; cut < whole.size(); cut += 41) {
    std::filesystem::remove_all(options.directory);
    std::filesystem::copy(kept / "log", options.directory, std::filesystem::copy_options::recursive);
    std::filesystem::resize_file(Records(), cut);
    {
      Log log = Open();
      EXPECT_TRUE(log.Append(Kind::kStop, "{}"));
      EXPECT_FALSE(log.Seal().empty());
      // The last checkpoint tells of records that are gone: the log is not continued, but kept for whoever asks.
      const bool aside = std::filesystem::exists(options.directory + "/set-aside-1");
      EXPECT_EQ(aside, !log.warnings().empty()) << cut;
    }
    Check();
  }
}

TEST_F(LogTest, ATornLineIsCutAndTold) {
  {
    Log log = Open();
    log.Append(Kind::kEvent, "{}");
    log.Seal();
    log.Append(Kind::kEvent, "{}");
  }
  WriteText(Records(), ReadText(Records()) + "{\"seq\":4,\"prev");
  Write(1, 1);
  EXPECT_THAT(ReadText(Records()), HasSubstr("\"torn_bytes\":14"));
  EXPECT_EQ(Check().unclean_ends, 1u);
}

TEST_F(LogTest, ATornCheckpointIsCutAndTold) {
  Write(3, 3);
  const std::string notes = ReadText(CheckpointsPath(options.directory));
  {
    Log log = Open();  // signs nothing before it ends
    log.Append(Kind::kEvent, "{}");
  }
  const std::string torn = notes.substr(0, notes.find("\n\n") + 2);
  for (std::size_t cut = 1; cut <= torn.size(); cut += 7) {  // the next note, as far as it came
    WriteText(CheckpointsPath(options.directory), notes + torn.substr(0, cut));
    {
      const Log log = Open();
      EXPECT_TRUE(log.warnings().empty()) << cut;
    }
    EXPECT_EQ(ReadText(CheckpointsPath(options.directory)), notes) << cut;
    EXPECT_THAT(ReadText(Records()), HasSubstr("\"torn_bytes\":" + std::to_string(cut)));
  }
  Write(1, 1);
  Check();
}

TEST_F(LogTest, ALogWhoseCheckpointsAreGoneIsSetAside) {
  Write(6, 3);
  const std::string notes = ReadText(CheckpointsPath(options.directory)), records = ReadText(Records());
  const std::filesystem::path kept = options.directory + "-kept";
  std::filesystem::copy(options.directory, kept, std::filesystem::copy_options::recursive);
  for (std::size_t cut = 0; cut < notes.size(); cut += 31) {
    std::filesystem::remove_all(options.directory);
    std::filesystem::copy(kept, options.directory, std::filesystem::copy_options::recursive);
    std::filesystem::resize_file(CheckpointsPath(options.directory), cut);
    {
      const Log log = Open();
      EXPECT_EQ(log.warnings().size(), 1u) << cut;
    }
    EXPECT_EQ(ReadText(RecordsPath(options.directory + "/set-aside-1", 0)), records);
    Write(2, 2);
    Check();
  }
}

TEST_F(LogTest, ADamagedLogIsSetAsideAsItWas) {
  Write(6, 3);
  std::string text = ReadText(Records());
  text[text.find("\"n\":2") + 4] = '9';
  WriteText(Records(), text);
  std::filesystem::remove(FrontierPath(options.directory));
  {
    const Log log = Open();
    ASSERT_EQ(log.warnings().size(), 1u);
    EXPECT_THAT(log.warnings()[0], HasSubstr("does not fit the one before it"));
  }
  EXPECT_EQ(ReadText(RecordsPath(options.directory + "/set-aside-1", 0)), text);
  EXPECT_THAT(ReadText(Records()), HasSubstr("\"set_aside\":{\"size\":"));
}

TEST_F(LogTest, AnotherKeyBeginsAnotherLog) {
  Write(3, 3);
  std::filesystem::remove(options.key_file);
  const Log log = Open();
  ASSERT_EQ(log.warnings().size(), 1u);
  EXPECT_THAT(log.warnings()[0], HasSubstr("no checkpoint is signed by this key"));
}

TEST_F(LogTest, OldSegmentsGoAndTheirHashesStay) {
  options.segment_bytes = 600;
  options.retention_days = 30;
  Write(12, 3);
  const auto before = *ListSegments(options.directory);
  const std::uint64_t kept_from = before[before.size() - 2].first;
  const auto today = static_cast<time_t>(now->ns / kNanosPerSecond);
  for (std::size_t i = 0; i < before.size(); ++i) {
    const time_t written = i + 2 < before.size() ? today - 31 * 86'400 : today - 29 * 86'400;
    const utimbuf times{written, written};
    ::utime(before[i].path.c_str(), &times);
  }
  {
    Log log = Open();
    EXPECT_EQ(log.Retain(), kept_from);
    EXPECT_EQ(log.Retain(), 0u);
    EXPECT_FALSE(log.Seal().empty());
  }
  const Verified v = Check();
  EXPECT_EQ(v.deleted, kept_from);
  EXPECT_EQ(v.kinds.at("retention"), before.size() - 2);
  Write(3, 3);  // goes on behind what was deleted
  EXPECT_EQ(Check().deleted, kept_from);
  std::filesystem::remove(LeavesPath(options.directory, 0));
  EXPECT_FALSE(Verify(options.directory, Public())->good());
}

// A file size limit refuses as a full disk does.
TEST_F(LogTest, WhatTheDiskRefusesLeavesWholeLines) {
  Log log = Open();
  log.Append(Kind::kEvent, "{}");
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto old_handler = ::signal(SIGXFSZ, SIG_IGN);
  rlimit tight = before;
  tight.rlim_cur = std::filesystem::file_size(Records()) + 40;
  ::setrlimit(RLIMIT_FSIZE, &tight);
  EXPECT_FALSE(log.Append(Kind::kEvent, "{\"refused\":1}"));
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, old_handler);
  EXPECT_TRUE(log.Append(Kind::kEvent, "{\"refused\":0}"));
  EXPECT_FALSE(log.Seal().empty());
  EXPECT_EQ(Check().kinds.at("event"), 2u);
}

TEST_F(LogTest, WrongFoldersAndNamesAreErrors) {
  options.origin = "has space";
  EXPECT_FALSE(Log::Open(options, Key(), clock(), "").has_value());
  options.origin = "gander/test";
  options.directory = "/proc/no/such";
  const auto log = Log::Open(options, Key(), clock(), "");
  ASSERT_FALSE(log.has_value());
  EXPECT_THAT(log.error().remedy, HasSubstr("evidence.directory"));
}

}  // namespace
}  // namespace gander::evidence

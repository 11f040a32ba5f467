// SPDX-License-Identifier: Apache-2.0
// What every sink can rely on from its queue, and the file.
#include "report/sink/sink.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <fstream>

#include "report/sink/file_rotation.h"
#include "report/sink/file_sink.h"
#include "report/sink_samples.h"
#include "support/paths.h"

namespace gander::report {
namespace {

using gander::test::ReadFile;
using test::BatchOf;
using test::GateSink;
using test::LostTo;
using test::Shared;

class FileSinkTest : public test::FolderTest {
 protected:
  std::unique_ptr<Sink> Open(FileOptions options) {
    auto sink = OpenFileSink(options, "file");
    EXPECT_TRUE(sink) << sink.error().ToString();
    return sink ? std::move(*sink) : nullptr;
  }
  std::unique_ptr<Sink> Open(const std::string& name, bool append = false) {
    FileOptions options;
    options.path = Path(name);
    options.append = append;
    return Open(options);
  }
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& f : std::filesystem::directory_iterator(directory_)) names.push_back(f.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
};

std::size_t Put(Sink& sink, const std::string& line) { return sink.Write(BatchOf({line}), 0); }

TEST_F(FileSinkTest, IsCutToZeroOrContinued) {
  EXPECT_EQ(Put(*Open("a"), "one\n"), 1u);
  EXPECT_EQ(Put(*Open("a", true), "two\n"), 1u);
  EXPECT_EQ(ReadFile(Path("a")), "one\ntwo\n");
  EXPECT_EQ(Put(*Open("a"), "three\n"), 1u);
  EXPECT_EQ(ReadFile(Path("a")), "three\n");
}

TEST_F(FileSinkTest, AnEventIsNoPartOfALineThatWasCut) {
  EXPECT_EQ(Put(*Open("a"), "{\"ha"), 1u);
  EXPECT_EQ(Put(*Open("a", true), "two\n"), 1u);
  EXPECT_EQ(Put(*Open("a", true), "three\n"), 1u);
  EXPECT_EQ(ReadFile(Path("a")), "{\"ha\ntwo\nthree\n");
}

TEST_F(FileSinkTest, UnopenablePathIsAnErrorWithCauseAndRemedy) {
  FileOptions options;
  options.path = Path("no/such/directory/x");
  const auto sink = OpenFileSink(options, "file");
  ASSERT_FALSE(sink);
  EXPECT_NE(sink.error().cause.find("No such file"), std::string::npos);
  EXPECT_FALSE(sink.error().remedy.empty());
  EXPECT_FALSE(OpenFileSink({}, "file"));
}

TEST_F(FileSinkTest, TwoSensorsInOneFileAreFoundOut) {
  auto first = Open("a");
  Put(*first, "mine\n");
  FileOptions options;
  options.path = Path("a");
  const auto second = OpenFileSink(options, "file");
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().cause.find("another sensor"), std::string::npos);
  EXPECT_EQ(ReadFile(Path("a")), "mine\n") << "it was not cut";
  first.reset();
  EXPECT_TRUE(OpenFileSink(options, "file"));
}

TEST_F(FileSinkTest, ReopenFollowsARotatedFile) {
  auto sink = Open("eve.json");
  Put(*sink, "old\n");
  std::filesystem::rename(Path("eve.json"), Path("eve.json.1"));
  sink->Reopen();
  Put(*sink, "new\n");
  EXPECT_EQ(ReadFile(Path("eve.json.1")), "old\n");
  EXPECT_EQ(ReadFile(Path("eve.json")), "new\n");
  EXPECT_EQ(sink->meter().Read().connects, 2u);
}

TEST_F(FileSinkTest, ARemovedFileIsNoticedAndMadeAnew) {
  auto sink = Open("eve.json");
  Put(*sink, "old\n");
  std::filesystem::remove(Path("eve.json"));
  ASSERT_TRUE(test::Eventually([&] {
    sink->Tick();
    return std::filesystem::exists(Path("eve.json"));
  }));
  Put(*sink, "new\n");
  EXPECT_EQ(ReadFile(Path("eve.json")), "new\n");
}

TEST_F(FileSinkTest, FullDiskLeavesWholeLinesAndGoesOnLater) {
  if (::access("/dev/full", W_OK) == 0) {
    FileOptions options;
    options.path = "/dev/full";
    auto full = Open(options);
    EXPECT_EQ(Put(*full, "x\n"), 0u);
    EXPECT_EQ(full->meter().blocked(), Loss::kDiskFull);
    EXPECT_NE(full->meter().Read().problem.find("No space left"), std::string::npos);
  }
  // A file size limit stops write(2) in the middle, as a full disk does, but is no full disk: the line is lost.
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  auto sink = Open("a");
  rlimit small = before;
  small.rlim_cur = 16;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::size_t taken = sink->Write(BatchOf({"first line\n", "second line\n", "third line\n"}), 0);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(taken, 3u);
  EXPECT_EQ(ReadFile(Path("a")), "first line\n");
  const SinkState state = sink->meter().Read();
  EXPECT_EQ(state.written, 1u);
  EXPECT_EQ(LostTo(state, Loss::kWriteFailed), 2u);
  EXPECT_FALSE(state.problem.empty());
  EXPECT_EQ(Put(*sink, "fourth line\n"), 1u);
  EXPECT_EQ(ReadFile(Path("a")), "first line\nfourth line\n");
  EXPECT_TRUE(sink->meter().Read().problem.empty());
}

TEST_F(FileSinkTest, RotatesBySizeBetweenLinesAndKeepsItsBudget) {
  FileOptions options;
  options.path = Path("eve.json");
  options.rotate_size = 20;
  options.total = 60;
  std::ofstream(Path("eve.json.20200101T000000Z-0")) << "somebody else's, although it looks like ours\n";
  auto sink = Open(options);
  for (int i = 0; i < 20; ++i) sink->Write(BatchOf({"line " + std::to_string(10 + i) + "\n"}), 0);
  std::uint64_t own = 0;
  for (const std::string& name : Files()) {
    if (name == "eve.json.20200101T000000Z-0" || name == "eve.json.manifest") continue;
    const std::string text = ReadFile(Path(name));
    EXPECT_LE(text.size(), 20u);
    EXPECT_TRUE(text.empty() || text.ends_with("\n"));
    own += text.size();
  }
  EXPECT_LE(own, 60u);
  EXPECT_TRUE(std::filesystem::exists(Path("eve.json.20200101T000000Z-0")));
  EXPECT_NE(ReadFile(Path("eve.json")).find("line 29"), std::string::npos) << "the newest are kept";
}

TEST_F(FileSinkTest, AFileThatCannotBeSetAsideGrowsOnAndSaysSoOnce) {
  FileOptions options;
  options.path = Path("eve.json");
  options.rotate_size = 20;
  auto sink = Open(options);
  std::vector<std::string> told;
  sink->meter().TellBy([&](const std::string& text) { told.push_back(text); });
  Put(*sink, "line 10\n");
  std::filesystem::remove(options.path);  // whoever rotates finds nothing to rename
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Put(*sink, "line " + std::to_string(10 + i) + "\n"), 1u);
  EXPECT_EQ(sink->meter().Read().failures, 1u);
  EXPECT_EQ(told.size(), 1u);
  EXPECT_EQ(sink->meter().Read().written, 21u);
  EXPECT_FALSE(sink->meter().Read().problem.empty());
  sink->Reopen();
  Put(*sink, "line 30\n");
  EXPECT_EQ(ReadFile(Path("eve.json")), "line 30\n");
  EXPECT_TRUE(sink->meter().Read().problem.empty());
}

TEST_F(FileSinkTest, TheManifestOutlivesTheSensorAndNamesOnlyOwnFiles) {
  FileOptions options;
  options.path = Path("eve.json");
  options.rotate_size = 8;
  {
    auto sink = Open(options);
    for (int i = 0; i < 3; ++i) Put(*sink, "line " + std::to_string(i) + "\n");
  }
  FileRotation known(options.path);
  known.Load();
  ASSERT_EQ(known.kept().size(), 2u);
  // The oldest is replaced by another file of the same name: it is not ours any more.
  const std::string oldest = Path(known.kept().front().name);
  std::ofstream(oldest + ".other") << "evidence of somebody else\n";
  std::filesystem::rename(oldest + ".other", oldest);
  options.total = 8;
  auto sink = Open(options);
  Put(*sink, "line 3\n");
  EXPECT_TRUE(std::filesystem::exists(oldest));
  FileRotation now(options.path);
  now.Load();
  EXPECT_LE(now.kept().size(), 1u);
}

TEST(FileRotation, AManifestLineIsANumberAndAName) {
  FileRotation::Kept kept;
  EXPECT_TRUE(ParseManifestLine("12 eve.json.x", kept));
  EXPECT_EQ(kept.inode, 12u);
  for (const char* bad : {"", "12", "12 ", "x eve", "12 ../etc/passwd", "12 ..", "-1 a", " a"}) {
    EXPECT_FALSE(ParseManifestLine(bad, kept)) << bad;
  }
}

TEST_F(FileSinkTest, ClosedPipeIsCountedNotFatal) {
  ASSERT_EQ(::mkfifo(Path("pipe").c_str(), 0600), 0);
  const int reader = ::open(Path("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  auto sink = Open("pipe", true);
  ::close(reader);
  SinkQueue queue(std::move(sink), {.offline = true});
  queue.Push(Shared({"x\n", "y\n", "z\n"}));
  ASSERT_TRUE(test::Eventually([&] { return LostTo(queue.state(), Loss::kWriteFailed) == 3; }));
  EXPECT_EQ(queue.state().written, 0u);
}

TEST_F(FileSinkTest, QueueKeepsOrderAndWritesAllBeforeItEnds) {
  std::string expected;
  {
    SinkQueue queue(Open("a"), {.bytes = 200, .offline = true});
    for (int i = 0; i < 5000; ++i) {
      const std::string line = std::to_string(i) + "\n";
      expected += line;
      queue.Push(Shared({line}));
    }
  }
  EXPECT_EQ(ReadFile(Path("a")), expected);
}

TEST(SinkQueue, WhatOneSinkDoesNotTakeTheOtherStillGets) {
  std::string slow, fast;
  auto gate = std::make_unique<GateSink>(slow);
  auto open = std::make_unique<GateSink>(fast);
  open->Open();
  GateSink& held = *gate;
  SinkQueue a(std::move(gate), {.bytes = 1000}), b(std::move(open), {.bytes = 1000});
  for (int i = 0; i < 100; ++i) {
    const SharedBatch batch = Shared({std::string(90, 'x') + "\n"});
    a.Push(batch);
    b.Push(batch);
    ASSERT_TRUE(test::Eventually([&] { return b.state().queued_bytes == 0; }));
  }
  EXPECT_EQ(b.state().written, 100u);
  EXPECT_GT(LostTo(a.state(), Loss::kStalled), 0u) << "counted under what keeps the sink from taking more";
  held.Open();
  a.Close();
  EXPECT_EQ(a.state().written + a.state().lost_events(), 100u) << "each event is written or lost";
}

TEST(SinkQueue, LowPriorityGivesWayToHigh) {
  std::string out;
  auto owned = std::make_unique<GateSink>(out);
  GateSink& gate = *owned;
  const std::uint64_t one = Shared({std::string(100, 'l') + "\n"})->cost();
  SinkQueue queue(std::move(owned), {.bytes = 8 * one});
  for (int i = 0; i < 20; ++i) queue.Push(Shared({std::string(100, 'l') + "\n"}));
  EXPECT_LE(queue.state().queued_bytes, 6 * one) << "low priority fills three quarters";
  for (int i = 0; i < 7; ++i) queue.Push(Shared({std::string(100, 'h') + "\n"}, "alert", true));
  EXPECT_LE(queue.state().queued_bytes, 8 * one);
  EXPECT_EQ(queue.state().lost[static_cast<std::size_t>(Loss::kStalled)].high +
                queue.state().lost[static_cast<std::size_t>(Loss::kQueueFull)].high,
            0u);
  gate.Open();
  queue.Close();
  EXPECT_EQ(std::count(out.begin(), out.end(), 'h'), 700);
  EXPECT_EQ(queue.state().written + queue.state().lost_events(), 27u);
}

TEST(SinkQueue, OnlyWantedTypesAreWritten) {
  std::string out;
  auto gate = std::make_unique<GateSink>(out);
  gate->Open();
  SinkQueue queue(std::move(gate), {.types = {"alert"}});
  EventBatch mixed = BatchOf({"flow 1\n"}, "flow");
  test::AddLine(mixed, "alert 1\n", "alert", true);
  test::AddLine(mixed, "flow 2\n", "flow");
  queue.Push(std::make_shared<const EventBatch>(std::move(mixed)));
  queue.Push(Shared({"dns\n"}, "dns"));
  queue.Close();
  EXPECT_EQ(out, "alert 1\n");
  EXPECT_TRUE(queue.Wants("alert"));
  EXPECT_FALSE(queue.Wants("dns"));
}

TEST(SinkQueue, ReopensWhenAsked) {
  std::string out;
  auto owned = std::make_unique<GateSink>(out);
  GateSink& gate = *owned;
  gate.Open();
  std::atomic<std::uint32_t> asked{0};
  SinkQueue queue(std::move(owned), {.reopen = &asked});
  ++asked;
  EXPECT_TRUE(test::Eventually([&] { return gate.reopened == 1; }));
}

TEST(SinkQueue, WhatIsStillWaitingAtTheEndIsCounted) {
  std::string out;
  SinkQueue queue(std::make_unique<GateSink>(out), {.offline = true});  // it has no patience
  queue.Push(Shared({"a\n", "b\n"}));
  queue.Push(Shared({"c\n"}, "alert", true));
  queue.Close();
  EXPECT_EQ(out, "");
  EXPECT_EQ(queue.state().lost_events(), 3u);
  EXPECT_EQ(queue.state().lost[static_cast<std::size_t>(Loss::kStalled)].high, 1u);
}

}  // namespace
}  // namespace gander::report

// SPDX-License-Identifier: Apache-2.0
#include "report/sink/sink.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "support/paths.h"

namespace gander::report {
namespace {

using gander::test::ReadFile;

class SinkTest : public ::testing::Test {
 protected:
  SinkTest() {
    std::string pattern = ::testing::TempDir() + "gander-sink-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
  }
  ~SinkTest() override { std::filesystem::remove_all(directory_); }
  std::string Path(const char* name) const { return directory_ + "/" + name; }
  std::string directory_;
};

// Writes nothing until it is opened; then takes all.
class GateSink final : public Sink {
 public:
  explicit GateSink(std::string& out, bool works = true) : out_(out), works_(works) {}
  bool Write(std::string_view lines) noexcept override {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    if (works_) out_ += lines;
    return works_;
  }
  void Flush() noexcept override {}
  void Reopen() noexcept override { ++reopened; }
  const std::string& name() const noexcept override { return name_; }
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void AwaitWriter() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_ > 0; });
  }
  std::atomic<int> reopened{0};

 private:
  std::string& out_;
  const bool works_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
  std::string name_ = "gate";
};

TEST_F(SinkTest, FileIsCutToZeroOrContinued) {
  ASSERT_TRUE((*OpenFileSink(Path("a"), false))->Write("one\n"));
  ASSERT_TRUE((*OpenFileSink(Path("a"), true))->Write("two\n"));
  EXPECT_EQ(ReadFile(Path("a")), "one\ntwo\n");
  ASSERT_TRUE((*OpenFileSink(Path("a"), false))->Write("three\n"));
  EXPECT_EQ(ReadFile(Path("a")), "three\n");
}

TEST_F(SinkTest, UnopenablePathIsAnErrorWithCauseAndRemedy) {
  const auto sink = OpenFileSink(Path("no/such/directory/x"), false);
  ASSERT_FALSE(sink);
  EXPECT_NE(sink.error().cause.find("No such file"), std::string::npos);
  EXPECT_FALSE(sink.error().remedy.empty());
  EXPECT_FALSE(OpenFileSink("", false));
}

TEST_F(SinkTest, ReopenFollowsARotatedFile) {
  auto sink = *OpenFileSink(Path("eve.json"), false);
  ASSERT_TRUE(sink->Write("old\n"));
  std::filesystem::rename(Path("eve.json"), Path("eve.json.1"));
  sink->Reopen();
  ASSERT_TRUE(sink->Write("new\n"));
  EXPECT_EQ(ReadFile(Path("eve.json.1")), "old\n");
  EXPECT_EQ(ReadFile(Path("eve.json")), "new\n");
}

TEST_F(SinkTest, FullDiskIsFalseAndLeavesWholeLines) {
  if (::access("/dev/full", W_OK) == 0) {
    auto full = *OpenFileSink("/dev/full", true);
    EXPECT_FALSE(full->Write("x\n"));
  }
  // A file size limit stops write(2) in the middle, as a full disk does.
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  auto sink = *OpenFileSink(Path("a"), false);
  ASSERT_TRUE(sink->Write("first line\n"));
  rlimit small = before;
  small.rlim_cur = 16;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const bool written = sink->Write("second line\n");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_FALSE(written);
  EXPECT_EQ(ReadFile(Path("a")), "first line\n");
  EXPECT_TRUE(sink->Write("third line\n"));
  EXPECT_EQ(ReadFile(Path("a")), "first line\nthird line\n");
}

TEST_F(SinkTest, ClosedPipeIsCountedNotFatal) {
  ASSERT_EQ(::mkfifo(Path("pipe").c_str(), 0600), 0);
  const int reader = ::open(Path("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  auto sink = *OpenFileSink(Path("pipe"), true);
  ::close(reader);
  SinkQueue queue(std::move(sink), 4, true);
  queue.Push("x\n", 3);
  while (queue.counters().failed_events == 0) std::this_thread::yield();
  EXPECT_EQ(queue.counters().failed_events, 3u);
  EXPECT_EQ(queue.counters().written_events, 0u);
}

TEST_F(SinkTest, QueueKeepsOrderAndWritesAllBeforeItEnds) {
  std::string expected;
  {
    SinkQueue queue(*OpenFileSink(Path("a"), false), 3, true);
    for (int i = 0; i < 5000; ++i) {
      const std::string line = std::to_string(i) + "\n";
      expected += line;
      queue.Push(line, 1);
    }
  }
  EXPECT_EQ(ReadFile(Path("a")), expected);
}

TEST(SinkQueue, FullQueueDropsAndCountsWhenLive) {
  std::string out;
  auto owned = std::make_unique<GateSink>(out);
  GateSink& gate = *owned;
  {
    SinkQueue queue(std::move(owned), 2, false);
    queue.Push("a\n", 1);
    gate.AwaitWriter();  // "a" is in the writer's hands: the queue is empty again
    queue.Push("b\n", 1);
    queue.Push("c\n", 1);
    EXPECT_DOUBLE_EQ(queue.fill_ratio(), 1.0);
    queue.Push("d\n", 5);
    EXPECT_EQ(queue.counters().dropped_events, 5u);
    queue.Reopen();
    gate.Open();
    while (queue.counters().written_events < 3) std::this_thread::yield();
    EXPECT_EQ(gate.reopened, 1);
    EXPECT_EQ(queue.counters().written_bytes, 6u);
  }
  EXPECT_EQ(out, "a\nb\nc\n");
}

TEST(SinkQueue, FailedBatchesAreCounted) {
  std::string out;
  auto owned = std::make_unique<GateSink>(out, false);
  owned->Open();
  SinkQueue queue(std::move(owned), 2, true);
  for (int i = 0; i < 10; ++i) queue.Push("x\n", 2);
  while (queue.counters().failed_events < 20) std::this_thread::yield();
  EXPECT_EQ(queue.counters().failed_events, 20u);
}

}  // namespace
}  // namespace gander::report

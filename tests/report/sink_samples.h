// SPDX-License-Identifier: Apache-2.0
// Batches, and ends of the line, for the tests of sinks.
#ifndef GANDER_TESTS_REPORT_SINK_SAMPLES_H_
#define GANDER_TESTS_REPORT_SINK_SAMPLES_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "report/sink/sink_queue.h"

namespace gander::report::test {

inline constexpr Timestamp kWhen{1'795'512'600'000'000'000};  // 2026-11-24T09:30:00Z

inline void AddLine(EventBatch& batch, const std::string& line, const char* type = "flow", bool high = false,
                    std::uint64_t key = 0) {
  batch.Add(line, {kWhen, type, key, 0, 0, static_cast<std::uint8_t>(high ? 4 : 0), high});
}

inline EventBatch BatchOf(const std::vector<std::string>& lines, const char* type = "flow", bool high = false) {
  EventBatch batch;
  for (const std::string& line : lines) AddLine(batch, line, type, high);
  return batch;
}

inline SharedBatch Shared(const std::vector<std::string>& lines, const char* type = "flow", bool high = false) {
  return std::make_shared<const EventBatch>(BatchOf(lines, type, high));
}

// Longer than any machine needs; a test that gets here has failed.
inline bool Eventually(const std::function<bool()>& holds) {
  for (int i = 0; i < 6000; ++i) {
    if (holds()) return true;
    ::usleep(10'000);
  }
  return false;
}

inline std::uint64_t LostTo(const SinkState& state, Loss why) { return state.lost[static_cast<std::size_t>(why)].sum(); }

class FolderTest : public ::testing::Test {
 protected:
  FolderTest() {
    std::string pattern = ::testing::TempDir() + "gander-sink-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
  }
  ~FolderTest() override { std::filesystem::remove_all(directory_); }
  std::string Path(const std::string& name) const { return directory_ + "/" + name; }
  std::string directory_;
};

// Takes nothing until it is opened; then all.
class GateSink final : public Sink {
 public:
  explicit GateSink(std::string& out) : Sink("gate", "test"), out_(out) {}
  std::size_t Write(const EventBatch& batch, std::size_t from) noexcept override {
    const std::lock_guard lock(mutex_);
    asked_ = true;
    changed_.notify_all();
    if (!open_) {
      meter().Blocked(Loss::kStalled);
      return from;
    }
    for (std::size_t i = from; i < batch.lines.size(); ++i) out_ += batch.line(i);
    meter().Written(batch.lines.size() - from, batch.text.size());
    return batch.lines.size();
  }
  void Reopen() noexcept override { ++reopened; }
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
  }
  void AwaitWriter() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return asked_; });
  }
  std::atomic<int> reopened{0};

 private:
  std::string& out_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false, open_ = false;
};

}  // namespace gander::report::test

#endif  // GANDER_TESTS_REPORT_SINK_SAMPLES_H_

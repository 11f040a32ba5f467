// SPDX-License-Identifier: Apache-2.0
#ifdef GANDER_WITH_FLEET_LOADER
#include "fleet/judging.h"

#include <chrono>

namespace gander::fleet {
namespace {

constexpr auto kCancelEvery = std::chrono::milliseconds(100);

}  // namespace

Judging::Judging(const std::string& connection, std::uint32_t every_s) : database_(connection) {
  if (every_s > 0) thread_ = std::thread([this, every_s] { Run(every_s); });
}

Judging::~Judging() {
  if (!thread_.joinable()) return;
  {
    std::unique_lock lock(mutex_);
    end_ = true;
    changed_.notify_all();
    // Again and again: a statement may be sent right behind the call that was to break it off.
    do {
      database_.Cancel();
    } while (!changed_.wait_for(lock, kCancelEvery, [this] { return done_; }));
  }
  thread_.join();
}

std::string Judging::problem() const {
  const std::lock_guard lock(mutex_);
  return problem_;
}

void Judging::Run(std::uint32_t every_s) {
  std::unique_lock lock(mutex_);
  while (!end_) {
    lock.unlock();
    const int judged = database_.Judge();
    lock.lock();
    problem_ = judged < 0 ? database_.problem() : "";
    if (judged >= 0) {
      ++judgements_;
      collectors_ += static_cast<std::uint64_t>(judged);
    }
    changed_.wait_for(lock, std::chrono::seconds(every_s), [this] { return end_; });
  }
  done_ = true;
  changed_.notify_all();
}

}  // namespace gander::fleet
#endif

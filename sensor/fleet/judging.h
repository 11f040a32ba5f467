// SPDX-License-Identifier: Apache-2.0
// Judges from time to time, on a thread and a connection of its own: at a large fleet that takes many seconds, for which
// what arrives must not wait.
#ifndef GANDER_FLEET_JUDGING_H_
#define GANDER_FLEET_JUDGING_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "fleet/database.h"

namespace gander::fleet {

class Judging {
 public:
  // `every_s` seconds after the end of one judgement the next begins; 0: another loader judges, there is no thread.
  Judging(const std::string& connection, std::uint32_t every_s);
  // Breaks off a judgement under way: the database undoes it, and the next one makes up for it.
  ~Judging();

  std::uint64_t judgements() const noexcept { return judgements_; }
  std::uint64_t collectors() const noexcept { return collectors_; }  // judged, each time counted
  std::string problem() const;                                       // of the last judgement; empty = none

 private:
  void Run(std::uint32_t every_s);

  Database database_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool end_ = false, done_ = false;
  std::string problem_;
  std::atomic<std::uint64_t> judgements_ = 0, collectors_ = 0;
  std::thread thread_;
};

}  // namespace gander::fleet

#endif  // GANDER_FLEET_JUDGING_H_

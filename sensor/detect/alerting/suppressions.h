// SPDX-License-Identifier: Apache-2.0
// Alerts that somebody has decided not to be told of for a while: by rule, in a file, or one by one, acknowledged while
// the sensor runs. Each has an end and a reason. A suppressed alert is counted and kept as evidence; it is not told.
#ifndef GANDER_DETECT_ALERTING_SUPPRESSIONS_H_
#define GANDER_DETECT_ALERTING_SUPPRESSIONS_H_

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/net.h"
#include "base/result.h"
#include "base/time.h"
#include "detect/alert.h"

namespace gander::detect {

// What it names has to hold, all of it.
struct Suppression {
  std::string name;
  std::string detector;  // "D09"; empty = any
  std::optional<IpPrefix> source, destination;
  std::string key;       // DedupHash of the alert; empty = any. Acknowledgements have it
  Timestamp until;       // exclusive
  std::string reason, user;

  bool Covers(const Alert& alert, Timestamp now) const;
};

// Tells whether an alert is of the same matter as another: SHA-256 over detector and dedup_key, in hexadecimal, so that
// the file of acknowledgements names nobody.
std::string DedupHash(const Alert& alert);

using Suppressions = std::vector<Suppression>;

// Acknowledgements, kept in a file. Any thread.
class Acknowledgements {
 public:
  // Reads the file, where there is one. Empty path: they last as long as the process. Errors: what is there is none.
  static Result<std::unique_ptr<Acknowledgements>> Open(const std::string& path);

  // Replaces one of the same key. Errors: the file; more than kMost of them.
  Result<bool> Add(Suppression acknowledgement, Timestamp now);
  // False when there was none.
  bool Remove(const std::string& name, Timestamp now);
  std::optional<Suppression> Find(const Alert& alert, Timestamp now) const;
  // Those that have not ended.
  Suppressions List(Timestamp now) const;

  static constexpr std::size_t kMost = 10'000;

 private:
  explicit Acknowledgements(std::string path) : path_(std::move(path)) {}
  Result<bool> Save(Timestamp now);

  const std::string path_;
  mutable std::mutex mutex_;
  Suppressions list_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_ALERTING_SUPPRESSIONS_H_

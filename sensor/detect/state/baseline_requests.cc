// SPDX-License-Identifier: Apache-2.0
#include "detect/state/baseline_requests.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

constexpr std::string_view kMark = "gander baseline requests 1";
constexpr std::uint64_t kMostBytes = 1 << 20;

// Held while the file is read and replaced: a command and the sensor, or two commands, may come at once. The key file
// is there whoever comes first.
class Lock {
 public:
  explicit Lock(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) {
    if (fd_ >= 0) ::flock(fd_, LOCK_EX);
  }
  ~Lock() {
    if (fd_ >= 0) ::close(fd_);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  int fd_;
};

// Nothing where there is no file.
Result<std::vector<BaselineRequest>> Read(const std::string& path, const SnapshotKey& key) {
  std::vector<BaselineRequest> requests;
  auto text = ReadSnapshot(path, key, kMostBytes);
  if (!text) return Failure(text.error());
  if (!text->has_value()) return requests;
  const SavedNumbers none;
  StateReader in(SnapshotReader(AsBytes(**text)), none);
  const bool marked = in.String(kMark.size()) == kMark;
  LoadField(requests, in);
  if (!marked || in.failed() || in.remaining() > 0 || requests.size() > kMostRequests) {
    return Fail(path, 0, "holds something else than requests of `gander baseline`", "remove it and ask again");
  }
  return requests;
}

}  // namespace

const char* NameOf(BaselineAction action) noexcept {
  static constexpr const char* kNames[] = {"freeze", "thaw", "reset"};
  return kNames[static_cast<std::size_t>(action)];
}

std::string BaselineRequest::ToString() const {
  std::string text = NameOf(action);
  if (!detector.empty()) text.append(" ").append(detector);
  if (hosts_only) text.append(" ").append(hosts.ToString());
  return text;
}

std::string RequestsFile(const std::string& snapshot) { return snapshot + ".requests"; }

Result<bool> AddBaselineRequest(const SnapshotOptions& options, const SnapshotKey& key,
                                const BaselineRequest& request) {
  const std::string path = RequestsFile(options.file);
  const Lock lock(options.key_file);
  auto requests = Read(path, key);
  if (!requests) return Failure(requests.error());
  if (requests->size() >= kMostRequests) {
    return Fail(path, 0, "holds " + std::to_string(kMostRequests) + " requests that no sensor has taken",
                "start the sensor that keeps its state in " + options.file);
  }
  requests->push_back(request);
  SnapshotWriter out;
  out.String(kMark);
  SaveField(*requests, out);
  return WriteSnapshot(path, key, out.bytes());
}

Result<std::vector<BaselineRequest>> TakeBaselineRequests(const SnapshotOptions& options, const SnapshotKey& key) {
  const std::string path = RequestsFile(options.file);
  if (::access(path.c_str(), F_OK) != 0) return std::vector<BaselineRequest>{};
  const Lock lock(options.key_file);
  auto requests = Read(path, key);
  ::unlink(path.c_str());
  return requests;
}

}  // namespace gander::detect
